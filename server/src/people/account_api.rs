//! One's own account over REST.

use super::{ProfileForm, api::PersonBody};
use crate::{
    Actor, Backend, Result,
    http::{
        caller::Caller,
        intake::Body,
        problem::{Answer, Problem, ProblemBody},
    },
    permit::UpdateSelf,
};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;

/// What a client sends to change one's own details.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileRequest {
    #[serde(default)]
    full_name: Option<String>,
    /// The version that was looked at.
    version: i64,
}

/// Your account
#[utoipa::path(
    get, path = "/api/v1/account", tag = "Account", security(("bearer" = [])),
    responses((status = 200, description = "The account", body = PersonBody), (status = 401, description = "No good token", body = ProblemBody))
)]
pub async fn show(State(backend): State<Backend>, caller: Caller) -> Answer<Json<PersonBody>> {
    Ok(Json(own(&backend, caller.actor()?).await?))
}

/// Change your details
#[utoipa::path(
    patch, path = "/api/v1/account", tag = "Account", request_body = ProfileRequest, security(("bearer" = [])),
    responses(
        (status = 200, description = "Changed", body = PersonBody),
        (status = 400, description = "No fields to update", body = ProblemBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 409, description = "It was changed in the meantime", body = ProblemBody),
        (status = 422, description = "A field is wrong", body = ProblemBody),
    )
)]
pub async fn update(
    State(backend): State<Backend>,
    caller: Caller,
    form: Result<Body<ProfileRequest>, Problem>,
) -> Answer<Json<PersonBody>> {
    let actor = caller.actor()?;
    let permit = actor.permit::<UpdateSelf>(actor.id())?;
    let Body(form) = form?;
    let form = ProfileForm { full_name: form.full_name, version: form.version };
    backend.people.update_self(&permit, form, &actor.at(&caller.origin)).await?;
    Ok(Json(own(&backend, actor).await?))
}

async fn own(backend: &Backend, actor: &Actor) -> Result<PersonBody> {
    let person = backend.people.find(&actor.sees_person()?, actor.id()).await?;
    Ok(PersonBody::of(person, &backend.roles.all().await?))
}
