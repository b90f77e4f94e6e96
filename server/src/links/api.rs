//! Registering and resetting a password over REST. What is answered does not depend on whether an address has an account.

use super::{Links, RegistrationForm};
use crate::{
    Backend,
    http::{
        caller::Caller,
        intake::Body,
        problem::{Answer, ProblemBody},
    },
};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a client sends to register somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterRequest {
    username: String,
    #[schema(example = "Maria Silva")]
    full_name: String,
    #[schema(example = "maria.silva@example.com")]
    email: String,
    password: String,
    /// Whoever is younger than 13 is refused; the date is not kept.
    #[schema(example = "1990-12-31")]
    date_of_birth: String,
}

/// What a client sends to have a reset link sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgotRequest {
    #[schema(example = "maria.silva@example.com")]
    email: String,
}

/// What a client sends to give an account another password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetRequest {
    /// From the link in the letter.
    token: String,
    password: String,
}

/// What comes next, as a sentence for people.
#[derive(Serialize, ToSchema)]
pub struct NextStep {
    message: String,
}

impl NextStep {
    pub(super) fn say(words: impl Into<String>) -> Json<Self> {
        Json(Self { message: words.into() })
    }
}

/// Register
///
/// The account can be used once its address is verified by the link in the letter. The answer is the same where the address
/// has an account already; its owner is told by letter.
#[utoipa::path(
    post, path = "/api/v1/auth/register", tag = "Signing in", request_body = RegisterRequest,
    responses(
        (status = 202, description = "A letter is on its way", body = NextStep),
        (status = 403, description = "Registration is closed", body = ProblemBody),
        (status = 409, description = "The username is somebody else's", body = ProblemBody),
        (status = 422, description = "A field is wrong", body = ProblemBody),
        (status = 429, description = "Too many requests from your address", body = ProblemBody),
        (status = 503, description = "Too many at once; try again after `Retry-After`", body = ProblemBody),
    )
)]
pub async fn register(
    State(backend): State<Backend>,
    caller: Caller,
    Body(form): Body<RegisterRequest>,
) -> Answer<(StatusCode, Json<NextStep>)> {
    let RegisterRequest { username, full_name, email, password, date_of_birth } = form;
    let form = RegistrationForm { username, full_name, email, password, date_of_birth };
    backend.links.register(form, &caller.origin).await?;
    Ok((StatusCode::ACCEPTED, NextStep::say("Open the link in the letter that we have just sent.")))
}

/// Ask for a link to reset a password
#[utoipa::path(
    post, path = "/api/v1/auth/password/forgot", tag = "Signing in", request_body = ForgotRequest,
    responses(
        (status = 202, description = "If the address has an account, a letter is on its way", body = NextStep),
        (status = 422, description = "That is no e-mail address", body = ProblemBody),
        (status = 429, description = "Too many requests from your address", body = ProblemBody),
    )
)]
pub async fn forgot(
    State(backend): State<Backend>,
    caller: Caller,
    Body(form): Body<ForgotRequest>,
) -> Answer<(StatusCode, Json<NextStep>)> {
    backend.links.ask_for_reset(&form.email, &caller.origin).await?;
    Ok((StatusCode::ACCEPTED, NextStep::say(Links::RESET_ASKED)))
}

/// Give an account another password by the link from the letter
///
/// It ends every session of the account and signs nobody in.
#[utoipa::path(
    post, path = "/api/v1/auth/password/reset", tag = "Signing in", request_body = ResetRequest,
    responses(
        (status = 200, description = "The password was changed", body = NextStep),
        (status = 410, description = "The link no longer works", body = ProblemBody),
        (status = 422, description = "The password is not one that is taken", body = ProblemBody),
    )
)]
pub async fn reset(
    State(backend): State<Backend>,
    caller: Caller,
    Body(form): Body<ResetRequest>,
) -> Answer<Json<NextStep>> {
    backend.links.reset_password(&form.token, &form.password, &caller.origin).await?;
    Ok(NextStep::say("Your password was changed. Sign in with it."))
}
