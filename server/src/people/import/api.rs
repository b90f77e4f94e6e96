//! Imports over REST: the file is the body, and the answer says what it would do.

use super::{BadRows, Choices, GONE, Status};
use crate::{
    Backend, Error, Result,
    http::{
        caller::Caller,
        file::saved,
        intake::{Body, Named, Params},
        moments::iso,
        problem::{Answer, Problem, ProblemBody},
        upload,
    },
    permit::ImportPeople,
};
use axum::{
    Json,
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use domain::{FieldErrors, ImportId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How an import is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ImportParams {
    /// What becomes of people whose username is known: `update` (but never their password) or `leave`.
    #[param(default = "update", example = "update")]
    existing: String,
    /// New people for whom the file has neither password nor hash: `invite` them by mail, or `wait` until they ask for a link.
    #[param(default = "invite", example = "wait")]
    without_password: String,
    /// A name to know the import by.
    #[param(example = "people.csv")]
    file_name: String,
}

/// What a client sends to start an import.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartRequest {
    /// `refuse`: everybody at one moment, or nobody; only where no row is wrong. `skip`: everybody else, batch by batch.
    #[schema(example = "skip")]
    bad_rows: String,
}

/// An import, and how far it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportBody {
    #[schema(example = "0198c0de-0000-7000-8000-000000000000", format = "uuid")]
    id: String,
    /// `checked` waits to be started; `waiting`, `running` and `inviting` are under way; `done`, `failed` and `cancelled` have ended.
    #[schema(example = "checked")]
    state: &'static str,
    #[schema(example = "people.csv")]
    file_name: String,
    /// Rows of the file.
    #[schema(example = 120)]
    people: i64,
    /// Of them, as the check found: new ones,
    #[schema(example = 100)]
    new: i64,
    /// changed ones,
    #[schema(example = 12)]
    changed: i64,
    /// ones that are the same as they are,
    #[schema(example = 5)]
    unchanged: i64,
    /// and ones that cannot be written.
    #[schema(example = 3)]
    wrong: i64,
    /// Columns of the file that nothing is done with.
    #[schema(example = json!(["department"]))]
    ignored_columns: Vec<String>,
    /// New ones who are written by now.
    #[schema(example = 0)]
    made: i64,
    /// Changed ones who are written by now.
    #[schema(example = 0)]
    updated: i64,
    /// Rows that have become wrong since the check.
    #[schema(example = 0)]
    skipped: i64,
    /// While everybody is written at one moment: how many are written so far, all of whom are kept at the end. `null` where
    /// that is not so, and where another instance writes them.
    #[schema(example = json!(null))]
    written_so_far: Option<i64>,
    /// Passwords that are still to be hashed, before anything is written.
    #[schema(example = 0)]
    to_hash: i64,
    /// Letters that have not left yet.
    #[schema(example = 0)]
    to_invite: i64,
    /// Why it failed.
    #[schema(example = json!(null))]
    trouble: Option<String>,
    /// When the file came (RFC 3339, UTC).
    #[schema(example = "2026-11-21T09:30:00Z", format = "date-time")]
    created_at: String,
}

impl From<Status> for ImportBody {
    fn from(status: Status) -> Self {
        let Status { import, to_hash, to_invite, written_so_far } = status;
        let ignored = import.ignored.split(", ").filter(|name| !name.is_empty());
        Self {
            id: import.id.to_string(),
            state: import.state.code(),
            people: import.people,
            new: import.fresh,
            changed: import.changed,
            unchanged: import.same,
            wrong: import.wrong,
            ignored_columns: ignored.map(str::to_owned).collect(),
            made: import.made,
            updated: import.updated,
            skipped: import.skipped,
            written_so_far,
            to_hash,
            to_invite,
            created_at: iso(import.created_at),
            file_name: import.file_name,
            trouble: import.trouble,
        }
    }
}

/// Check a file of people
///
/// The body is the file: CSV in UTF-8, its columns separated by `,`, `;` or tabs and named in the first row (`username`,
/// `full_name`, `email`, and as you like `roles`, `status`, `password`, `password_hash`). Nothing is changed yet: the answer says
/// what the file would do. A row whose username is known is that person, so the same file a second time does nothing.
#[utoipa::path(
    post, path = "/api/v1/users/import", tag = "People", params(ImportParams), security(("bearer" = [])),
    request_body(
        content = String, content_type = "text/csv",
        example = json!("username,full_name,email,roles\r\nzoe,Zoë Lind,zoe@example.com,STAFF\r\n"),
    ),
    responses(
        (status = 201, description = "What it would do", body = ImportBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 413, description = "The file is larger than it may be (64 MiB)", body = ProblemBody),
        (status = 422, description = "This is no file of people", body = ProblemBody),
    )
)]
pub async fn check(
    State(backend): State<Backend>,
    caller: Caller,
    params: Result<Params<ImportParams>, Problem>,
    request: Request,
) -> Answer<(StatusCode, Json<ImportBody>)> {
    let actor = caller.actor()?;
    let permit = actor.permit::<ImportPeople>(())?;
    let Params(params) = params?;
    let choices = Choices::parse(&params.existing, &params.without_password).map_err(Error::Invalid)?;
    let place = backend.imports.place(&permit)?;
    let (pieces, origin) = (upload::pieces_of(request.into_body()), actor.at(&caller.origin));
    let id = backend.imports.receive(&permit, place, choices, &params.file_name, pieces, &origin).await?;
    let found = backend.imports.find(&actor.sees_imports()?, id).await?;
    Ok((StatusCode::CREATED, Json(found.into())))
}

/// Start an import
#[utoipa::path(
    post, path = "/api/v1/users/import/{id}/start", tag = "People", request_body = StartRequest, security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The import's id")),
    responses(
        (status = 202, description = "It waits for its turn", body = ImportBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 404, description = "No such import", body = ProblemBody),
        (status = 409, description = "It was started already, or some rows are wrong", body = ProblemBody),
    )
)]
pub async fn start(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<ImportId>, Problem>,
    wish: Result<Body<StartRequest>, Problem>,
) -> Answer<(StatusCode, Json<ImportBody>)> {
    let actor = caller.actor()?;
    let (permit, id) = (actor.permit::<ImportPeople>(())?, named(id)?);
    let Body(wish) = wish?;
    let bad_rows = BadRows::parse(&wish.bad_rows);
    let bad_rows = bad_rows.map_err(|words| Error::Invalid(FieldErrors::one("bad_rows", words)))?;
    backend.imports.start(&permit, id, bad_rows, &actor.at(&caller.origin)).await?;
    let found = backend.imports.find(&actor.sees_imports()?, id).await?;
    Ok((StatusCode::ACCEPTED, Json(found.into())))
}

/// How far an import is
#[utoipa::path(
    get, path = "/api/v1/users/import/{id}", tag = "People", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The import's id")),
    responses(
        (status = 200, description = "The import", body = ImportBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts", body = ProblemBody),
        (status = 404, description = "No such import", body = ProblemBody),
    )
)]
pub async fn find(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<ImportId>, Problem>,
) -> Answer<Json<ImportBody>> {
    let visible = caller.actor()?.sees_imports()?;
    Ok(Json(backend.imports.find(&visible, named(id)?).await?.into()))
}

/// What is wrong with a file
///
/// A line for each wrong cell: its row (the first one names the columns), its column, the beginning of what stands there, and
/// what to change.
#[utoipa::path(
    get, path = "/api/v1/users/import/{id}/errors.csv", tag = "People", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The import's id")),
    responses(
        (
            status = 200, description = "The file", content_type = "text/csv", body = String,
            example = json!("row,column,value,error\r\n3,email,not an address,Please enter a valid email address\r\n"),
        ),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts", body = ProblemBody),
        (status = 404, description = "No such import", body = ProblemBody),
    )
)]
pub async fn errors(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<ImportId>, Problem>,
) -> Answer<Response> {
    Ok(errors_of(&backend, &caller, named(id)).await?)
}

/// Cancel an import
///
/// What was written batch by batch stays; of what is written at one moment, nothing does.
#[utoipa::path(
    post, path = "/api/v1/users/import/{id}/cancel", tag = "People", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The import's id")),
    responses(
        (status = 200, description = "It is cancelled", body = ImportBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, or a fresh proof is due", body = ProblemBody),
        (status = 404, description = "No such import", body = ProblemBody),
        (status = 409, description = "It has ended already", body = ProblemBody),
    )
)]
pub async fn cancel(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<ImportId>, Problem>,
) -> Answer<Json<ImportBody>> {
    let actor = caller.actor()?;
    let (permit, id) = (actor.permit::<ImportPeople>(())?, named(id)?);
    backend.imports.cancel(&permit, id, &actor.at(&caller.origin)).await?;
    Ok(Json(backend.imports.find(&actor.sees_imports()?, id).await?.into()))
}

/// The file of what was wrong, as an answer that a browser saves.
pub async fn errors_of(backend: &Backend, caller: &Caller, id: Result<ImportId>) -> Result<Response> {
    let visible = caller.actor()?.sees_imports()?;
    let file = backend.imports.errors_as_csv(&visible, id?).await?;
    Ok(saved("errors.csv", "text/csv; charset=utf-8; header=present", file))
}

/// What is no id names no import.
fn named(id: Result<Named<ImportId>, Problem>) -> Result<ImportId> {
    id.map(|Named(id)| id).map_err(|_| GONE)
}
