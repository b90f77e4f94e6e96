//! API keys over REST. Only somebody who has signed in makes and revokes them: a key cannot make another.

use super::{ApiKey, NewKeyForm};
use crate::{
    Backend, Error,
    http::{
        caller::Caller,
        intake::{Body, Named},
        moments::iso,
        problem::{Answer, Problem, ProblemBody},
    },
};
use axum::{Json, extract::State, http::StatusCode};
use domain::{ApiKeyId, Permission, api_key::PREFIX};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a client sends to make a key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiKeyRequest {
    /// What the key is for.
    #[schema(example = "Nightly export")]
    name: String,
    /// Codes of permissions that the role you act in has.
    #[schema(example = json!(["users.view"]))]
    scopes: Vec<String>,
    /// How long it lasts; the usual time when it is left out, and 0 for ever where that is allowed.
    #[serde(default)]
    expires_in_days: Option<u32>,
}

/// A new key. It is shown this once.
#[derive(Serialize, ToSchema)]
pub struct NewApiKeyBody {
    id: String,
    /// Send it as `Authorization: Bearer …`.
    key: String,
}

/// A key, without what makes it work.
#[derive(Serialize, ToSchema)]
pub struct ApiKeyBody {
    id: String,
    name: String,
    /// How it begins and ends, to tell it by.
    #[schema(example = "cs_…x7Qk")]
    hint: String,
    /// The role it acts in.
    role: String,
    scopes: Vec<&'static str>,
    created_at: String,
    expires_at: Option<String>,
    /// Noted at most once a minute.
    last_used_at: Option<String>,
    last_used_ip: Option<String>,
}

impl ApiKeyBody {
    pub(super) fn of(key: ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            hint: format!("{PREFIX}…{}", key.ending),
            role: key.role_code.to_string(),
            scopes: key.scopes().iter().map(Permission::code).collect(),
            created_at: iso(key.created_at),
            expires_at: key.expires_at.map(iso),
            last_used_at: key.last_used_at.map(iso),
            last_used_ip: key.last_used_ip,
            name: key.name.to_string(),
        }
    }
}

/// Your API keys
#[utoipa::path(
    get, path = "/api/v1/account/api-keys", tag = "Account", security(("bearer" = [])),
    responses((status = 200, description = "The keys that were not revoked", body = Vec<ApiKeyBody>), (status = 401, description = "No good token", body = ProblemBody))
)]
pub async fn list(State(backend): State<Backend>, caller: Caller) -> Answer<Json<Vec<ApiKeyBody>>> {
    let keys = backend.api_keys.of(caller.actor()?).await?;
    Ok(Json(keys.into_iter().map(ApiKeyBody::of).collect()))
}

/// Make an API key
///
/// It acts in the role you act in now, with no more than the permissions you choose. Keep the answer: the key is not shown again.
/// Where you last proved who you are more than 15 minutes ago, `POST /api/v1/auth/step-up` comes first.
#[utoipa::path(
    post, path = "/api/v1/account/api-keys", tag = "Account", request_body = NewApiKeyRequest, security(("bearer" = [])),
    responses(
        (status = 201, description = "The key, this once", body = NewApiKeyBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "Confirm first that it is you (`step_up_required`); or an API key was sent, which cannot make another", body = ProblemBody),
        (status = 409, description = "You have as many keys as one person may have", body = ProblemBody),
        (status = 422, description = "A field is wrong", body = ProblemBody),
    )
)]
pub async fn make(
    State(backend): State<Backend>,
    caller: Caller,
    form: Result<Body<NewApiKeyRequest>, Problem>,
) -> Answer<(StatusCode, Json<NewApiKeyBody>)> {
    let actor = caller.actor()?;
    let Body(form) = form?;
    let form = NewKeyForm { name: form.name, scopes: form.scopes, days: form.expires_in_days };
    let (id, secret) = backend.api_keys.make(actor, form, &caller.origin).await?;
    Ok((StatusCode::CREATED, Json(NewApiKeyBody { id: id.to_string(), key: secret.reveal().to_owned() })))
}

/// Revoke an API key: it opens nothing from now on
#[utoipa::path(
    delete, path = "/api/v1/account/api-keys/{id}", tag = "Account", params(("id" = String, Path, description = "The key's id")), security(("bearer" = [])),
    responses(
        (status = 204, description = "Revoked"),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 404, description = "You have no such key", body = ProblemBody),
    )
)]
pub async fn revoke(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<String>, Problem>,
) -> Answer<StatusCode> {
    let actor = caller.actor()?;
    let Named(id) = id?;
    let id: ApiKeyId =
        id.parse().map_err(|_| Error::NotFound("There is no such key, or it was revoked already"))?;
    backend.api_keys.revoke(actor, id, &caller.origin).await?;
    Ok(StatusCode::NO_CONTENT)
}
