//! The second step over REST: what a right password is answered where a code is due, the code itself, and confirming later
//! that it is still you.

use super::{Purpose, Shown, Step, api::LoginResponse};
use crate::{
    Backend, Error, Result,
    http::{
        caller::{Caller, current_request_id},
        intake::Body,
        problem::{Answer, Problem, ProblemBody},
    },
    second_factor::{Prompt, Sent},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{FieldErrors, second_factor::Method};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The password was right, and a code is due.
#[derive(Serialize, ToSchema)]
pub struct MfaRequired {
    #[schema(example = "mfa_required")]
    error: &'static str,
    message: &'static str,
    /// To be sent back with the code, where one is due. Good for ten minutes and three codes.
    #[schema(required = false)]
    challenge: String,
    /// The ways to confirm, the usual one first. Codes by `email` and `sms` are sent by `POST /api/v1/auth/mfa/code`;
    /// what a `passkey` is asked comes from `POST /api/v1/auth/mfa/passkey`.
    #[schema(required = false, example = json!(["passkey", "totp", "email", "recovery"]))]
    methods: Vec<&'static str>,
    request_id: String,
}

/// What signing in is answered with.
pub enum LoginAnswer {
    SignedIn(Box<LoginResponse>),
    MfaRequired(MfaRequired),
}

impl LoginAnswer {
    pub(super) fn of(step: Step) -> Self {
        match step {
            Step::SignedIn(signed_in) => Self::SignedIn(Box::new(LoginResponse::of(*signed_in))),
            Step::Code(challenge) | Step::SetUp(challenge) => Self::MfaRequired(MfaRequired {
                error: "mfa_required",
                message: "Confirm it is you with a code of your second factor.",
                methods: challenge.methods.iter().map(|method| method.code()).collect(),
                challenge: challenge.token,
                request_id: current_request_id(),
            }),
        }
    }
}

impl IntoResponse for LoginAnswer {
    fn into_response(self) -> Response {
        match self {
            Self::SignedIn(response) => Json(response).into_response(),
            Self::MfaRequired(required) => {
                let authenticate = [(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))];
                (StatusCode::UNAUTHORIZED, authenticate, Json(required)).into_response()
            }
        }
    }
}

/// A code that answers a challenge.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeRequest {
    challenge: String,
    #[schema(example = "totp")]
    method: String,
    /// For a passkey the answer of the browser, as JSON in a text: `{"ceremony": …, "credential": …}`.
    #[schema(example = "123456")]
    code: String,
}

/// Which sign-in a passkey is to finish.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyRequest {
    challenge: String,
}

/// Which code to send.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendRequest {
    challenge: String,
    /// `email` or `sms`.
    #[schema(example = "email")]
    method: String,
}

/// A code is on its way.
#[derive(Serialize, ToSchema)]
pub struct SentResponse {
    /// Enough of the address or number to know where to look.
    to: String,
    /// Seconds for which the code is good.
    expires_in: u64,
    /// Seconds after which another one can be sent.
    again_in: u64,
}

/// What confirms that it is still you: the password, or a code where there is a second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "method": "totp", "code": "123456" }))]
pub struct StepUpRequest {
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    code: Option<String>,
}

/// Which code to send to someone who is signed in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepUpSendRequest {
    #[schema(example = "email")]
    method: String,
}

/// Finish signing in with a code
#[utoipa::path(
    post, path = "/api/v1/auth/mfa", tag = "Signing in", request_body = CodeRequest,
    responses(
        (status = 200, description = "Signed in", body = LoginResponse),
        (status = 401, description = "The code is wrong (`invalid_code`), it was the third (`too_many_codes`), or the sign-in is over (`sign_in_over`)", body = ProblemBody),
        (status = 403, description = "The account is suspended", body = ProblemBody),
        (status = 422, description = "A field is missing", body = ProblemBody),
        (status = 429, description = "Too many wrong codes over several sign-ins (`codes_paused`), or too many failures from your address (`too_many_failures`); try again after `Retry-After`", body = ProblemBody),
    )
)]
pub async fn show_code(
    State(backend): State<Backend>,
    caller: Caller,
    Body(form): Body<CodeRequest>,
) -> Answer<Json<LoginResponse>> {
    let method = read_method(&form.method)?;
    let signed_in = backend
        .identity
        .show_code(&form.challenge, Purpose::Access, method, &form.code, false, &caller.origin)
        .await?;
    Ok(Json(LoginResponse::of(signed_in)))
}

/// Send a code to finish signing in with
#[utoipa::path(
    post, path = "/api/v1/auth/mfa/code", tag = "Signing in", request_body = SendRequest,
    responses(
        (status = 202, description = "A code is on its way", body = SentResponse),
        (status = 401, description = "The sign-in is over", body = ProblemBody),
        (status = 404, description = "This way of confirming is not set up", body = ProblemBody),
        (status = 422, description = "A field is missing", body = ProblemBody),
        (status = 429, description = "One was sent just now; try again after `Retry-After`", body = ProblemBody),
    )
)]
pub async fn send_code(
    State(backend): State<Backend>,
    caller: Caller,
    Body(form): Body<SendRequest>,
) -> Answer<(StatusCode, Json<SentResponse>)> {
    let method = read_method(&form.method)?;
    let sent =
        backend.identity.send_sign_in_code(&form.challenge, Purpose::Access, method, &caller.origin).await?;
    Ok((StatusCode::ACCEPTED, Json(SentResponse::of(&sent, &backend))))
}

/// Ask for a passkey to finish signing in with
///
/// The answer says what to hand to `navigator.credentials.get`, with bytes in base64url. It is good for five minutes and one
/// answer, which goes to `POST /api/v1/auth/mfa` as the code.
#[utoipa::path(
    post, path = "/api/v1/auth/mfa/passkey", tag = "Signing in", request_body = PasskeyRequest,
    responses(
        (status = 200, description = "What to ask the authenticator", body = Prompt),
        (status = 401, description = "The sign-in is over", body = ProblemBody),
        (status = 404, description = "This way of confirming is not set up", body = ProblemBody),
        (status = 409, description = "Passkeys cannot be used at this address", body = ProblemBody),
        (status = 422, description = "A field is missing", body = ProblemBody),
    )
)]
pub async fn ask_for_passkey(
    State(backend): State<Backend>,
    caller: Caller,
    Body(form): Body<PasskeyRequest>,
) -> Answer<Json<Prompt>> {
    Ok(Json(backend.identity.ask_for_passkey(&form.challenge, Purpose::Access, &caller.origin).await?))
}

/// Confirm that it is still you
///
/// Administrative requests are answered with `step_up_required` where the last proof is older than 15 minutes or too weak. The
/// new tokens take the place of the old ones, which are worthless from now on.
#[utoipa::path(
    post, path = "/api/v1/auth/step-up", tag = "Signing in", security(("bearer" = [])), request_body = StepUpRequest,
    responses(
        (status = 200, description = "Confirmed: go on with these tokens", body = LoginResponse),
        (status = 401, description = "No good token, or what was shown is wrong", body = ProblemBody),
        (status = 403, description = "The password alone is too little, since there is a second factor", body = ProblemBody),
        (status = 422, description = "A field is missing", body = ProblemBody),
        (status = 429, description = "Too many wrong codes (`codes_paused`), or too many failures from your address (`too_many_failures`); try again after `Retry-After`", body = ProblemBody),
    )
)]
pub async fn step_up(
    State(backend): State<Backend>,
    caller: Caller,
    form: Result<Body<StepUpRequest>, Problem>,
) -> Answer<Json<LoginResponse>> {
    let actor = caller.actor()?;
    let Body(form) = form?;
    let shown = match form {
        StepUpRequest { password: Some(password), method: None, code: None } => Shown::Password(password),
        StepUpRequest { password: None, method: Some(method), code: Some(code) } => {
            Shown::Code(read_method(&method)?, code)
        }
        _ => {
            let words = "Send either the password, or a method and its code";
            return Err(Error::Invalid(FieldErrors::one("code", words)).into());
        }
    };
    Ok(Json(LoginResponse::of(backend.identity.step_up(actor, shown, &caller.origin).await?)))
}

/// Send a code to confirm with
#[utoipa::path(
    post, path = "/api/v1/auth/step-up/code", tag = "Signing in", security(("bearer" = [])), request_body = StepUpSendRequest,
    responses(
        (status = 202, description = "A code is on its way", body = SentResponse),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 404, description = "This way of confirming is not set up", body = ProblemBody),
        (status = 422, description = "A field is missing", body = ProblemBody),
        (status = 429, description = "One was sent just now; try again after `Retry-After`", body = ProblemBody),
    )
)]
pub async fn send_step_up_code(
    State(backend): State<Backend>,
    caller: Caller,
    form: Result<Body<StepUpSendRequest>, Problem>,
) -> Answer<(StatusCode, Json<SentResponse>)> {
    let actor = caller.actor()?;
    let Body(form) = form?;
    let method = read_method(&form.method)?;
    let sent = backend.identity.send_step_up_code(actor, method, &caller.origin).await?;
    Ok((StatusCode::ACCEPTED, Json(SentResponse::of(&sent, &backend))))
}

/// Ask for a passkey to confirm with
#[utoipa::path(
    post, path = "/api/v1/auth/step-up/passkey", tag = "Signing in", security(("bearer" = [])),
    responses(
        (status = 200, description = "What to ask the authenticator", body = Prompt),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 404, description = "This way of confirming is not set up", body = ProblemBody),
        (status = 409, description = "Passkeys cannot be used at this address", body = ProblemBody),
    )
)]
pub async fn ask_for_own_passkey(State(backend): State<Backend>, caller: Caller) -> Answer<Json<Prompt>> {
    let actor = caller.actor()?;
    Ok(Json(backend.identity.ask_for_own_passkey(actor, &caller.origin).await?))
}

impl SentResponse {
    fn of(sent: &Sent, backend: &Backend) -> Self {
        let now = backend.ground.clock.now();
        Self {
            to: sent.to.clone(),
            expires_in: sent.good_until.since(now).as_secs(),
            again_in: sent.again_from.since(now).as_secs(),
        }
    }
}

fn read_method(code: &str) -> Result<Method> {
    let words = "There is no such way: passkey, totp, sms, email or recovery";
    Method::from_code(code).ok_or_else(|| Error::Invalid(FieldErrors::one("method", words)))
}
