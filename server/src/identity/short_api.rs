//! Identity at the short addresses of UC-001: the same services, in the words that its clients know.

use super::{
    Credentials, Purpose,
    api::{self, LoginResponse, RefreshRequest, read_role},
    second_step_api::{LoginAnswer, MfaRequired},
};
use crate::{
    Backend, Error,
    http::{
        caller::Caller,
        intake::Body,
        openapi::role_asked_for,
        problem::{Answer, Problem, ProblemBody},
    },
};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;

const WRONG: &str = "Invalid username, password, or role";
const SUSPENDED: &str = "Account has been suspended. Please contact administrator.";

/// What a client sends to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShortLoginRequest {
    #[schema(example = "maria")]
    username: String,
    #[schema(example = "correct horse battery staple")]
    password: String,
    #[serde(default)]
    #[schema(schema_with = role_asked_for, required = false)]
    role: Option<String>,
}

/// Sign in (short address)
#[utoipa::path(
    post, path = "/api/login", tag = "Signing in", request_body = ShortLoginRequest,
    responses(
        (status = 200, description = "Signed in", body = LoginResponse),
        (status = 401, description = "Unknown account, wrong password or wrong role; or `mfa_required`: a code is due, see `POST /api/v1/auth/mfa`", body = MfaRequired),
        (status = 403, description = "The account is suspended, or needs a second factor that is set up in a browser (`mfa_enrollment_required`)", body = ProblemBody,
            example = json!({ "error": "suspended", "message": SUSPENDED, "request_id": "0198c0de5a7b7c3e9f10a2b3c4d5e6f7" })),
        (status = 423, description = "Too many wrong passwords; try again after `Retry-After`", body = ProblemBody),
    )
)]
pub async fn short_login(
    State(backend): State<Backend>,
    caller: Caller,
    Body(form): Body<ShortLoginRequest>,
) -> Answer<LoginAnswer> {
    let role = read_role(form.role.as_deref())?;
    let credentials = Credentials {
        identifier: form.username,
        password: form.password,
        role,
        remember: false,
        device: None,
    };
    let step = backend.identity.sign_in(credentials, Purpose::Access, &caller.origin).await;
    step.map(LoginAnswer::of).map_err(|error| match error {
        Error::InvalidCredentials { .. } => Problem::worded(error, WRONG),
        Error::Suspended => Problem::worded(error, SUSPENDED),
        other => other.into(),
    })
}

/// Trade a refresh token for new tokens (short address)
#[utoipa::path(
    post, path = "/api/refresh", tag = "Signing in", request_body = RefreshRequest,
    responses(
        (status = 200, description = "New tokens", body = LoginResponse),
        (status = 401, description = "The refresh token is no good, or was used before", body = ProblemBody),
    )
)]
pub async fn short_refresh(
    backend: State<Backend>,
    caller: Caller,
    form: Body<RefreshRequest>,
) -> Answer<Json<LoginResponse>> {
    api::refresh(backend, caller, form).await
}
