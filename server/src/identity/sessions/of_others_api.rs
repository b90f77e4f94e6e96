//! The sessions of others over REST.

use super::api::SessionBody;
use crate::{
    Backend,
    http::{
        caller::Caller,
        intake::{Named, NamedWithin, permit_on},
        problem::{Answer, Problem, ProblemBody},
    },
    permit::EndSessions,
};
use axum::{Json, extract::State, http::StatusCode};
use domain::{PersonId, SessionId};

/// Where somebody is signed in
#[utoipa::path(
    get, path = "/api/v1/users/{id}/sessions", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 200, description = "The open sessions, the one seen last first", body = Vec<SessionBody>),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not see every account", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
    )
)]
pub async fn list(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<Json<Vec<SessionBody>>> {
    let actor = caller.actor()?;
    let visible = actor.sees_people()?;
    let Named(id) = id?;
    backend.people.find(&visible, id).await?;
    let sessions = backend.identity.sessions_of(&visible, id).await?;
    Ok(Json(sessions.iter().map(|session| SessionBody::of(session, actor.session())).collect()))
}

/// End one session of somebody
#[utoipa::path(
    delete, path = "/api/v1/users/{id}/sessions/{session}", tag = "People",
    params(("id" = Uuid, Path, description = "The person's id"), ("session" = Uuid, Path, description = "The session's id", example = "0198c0de-0000-7000-8000-000000000000")), security(("bearer" = [])),
    responses(
        (status = 204, description = "Ended"),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 404, description = "They have no such session open", body = ProblemBody),
    )
)]
pub async fn end_one(
    State(backend): State<Backend>,
    caller: Caller,
    names: Result<NamedWithin<PersonId, SessionId>, Problem>,
) -> Answer<StatusCode> {
    let actor = caller.actor()?;
    actor.check_role::<EndSessions>()?;
    let NamedWithin(id, session) = names?;
    let permit = actor.permit::<EndSessions>(id)?;
    backend.identity.end_session_of(&permit, session, &actor.at(&caller.origin)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End every session of somebody
///
/// Their tokens are worthless from the next request on. API keys go on working.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}/sessions", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 204, description = "Every session has ended"),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
    )
)]
pub async fn end_all(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<StatusCode> {
    let actor = caller.actor()?;
    let permit = permit_on::<EndSessions>(actor, id)?;
    backend.identity.end_sessions_of(&permit, &actor.at(&caller.origin)).await?;
    Ok(StatusCode::NO_CONTENT)
}
