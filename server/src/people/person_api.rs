//! One person over REST: changed, suspended, restored, unlocked.

use super::{Done, Person, UpdateForm, Updated, api::PersonBody};
use crate::{
    Backend, Result,
    http::{
        caller::{Caller, current_request_id},
        intake::{Body, Named, permit_on},
        problem::{Answer, Problem, ProblemBody},
    },
    permit::{RestorePerson, SuspendPerson, UnlockPerson, UpdatePerson},
    roles::Role,
};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a client sends to change somebody. A field that is left out stays as it is; the username cannot be changed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateRequest {
    #[serde(default)]
    #[schema(example = "Maria Lindqvist")]
    full_name: Option<String>,
    #[serde(default)]
    #[schema(example = "maria@example.com")]
    email: Option<String>,
    /// Codes, the usual role first.
    #[serde(default)]
    #[schema(example = json!(["CSR_REP"]))]
    roles: Option<Vec<String>>,
    /// `active` or `suspended`; somebody who is `locked` is active, and stays locked.
    #[serde(default)]
    #[schema(example = "active")]
    status: Option<String>,
    /// The version that was looked at.
    #[schema(example = 1)]
    version: i64,
}

/// Nothing was changed: somebody else was quicker, or has what was asked for.
#[derive(Serialize, ToSchema)]
pub struct StaleBody {
    #[schema(example = "conflict")]
    error: &'static str,
    #[schema(example = "This account was changed in the meantime")]
    message: &'static str,
    /// The person as they are now; left out where the conflict is another one.
    #[schema(required = false)]
    current: PersonBody,
    #[schema(example = "0198c0de5a7b7c3e9f10a2b3c4d5e6f7")]
    request_id: String,
}

impl StaleBody {
    pub const WORDS: &str =
        "This account was changed in the meantime. Look at it as it is now, then try again.";

    fn of(person: Person, roles: &[Role]) -> Self {
        let current = PersonBody::of(person, roles);
        Self { error: "conflict", message: Self::WORDS, current, request_id: current_request_id() }
    }
}

/// Change somebody
///
/// Send the `version` that you looked at. Where somebody else has changed the account since, nothing is written, and the answer
/// holds it as it is now.
#[utoipa::path(
    put, path = "/api/v1/users/{id}", tag = "People", request_body = UpdateRequest, params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 200, description = "Changed", body = PersonBody),
        (status = 400, description = "No fields to update", body = ProblemBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
        (status = 409, description = "It was changed in the meantime; or the address is somebody else's; or nobody could manage accounts after it", body = StaleBody),
        (status = 422, description = "A field is wrong", body = ProblemBody),
    )
)]
pub async fn update(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
    form: Result<Body<UpdateRequest>, Problem>,
) -> Answer<Response> {
    let actor = caller.actor()?;
    let permit = permit_on::<UpdatePerson>(actor, id)?;
    let id = *permit.resource();
    let Body(UpdateRequest { full_name, email, roles, status, version }) = form?;
    let form =
        UpdateForm { full_name, email, roles, status, version: Some(version), ..UpdateForm::default() };
    match backend.people.update(&permit, form, &actor.at(&caller.origin)).await? {
        Updated::Changed => Ok(as_they_are(&backend, &caller, id).await?.into_response()),
        Updated::Stale(person) => {
            let body = StaleBody::of(*person, &backend.roles.all().await?);
            Ok((StatusCode::CONFLICT, Json(body)).into_response())
        }
    }
}

/// Suspend somebody
///
/// They are signed out everywhere and cannot sign in. Nothing is removed; suspending somebody twice changes nothing.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 200, description = "Suspended, now or before", body = PersonBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, a fresh proof is due, or it is your own account", body = ProblemBody),
        (status = 404, description = "User not found or suspend failed", body = ProblemBody),
        (status = 409, description = "Nobody could manage accounts after it", body = ProblemBody),
    )
)]
pub async fn suspend(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<Json<PersonBody>> {
    caller.actor()?.check_role::<SuspendPerson>()?;
    let Named(id) = id?;
    suspend_as(&backend, &caller, id).await?;
    Ok(as_they_are(&backend, &caller, id).await?)
}

pub(super) async fn suspend_as(backend: &Backend, caller: &Caller, id: PersonId) -> Result<Done> {
    let actor = caller.actor()?;
    let permit = actor.permit::<SuspendPerson>(id)?;
    backend.people.suspend(&permit, &actor.at(&caller.origin)).await
}

/// Restore somebody who is suspended
///
/// The account is as it was before. Restoring somebody who is not suspended changes nothing.
#[utoipa::path(
    post, path = "/api/v1/users/{id}/restore", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 200, description = "Not suspended", body = PersonBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
    )
)]
pub async fn restore(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<Json<PersonBody>> {
    let actor = caller.actor()?;
    let permit = permit_on::<RestorePerson>(actor, id)?;
    backend.people.restore(&permit, &actor.at(&caller.origin)).await?;
    Ok(as_they_are(&backend, &caller, *permit.resource()).await?)
}

/// Unlock somebody whom wrong passwords have locked
#[utoipa::path(
    post, path = "/api/v1/users/{id}/unlock", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 200, description = "Not locked", body = PersonBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
    )
)]
pub async fn unlock(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<Json<PersonBody>> {
    let actor = caller.actor()?;
    let permit = permit_on::<UnlockPerson>(actor, id)?;
    backend.people.unlock(&permit, &actor.at(&caller.origin)).await?;
    Ok(as_they_are(&backend, &caller, *permit.resource()).await?)
}

async fn as_they_are(backend: &Backend, caller: &Caller, id: PersonId) -> Result<Json<PersonBody>> {
    Ok(Json(PersonBody::whole(backend, &caller.actor()?.sees_person()?, id).await?))
}
