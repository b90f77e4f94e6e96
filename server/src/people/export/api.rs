//! The export over REST; `respond` answers the page's links as well.

use super::{super::api::read_filters, Format, Whom};
use crate::{
    Actor, Backend, Origin, Result,
    http::{
        caller::Caller,
        file::saved,
        intake::{Params, maybe_empty_switch},
        problem::{Answer, Problem, ProblemBody},
    },
    permit::ExportPeople,
    roles::Role,
};
use axum::{extract::State, response::Response};
use domain::{
    FieldErrors,
    listing::{PeopleQuery, SearchText},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Whom an export is asked for, and how it is written.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ExportParams {
    /// Part of a name, username or e-mail address, at most 100 characters; case and accents do not matter.
    #[param(max_length = 100, example = "lind")]
    search: Option<String>,
    /// The code of a role that they have.
    #[param(example = "STAFF")]
    role: Option<String>,
    /// `active`, `suspended`, `invited`, `unverified` or `locked`.
    #[param(example = "active")]
    status: Option<String>,
    /// The second factor that is enrolled: `passkey`, `totp`, `sms`, `email`, `any` of them, or `none`.
    #[param(example = "none")]
    mfa: Option<String>,
    /// `never`, `within_N_days`, or `not_for_N_days`, which those who never signed in are among; N from 1 to 3650.
    #[param(example = "within_30_days")]
    last_login: Option<String>,
    /// The account was made on this day (UTC) or later.
    #[param(example = "2020-01-31", format = "date")]
    created_from: Option<String>,
    /// The account was made on this day (UTC) or earlier.
    #[param(example = "2099-12-31", format = "date")]
    created_to: Option<String>,
    /// `true` begins a CSV file with the mark (BOM) by which Excel knows that it is UTF-8.
    #[serde(deserialize_with = "maybe_empty_switch")]
    #[param(default = false, example = false)]
    bom: bool,
}

impl ExportParams {
    pub const fn is_marked(&self) -> bool {
        self.bom
    }

    fn parse(self, roles: &[Role]) -> Result<PeopleQuery, FieldErrors> {
        let mut errors = FieldErrors::default();
        let value = |name: &str| match name {
            "role" => self.role.clone(),
            "status" => self.status.clone(),
            "mfa" => self.mfa.clone(),
            "last_login" => self.last_login.clone(),
            "created_from" => self.created_from.clone(),
            "created_to" => self.created_to.clone(),
            _ => None,
        };
        let filters = read_filters(value, roles, &mut errors);
        let search = errors.check("search", SearchText::parse(self.search.as_deref().unwrap_or_default()));
        match search {
            Some(search) if errors.is_empty() => {
                Ok(PeopleQuery { search, filters, ..PeopleQuery::default() })
            }
            _ => Err(errors),
        }
    }
}

/// Everybody as CSV
///
/// A file in UTF-8 with a row of names and `\r\n` between rows (RFC 4180), in the order in which people joined. Roles are
/// codes, the usual one first, with a space between them. What a spreadsheet would take for a formula has an apostrophe in
/// front; an import takes it away again. Each person comes once; a file that was cut off did not end as an answer of HTTP ends.
#[utoipa::path(
    get, path = "/api/v1/export/users.csv", tag = "People", params(ExportParams), security(("bearer" = [])),
    responses(
        (
            status = 200, description = "The file", content_type = "text/csv", body = String,
            example = json!(
                "id,username,full_name,email,roles,status,mfa,last_login_at,login_count,created_at,version\r\n\
                 0198c0de-0000-7000-8000-000000000000,zoe,Zoë Lind,zoe@example.com,STAFF,active,totp,2026-11-21T09:30:00Z,3,2026-11-01T08:00:00Z,1\r\n"
            ),
        ),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 422, description = "A parameter is wrong", body = ProblemBody),
        (status = 429, description = "More than 5 exports within an hour", body = ProblemBody),
    )
)]
pub async fn as_csv(
    State(backend): State<Backend>,
    caller: Caller,
    params: Result<Params<ExportParams>, Problem>,
) -> Answer<Response> {
    let params = read(&caller, params)?;
    let marked = params.is_marked();
    Ok(respond(&backend, caller.actor_or_key()?, &caller.origin, params, Format::Csv { marked }).await?)
}

/// Everybody as JSON
///
/// A list of people with the fields that `GET /api/v1/users` has for them, one to a line, in the order in which they joined.
#[utoipa::path(
    get, path = "/api/v1/export/users.json", tag = "People", params(ExportParams), security(("bearer" = [])),
    responses(
        (status = 200, description = "The file", body = Vec<super::super::api::PersonBody>),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 422, description = "A parameter is wrong", body = ProblemBody),
        (status = 429, description = "More than 5 exports within an hour", body = ProblemBody),
    )
)]
pub async fn as_json(
    State(backend): State<Backend>,
    caller: Caller,
    params: Result<Params<ExportParams>, Problem>,
) -> Answer<Response> {
    let params = read(&caller, params)?;
    Ok(respond(&backend, caller.actor_or_key()?, &caller.origin, params, Format::Json).await?)
}

/// The parameters, for somebody whose role may take people along.
fn read(caller: &Caller, params: Result<Params<ExportParams>, Problem>) -> Answer<ExportParams> {
    caller.actor_or_key()?.check_role::<ExportPeople>()?;
    params.map(|Params(params)| params)
}

/// The file of those whom the parameters ask for.
pub async fn respond(
    backend: &Backend,
    actor: &Actor,
    origin: &Origin,
    params: ExportParams,
    format: Format,
) -> Result<Response> {
    // Whoever may not have the file is not told what is wrong with the question.
    actor.permit::<ExportPeople>(())?;
    let query = params.parse(&backend.roles.all().await?)?;
    file_of(backend, actor, origin, Whom::Matching(query), format).await
}

/// The file about these people, as an answer that a browser saves.
pub async fn file_of(
    backend: &Backend,
    actor: &Actor,
    origin: &Origin,
    whom: Whom,
    format: Format,
) -> Result<Response> {
    let permit = actor.permit::<ExportPeople>(())?;
    let roles = backend.roles.all().await?;
    let file = backend.people.export(&permit, whom, format, &roles, &actor.at(origin)).await?;
    Ok(saved(format.file(), format.content_type(), file))
}
