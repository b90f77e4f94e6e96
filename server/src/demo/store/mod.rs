//! Demo content in the store: whole batches in one statement each, handed over as JSON and taken apart by the engine, which
//! costs a fraction of a statement for each row.

use super::names::Invented;
use crate::{
    Result,
    at_rest::AtRest,
    audit::Draft,
    db::{Db, Lane, Open, Tx},
    ground::Ground,
};
use data_encoding::HEXLOWER;
use domain::{
    PersonId, Timestamp,
    person::{EmailAddress, PersonStatus, Username},
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// A person as a row of a batch: id, username, full name, e-mail, name key, search text, status, role, made.
#[derive(Debug, Serialize)]
pub struct NewRow(String, String, String, String, String, String, &'static str, &'static str, i64);

impl NewRow {
    pub(super) fn new(
        at_rest: &AtRest,
        id: PersonId,
        person: &Invented,
        status: PersonStatus,
        role: &'static str,
        created_at: Timestamp,
    ) -> Self {
        let findable = at_rest.findable(&person.username, &person.full_name, &person.email);
        Self(
            id.uuid().simple().to_string(),
            person.username.to_string(),
            at_rest.keep(person.full_name.as_str()),
            at_rest.keep(person.email.as_str()),
            findable.name_key,
            findable.search_text,
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
            "insert into people (id, username, full_name, email, name_key, search_text, status, role_codes, created_at, updated_at)
             select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                    value ->> 7, value ->> 8, value ->> 8
             from json_each($1)",
            "insert into person_roles (person_id, role_code, position) select unhex(value ->> 0), value ->> 7, 0 from json_each($1)",
        ),
        Lane::Postgres(_) => (
            "insert into people (id, username, full_name, email, name_key, search_text, status, role_codes, created_at, updated_at)
             select (value ->> 0)::uuid, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                    value ->> 7, (value ->> 8)::bigint, (value ->> 8)::bigint
             from jsonb_array_elements($1::jsonb)",
            "insert into person_roles (person_id, role_code, position)
             select (value ->> 0)::uuid, value ->> 7, 0 from jsonb_array_elements($1::jsonb)",
        ),
    };
    execute!(tx, people, json.clone())?;
    execute!(tx, roles, json)?;
    Ok(())
}

/// From where the people of the demo came: an address that is nobody's (RFC 5737).
const IP: &str = "192.0.2.10";

/// Something that a person did, as a row of a batch: id, moment, action, outcome, person as bytes, person as text, role,
/// details, salt, seal.
#[derive(Debug, Serialize)]
pub(super) struct PastRow(
    String,
    i64,
    &'static str,
    &'static str,
    String,
    String,
    &'static str,
    String,
    String,
    String,
);

impl PastRow {
    pub(super) fn new(
        ground: &Ground,
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
        let (id, subject, details) = (ground.chance.id(at), person.to_string(), details.to_string());
        let draft = Draft {
            id,
            at,
            action,
            outcome,
            actor_kind: if succeeded { "person" } else { "anonymous" },
            actor_id: succeeded.then_some(person.uuid()),
            role_code: succeeded.then_some(role),
            session_id: None,
            subject_kind: "person",
            subject_id: Some(&subject),
            person_id: Some(person.uuid()),
            api_key_id: None,
            request_id: None,
            details: &details,
            ip: Some(IP),
            user_agent: None,
        };
        let stamped = draft.stamp(&ground.notary, &ground.chance);
        Self(
            id.simple().to_string(),
            at.microseconds(),
            action,
            outcome,
            person.uuid().simple().to_string(),
            subject,
            role,
            details,
            HEXLOWER.encode(&stamped.salt),
            HEXLOWER.encode(&stamped.seal),
        )
    }
}

/// Adds what happened to the trail, and takes everybody's counts from it.
pub(super) async fn remember(tx: &mut Tx<Open>, past: &[PastRow]) -> Result<()> {
    add_entries(tx, past).await?;
    execute!(
        tx,
        "update people set
            login_count = (select count(*) from audit a where a.person_id = people.id and a.action = 'session.signed_in'),
            last_login_at = coalesce((select max(a.at) from audit a where a.person_id = people.id and a.action = 'session.signed_in'), 0)"
    )?;
    Ok(())
}

/// Some of the people, whoever they are.
pub(super) async fn some_people(db: &Db, limit: i64) -> Result<Vec<PersonId>> {
    let found: Vec<(PersonId,)> =
        fetch_all!(db, (PersonId,), "select id from people order by id limit $1", limit)?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Adds what happened to the trail. Whoever was refused was not yet known to be there.
pub(super) async fn add_entries(tx: &mut Tx<Open>, past: &[PastRow]) -> Result<()> {
    let json = serde_json::to_string(past).map_err(anyhow::Error::from)?;
    let entries = match tx.lane() {
        Lane::Sqlite(_) => {
            "insert into audit (id, at, action, outcome, actor_kind, actor_id, role_code, subject_kind, subject_id, person_id, ip, details, salt, seal)
             select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3,
                    case value ->> 3 when 'done' then 'person' else 'anonymous' end,
                    case value ->> 3 when 'done' then unhex(value ->> 4) end, case value ->> 3 when 'done' then value ->> 6 end,
                    'person', value ->> 5, unhex(value ->> 4), $2, value ->> 7, unhex(value ->> 8), unhex(value ->> 9)
             from json_each($1)"
        }
        Lane::Postgres(_) => {
            "insert into audit (id, at, action, outcome, actor_kind, actor_id, role_code, subject_kind, subject_id, person_id, ip, details, salt, seal)
             select (value ->> 0)::uuid, (value ->> 1)::bigint, value ->> 2, value ->> 3,
                    case value ->> 3 when 'done' then 'person' else 'anonymous' end,
                    case value ->> 3 when 'done' then (value ->> 4)::uuid end, case value ->> 3 when 'done' then value ->> 6 end,
                    'person', value ->> 5, (value ->> 4)::uuid, $2, value ->> 7, decode(value ->> 8, 'hex'), decode(value ->> 9, 'hex')
             from jsonb_array_elements($1::jsonb)"
        }
    };
    execute!(tx, entries, json, IP)?;
    Ok(())
}

/// The first person who is neither of the demo's company nor invented. Nobody real has an address that ends so (RFC 2606).
pub(super) async fn real_person(db: &Db) -> Result<Option<Username>> {
    if db.at_rest().is_on() {
        return real_person_read(db).await;
    }
    let found: Option<(Username,)> = fetch_optional!(
        db,
        (Username,),
        "select username from people
         where email not like '%@countersign.example' and email not like '%@people.example' limit 1"
    )?;
    Ok(found.map(|(username,)| username))
}

/// The same where addresses are encrypted, so that everybody's has to be read.
async fn real_person_read(db: &Db) -> Result<Option<Username>> {
    let mut after = PersonId::new(Uuid::nil());
    loop {
        let found: Vec<(PersonId, Username, EmailAddress)> = fetch_all!(
            db,
            (PersonId, Username, EmailAddress),
            "select id, username, email from people where id > $1 order by id limit 10000",
            after
        )?;
        let Some((last, ..)) = found.last() else { return Ok(None) };
        after = *last;
        let is_real = |email: &EmailAddress| {
            !["@countersign.example", "@people.example"].iter().any(|host| email.as_str().ends_with(host))
        };
        if let Some((_, username, _)) = found.into_iter().find(|(.., email)| is_real(email)) {
            return Ok(Some(username));
        }
    }
}
