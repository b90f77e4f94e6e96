//! Connections with providers, and sign-ins that wait for an answer, in the store.

use super::attempt::Attempt;
use crate::{
    Result,
    db::{Db, Open, Tx},
    events::Owner,
};
use domain::{
    PersonId, Timestamp,
    person::{EmailAddress, PersonStatus},
};

/// A connection, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Link {
    pub issuer: String,
    pub linked_at: Timestamp,
    pub last_used_at: Timestamp,
}

pub(super) async fn begin(
    tx: &mut Tx<Open>,
    state: &str,
    browser: &str,
    provider: &str,
    next: &str,
) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "insert into provider_attempts (state, browser, provider, next, begun_at) values ($1, $2, $3, $4, $5)",
        state,
        browser,
        provider,
        next,
        at
    )?;
    Ok(())
}

pub(super) async fn attempt(
    db: &Db,
    state: &str,
    provider: &str,
    begun_after: Timestamp,
) -> Result<Option<Attempt>> {
    fetch_optional!(
        db,
        Attempt,
        "select browser, next, begun_at, used_at from provider_attempts
         where state = $1 and provider = $2 and begun_at > $3",
        state,
        provider,
        begun_after
    )
}

/// Uses a sign-in up. Of two answers at the same moment one is the first.
pub(super) async fn use_up(tx: &mut Tx<Open>, state: &str) -> Result<bool> {
    let at = tx.at();
    let used = execute!(
        tx,
        "update provider_attempts set used_at = $2 where state = $1 and used_at is null",
        state,
        at
    )?;
    Ok(used > 0)
}

pub(super) async fn forget(tx: &mut Tx<Open>, begun_before: Timestamp) -> Result<()> {
    execute!(
        tx,
        "delete from provider_attempts where state in
             (select state from provider_attempts where begun_at < $1 order by begun_at limit 10000)",
        begun_before
    )?;
    Ok(())
}

/// Who is connected to this subject; the use is noted.
pub(super) async fn connected(tx: &mut Tx<Open>, issuer: &str, subject: &str) -> Result<Option<PersonId>> {
    let at = tx.at();
    let found: Option<(PersonId,)> = fetch_optional!(
        tx,
        (PersonId,),
        "update provider_links set last_used_at = $3 where issuer = $1 and subject = $2 returning person_id",
        issuer,
        subject,
        at
    )?;
    Ok(found.map(|(person,)| person))
}

pub(super) async fn with_address(db: &Db, email: &EmailAddress) -> Result<Option<(PersonId, PersonStatus)>> {
    fetch_optional!(db, (PersonId, PersonStatus), "select id, status from people where email = $1", email)
}

/// Keeps the account as it is until the transaction ends: active, and with this address. Answers whom to tell.
pub(super) async fn hold(tx: &mut Tx<Open>, person: PersonId, email: &EmailAddress) -> Result<Option<Owner>> {
    fetch_optional!(
        tx,
        Owner,
        "update people set updated_at = updated_at where id = $1 and email = $2 and status = $3
         returning full_name, email",
        person,
        email,
        PersonStatus::Active
    )
}

/// Takes the password from an account whose address nobody has verified; answers whose it was, if it had one.
pub(super) async fn drop_password(
    tx: &mut Tx<Open>,
    person: PersonId,
    email: &EmailAddress,
) -> Result<Option<Owner>> {
    let at = tx.at();
    fetch_optional!(
        tx,
        Owner,
        "update people set password_hash = null, updated_at = $4, version = version + 1
         where id = $1 and email = $2 and status = $3 and password_hash is not null returning full_name, email",
        person,
        email,
        PersonStatus::Unverified,
        at,
    )
}

/// Connects an account to a subject. Answers whether it could be: both may be connected already.
pub(super) async fn connect(
    tx: &mut Tx<Open>,
    issuer: &str,
    subject: &str,
    person: PersonId,
) -> Result<bool> {
    let at = tx.at();
    let connected = execute!(
        tx,
        "insert into provider_links (issuer, subject, person_id, linked_at, last_used_at) values ($1, $2, $3, $4, $4)
         on conflict do nothing",
        issuer,
        subject,
        person,
        at
    )?;
    Ok(connected > 0)
}

pub(super) async fn links(db: &Db, person: PersonId) -> Result<Vec<Link>> {
    fetch_all!(
        db,
        Link,
        "select issuer, linked_at, last_used_at from provider_links where person_id = $1 order by linked_at, issuer",
        person
    )
}

/// Who this is, while nobody else changes the account; with whether there is a password to sign in with.
pub(super) async fn owner(tx: &mut Tx<Open>, person: PersonId) -> Result<Option<(Owner, bool)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        owner: Owner,
        has_password: bool,
    }
    let row = fetch_optional!(
        tx,
        Row,
        "update people set updated_at = updated_at where id = $1
         returning full_name, email, password_hash is not null as has_password",
        person
    )?;
    Ok(row.map(|row| (row.owner, row.has_password)))
}

pub(super) async fn part(tx: &mut Tx<Open>, person: PersonId, issuer: &str) -> Result<bool> {
    let parted =
        execute!(tx, "delete from provider_links where person_id = $1 and issuer = $2", person, issuer)?;
    Ok(parted > 0)
}
