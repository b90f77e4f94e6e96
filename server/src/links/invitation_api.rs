//! Invitations over REST: sent once more, or taken back.

use crate::{
    Backend,
    http::{
        caller::Caller,
        intake::{Named, permit_on},
        problem::{Answer, Problem, ProblemBody},
    },
    permit::ManageInvitation,
};
use axum::{extract::State, http::StatusCode};
use domain::PersonId;

/// Send an invitation once more
///
/// The link in the letter before is worthless from then on.
#[utoipa::path(
    post, path = "/api/v1/users/{id}/invitation", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 204, description = "A new letter is on its way"),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, a fresh proof is due, or invitations are turned off", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
        (status = 409, description = "Nobody is waited for: they have accepted, or were never invited", body = ProblemBody),
    )
)]
pub async fn send_again(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<StatusCode> {
    let actor = caller.actor()?;
    let permit = permit_on::<ManageInvitation>(actor, id)?;
    let origin = actor.at(&caller.origin);
    backend.links.invite_again(&permit, actor.full_name().as_str(), &origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take an invitation back
///
/// The account that nobody has taken goes with it.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}/invitation", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 204, description = "The invitation and its account are gone"),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
        (status = 409, description = "Nobody is waited for: they have accepted, or were never invited", body = ProblemBody),
    )
)]
pub async fn revoke(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<StatusCode> {
    let actor = caller.actor()?;
    let permit = permit_on::<ManageInvitation>(actor, id)?;
    backend.links.revoke_invitation(&permit, &actor.at(&caller.origin)).await?;
    Ok(StatusCode::NO_CONTENT)
}
