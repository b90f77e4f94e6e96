//! Privacy over REST; `respond` answers the pages' links as well.

use super::{EraseForm, ErasePerson, ExportData};
use crate::{
    Backend, Result,
    http::{
        caller::Caller,
        file,
        intake::{Body, Named, permit_on},
        moments::iso,
        problem::{Answer, Problem, ProblemBody},
    },
};
use axum::{Json, body::Bytes, extract::State, response::Response};
use domain::PersonId;
use futures::Stream;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Everything that is kept about somebody. Moments are RFC 3339 in UTC; hashes, keys and secrets are never part of it.
#[derive(Serialize, ToSchema)]
pub struct PersonDataBody {
    #[schema(example = "countersign.person/1")]
    format: String,
    #[schema(example = "2026-11-21T09:30:00Z", format = "date-time")]
    made_at: String,
    /// Names, address, status, preferences.
    #[schema(value_type = Object, example = json!({ "username": "maria", "email": "maria@example.com" }))]
    account: Value,
    #[schema(value_type = Vec<Object>, example = json!([{ "code": "CSR_REP", "name": "CSR representative" }]))]
    roles: Vec<Value>,
    /// An address that waits to be confirmed.
    #[schema(value_type = Vec<Object>, example = json!([]))]
    email_changes: Vec<Value>,
    #[schema(value_type = Vec<Object>, example = json!([{ "kind": "browser", "ip": "203.0.113.9" }]))]
    sessions: Vec<Value>,
    #[schema(value_type = Vec<Object>, example = json!([]))]
    sign_ins_under_way: Vec<Value>,
    #[schema(value_type = Vec<Object>, example = json!([]))]
    remembered_devices: Vec<Value>,
    #[schema(value_type = Vec<Object>, example = json!([]))]
    known_devices: Vec<Value>,
    #[schema(value_type = Vec<Object>, example = json!([{ "name": "Nightly export" }]))]
    api_keys: Vec<Value>,
    /// Which ways are set up and since when, the phone number, and the names of passkeys.
    #[schema(value_type = Object, example = json!({ "ways": [], "phone_number": null, "passkeys": [], "recovery_codes": [] }))]
    second_factors: Value,
    #[schema(value_type = Vec<Object>, example = json!([]))]
    providers: Vec<Value>,
    #[schema(value_type = Vec<Object>, example = json!([]))]
    links: Vec<Value>,
    /// What those who look after accounts wrote down, without who it was.
    #[schema(value_type = Vec<Object>, example = json!([{ "text": "Called about a lost phone." }]))]
    notes: Vec<Value>,
    /// Files of people that they brought in.
    #[schema(value_type = Vec<Object>, example = json!([]))]
    imports: Vec<Value>,
    /// Which letters and messages were written to them, and when they left.
    #[schema(value_type = Vec<Object>, example = json!([{ "kind": "account_created", "state": "done" }]))]
    letters: Vec<Value>,
    /// What the audit trail has about them and of what they did.
    #[schema(value_type = Vec<Object>, example = json!([{ "action": "session.signed_in", "by": "you" }]))]
    events: Vec<Value>,
}

/// What a client sends to erase somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseRequest {
    /// Their username, typed once more so that nobody is erased by a slip.
    #[schema(example = "maria")]
    username: String,
    /// The version that was looked at.
    #[schema(example = 1)]
    version: i64,
}

/// Somebody who was erased.
#[derive(Serialize, ToSchema)]
pub struct ErasedBody {
    /// The audit trail goes on naming it.
    #[schema(example = "0198c0de-0000-7000-8000-000000000000", format = "uuid")]
    id: String,
    #[schema(example = "2026-11-21T09:30:00Z", format = "date-time")]
    erased_at: String,
}

/// Everything that is kept about you
///
/// One document, written out while it is read. It wants a proof of the last 15 minutes that it is you; API keys do not get it.
#[utoipa::path(
    get, path = "/api/v1/account/data", tag = "Account", security(("bearer" = [])),
    responses(
        (status = 200, description = "The document", body = PersonDataBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "A fresh proof is due", body = ProblemBody),
        (status = 429, description = "More than 5 exports within an hour", body = ProblemBody),
    )
)]
pub async fn own_data(State(backend): State<Backend>, caller: Caller) -> Answer<Response> {
    Ok(respond(&backend, &caller, None).await?)
}

/// Everything that is kept about somebody
///
/// The same document that they can take along themselves.
#[utoipa::path(
    get, path = "/api/v1/users/{id}/data", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 200, description = "The document", body = PersonDataBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, a fresh proof is due, or the account has more power than yours", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
        (status = 429, description = "More than 5 exports within an hour", body = ProblemBody),
    )
)]
pub async fn data_of(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<Response> {
    caller.actor()?.check_role::<ExportData>()?;
    let Named(id) = id?;
    Ok(respond(&backend, &caller, Some(id)).await?)
}

/// Erase somebody
///
/// The account is removed for good with everything that is kept about them; their username and their address are free again. What
/// the audit trail tells of them is emptied in such a way that it stays provable: entries go on naming the id. Only somebody who is
/// suspended can be erased, and the username has to be typed once more.
#[utoipa::path(
    post, path = "/api/v1/users/{id}/erase", tag = "People", request_body = EraseRequest, params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 200, description = "Erased", body = ErasedBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts, a fresh proof is due, the account has more power than yours, or it is your own", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
        (status = 409, description = "They are not suspended; or the account was changed in the meantime; or nobody could manage accounts after it", body = ProblemBody),
        (status = 422, description = "The username is not theirs", body = ProblemBody),
    )
)]
pub async fn erase(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
    form: Result<Body<EraseRequest>, Problem>,
) -> Answer<Json<ErasedBody>> {
    let actor = caller.actor()?;
    let permit = permit_on::<ErasePerson>(actor, id)?;
    let Body(form) = form?;
    let form = EraseForm { username: form.username, version: Some(form.version) };
    let erased_at = backend.privacy.erase(&permit, &form, &actor.at(&caller.origin)).await?;
    Ok(Json(ErasedBody { id: permit.resource().to_string(), erased_at: iso(erased_at) }))
}

/// The document of somebody, or one's own, as an answer that a browser saves.
pub async fn respond(backend: &Backend, caller: &Caller, person: Option<PersonId>) -> Result<Response> {
    let actor = caller.actor()?;
    match person {
        None => Ok(saved(backend.privacy.own_data(actor, &caller.origin).await?)),
        Some(id) => {
            let permit = actor.permit::<ExportData>(id)?;
            Ok(saved(backend.privacy.data_of(&permit, &actor.at(&caller.origin)).await?))
        }
    }
}

fn saved(document: impl Stream<Item = Result<Bytes>> + Send + 'static) -> Response {
    file::saved("personal-data.json", "application/json", document)
}
