//! One's sessions and password over REST.

use super::OpenSession;
use crate::{
    Backend, Error,
    http::{
        caller::Caller,
        cookies,
        intake::{Body, Named},
        moments::iso,
        problem::{Answer, Problem, ProblemBody},
    },
    identity::{PasswordChange, api::LoginResponse},
};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::SessionId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An open session.
#[derive(Serialize, ToSchema)]
pub struct SessionBody {
    id: String,
    /// Whether it is the one that asks.
    this_session: bool,
    /// `browser` or `api`.
    kind: &'static str,
    /// In words, as the device told of itself.
    #[schema(example = "Firefox on Linux")]
    device: String,
    ip: String,
    role_name: String,
    created_at: String,
    last_seen_at: String,
    expires_at: String,
}

impl SessionBody {
    pub(super) fn of(session: &OpenSession, present: SessionId) -> Self {
        Self {
            id: session.id.to_string(),
            this_session: session.id == present,
            kind: if session.is_browser() { "browser" } else { "api" },
            device: session.device().name,
            ip: session.ip.clone(),
            role_name: session.role_name.clone(),
            created_at: iso(session.created_at),
            last_seen_at: iso(session.last_seen_at),
            expires_at: iso(session.expires_at),
        }
    }
}

/// What a client sends to change the password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordRequest {
    current_password: String,
    password: String,
}

/// Your open sessions
#[utoipa::path(
    get, path = "/api/v1/account/sessions", tag = "Account", security(("bearer" = [])),
    responses((status = 200, description = "The sessions, the one seen last first", body = Vec<SessionBody>), (status = 401, description = "No good token", body = ProblemBody))
)]
pub async fn list(State(backend): State<Backend>, caller: Caller) -> Answer<Json<Vec<SessionBody>>> {
    let actor = caller.actor()?;
    let sessions = backend.identity.open_sessions(actor).await?;
    Ok(Json(sessions.iter().map(|session| SessionBody::of(session, actor.session())).collect()))
}

/// End one of your sessions
#[utoipa::path(
    delete, path = "/api/v1/account/sessions/{id}", tag = "Account", params(("id" = String, Path, description = "The session's id")), security(("bearer" = [])),
    responses(
        (status = 204, description = "Ended"),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 404, description = "You have no such session open", body = ProblemBody),
    )
)]
pub async fn end_one(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<String>, Problem>,
) -> Answer<StatusCode> {
    let actor = caller.actor()?;
    let Named(id) = id?;
    let id = id.parse().map_err(|_| Error::NotFound("This session has ended already"))?;
    backend.identity.end_session(actor, id, &caller.origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all your other sessions
#[utoipa::path(
    delete, path = "/api/v1/account/sessions/others", tag = "Account", security(("bearer" = [])),
    responses((status = 204, description = "Only the session that asks is left"), (status = 401, description = "No good token", body = ProblemBody))
)]
pub async fn end_others(State(backend): State<Backend>, caller: Caller) -> Answer<StatusCode> {
    backend.identity.end_other_sessions(caller.actor()?, &caller.origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sign out everywhere: this session ends too
#[utoipa::path(
    delete, path = "/api/v1/account/sessions", tag = "Account", security(("bearer" = [])),
    responses((status = 204, description = "Every session has ended"), (status = 401, description = "No good token", body = ProblemBody))
)]
pub async fn end_all(State(backend): State<Backend>, caller: Caller) -> Answer<StatusCode> {
    backend.identity.sign_out_everywhere(caller.actor()?, &caller.origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change your password
///
/// Every other session ends. A program goes on with the tokens in the answer; a browser gets a new cookie.
#[utoipa::path(
    post, path = "/api/v1/account/password", tag = "Account", request_body = PasswordRequest, security(("bearer" = [])),
    responses(
        (status = 200, description = "Changed; go on with these tokens", body = LoginResponse),
        (status = 204, description = "Changed; the browser that asked has a new cookie"),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 422, description = "The old password is wrong, or the new one breaks a rule", body = ProblemBody),
        (status = 423, description = "Too many wrong passwords; try again after `Retry-After`", body = ProblemBody),
    )
)]
pub async fn change_password(
    State(backend): State<Backend>,
    caller: Caller,
    form: Result<Body<PasswordRequest>, Problem>,
) -> Answer<Response> {
    let actor = caller.actor()?;
    let Body(form) = form?;
    let change = PasswordChange { current: form.current_password, new: form.password };
    let signed_in = backend.identity.change_password(actor, change, &caller.origin).await?;
    if signed_in.refresh.is_some() {
        return Ok(Json(LoginResponse::of(signed_in)).into_response());
    }
    // Whoever came with a cookie goes on with one: its token is not for scripts to read.
    let cookie = cookies::set(&signed_in.token, signed_in.lasts, &backend.config);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}
