//! Links in the store, and the accounts they are about.

pub(super) mod email_changes;

use super::Purpose;
use crate::{
    Result,
    db::{Db, Open, Tx},
};
use domain::{
    PersonId, RoleCode, Timestamp,
    person::{EmailAddress, FullName, PersonStatus, Username},
};

/// The person to whom a link was sent.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Holder {
    pub id: PersonId,
    pub username: Username,
    pub full_name: FullName,
    pub email: EmailAddress,
    pub status: PersonStatus,
}

/// The holder of a link that is good right now.
pub(super) async fn find(
    db: &Db,
    purpose: Purpose,
    fingerprint: &str,
    now: Timestamp,
) -> Result<Option<Holder>> {
    fetch_optional!(
        db,
        Holder,
        "select p.id, p.username, p.full_name, p.email, p.status from links l join people p on p.id = l.person_id
         where l.fingerprint = $1 and l.purpose = $2 and l.expires_at > $3 and l.email = p.email",
        fingerprint,
        purpose.word(),
        now,
    )
}

/// Uses a link up; answers its holder, whose row is ours until the transaction ends. Of two who try at the same moment one
/// finds nothing.
pub(super) async fn take(tx: &mut Tx<Open>, purpose: Purpose, fingerprint: &str) -> Result<Option<Holder>> {
    let now = tx.at();
    // The person first, as where links are made worthless: two who wait for each other would wait for ever.
    let holder: Option<Holder> = fetch_optional!(
        tx,
        Holder,
        "update people set version = version + 1, updated_at = $3
         where id = (select person_id from links where fingerprint = $1 and purpose = $2 and expires_at > $3)
         returning id, username, full_name, email, status",
        fingerprint,
        purpose.word(),
        now,
    )?;
    let Some(holder) = holder else { return Ok(None) };
    let taken = execute!(
        tx,
        "delete from links where fingerprint = $1 and purpose = $2 and person_id = $3 and email = $4 and expires_at > $5",
        fingerprint,
        purpose.word(),
        holder.id,
        &holder.email,
        now,
    )?;
    Ok((taken > 0).then_some(holder))
}

/// Keeps a new link in the place of the one before.
pub(super) async fn put(
    tx: &mut Tx<Open>,
    person: PersonId,
    purpose: Purpose,
    email: &EmailAddress,
    fingerprint: &str,
    expires_at: Timestamp,
) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "insert into links (person_id, purpose, email, fingerprint, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (person_id, purpose) do update
         set email = excluded.email, fingerprint = excluded.fingerprint, created_at = excluded.created_at,
             expires_at = excluded.expires_at",
        person,
        purpose.word(),
        email,
        fingerprint,
        at,
        expires_at,
    )?;
    Ok(())
}

/// The roles of a person whose row is held, the usual one first.
pub(super) async fn roles_of(tx: &mut Tx<Open>, person: PersonId) -> Result<Vec<RoleCode>> {
    let sql = "select role_code from person_roles where person_id = $1 order by position";
    Ok(fetch_all!(tx, (RoleCode,), sql, person)?.into_iter().map(|(role,)| role).collect())
}

/// Makes every link of a person worthless.
pub(super) async fn forget_all(tx: &mut Tx<Open>, person: PersonId) -> Result<()> {
    execute!(tx, "delete from links where person_id = $1", person)?;
    Ok(())
}

/// Makes the links of a person worthless that lead to another password.
pub(super) async fn forget_resets(tx: &mut Tx<Open>, person: PersonId) -> Result<()> {
    let sql = "delete from links where person_id = $1 and purpose = $2";
    execute!(tx, sql, person, Purpose::Reset.word())?;
    Ok(())
}

/// Removes links whose time is over, a bounded number at a time.
pub(super) async fn forget_expired(tx: &mut Tx<Open>) -> Result<()> {
    let now = tx.at();
    execute!(
        tx,
        "delete from links where fingerprint in
         (select fingerprint from links where expires_at < $1 order by expires_at limit 10000)",
        now
    )?;
    Ok(())
}

pub(super) async fn by_email(db: &Db, email: &EmailAddress) -> Result<Option<Holder>> {
    fetch_optional!(
        db,
        Holder,
        "select id, username, full_name, email, status from people where email = $1",
        email
    )
}

pub(super) async fn by_id(db: &Db, person: PersonId) -> Result<Option<Holder>> {
    fetch_optional!(
        db,
        Holder,
        "select id, username, full_name, email, status from people where id = $1",
        person
    )
}

/// The same for a writer: nobody else changes the person before the transaction ends.
pub(super) async fn hold(tx: &mut Tx<Open>, person: PersonId) -> Result<Option<Holder>> {
    fetch_optional!(
        tx,
        Holder,
        "update people set updated_at = updated_at where id = $1 returning id, username, full_name, email, status",
        person
    )
}

/// From now on the account may be used.
pub(super) async fn activate(tx: &mut Tx<Open>, person: PersonId) -> Result<()> {
    execute!(tx, "update people set status = $2 where id = $1", person, PersonStatus::Active)?;
    Ok(())
}

/// The plus keeps SQLite away from the index of sign-ins: those who never signed in may be nearly all.
const NEVER_VERIFIED: &str =
    "select p.id from people p where p.status = $1 and p.created_at < $2 and +p.login_count = 0
       and not exists (select 1 from links l where l.person_id = p.id and l.expires_at > $3)
     order by p.id limit $4";

/// Who has not verified their address since, never signed in, and has no link that is still good.
pub(super) async fn never_verified(
    db: &Db,
    made_before: Timestamp,
    now: Timestamp,
    most: i64,
) -> Result<Vec<PersonId>> {
    let found: Vec<(PersonId,)> =
        fetch_all!(db, (PersonId,), NEVER_VERIFIED, PersonStatus::Unverified, made_before, now, most)?;
    Ok(found.into_iter().map(|(person,)| person).collect())
}

/// Holds somebody who is still as they were found; answers whether they are. The person comes first, as where a link is used: two
/// who wait for each other would wait for ever.
pub(super) async fn hold_unverified(
    tx: &mut Tx<Open>,
    person: PersonId,
    made_before: Timestamp,
) -> Result<bool> {
    let held = execute!(
        tx,
        "update people set updated_at = updated_at
         where id = $1 and status = $2 and created_at < $3 and login_count = 0",
        person,
        PersonStatus::Unverified,
        made_before,
    )?;
    Ok(held > 0)
}

#[cfg(test)]
mod tests {
    use super::NEVER_VERIFIED;
    use crate::testing::plans::steps_among_many;

    #[tokio::test]
    async fn whoever_never_verified_is_looked_for_among_the_few_of_that_status() {
        let steps = steps_among_many(NEVER_VERIFIED).await;
        assert!(steps[0].contains("(status=?)"), "{steps:?}");
    }
}
