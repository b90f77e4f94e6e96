//! Demo content in the store: whole batches in one statement each, handed over as JSON and taken apart by the engine, which
//! costs a fraction of a statement for each row.

pub(super) mod bulk;

use super::names::Invented;
use crate::{
    Result,
    db::{Lane, Open, Tx},
};
use domain::{
    PersonId, Timestamp,
    folding::fold,
    person::{PersonStatus, search_text},
};
use serde::Serialize;

/// A person as a row of a batch: id, username, full name, e-mail, name key, search text, status, role, made, last sign-in.
#[derive(Debug, Serialize)]
pub struct NewRow(String, String, String, String, String, String, &'static str, &'static str, i64, i64);

impl NewRow {
    pub(super) fn new(
        id: PersonId,
        person: &Invented,
        status: PersonStatus,
        role: &'static str,
        created_at: Timestamp,
        last_login_at: Timestamp,
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
            last_login_at.microseconds(),
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
            "insert into people (id, username, full_name, email, name_key, search_text, status, created_at, updated_at,
                                 last_login_at, login_count)
             select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                    value ->> 8, value ->> 8, value ->> 9, case when value ->> 9 = 0 then 0 else 1 + (value ->> 9) / 1000000 % 90 end
             from json_each($1)",
            "insert into person_roles (person_id, role_code, position) select unhex(value ->> 0), value ->> 7, 0 from json_each($1)",
        ),
        Lane::Postgres(_) => (
            "insert into people (id, username, full_name, email, name_key, search_text, status, created_at, updated_at,
                                 last_login_at, login_count)
             select (value ->> 0)::uuid, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                    (value ->> 8)::bigint, (value ->> 8)::bigint, (value ->> 9)::bigint,
                    case when value ->> 9 = '0' then 0 else 1 + (value ->> 9)::bigint / 1000000 % 90 end
             from jsonb_array_elements($1::jsonb)",
            "insert into person_roles (person_id, role_code, position)
             select (value ->> 0)::uuid, value ->> 7, 0 from jsonb_array_elements($1::jsonb)",
        ),
    };
    execute!(tx, people, json.clone())?;
    execute!(tx, roles, json)?;
    Ok(())
}

/// A month of sign-ins, so that the dashboard has something to draw. They are marked as invented.
pub(super) async fn invent_history(tx: &mut Tx<Open>, people: &[PersonId]) -> Result<()> {
    const HOUR: i64 = 3600;
    let now = tx.at().seconds();
    for day in 1..30_i64 {
        let at_midnight = (now.div_euclid(86_400) - day) * 86_400;
        let is_weekend = (now.div_euclid(86_400) - day + 4).rem_euclid(7) >= 5;
        let visits = if is_weekend { 2 + day % 2 } else { 7 + (day * 5) % 6 };
        for visit in 0..visits {
            let at = Timestamp::from_seconds(
                at_midnight + 7 * HOUR + visit * HOUR + (day * 619 + visit * 331) % HOUR,
            );
            let person = people.get(usize::try_from((day + visit) % 6).unwrap_or(0)).copied();
            let failed = (day * 3 + visit) % 17 == 0;
            let (action, outcome) =
                if failed { ("session.sign_in_failed", "refused") } else { ("session.signed_in", "done") };
            let id = tx.new_id();
            execute!(
                tx,
                "insert into audit (id, at, action, outcome, actor_kind, actor_id, subject_kind, subject_id, person_id, ip, details)
                 values ($1, $2, $3, $4, 'person', $5, 'person', $6, $5, '192.0.2.10', '{\"invented\":true}')",
                id,
                at,
                action,
                outcome,
                person,
                person.map(|id| id.to_string()),
            )?;
        }
    }
    Ok(())
}
