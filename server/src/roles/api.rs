//! Roles over REST. Whoever gives people their roles may look; only Super Admins change them, and never by a key.

use super::{
    RoleForm, RoleInFull,
    bodies::{
        DeleteRoleParams, NewRoleRequest, RoleConflictBody, RoleInFullBody, RoleRequest, RoleWithReachBody,
    },
    named,
};
use crate::{
    Actor, Backend, Error, Result,
    http::{
        caller::{Caller, current_request_id},
        intake::{Body, Named, Params},
        problem::{Answer, Problem, ProblemBody},
    },
    permit::ManageRole,
};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{FieldErrors, RoleCode, role::LEAST};

/// Every role, and what it may do
#[utoipa::path(
    get, path = "/api/v1/roles", tag = "Roles", security(("bearer" = [])),
    responses(
        (status = 200, description = "The roles, in the order in which choices show them", body = Vec<RoleInFullBody>),
        (status = 403, description = "The role you act in may neither change roles nor see every account", body = ProblemBody),
    )
)]
pub async fn list(State(backend): State<Backend>, caller: Caller) -> Answer<Json<Vec<RoleInFullBody>>> {
    let visible = caller.actor_or_key()?.sees_roles()?;
    let roles = backend.roles.all_in_full(&visible).await?;
    Ok(Json(roles.into_iter().map(RoleInFullBody::of).collect()))
}

/// One role, and whom a change of it would reach
#[utoipa::path(
    get, path = "/api/v1/roles/{code}", tag = "Roles", params(("code" = String, Path, description = "The role's code", example = "STAFF")), security(("bearer" = [])),
    responses(
        (status = 200, description = "The role", body = RoleWithReachBody),
        (status = 403, description = "The role you act in may neither change roles nor see every account", body = ProblemBody),
        (status = 404, description = "There is no role with this code", body = ProblemBody),
    )
)]
pub async fn find(
    State(backend): State<Backend>,
    caller: Caller,
    code: Result<Named<String>, Problem>,
) -> Answer<Json<RoleWithReachBody>> {
    let actor = caller.actor_or_key()?;
    actor.sees_roles()?;
    let Named(code) = code?;
    Ok(Json(with_reach(&backend, actor, &named(&code)?).await?))
}

/// Make a role
///
/// Where you leave permissions out, they are those of the copied role; without one, the two about the own account.
#[utoipa::path(
    post, path = "/api/v1/roles", tag = "Roles", request_body = NewRoleRequest, security(("bearer" = [])),
    responses(
        (status = 201, description = "The role", body = RoleWithReachBody),
        (status = 403, description = "Only Super Admins make roles, after a fresh proof that it is them", body = ProblemBody),
        (status = 409, description = "A role with this code exists already", body = ProblemBody),
        (status = 422, description = "A field is wrong", body = ProblemBody),
    )
)]
pub async fn make(
    State(backend): State<Backend>,
    caller: Caller,
    asked: Result<Body<NewRoleRequest>, Problem>,
) -> Answer<(StatusCode, Json<RoleWithReachBody>)> {
    let actor = caller.actor()?;
    actor.check_role::<ManageRole>()?;
    let Body(asked) = asked?;
    let copied = match &asked.copy_of {
        Some(other) => Some(copied(&backend, actor, other).await?),
        None => None,
    };
    let granted = copied.as_ref().map_or(LEAST, |role| role.permissions);
    let permissions =
        asked.permissions.unwrap_or_else(|| granted.iter().map(|one| one.code().to_owned()).collect());
    let dashboard = asked.dashboard.or_else(|| copied.as_ref().map(|role| role.dashboard.code().to_owned()));
    let form = RoleForm {
        name: asked.name,
        dashboard: dashboard.unwrap_or_else(|| "member".to_owned()),
        permissions,
    };
    let (code, _) = form.parse_new(&asked.code).map_err(Error::Invalid)?;
    let permit = actor.permit::<ManageRole>(code.clone())?;
    let copy_of = copied.map(|role| role.code);
    backend.roles.make(&permit, &form, copy_of, &actor.at(&caller.origin)).await?;
    Ok((StatusCode::CREATED, Json(with_reach(&backend, actor, &code).await?)))
}

/// Change a role
///
/// It acts on the next request of everybody who has it, and of every key that acts in it. Super Admins keep every permission.
#[utoipa::path(
    put, path = "/api/v1/roles/{code}", tag = "Roles", request_body = RoleRequest,
    params(("code" = String, Path, description = "The role's code", example = "STAFF")), security(("bearer" = [])),
    responses(
        (status = 200, description = "Changed", body = RoleWithReachBody),
        (status = 400, description = "No fields to update", body = ProblemBody),
        (status = 403, description = "Only Super Admins change roles, after a fresh proof that it is them", body = ProblemBody),
        (status = 404, description = "There is no role with this code", body = ProblemBody),
        (status = 409, description = "It was changed in the meantime, or nobody could manage accounts afterwards", body = RoleConflictBody, example = json!({
            "error": "conflict", "message": "This role was changed in the meantime. Look at it as it is now, then try again.",
            "request_id": "0198c0de5a7b7c3e9f10a2b3c4d5e6f7",
            "current": {
                "code": "STAFF", "name": "Staff", "dashboard": "product_manager", "permissions": ["products.view"], "built_in": true,
                "people": 12, "people_exact": true, "changed_at": "2026-11-21T09:30:00Z", "version": 4,
            },
        })),
        (status = 422, description = "A field is wrong", body = ProblemBody),
    )
)]
pub async fn change(
    State(backend): State<Backend>,
    caller: Caller,
    code: Result<Named<String>, Problem>,
    asked: Result<Body<RoleRequest>, Problem>,
) -> Answer<Response> {
    let actor = caller.actor()?;
    actor.check_role::<ManageRole>()?;
    let (Named(code), Body(asked)) = (code?, asked?);
    let code = named(&code)?;
    let permit = actor.permit::<ManageRole>(code.clone())?;
    let form = RoleForm { name: asked.name, dashboard: asked.dashboard, permissions: asked.permissions };
    match backend.roles.change(&permit, &form, asked.version, &actor.at(&caller.origin)).await {
        Ok(()) => Ok(Json(with_reach(&backend, actor, &code).await?).into_response()),
        Err(error @ Error::Conflict(_)) => Ok(conflict(&backend, actor, &code, error).await?),
        Err(error) => Err(error.into()),
    }
}

/// Delete a role
///
/// Its people get the role that `move_to` names. Sessions and API keys in it end. Built-in roles cannot be deleted.
#[utoipa::path(
    delete, path = "/api/v1/roles/{code}", tag = "Roles", security(("bearer" = [])),
    params(("code" = String, Path, description = "The role's code", example = "CASE_WORKER"), DeleteRoleParams),
    responses(
        (status = 204, description = "Deleted"),
        (status = 403, description = "A built-in role, or you are no Super Admin who has just shown that it is them", body = ProblemBody),
        (status = 404, description = "There is no role with this code", body = ProblemBody),
        (status = 409, description = "People have it still, and `move_to` is missing", body = ProblemBody),
    )
)]
pub async fn delete(
    State(backend): State<Backend>,
    caller: Caller,
    code: Result<Named<String>, Problem>,
    params: Result<Params<DeleteRoleParams>, Problem>,
) -> Answer<StatusCode> {
    let actor = caller.actor()?;
    actor.check_role::<ManageRole>()?;
    let (Named(code), Params(params)) = (code?, params?);
    let permit = actor.permit::<ManageRole>(named(&code)?)?;
    let wrong = |words| Error::Invalid(FieldErrors::one("move_to", words));
    let move_to = params.move_to.map(|other| RoleCode::parse(&other)).transpose().map_err(wrong)?;
    backend.roles.delete(&permit, move_to, &actor.at(&caller.origin)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn with_reach(backend: &Backend, actor: &Actor, code: &RoleCode) -> Result<RoleWithReachBody> {
    let visible = actor.sees_roles()?;
    let role = backend.roles.find(&visible, code).await?;
    let reach = backend.roles.reach(&visible, code).await?;
    Ok(RoleWithReachBody { role: RoleInFullBody::of(role), reach: reach.into() })
}

async fn copied(backend: &Backend, actor: &Actor, code: &str) -> Result<RoleInFull> {
    let wrong = |_| Error::Invalid(FieldErrors::one("copy_of", "There is no role with this code"));
    backend.roles.find(&actor.sees_roles()?, &named(code).map_err(wrong)?).await.map_err(
        |error| match error {
            Error::NotFound(_) => wrong(error),
            other => other,
        },
    )
}

async fn conflict(backend: &Backend, actor: &Actor, code: &RoleCode, error: Error) -> Result<Response> {
    let current = backend.roles.find(&actor.sees_roles()?, code).await?;
    let request_id = current_request_id();
    let ProblemBody { error, message, .. } = Problem::from(error).body(&request_id);
    let body = RoleConflictBody { error, message, request_id, current: RoleInFullBody::of(current) };
    Ok((StatusCode::CONFLICT, Json(body)).into_response())
}
