//! Identity over REST: sign in for a token, ask who one is, sign out.

use super::{Credentials, Purpose, RefreshToken, SignedIn, second_step_api::LoginAnswer};
use crate::{
    Actor, Backend, Error, Result,
    http::{
        caller::Caller,
        intake::{Body, MaybeBody},
        openapi::role_asked_for,
        problem::{Answer, Problem, ProblemBody},
    },
    identity::second_step_api::MfaRequired,
};
use axum::{Json, extract::State, http::StatusCode};
use domain::{FieldErrors, RoleCode, dashboard::Dashboard};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a client sends to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// A username or an e-mail address; `username` and `email` are taken for it too.
    #[serde(alias = "username", alias = "email")]
    #[schema(example = "maria")]
    identifier: String,
    #[schema(example = "correct horse battery staple")]
    password: String,
    #[serde(default)]
    #[schema(schema_with = role_asked_for, required = false)]
    role: Option<String>,
}

/// A token and whom it stands for.
#[derive(Serialize, ToSchema)]
pub struct LoginResponse {
    /// Send it as `Authorization: Bearer …` (a JSON Web Token; the keys are at `/.well-known/jwks.json`).
    #[schema(example = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIwMTk4YzBkZSJ9.c2lnbmF0dXJl")]
    access_token: String,
    /// Good once, for new tokens; keep it as you would a password.
    #[schema(example = "q1FJ0yqV8mT3nXo2bW4kC7dZ5sL6rH9uA0eG8iP1xYk")]
    refresh_token: String,
    /// Seconds until the access token ends.
    #[schema(example = 3600)]
    expires_in: u64,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    user: Me,
}

impl LoginResponse {
    pub(super) fn of(signed_in: SignedIn) -> Self {
        Self {
            access_token: signed_in.token,
            refresh_token: signed_in.refresh.map(|token| token.reveal().to_owned()).unwrap_or_default(),
            expires_in: signed_in.lasts.as_secs(),
            token_type: "Bearer",
            user: Me::of(&signed_in.actor),
        }
    }
}

/// A refresh token, to be traded for new tokens.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The one that came with the newest access token.
    #[schema(example = "q1FJ0yqV8mT3nXo2bW4kC7dZ5sL6rH9uA0eG8iP1xYk")]
    pub(super) refresh_token: String,
}

/// The person who asks.
#[derive(Serialize, ToSchema)]
pub struct Me {
    #[schema(example = "0198c0de-0000-7000-8000-000000000000", format = "uuid")]
    id: String,
    #[schema(example = "maria")]
    username: String,
    #[schema(example = "Maria Lindqvist")]
    full_name: String,
    #[schema(example = "maria@example.com")]
    email: String,
    /// The code of the role one acts in.
    #[schema(example = "USER_ADMIN")]
    role: String,
    #[schema(example = "User Admin")]
    role_name: String,
    #[schema(example = "/")]
    dashboard_route: &'static str,
    /// What the role may do.
    #[schema(example = json!(["users.view", "users.manage"]))]
    permissions: Vec<&'static str>,
}

impl Me {
    fn of(actor: &Actor) -> Self {
        Self {
            id: actor.id().to_string(),
            username: actor.username().to_string(),
            full_name: actor.full_name().to_string(),
            email: actor.email().to_string(),
            role: actor.role().to_string(),
            role_name: actor.role_name().to_owned(),
            dashboard_route: Dashboard::ROUTE,
            permissions: actor.permissions().iter().map(domain::Permission::code).collect(),
        }
    }
}

/// Sign in
#[utoipa::path(
    post, path = "/api/v1/auth/login", tag = "Signing in", request_body = LoginRequest,
    responses(
        (status = 200, description = "Signed in", body = LoginResponse),
        (status = 401, description = "Unknown account, wrong password or wrong role; or `mfa_required`: a code is due, see `POST /api/v1/auth/mfa`", body = MfaRequired),
        (status = 403, description = "The account is suspended, or needs a second factor that is set up in a browser (`mfa_enrollment_required`)", body = ProblemBody),
        (status = 422, description = "A field is missing", body = ProblemBody),
        (status = 423, description = "Too many wrong passwords; try again after `Retry-After`", body = ProblemBody),
        (status = 429, description = "Too many requests, or too many failures from your address", body = ProblemBody),
        (status = 503, description = "Too many sign-ins at once, or the database is away; try again after `Retry-After`", body = ProblemBody),
    )
)]
pub async fn login(
    State(backend): State<Backend>,
    caller: Caller,
    Body(form): Body<LoginRequest>,
) -> Answer<LoginAnswer> {
    let role = read_role(form.role.as_deref())?;
    let credentials = Credentials {
        identifier: form.identifier,
        password: form.password,
        role,
        remember: false,
        device: None,
    };
    let step = backend.identity.sign_in(credentials, Purpose::Access, &caller.origin).await?;
    Ok(LoginAnswer::of(step))
}

/// Trade a refresh token for new tokens
///
/// Each refresh token is good once. One that comes back later ends the whole sign-in, since two must hold it.
#[utoipa::path(
    post, path = "/api/v1/auth/refresh", tag = "Signing in", request_body = RefreshRequest,
    responses(
        (status = 200, description = "New tokens", body = LoginResponse),
        (status = 401, description = "The refresh token is no good, or was used before", body = ProblemBody),
        (status = 422, description = "A field is missing", body = ProblemBody),
    )
)]
pub async fn refresh(
    State(backend): State<Backend>,
    caller: Caller,
    Body(form): Body<RefreshRequest>,
) -> Answer<Json<LoginResponse>> {
    let token = RefreshToken::received(form.refresh_token)?;
    Ok(Json(LoginResponse::of(backend.identity.refresh(&token, &caller.origin).await?)))
}

/// The role that a client asks to act in, if it asks for one.
pub(super) fn read_role(code: Option<&str>) -> Result<Option<RoleCode>> {
    let role = code.map(RoleCode::parse).transpose();
    role.map_err(|words| Error::Invalid(FieldErrors::one("role", words)))
}

/// What a client may send to sign out. There was no body before, so whatever else it sends is overlooked.
#[derive(Deserialize, ToSchema)]
pub struct LogoutRequest {
    /// One that came with the sign-in, whether it was used or not.
    #[serde(default)]
    #[schema(example = "q1FJ0yqV8mT3nXo2bW4kC7dZ5sL6rH9uA0eG8iP1xYk", value_type = String, required = false)]
    refresh_token: Option<String>,
}

/// Sign out: the tokens are worthless from now on
///
/// Name the sign-in by its access token, by a refresh token of it, or by both. Whoever holds an access token that has expired
/// signs out with the refresh token, which would be good for longer.
#[utoipa::path(
    post, path = "/api/v1/auth/logout", tag = "Signing in", security((), ("bearer" = [])),
    request_body(content = LogoutRequest, description = "May be left out"),
    responses(
        (status = 204, description = "Signed out"),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 422, description = "A field is wrong", body = ProblemBody),
    )
)]
pub async fn logout(
    State(backend): State<Backend>,
    caller: Caller,
    form: Result<MaybeBody<LogoutRequest>, Problem>,
) -> Answer<StatusCode> {
    // What cannot be read names no sign-in, so somebody has to be signed in to be told what is wrong with it.
    if form.is_err() {
        caller.actor()?;
    }
    let MaybeBody(form) = form?;
    let token = form.and_then(|form| form.refresh_token).map(RefreshToken::received).transpose()?;
    match (caller.actor(), token) {
        (Ok(actor), token) => {
            backend.identity.sign_out(actor, &caller.origin).await?;
            let also = match token {
                Some(token) => backend.identity.sign_out_by(&token, &caller.origin).await,
                None => Ok(()),
            };
            // What was asked for is done, whatever else was named.
            also.or_else(|error| if matches!(error, Error::Unauthenticated) { Ok(()) } else { Err(error) })?;
        }
        (Err(_), Some(token)) => backend.identity.sign_out_by(&token, &caller.origin).await?,
        (Err(error), None) => return Err(error.into()),
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Who one is, and in which role
#[utoipa::path(
    get, path = "/api/v1/auth/me", tag = "Signing in", security(("bearer" = [])),
    responses((status = 200, description = "The person", body = Me), (status = 401, description = "No good token", body = ProblemBody))
)]
pub async fn me(caller: Caller) -> Answer<Json<Me>> {
    Ok(Json(Me::of(caller.actor_or_key()?)))
}
