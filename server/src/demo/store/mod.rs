//! Demo content in the store: whole batches in one statement each, handed over as JSON and taken apart by the engine, which
//! costs a fraction of a statement for each row.

pub(super) mod bulk;

use super::names::Invented;
use crate::{
    Result,
    db::{Db, Lane, Open, Tx},
};
use domain::{
    PersonId, Timestamp,
    folding::fold,
    person::{PersonStatus, Username, search_text},
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// A person as a row of a batch: id, username, full name, e-mail, name key, search text, status, role, made.
#[derive(Debug, Serialize)]
pub struct NewRow(String, String, String, String, String, String, &'static str, &'static str, i64);

impl NewRow {
    pub(super) fn new(
        id: PersonId,
        person: &Invented,
        status: PersonStatus,
        role: &'static str,
        created_at: Timestamp,
    ) -> Self {
        Self(
            id.uuid().simple().to_string(),
            person.username.to_string(),
            person.full_name.to_string(),
            person.email.to_string(),
            fold(person.full_name.as_str()),
            search_text(&person.username, &person.full_name, &person.email),
            status.code(),
            role,
            created_at.microseconds(),
        )
    }
}

pub(super) async fn count(tx: &mut Tx<Open>) -> Result<u64> {
    let (count,): (i64,) = fetch_one!(tx, (i64,), "select count(*) from people")?;
    Ok(u64::try_from(count).unwrap_or(0))
}

pub(super) async fn insert(tx: &mut Tx<Open>, rows: &[NewRow]) -> Result<()> {
    let json = serde_json::to_string(rows).map_err(anyhow::Error::from)?;
    let (people, roles) = match tx.lane() {
        Lane::Sqlite(_) => (
            "insert into people (id, username, full_name, email, name_key, search_text, status, created_at, updated_at)
             select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                    value ->> 8, value ->> 8
             from json_each($1)",
            "insert into person_roles (person_id, role_code, position) select unhex(value ->> 0), value ->> 7, 0 from json_each($1)",
        ),
        Lane::Postgres(_) => (
            "insert into people (id, username, full_name, email, name_key, search_text, status, created_at, updated_at)
             select (value ->> 0)::uuid, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                    (value ->> 8)::bigint, (value ->> 8)::bigint
             from jsonb_array_elements($1::jsonb)",
            "insert into person_roles (person_id, role_code, position)
             select (value ->> 0)::uuid, value ->> 7, 0 from jsonb_array_elements($1::jsonb)",
        ),
    };
    execute!(tx, people, json.clone())?;
    execute!(tx, roles, json)?;
    Ok(())
}

/// Something that a person did, as a row of a batch: id, moment, action, outcome, person as bytes, person as text, role, details.
#[derive(Debug, Serialize)]
pub(super) struct PastRow(String, i64, &'static str, &'static str, String, String, &'static str, String);

impl PastRow {
    pub(super) fn new(
        id: Uuid,
        person: PersonId,
        role: &'static str,
        at: Timestamp,
        succeeded: bool,
    ) -> Self {
        let (action, outcome, details) = if succeeded {
            ("session.signed_in", "done", json!({ "role": role, "invented": true }))
        } else {
            ("session.sign_in_failed", "refused", json!({ "why": "wrong password", "invented": true }))
        };
        Self(
            id.simple().to_string(),
            at.microseconds(),
            action,
            outcome,
            person.uuid().simple().to_string(),
            person.to_string(),
            role,
            details.to_string(),
        )
    }
}

/// Adds what happened to the trail, and takes everybody's counts from it. Whoever was refused was not yet known to be there.
pub(super) async fn remember(tx: &mut Tx<Open>, past: &[PastRow]) -> Result<()> {
    let json = serde_json::to_string(past).map_err(anyhow::Error::from)?;
    let entries = match tx.lane() {
        Lane::Sqlite(_) => {
            "insert into audit (id, at, action, outcome, actor_kind, actor_id, role_code, subject_kind, subject_id, person_id, ip, details)
             select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3,
                    case value ->> 3 when 'done' then 'person' else 'anonymous' end,
                    case value ->> 3 when 'done' then unhex(value ->> 4) end, case value ->> 3 when 'done' then value ->> 6 end,
                    'person', value ->> 5, unhex(value ->> 4), '192.0.2.10', value ->> 7
             from json_each($1)"
        }
        Lane::Postgres(_) => {
            "insert into audit (id, at, action, outcome, actor_kind, actor_id, role_code, subject_kind, subject_id, person_id, ip, details)
             select (value ->> 0)::uuid, (value ->> 1)::bigint, value ->> 2, value ->> 3,
                    case value ->> 3 when 'done' then 'person' else 'anonymous' end,
                    case value ->> 3 when 'done' then (value ->> 4)::uuid end, case value ->> 3 when 'done' then value ->> 6 end,
                    'person', value ->> 5, (value ->> 4)::uuid, '192.0.2.10', value ->> 7
             from jsonb_array_elements($1::jsonb)"
        }
    };
    execute!(tx, entries, json)?;
    execute!(
        tx,
        "update people set
            login_count = (select count(*) from audit a where a.person_id = people.id and a.action = 'session.signed_in'),
            last_login_at = coalesce((select max(a.at) from audit a where a.person_id = people.id and a.action = 'session.signed_in'), 0)"
    )?;
    Ok(())
}

/// The first person who is neither of the demo's company nor invented. Nobody real has an address that ends so (RFC 2606).
pub(super) async fn real_person(db: &Db) -> Result<Option<Username>> {
    let found: Option<(Username,)> = fetch_optional!(
        db,
        (Username,),
        "select username from people
         where email not like '%@countersign.example' and email not like '%@people.example' limit 1"
    )?;
    Ok(found.map(|(username,)| username))
}
