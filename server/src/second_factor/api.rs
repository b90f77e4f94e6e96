//! Taking second factors from somebody who has lost them, over REST.

use crate::{
    Backend,
    http::{
        caller::Caller,
        intake::{Named, permit_on},
        problem::{Answer, Problem, ProblemBody},
    },
    permit::RemoveSecondFactors,
};
use axum::{extract::State, http::StatusCode};
use domain::PersonId;

/// Remove every second factor of somebody
///
/// For whoever has lost them all. Their sessions end, and they are told by letter.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}/second-factors", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 204, description = "They are asked for the password alone"),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
        (status = 409, description = "They have no second factor", body = ProblemBody),
    )
)]
pub async fn remove_all(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<StatusCode> {
    let actor = caller.actor()?;
    let permit = permit_on::<RemoveSecondFactors>(actor, id)?;
    backend.second_factors.remove_all(&permit, &actor.at(&caller.origin)).await?;
    Ok(StatusCode::NO_CONTENT)
}
