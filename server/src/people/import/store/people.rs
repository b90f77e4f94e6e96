//! The people that imports speak of: who is there already, and the new ones, whole batches in one statement each.

use super::super::{
    change::Made,
    judge::Present,
    row::{Secret, Wanted},
};
use crate::{
    Result,
    db::{Db, Lane, Open, Tx},
    people::store::role_codes,
};
use domain::{
    Permission, Permissions, PersonId, RoleCode, Timestamp,
    person::{EmailAddress, FullName, PersonStatus, Username},
};
use serde_json::{Value, json};
use std::collections::HashMap;

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: PersonId,
    username: Username,
    full_name: FullName,
    email: EmailAddress,
    status: PersonStatus,
    locked_until: Option<Timestamp>,
    roles: Option<String>,
}

impl Row {
    fn seen_at(self, now: Timestamp) -> Present {
        let locked =
            self.status == PersonStatus::Active && self.locked_until.is_some_and(|until| until > now);
        let roles = self.roles.as_deref().unwrap_or_default().split(' ');
        Present {
            id: self.id,
            username: self.username,
            full_name: self.full_name,
            email: self.email,
            status: if locked { PersonStatus::Locked } else { self.status },
            roles: roles.filter_map(|code| RoleCode::parse(code).ok()).collect(),
        }
    }
}

macro_rules! present {
    ($on:expr, $now:expr, $rows:expr) => {{
        let names: Vec<&str> = $rows.iter().map(|row| row.username.as_str()).collect();
        let kept = |address: &EmailAddress| $on.at_rest().keep(address.as_str());
        let addresses: Vec<String> = $rows.iter().filter_map(|row| row.email.as_ref().map(kept)).collect();
        let listed = match $on.lane() {
            Lane::Sqlite(_) => "(select value from json_each($1))",
            Lane::Postgres(_) => "(select jsonb_array_elements_text($1::jsonb))",
        };
        let sql = format!(
            "select p.id, p.username, p.full_name, p.email, p.status, p.locked_until,
                    (select string_agg(h.role_code, ' ' order by h.position) from person_roles h where h.person_id = p.id) as roles
             from people p where p.id in (select id from people where username in {listed}
                                          union select id from people where email in {})",
            listed.replace("$1", "$2")
        );
        let (names, addresses) = (json!(names).to_string(), json!(addresses).to_string());
        let found: Vec<Row> = fetch_all!($on, Row, sqlx::AssertSqlSafe(sql), names, addresses)?;
        Ok(found.into_iter().map(|row| row.seen_at($now)).collect())
    }};
}

/// Those of whom rows speak, by username or address.
pub(in super::super) async fn present(db: &Db, now: Timestamp, rows: &[Wanted]) -> Result<Vec<Present>> {
    present!(db, now, rows)
}

/// The same in the transaction that writes.
pub(in super::super) async fn present_within(tx: &mut Tx<Open>, rows: &[Wanted]) -> Result<Vec<Present>> {
    let now = tx.at();
    present!(tx, now, rows)
}

/// What each role permits that can be given.
pub(in super::super) async fn permissions(db: &Db) -> Result<HashMap<RoleCode, Permissions>> {
    let rows: Vec<(RoleCode, Option<String>)> = fetch_all!(
        db,
        (RoleCode, Option<String>),
        "select r.code, g.permission from roles r left join role_permissions g on g.role_code = r.code
         where r.deleted_at is null"
    )?;
    let mut found = HashMap::<RoleCode, Vec<Permission>>::new();
    for (role, code) in rows {
        found.entry(role).or_default().extend(code.as_deref().and_then(Permission::from_code));
    }
    Ok(found.into_iter().map(|(role, permissions)| (role, permissions.into_iter().collect())).collect())
}

/// What somebody may do now in this role: nothing, if they are suspended or do not have it any more.
pub(in super::super) async fn powers_now(
    tx: &mut Tx<Open>,
    person: PersonId,
    role: &RoleCode,
) -> Result<Permissions> {
    let rows: Vec<(String,)> = fetch_all!(
        tx,
        (String,),
        "select g.permission from people p
         join person_roles h on h.person_id = p.id and h.role_code = $2
         join roles r on r.code = h.role_code and r.deleted_at is null
         join role_permissions g on g.role_code = r.code
         where p.id = $1 and p.status = $3",
        person,
        role,
        PersonStatus::Active,
    )?;
    Ok(rows.into_iter().filter_map(|(code,)| Permission::from_code(&code)).collect())
}

/// `cross join` is the order in which SQLite goes: each row looks up its role, and the text is not read once for each role.
const GIVE_ROLES: &str = "insert into person_roles (person_id, role_code, position)
     select unhex(value ->> 0), r.code, value ->> 2
     from json_each($1) cross join roles r where r.code = value ->> 1 and r.deleted_at is null";

/// Makes everybody, with the hashes of their rows. Answers whether all of them could be made: nobody else had taken a name or
/// an address, or deleted a role, in the meantime.
pub(in super::super) async fn make(tx: &mut Tx<Open>, people: &[(&Wanted, Made)]) -> Result<bool> {
    let at = tx.at().microseconds();
    let hex = |made: &Made| made.person.uuid().simple().to_string();
    let at_rest = tx.at_rest().clone();
    let rows = people.iter().map(|(wanted, made)| {
        let hash = if let Secret::Hash(hash) = &wanted.secret { Some(hash) } else { None };
        let findable = at_rest.findable(&made.username, &made.full_name, &made.email);
        let [name, email] = [made.full_name.as_str(), made.email.as_str()].map(|text| at_rest.keep(text));
        let (name_key, search) = (findable.name_key, findable.search_text);
        let codes = role_codes(&made.roles);
        json!([hex(made), made.username, name, email, name_key, search, hash, made.status, at, codes])
    });
    let rows = Value::Array(rows.collect()).to_string();
    let roles = people.iter().flat_map(|(_, made)| {
        let hex = hex(made);
        (0_i64..).zip(&made.roles).map(move |(position, role)| json!([hex, role, position]))
    });
    let given: usize = people.iter().map(|(_, made)| made.roles.len()).sum();
    let roles = Value::Array(roles.collect()).to_string();
    let (insert_people, insert_roles) = match tx.lane() {
        Lane::Sqlite(_) => (
            "insert into people (id, username, full_name, email, name_key, search_text, password_hash, status, created_at, updated_at, role_codes)
             select unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
                    value ->> 8, value ->> 8, value ->> 9
             from json_each($1) where true on conflict do nothing",
            GIVE_ROLES,
        ),
        Lane::Postgres(_) => (
            "insert into people (id, username, full_name, email, name_key, search_text, password_hash, status, created_at, updated_at, role_codes)
             select (value ->> 0)::uuid, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
                    (value ->> 8)::bigint, (value ->> 8)::bigint, value ->> 9
             from jsonb_array_elements($1::jsonb) on conflict do nothing",
            "insert into person_roles (person_id, role_code, position)
             select (value ->> 0)::uuid, r.code, (value ->> 2)::bigint
             from jsonb_array_elements($1::jsonb) join roles r on r.code = value ->> 1 and r.deleted_at is null",
        ),
    };
    if execute!(tx, insert_people, rows)? != people.len() as u64 {
        return Ok(false);
    }
    Ok(execute!(tx, insert_roles, roles)? == given as u64)
}

#[cfg(test)]
mod tests {
    use super::GIVE_ROLES;
    use crate::testing::plans::steps_among_many;

    #[tokio::test]
    async fn u6_roles_are_given_in_one_reading_of_the_batch() {
        let steps = steps_among_many(GIVE_ROLES).await;
        assert!(steps[0].starts_with("SCAN json_each"), "{steps:?}");
    }
}
