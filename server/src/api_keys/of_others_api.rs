//! The keys of others over REST.

use super::api::ApiKeyBody;
use crate::{
    Backend,
    http::{
        caller::Caller,
        intake::{Named, NamedWithin},
        problem::{Answer, Problem, ProblemBody},
    },
    permit::RevokeApiKey,
};
use axum::{Json, extract::State, http::StatusCode};
use domain::{ApiKeyId, PersonId};

/// The API keys of somebody
#[utoipa::path(
    get, path = "/api/v1/users/{id}/api-keys", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 200, description = "The keys that were not revoked", body = Vec<ApiKeyBody>),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not see every account", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
    )
)]
pub async fn list(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<Json<Vec<ApiKeyBody>>> {
    let visible = caller.actor()?.sees_people()?;
    let Named(id) = id?;
    backend.people.find(&visible, id).await?;
    let keys = backend.api_keys.of_person(&visible, id).await?;
    Ok(Json(keys.into_iter().map(ApiKeyBody::of).collect()))
}

/// Revoke an API key of somebody
#[utoipa::path(
    delete, path = "/api/v1/users/{id}/api-keys/{key}", tag = "People",
    params(("id" = Uuid, Path, description = "The person's id"), ("key" = Uuid, Path, description = "The key's id", example = "0198c0de-0000-7000-8000-000000000000")), security(("bearer" = [])),
    responses(
        (status = 204, description = "Revoked"),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 404, description = "They have no such key", body = ProblemBody),
    )
)]
pub async fn revoke(
    State(backend): State<Backend>,
    caller: Caller,
    names: Result<NamedWithin<PersonId, ApiKeyId>, Problem>,
) -> Answer<StatusCode> {
    let actor = caller.actor()?;
    actor.check_role::<RevokeApiKey>()?;
    let NamedWithin(id, key) = names?;
    let permit = actor.permit::<RevokeApiKey>(id)?;
    backend.api_keys.revoke_of(&permit, key, &actor.at(&caller.origin)).await?;
    Ok(StatusCode::NO_CONTENT)
}
