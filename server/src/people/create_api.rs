//! Making accounts over REST, and what is taken already.

use super::{NewPersonForm, api::PersonBody};
use crate::{
    Backend, Error, Result,
    http::{
        caller::Caller,
        intake::{Body, Params},
        problem::{Answer, Problem, ProblemBody},
    },
    permit::CreatePerson,
};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    FieldErrors, PersonId,
    person::{EmailAddress, Username},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a client sends to make an account, with a password or by invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPersonRequest {
    #[schema(example = "hanna.berg")]
    username: String,
    #[schema(example = "Hanna Berg")]
    full_name: String,
    #[schema(example = "hanna.berg@example.com")]
    email: String,
    /// Codes, the usual role first; at least one.
    #[schema(example = json!(["CSR_REP"]))]
    roles: Vec<String>,
    /// Left out for an invitation.
    #[serde(default)]
    #[schema(example = json!(null))]
    password: Option<String>,
    /// Whether they choose the password themselves, by a letter.
    #[serde(default)]
    #[schema(example = true)]
    invite: bool,
}

/// How an account comes to its password.
enum Way {
    Password,
    Invitation,
}

impl NewPersonRequest {
    fn way(&self) -> Result<Way, FieldErrors> {
        match (&self.password, self.invite) {
            (Some(_), false) => Ok(Way::Password),
            (None, true) => Ok(Way::Invitation),
            (Some(_), true) => Err(FieldErrors::one("password", "Leave the password out of an invitation")),
            (None, false) => Err(FieldErrors::one("password", "Give a password, or set invite to true")),
        }
    }
}

/// Make an account
///
/// With a `password`, or with `invite: true` and no password: then a letter lets them choose one. The account is active at
/// once, or `invited` until they have accepted.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "People", request_body = NewPersonRequest, security(("bearer" = [])),
    responses(
        (status = 201, description = "The new account; its address is in `Location`", body = PersonBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, a fresh proof is due, or invitations are turned off", body = ProblemBody),
        (status = 409, description = "The username or the address is somebody else's", body = ProblemBody),
        (status = 422, description = "A field is wrong", body = ProblemBody),
    )
)]
pub async fn create(
    State(backend): State<Backend>,
    caller: Caller,
    request: Result<Body<NewPersonRequest>, Problem>,
) -> Answer<Response> {
    // Whoever may not do it is told that, whatever they send.
    caller.actor()?.permit::<CreatePerson>(())?;
    let Body(request) = request?;
    let way = request.way().map_err(Error::Invalid)?;
    let NewPersonRequest { username, full_name, email, roles, password, .. } = request;
    let form = NewPersonForm { username, full_name, email, roles, password: password.unwrap_or_default() };
    let id = match way {
        Way::Password => create_as(&backend, &caller, form).await?,
        Way::Invitation => invite_as(&backend, &caller, form).await?,
    };
    let body = PersonBody::whole(&backend, &caller.actor()?.sees_person()?, id).await?;
    let location = format!("/api/v1/users/{}", body.id());
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(body)).into_response())
}

pub(super) async fn create_as(backend: &Backend, caller: &Caller, form: NewPersonForm) -> Result<PersonId> {
    let actor = caller.actor()?;
    let permit = actor.permit::<CreatePerson>(())?;
    let person = form.parse(&backend.passwords)?;
    backend.people.create(&permit, person, &actor.at(&caller.origin)).await
}

async fn invite_as(backend: &Backend, caller: &Caller, form: NewPersonForm) -> Result<PersonId> {
    let actor = caller.actor()?;
    let permit = actor.permit::<CreatePerson>(())?;
    let newcomer = form.parse_without_password()?;
    let invited_by = actor.full_name().as_str();
    backend.links.invite(&permit, newcomer, invited_by, &actor.at(&caller.origin)).await
}

/// What is asked about.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct TakenParams {
    #[param(max_length = 64, example = "maria")]
    username: Option<String>,
    #[param(max_length = 254, example = "maria@example.com")]
    email: Option<String>,
}

/// Whether each is somebody's already; null for what was not asked about.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenBody {
    #[schema(example = true)]
    username: Option<bool>,
    #[schema(example = false)]
    email: Option<bool>,
}

/// Whether a username or an e-mail address is taken
#[utoipa::path(
    get, path = "/api/v1/users/taken", tag = "People", params(TakenParams), security(("bearer" = [])),
    responses(
        (status = 200, description = "What is taken", body = TakenBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not see every account", body = ProblemBody),
        (status = 422, description = "No username or address can look like this", body = ProblemBody),
    )
)]
pub async fn taken(
    State(backend): State<Backend>,
    caller: Caller,
    params: Result<Params<TakenParams>, Problem>,
) -> Answer<Json<TakenBody>> {
    let visible = caller.actor()?.sees_people()?;
    let Params(params) = params?;
    let mut errors = FieldErrors::default();
    let username = errors.check("username", params.username.map(|name| Username::parse(&name)).transpose());
    let email = errors.check("email", params.email.map(|address| EmailAddress::parse(&address)).transpose());
    let (Some(username), Some(email)) = (username, email) else { return Err(Error::Invalid(errors).into()) };
    let username = match username {
        Some(username) => Some(backend.people.who_has_username(&visible, &username).await?.is_some()),
        None => None,
    };
    let email = match email {
        Some(email) => Some(backend.people.who_has_email(&visible, &email).await?.is_some()),
        None => None,
    };
    Ok(Json(TakenBody { username, email }))
}
