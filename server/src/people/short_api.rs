//! People at the short addresses of UC-003 to UC-006: the same services, in the shape, words and codes that their clients know.

use super::{
    Done, NewPersonForm, Person, UpdateForm, Updated,
    create_api::create_as,
    person_api::{StaleBody, suspend_as},
};
use crate::{
    Backend, Error,
    http::{
        caller::Caller,
        intake::{Body, Named},
        moments::iso,
        problem::{Answer, Problem, ProblemBody},
    },
    permit::{CreatePerson, People as AllPeople, UpdatePerson, Visible},
    roles::Role,
};
use axum::{Json, extract::State, http::StatusCode};
use domain::{PersonId, RoleCode, dashboard::Dashboard, person::PersonStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const NOT_ENOUGH: &str = "Insufficient permissions";

/// A person with one role, the usual one.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShortPersonBody {
    #[schema(example = "0198c0de-0000-7000-8000-000000000000", format = "uuid")]
    id: String,
    #[schema(example = "maria")]
    username: String,
    #[schema(example = "Maria Lindqvist")]
    full_name: String,
    #[schema(example = "maria@example.com")]
    email: String,
    #[schema(example = "CSR_REP")]
    role_code: String,
    #[schema(example = "CSR representative")]
    role_name: String,
    #[schema(example = "/")]
    dashboard_route: &'static str,
    /// False for whoever is suspended, or has not yet accepted an invitation or verified the address.
    #[schema(example = true)]
    is_active: bool,
    /// When this person signed in last (RFC 3339, UTC); null for whoever never did.
    #[schema(example = "2026-11-21T09:30:00.25Z", format = "date-time")]
    last_login: Option<String>,
}

impl ShortPersonBody {
    pub(super) fn of(person: &Person, roles: &[Role]) -> Self {
        let code = person.roles.first();
        let name = code.and_then(|code| roles.iter().find(|role| role.code == *code));
        Self {
            id: person.id.to_string(),
            username: person.username.to_string(),
            full_name: person.full_name.to_string(),
            email: person.email.to_string(),
            role_code: code.map(RoleCode::to_string).unwrap_or_default(),
            role_name: name.map(|role| role.name.clone()).unwrap_or_default(),
            dashboard_route: Dashboard::ROUTE,
            is_active: is_active(person),
            last_login: person.last_login_at.map(iso),
        }
    }
}

const fn is_active(person: &Person) -> bool {
    matches!(person.status, PersonStatus::Active | PersonStatus::Locked)
}

/// What a client sends to make an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShortNewPersonRequest {
    #[schema(example = "johan.berg")]
    username: String,
    #[schema(example = "four plain words are fine")]
    password: String,
    #[schema(example = "Johan Berg")]
    full_name: String,
    #[schema(example = "johan.berg@example.com")]
    email: String,
    #[schema(example = "CSR_REP")]
    role_code: String,
}

/// What a client sends to change somebody. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShortUpdateRequest {
    #[serde(default)]
    #[schema(example = "Maria Lindqvist")]
    full_name: Option<String>,
    #[serde(default)]
    #[schema(example = "maria@example.com")]
    email: Option<String>,
    /// Takes the place of the usual role.
    #[serde(default)]
    #[schema(example = "CSR_REP")]
    role_code: Option<String>,
    #[serde(default)]
    #[schema(example = true)]
    is_active: Option<bool>,
}

/// What was done, as a sentence for people.
#[derive(Serialize, ToSchema)]
pub struct DoneBody {
    #[schema(example = "User suspended")]
    message: &'static str,
}

/// Make an account (short address)
#[utoipa::path(
    post, path = "/api/users", tag = "People", request_body = ShortNewPersonRequest, security(("bearer" = [])),
    responses(
        (status = 201, description = "The new account", body = ShortPersonBody),
        (status = 400, description = "A field is missing or wrong", body = ProblemBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 409, description = "The username or the address is somebody else's", body = ProblemBody),
    )
)]
pub async fn short_create(
    State(backend): State<Backend>,
    caller: Caller,
    body: Result<Body<ShortNewPersonRequest>, Problem>,
) -> Answer<(StatusCode, Json<ShortPersonBody>)> {
    caller.actor()?.permit::<CreatePerson>(())?;
    let Body(request) = body.map_err(Problem::at_short_address)?;
    let ShortNewPersonRequest { username, password, full_name, email, role_code } = request;
    let form = NewPersonForm { username, full_name, email, roles: vec![role_code], password };
    let id =
        create_as(&backend, &caller, form).await.map_err(|error| Problem::from(error).at_short_address())?;
    let person = as_they_are(&backend, &caller.actor()?.sees_people()?, id).await?;
    Ok((StatusCode::CREATED, person))
}

/// One person (short address)
#[utoipa::path(
    get, path = "/api/users/{id}", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 200, description = "The person", body = ShortPersonBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not see every account", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
    )
)]
pub async fn short_find(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<Json<ShortPersonBody>> {
    let visible = caller.actor()?.sees_people().map_err(in_their_words)?;
    let Named(id) = id?;
    Ok(as_they_are(&backend, &visible, id).await?)
}

/// Change somebody (short address)
#[utoipa::path(
    put, path = "/api/users/{id}", tag = "People", request_body = ShortUpdateRequest, params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 200, description = "Changed", body = ShortPersonBody),
        (status = 400, description = "No fields to update, or one is wrong", body = ProblemBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
        (status = 409, description = "The address is somebody else's, or nobody could manage accounts after it", body = ProblemBody),
    )
)]
pub async fn short_update(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
    body: Result<Body<ShortUpdateRequest>, Problem>,
) -> Answer<Json<ShortPersonBody>> {
    let actor = caller.actor()?;
    let visible = actor.sees_people().map_err(in_their_words)?;
    let Named(id) = id?;
    let permit = actor.permit::<UpdatePerson>(id).map_err(in_their_words)?;
    let Body(request) = body.map_err(Problem::at_short_address)?;
    let person = backend.people.find(&visible, id).await?;
    let updated = backend.people.update(&permit, request.on(&person), &actor.at(&caller.origin)).await;
    match updated.map_err(|error| Problem::from(error).at_short_address())? {
        Updated::Changed => {}
        Updated::Stale(_) => return Err(Error::Conflict(StaleBody::WORDS).into()),
    }
    Ok(as_they_are(&backend, &visible, id).await?)
}

impl ShortUpdateRequest {
    /// The change that is meant: who has several roles keeps the others, and who is not suspended is active.
    fn on(self, person: &Person) -> UpdateForm {
        let roles = self.role_code.map(|code| {
            let kept = person.roles.iter().skip(1).map(RoleCode::to_string).filter(|role| *role != code);
            std::iter::once(code.clone()).chain(kept.collect::<Vec<_>>()).collect()
        });
        let status = self.is_active.filter(|wanted| *wanted != is_active(person));
        UpdateForm {
            full_name: self.full_name,
            email: self.email,
            roles,
            status: status.map(|is_active| if is_active { "active" } else { "suspended" }.to_owned()),
            version: Some(person.version),
            ..UpdateForm::default()
        }
    }
}

/// Suspend somebody (short address)
#[utoipa::path(
    delete, path = "/api/users/{id}", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 200, description = "Suspended, now or before", body = DoneBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, a fresh proof is due, or it is your own account", body = ProblemBody),
        (status = 404, description = "User not found or suspend failed", body = ProblemBody),
        (status = 409, description = "Nobody could manage accounts after it", body = ProblemBody),
    )
)]
pub async fn short_suspend(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<Json<DoneBody>> {
    caller.actor()?.sees_people().map_err(in_their_words)?;
    let Ok(Named(id)) = id else { return Err(Error::NotFound(super::suspension::NOT_FOUND).into()) };
    let message = match suspend_as(&backend, &caller, id).await.map_err(in_their_words)? {
        Done::Now => "User suspended",
        Done::Before => "User was suspended already",
    };
    Ok(Json(DoneBody { message }))
}

async fn as_they_are(
    backend: &Backend,
    visible: &Visible<AllPeople>,
    id: PersonId,
) -> Result<Json<ShortPersonBody>, Error> {
    let person = backend.people.find(visible, id).await?;
    Ok(Json(ShortPersonBody::of(&person, &backend.roles.all().await?)))
}

fn in_their_words(error: Error) -> Problem {
    match error {
        Error::WrongRole => Problem::worded(error, NOT_ENOUGH),
        other => other.into(),
    }
}
