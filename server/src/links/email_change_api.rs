//! Another e-mail address, over REST.

use super::{Agreed, EmailChange, Links, NextStep, Side};
use crate::{
    Backend, Error,
    http::{
        caller::Caller,
        intake::Body,
        moments::iso,
        problem::{Answer, Problem, ProblemBody},
    },
};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A change of an address that waits until both addresses have agreed.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmailChangeBody {
    #[schema(example = "maria.new@example.com")]
    new_email: String,
    /// When it was asked for (RFC 3339, UTC).
    #[schema(format = "date-time")]
    asked_at: String,
    /// Until when both have to agree (RFC 3339, UTC).
    #[schema(format = "date-time")]
    expires_at: String,
    /// Whether the new address has agreed.
    #[schema(example = true)]
    confirmed: bool,
    /// Whether the present address has agreed.
    #[schema(example = false)]
    approved: bool,
}

/// What a client sends to ask for another address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailChangeRequest {
    #[schema(example = "maria.new@example.com")]
    email: String,
}

/// What a client sends to agree to another address, or to stop it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementRequest {
    /// From the link in the letter.
    token: String,
}

impl From<EmailChange> for EmailChangeBody {
    fn from(change: EmailChange) -> Self {
        Self {
            new_email: change.new_email.to_string(),
            asked_at: iso(change.asked_at),
            expires_at: iso(change.expires_at),
            confirmed: change.confirmed_at.is_some(),
            approved: change.approved_at.is_some(),
        }
    }
}

/// The change of your address that waits
#[utoipa::path(
    get, path = "/api/v1/account/email-change", tag = "Account", security(("bearer" = [])),
    responses(
        (status = 200, description = "The change", body = EmailChangeBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 404, description = "None waits", body = ProblemBody),
    )
)]
pub async fn show(State(backend): State<Backend>, caller: Caller) -> Answer<Json<EmailChangeBody>> {
    let waiting = backend.links.email_change(caller.actor()?).await?;
    Ok(Json(waiting.ok_or(Error::NotFound("No change of your address waits"))?.into()))
}

/// Ask for another e-mail address
///
/// It changes when both addresses have agreed by the links in their letters. The answer is the same where the address belongs to
/// another account.
#[utoipa::path(
    post, path = "/api/v1/account/email-change", tag = "Account", request_body = EmailChangeRequest, security(("bearer" = [])),
    responses(
        (status = 202, description = "Letters are on their way", body = NextStep),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "Show first that it is you: `POST /api/v1/auth/step-up`", body = ProblemBody),
        (status = 422, description = "That is no e-mail address, or yours already", body = ProblemBody),
    )
)]
pub async fn ask(
    State(backend): State<Backend>,
    caller: Caller,
    asked: Result<Body<EmailChangeRequest>, Problem>,
) -> Answer<(StatusCode, Json<NextStep>)> {
    let actor = caller.actor()?;
    let Body(asked) = asked?;
    backend.links.ask_for_email_change(actor, &asked.email, &caller.origin).await?;
    Ok((StatusCode::ACCEPTED, NextStep::say(Links::EMAIL_CHANGE_ASKED)))
}

/// Take back the change of your address
#[utoipa::path(
    delete, path = "/api/v1/account/email-change", tag = "Account", security(("bearer" = [])),
    responses(
        (status = 204, description = "Your address stays as it is"),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 404, description = "None waits", body = ProblemBody),
    )
)]
pub async fn withdraw(State(backend): State<Backend>, caller: Caller) -> Answer<StatusCode> {
    backend.links.withdraw_email_change(caller.actor()?, &caller.origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Agree to another address, by the link that went to the new one
#[utoipa::path(
    post, path = "/api/v1/account/email-change/confirm", tag = "Account", request_body = AgreementRequest,
    responses(
        (status = 200, description = "Agreed", body = NextStep),
        (status = 409, description = "The address belongs to another account by now", body = ProblemBody),
        (status = 410, description = "The link no longer works", body = ProblemBody),
    )
)]
pub async fn confirm(
    State(backend): State<Backend>,
    caller: Caller,
    Body(asked): Body<AgreementRequest>,
) -> Answer<Json<NextStep>> {
    agree(&backend, &caller, Side::New, &asked.token).await
}

/// Agree to another address, by the link that went to the present one
#[utoipa::path(
    post, path = "/api/v1/account/email-change/approve", tag = "Account", request_body = AgreementRequest,
    responses(
        (status = 200, description = "Agreed", body = NextStep),
        (status = 409, description = "The address belongs to another account by now", body = ProblemBody),
        (status = 410, description = "The link no longer works", body = ProblemBody),
    )
)]
pub async fn approve(
    State(backend): State<Backend>,
    caller: Caller,
    Body(asked): Body<AgreementRequest>,
) -> Answer<Json<NextStep>> {
    agree(&backend, &caller, Side::Present, &asked.token).await
}

/// Stop another address, by the link that went to the present one
#[utoipa::path(
    post, path = "/api/v1/account/email-change/stop", tag = "Account", request_body = AgreementRequest,
    responses(
        (status = 200, description = "The address stays as it is", body = NextStep),
        (status = 410, description = "The link no longer works", body = ProblemBody),
    )
)]
pub async fn stop(
    State(backend): State<Backend>,
    caller: Caller,
    Body(asked): Body<AgreementRequest>,
) -> Answer<Json<NextStep>> {
    backend.links.stop_email_change(&asked.token, &caller.origin).await?;
    Ok(NextStep::say(Agreed::STOPPED))
}

async fn agree(backend: &Backend, caller: &Caller, side: Side, token: &str) -> Answer<Json<NextStep>> {
    let agreed = backend.links.agree_to_email_change(side, token, &caller.origin).await?;
    Ok(NextStep::say(agreed.words()))
}
