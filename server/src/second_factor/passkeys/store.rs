//! Passkeys in the store, and what browsers were asked.

use super::{OwnPasskey, ceremony::Occasion};
use crate::{
    Result,
    db::{Db, Open, Tx},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{PasskeyId, PersonId, Timestamp, second_factor::PasskeyName};
use webauthn_rs::prelude::Passkey;

fn read(credential: &str) -> Result<Passkey> {
    Ok(serde_json::from_str(credential).map_err(anyhow::Error::from)?)
}

fn write(passkey: &Passkey) -> Result<String> {
    Ok(serde_json::to_string(passkey).map_err(anyhow::Error::from)?)
}

fn in_text(id: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(id)
}

pub(super) async fn own(db: &Db, person: PersonId) -> Result<Vec<OwnPasskey>> {
    fetch_all!(
        db,
        OwnPasskey,
        "select id, name, created_at, last_used_at from passkeys where person_id = $1 order by created_at, id",
        person
    )
}

pub(super) async fn credentials(db: &Db, person: PersonId) -> Result<Vec<Passkey>> {
    const SQL: &str = "select credential from passkeys where person_id = $1 order by created_at, id";
    let rows = fetch_all!(db, (String,), SQL, person)?;
    rows.iter().map(|(credential,)| read(credential)).collect()
}

pub(super) async fn credential(db: &Db, person: PersonId, id: &[u8]) -> Result<Option<Passkey>> {
    const SQL: &str = "select credential from passkeys where person_id = $1 and credential_id = $2";
    let row: Option<(String,)> = fetch_optional!(db, (String,), SQL, person, in_text(id))?;
    row.map(|(credential,)| read(&credential)).transpose()
}

/// The passkey as it is now, with its name.
pub(super) async fn credential_within(
    tx: &mut Tx<Open>,
    person: PersonId,
    id: &[u8],
) -> Result<Option<(String, Passkey)>> {
    const SQL: &str = "select name, credential from passkeys where person_id = $1 and credential_id = $2";
    let row: Option<(String, String)> = fetch_optional!(tx, (String, String), SQL, person, in_text(id))?;
    row.map(|(name, credential)| Ok((name, read(&credential)?))).transpose()
}

/// Keeps a new one, unless somebody has it already: answers whether it did.
pub(super) async fn insert(
    tx: &mut Tx<Open>,
    person: PersonId,
    name: &PasskeyName,
    passkey: &Passkey,
) -> Result<bool> {
    let (id, at, credential) = (tx.new_id(), tx.at(), write(passkey)?);
    let put = execute!(
        tx,
        "insert into passkeys (id, person_id, credential_id, name, credential, counter, created_at)
         values ($1, $2, $3, $4, $5, 0, $6) on conflict (credential_id) do nothing",
        id,
        person,
        in_text(passkey.cred_id()),
        name.as_str(),
        credential,
        at
    )?;
    Ok(put > 0)
}

/// Notes the use, if the counter has moved on or there is none: answers whether it did.
pub(super) async fn note_used(tx: &mut Tx<Open>, passkey: &Passkey, counter: u32) -> Result<bool> {
    let (at, credential) = (tx.at(), write(passkey)?);
    let noted = execute!(
        tx,
        "update passkeys set credential = $2, counter = $3, last_used_at = $4
         where credential_id = $1 and (counter < $3 or (counter = 0 and $3 = 0))",
        in_text(passkey.cred_id()),
        credential,
        i64::from(counter),
        at
    )?;
    Ok(noted > 0)
}

pub(super) async fn name(tx: &mut Tx<Open>, person: PersonId, passkey: PasskeyId) -> Result<Option<String>> {
    const SQL: &str = "select name from passkeys where id = $1 and person_id = $2";
    let row: Option<(String,)> = fetch_optional!(tx, (String,), SQL, passkey, person)?;
    Ok(row.map(|(name,)| name))
}

pub(super) async fn rename(tx: &mut Tx<Open>, passkey: PasskeyId, name: &PasskeyName) -> Result<()> {
    execute!(tx, "update passkeys set name = $2 where id = $1", passkey, name.as_str())?;
    Ok(())
}

pub(super) async fn remove(tx: &mut Tx<Open>, passkey: PasskeyId) -> Result<()> {
    execute!(tx, "delete from passkeys where id = $1", passkey)?;
    Ok(())
}

/// Removes all that somebody has: answers how many there were.
pub(in crate::second_factor) async fn remove_all(tx: &mut Tx<Open>, person: PersonId) -> Result<u64> {
    execute!(tx, "delete from passkey_ceremonies where person_id = $1", person)?;
    execute!(tx, "delete from passkeys where person_id = $1", person)
}

pub(super) async fn put_ceremony(
    tx: &mut Tx<Open>,
    fingerprint: &str,
    occasion: Occasion,
    person: Option<PersonId>,
    state: &str,
    expires_at: Timestamp,
) -> Result<()> {
    let id = tx.new_id();
    execute!(
        tx,
        "insert into passkey_ceremonies (id, fingerprint, occasion, person_id, state, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        id,
        fingerprint,
        occasion.word(),
        person,
        state,
        expires_at
    )?;
    Ok(())
}

/// Takes what was asked of this person for this occasion, if there is still time to answer.
pub(super) async fn take_ceremony(
    tx: &mut Tx<Open>,
    fingerprint: &str,
    occasion: Occasion,
    person: Option<PersonId>,
) -> Result<Option<String>> {
    let at = tx.at();
    let taken: Option<(String,)> = fetch_optional!(
        tx,
        (String,),
        "delete from passkey_ceremonies
         where fingerprint = $1 and occasion = $2 and person_id is not distinct from $3 and expires_at > $4
         returning state",
        fingerprint,
        occasion.word(),
        person,
        at
    )?;
    Ok(taken.map(|(state,)| state))
}

pub(in crate::second_factor) async fn forget_ceremonies(tx: &mut Tx<Open>) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "delete from passkey_ceremonies where id in
             (select id from passkey_ceremonies where expires_at <= $1 order by expires_at limit 10000)",
        at
    )?;
    Ok(())
}
