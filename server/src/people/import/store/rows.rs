//! The rows of imports in the store: whole batches in one statement each, handed over as JSON and taken apart by the engine.

use super::super::row::{RowError, Secret, Wanted};
use crate::{
    Result,
    db::{Db, Lane, Open, Tx},
};
use domain::{
    ImportId, PersonId, RoleCode,
    at_rest::Private,
    person::{EmailAddress, FullName, PersonStatus, Username},
};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Keeps people of a file until they are written. `sealed` makes of a password what may be kept.
pub(in super::super) async fn stage(
    tx: &mut Tx<Open>,
    import: ImportId,
    rows: &[Wanted],
    sealed: impl Fn(&Wanted) -> Result<Option<String>>,
) -> Result<()> {
    let at_rest = tx.at_rest().clone();
    let rows = rows.iter().map(|row| {
        let full_name = row.full_name.as_ref().map(|name| at_rest.keep(name.as_str()));
        let email = row.email.as_ref().map(|address| at_rest.keep(address.as_str()));
        let hash = if let Secret::Hash(hash) = &row.secret { Some(hash) } else { None };
        let roles = row.roles.as_deref().map(joined);
        let status = row.status.map(PersonStatus::code);
        Ok(json!([row.number, row.username, full_name, email, roles, status, hash, sealed(row)?]))
    });
    let rows = Value::Array(rows.collect::<Result<Vec<Value>>>()?).to_string();
    let sql = match tx.lane() {
        Lane::Sqlite(_) => {
            "insert into import_rows (import_id, number, username, full_name, email, roles, status, hash, sealed)
             select $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
             from json_each($2)"
        }
        Lane::Postgres(_) => {
            "insert into import_rows (import_id, number, username, full_name, email, roles, status, hash, sealed)
             select $1, (value ->> 0)::bigint, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                    value ->> 7
             from jsonb_array_elements($2::jsonb)"
        }
    };
    execute!(tx, sql, import, rows)?;
    Ok(())
}

/// Keeps what was wrong. Of a row that was found wrong before, what is found now takes its place.
pub(in super::super) async fn add_errors(
    tx: &mut Tx<Open>,
    import: ImportId,
    errors: &[RowError],
) -> Result<()> {
    let mut places = HashMap::<u64, i64>::new();
    let at_rest = tx.at_rest().clone();
    let rows = errors.iter().map(|error| {
        let place = places.entry(error.number).and_modify(|place| *place += 1).or_insert(0);
        json!([error.number, *place, error.column, at_rest.keep(&error.value), error.words])
    });
    let rows = Value::Array(rows.collect()).to_string();
    let sql = match tx.lane() {
        Lane::Sqlite(_) => {
            "insert into import_errors (import_id, number, place, column_name, value, words)
             select $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each($2) where true
             on conflict (import_id, number, place) do update set words = excluded.words"
        }
        Lane::Postgres(_) => {
            "insert into import_errors (import_id, number, place, column_name, value, words)
             select $1, (value ->> 0)::bigint, (value ->> 1)::bigint, value ->> 2, value ->> 3, value ->> 4
             from jsonb_array_elements($2::jsonb)
             on conflict (import_id, number, place) do update set words = excluded.words"
        }
    };
    execute!(tx, sql, import, rows)?;
    Ok(())
}

/// What was wrong, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Wrong {
    pub number: i64,
    pub place: i64,
    pub column_name: String,
    pub value: Private,
    pub words: String,
}

/// The next errors after this place, in the order of the file.
pub(in super::super) async fn errors(
    db: &Db,
    import: ImportId,
    after: (i64, i64),
    limit: i64,
) -> Result<Vec<Wrong>> {
    fetch_all!(
        db,
        Wrong,
        "select number, place, column_name, value, words from import_errors
         where import_id = $1 and (number, place) > ($2, $3) order by number, place limit $4",
        import,
        after.0,
        after.1,
        limit,
    )
}

/// The next rows whose password is to be hashed, and the password as it is sealed.
pub(in super::super) async fn to_hash(db: &Db, import: ImportId, limit: i64) -> Result<Vec<(i64, String)>> {
    fetch_all!(
        db,
        (i64, String),
        "select number, sealed from import_rows where import_id = $1 and sealed is not null order by number limit $2",
        import,
        limit,
    )
}

/// How many passwords are still to be hashed.
pub(in super::super) async fn count_to_hash(db: &Db, import: ImportId) -> Result<i64> {
    let sql = "select count(*) from import_rows where import_id = $1 and sealed is not null";
    fetch_one!(db, (i64,), sql, import).map(|(count,)| count)
}

/// Keeps a hash in the place of its password.
pub(in super::super) async fn hashed(
    tx: &mut Tx<Open>,
    import: ImportId,
    number: i64,
    hash: &str,
) -> Result<()> {
    execute!(
        tx,
        "update import_rows set hash = $3, sealed = null where import_id = $1 and number = $2",
        import,
        number,
        hash,
    )?;
    Ok(())
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    number: i64,
    username: Username,
    full_name: Option<FullName>,
    email: Option<EmailAddress>,
    roles: Option<String>,
    status: Option<PersonStatus>,
    hash: Option<String>,
}

impl Row {
    fn wanted(self) -> Wanted {
        Wanted {
            number: self.number.cast_unsigned(),
            username: self.username,
            full_name: self.full_name,
            email: self.email,
            roles: self.roles.as_deref().map(parted),
            status: self.status,
            secret: self.hash.map_or(Secret::None, Secret::Hash),
        }
    }
}

/// The next rows behind this one.
pub(in super::super) async fn next(
    tx: &mut Tx<Open>,
    import: ImportId,
    after: i64,
    limit: i64,
) -> Result<Vec<Wanted>> {
    let rows = fetch_all!(
        tx,
        Row,
        "select number, username, full_name, email, roles, status, hash from import_rows
         where import_id = $1 and number > $2 order by number limit $3",
        import,
        after,
        limit,
    )?;
    Ok(rows.into_iter().map(Row::wanted).collect())
}

/// Each row is found by its own number. Joined by it, SQLite would go through the whole file for each batch.
const TO_INVITE: &str = "update import_rows set invite = unhex(j.value ->> 1) from json_each($2) j
     where import_rows.rowid = (select r.rowid from import_rows r where r.import_id = $1 and r.number = j.value ->> 0)";

/// Remembers who is to get a letter once everybody is there.
pub(in super::super) async fn to_invite(
    tx: &mut Tx<Open>,
    import: ImportId,
    people: &[(u64, PersonId)],
) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let rows = people.iter().map(|(number, person)| json!([number, person.uuid().simple().to_string()]));
    let rows = Value::Array(rows.collect()).to_string();
    let sql = match tx.lane() {
        Lane::Sqlite(_) => TO_INVITE,
        Lane::Postgres(_) => {
            "update import_rows set invite = (j.value ->> 1)::uuid from jsonb_array_elements($2::jsonb) j
             where import_id = $1 and number = (j.value ->> 0)::bigint"
        }
    };
    execute!(tx, sql, import, rows)?;
    Ok(())
}

/// The next who are to get a letter.
pub(in super::super) async fn next_to_invite(
    tx: &mut Tx<Open>,
    import: ImportId,
    limit: i64,
) -> Result<Vec<(i64, PersonId)>> {
    fetch_all!(
        tx,
        (i64, PersonId),
        "select number, invite from import_rows where import_id = $1 and invite is not null order by number limit $2",
        import,
        limit,
    )
}

pub(in super::super) async fn count_to_invite(db: &Db, import: ImportId) -> Result<i64> {
    let sql = "select count(*) from import_rows where import_id = $1 and invite is not null";
    fetch_one!(db, (i64,), sql, import).map(|(count,)| count)
}

/// Notes that the letters up to this row have left.
pub(in super::super) async fn invited(tx: &mut Tx<Open>, import: ImportId, last: i64) -> Result<()> {
    execute!(
        tx,
        "update import_rows set invite = null where import_id = $1 and number <= $2 and invite is not null",
        import,
        last,
    )?;
    Ok(())
}

/// Forgets what was uploaded: once an import has ended, nothing of it is needed any more.
pub(in super::super) async fn drop_all(tx: &mut Tx<Open>, import: ImportId) -> Result<()> {
    execute!(tx, "delete from import_rows where import_id = $1", import)?;
    Ok(())
}

fn joined(roles: &[RoleCode]) -> String {
    roles.iter().map(RoleCode::as_str).collect::<Vec<_>>().join(" ")
}

fn parted(roles: &str) -> Vec<RoleCode> {
    roles.split(' ').filter_map(|code| RoleCode::parse(code).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::TO_INVITE;
    use crate::testing::plans::steps_among_many;

    #[tokio::test]
    async fn u6_a_batch_of_letters_does_not_look_through_the_whole_file() {
        let steps = steps_among_many(TO_INVITE).await;
        let by_number = steps.iter().any(|step| step.ends_with("(import_id=? AND number=?)"));
        assert!(by_number && !steps.iter().any(|step| step.ends_with("(import_id=?)")), "{steps:?}");
    }
}
