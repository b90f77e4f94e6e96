//! What is changed about people, in the store.

use super::{COLUMNS, Person, Row, give_roles};
use crate::{
    Result,
    db::{Db, Open, Tx},
};
use domain::{
    PersonId, RoleCode,
    person::{EmailAddress, ExternalId, FullName, PersonStatus, Username},
};

/// The person as they are now; nobody else changes them before the transaction ends.
pub(in crate::people) async fn hold(tx: &mut Tx<Open>, id: PersonId) -> Result<Option<Person>> {
    let now = tx.at();
    execute!(tx, "update people set updated_at = updated_at where id = $1", id)?;
    let sql = format!("select {COLUMNS} from people p where p.id = $1");
    Ok(fetch_optional!(tx, Row, sqlx::AssertSqlSafe(sql), id)?.map(|row| row.seen_at(now)))
}

/// Gives the person, whose row is held, this name, this address and this id of a directory.
pub(in crate::people) async fn rewrite(
    tx: &mut Tx<Open>,
    person: &Person,
    full_name: &FullName,
    email: &EmailAddress,
    external_id: Option<&ExternalId>,
) -> Result<()> {
    let at = tx.at();
    let findable = tx.at_rest().findable(&person.username, full_name, email);
    execute!(
        tx,
        "update people set full_name = $2, email = $3, name_key = $4, search_text = $5, updated_at = $6, external_id = $7,
                version = version + 1,
                erasure_warned_at = case when email = $3 then erasure_warned_at else null end
         where id = $1",
        person.id,
        full_name,
        email,
        findable.name_key.as_str(),
        findable.search_text.as_str(),
        at,
        external_id,
    )?;
    Ok(())
}

pub(in crate::people) async fn replace_roles(
    tx: &mut Tx<Open>,
    person: PersonId,
    roles: &[RoleCode],
) -> Result<()> {
    execute!(tx, "delete from person_roles where person_id = $1", person)?;
    give_roles(tx, person, roles).await
}

/// What the roles of the person are called, the usual one first.
pub(in crate::people) async fn role_names(tx: &mut Tx<Open>, person: PersonId) -> Result<Vec<String>> {
    let rows = fetch_all!(
        tx,
        (String,),
        "select r.name from person_roles h join roles r on r.code = h.role_code where h.person_id = $1 order by h.position",
        person,
    )?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Suspends the account; answers what it was before, or nothing where it is suspended already.
pub(in crate::people) async fn suspend(tx: &mut Tx<Open>, person: PersonId) -> Result<Option<PersonStatus>> {
    let at = tx.at();
    let before: Option<(PersonStatus,)> = fetch_optional!(
        tx,
        (PersonStatus,),
        "update people set status_before = status, status = $2, updated_at = $3, version = version + 1
         where id = $1 and status <> $2 returning status_before",
        person,
        PersonStatus::Suspended,
        at,
    )?;
    Ok(before.map(|(status,)| status))
}

/// Gives the account back the status that it had; answers which, or nothing where it is not suspended.
pub(in crate::people) async fn restore(tx: &mut Tx<Open>, person: PersonId) -> Result<Option<PersonStatus>> {
    let at = tx.at();
    let after: Option<(PersonStatus,)> = fetch_optional!(
        tx,
        (PersonStatus,),
        "update people set status = coalesce(status_before, $3), status_before = null, updated_at = $4, version = version + 1,
             erasure_warned_at = null
         where id = $1 and status = $2 returning status",
        person,
        PersonStatus::Suspended,
        PersonStatus::Active,
        at,
    )?;
    Ok(after.map(|(status,)| status))
}

pub(in crate::people) async fn by_username(db: &Db, username: &Username) -> Result<Option<PersonId>> {
    let found = fetch_optional!(db, (PersonId,), "select id from people where username = $1", username)?;
    Ok(found.map(|(id,)| id))
}

pub(in crate::people) async fn by_email(db: &Db, email: &EmailAddress) -> Result<Option<PersonId>> {
    let found = fetch_optional!(db, (PersonId,), "select id from people where email = $1", email)?;
    Ok(found.map(|(id,)| id))
}

/// Answers whether it was not so already.
pub(in crate::people) async fn require_second_factor(
    tx: &mut Tx<Open>,
    person: PersonId,
    required: bool,
) -> Result<bool> {
    let at = tx.at();
    let changed = execute!(
        tx,
        "update people set must_have_second_factor = $2, updated_at = $3, version = version + 1
         where id = $1 and must_have_second_factor <> $2",
        person,
        required,
        at,
    )?;
    Ok(changed > 0)
}
