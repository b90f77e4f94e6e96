//! The chain in the store: its ends, the entries that wait for a place, and the three narrow paths on which entries change.

use super::{super::notary::Seal, proven};
use crate::{
    Result,
    at_rest::MARK,
    db::{Db, Lane, Tx},
};
use data_encoding::HEXLOWER;
use domain::{PersonId, Timestamp, at_rest::Private};
use serde_json::json;
use sqlx::AssertSqlSafe;

/// Any number that no other program on the same PostgreSQL is likely to lock.
const TRY_LOCK: &str = "select pg_try_advisory_xact_lock(7204150922)";
const WAIT_FOR_LOCK: &str = "select pg_advisory_xact_lock(7204150922)";

/// An end of the chain, as it stands in the store.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in crate::audit) struct EndRow {
    pub name: String,
    pub place: i64,
    pub seal: Vec<u8>,
    pub at: Timestamp,
    pub mac: Vec<u8>,
}

/// An entry of which something is about to change: place, seal, `fixed`, `told` and `secret` as in `proven.rs`.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::audit) struct Held {
    pub place: Option<i64>,
    pub seal: Option<Vec<u8>>,
    pub fixed: String,
    pub told: String,
    pub secret: Option<Vec<u8>>,
}

/// What an entry gets with its place.
#[derive(Debug)]
pub(in crate::audit) struct Placed {
    pub id: String,
    pub place: i64,
    pub seal: Seal,
    /// Only for an entry that had none.
    pub salt: Option<[u8; 16]>,
}

/// Takes the lock that instances share until the end of the transaction, if nobody has it. On SQLite the transaction itself is it.
pub(in crate::audit) async fn try_lock<S>(tx: &mut Tx<S>) -> Result<bool> {
    if let Lane::Sqlite(_) = tx.lane() {
        return Ok(true);
    }
    let (locked,) = fetch_one!(tx, (bool,), TRY_LOCK)?;
    Ok(locked)
}

pub(in crate::audit) async fn lock<S>(tx: &mut Tx<S>) -> Result<()> {
    if let Lane::Postgres(_) = tx.lane() {
        execute!(tx, WAIT_FOR_LOCK)?;
    }
    Ok(())
}

const ENDS: &str = "select name, place, seal, at, mac from audit_chain";

pub(in crate::audit) async fn ends(db: &Db) -> Result<Vec<EndRow>> {
    fetch_all!(db, EndRow, ENDS)
}

pub(in crate::audit) async fn ends_within<S>(tx: &mut Tx<S>) -> Result<Vec<EndRow>> {
    fetch_all!(tx, EndRow, ENDS)
}

pub(in crate::audit) async fn put_end<S>(tx: &mut Tx<S>, end: &EndRow) -> Result<()> {
    execute!(
        tx,
        "insert into audit_chain (name, place, seal, at, mac) values ($1, $2, $3, $4, $5)
         on conflict (name) do update set place = excluded.place, seal = excluded.seal, at = excluded.at, mac = excluded.mac",
        end.name.clone(),
        end.place,
        end.seal.clone(),
        end.at,
        end.mac.clone(),
    )?;
    Ok(())
}

pub(in crate::audit) async fn end_takeover<S>(tx: &mut Tx<S>) -> Result<()> {
    execute!(tx, "delete from audit_chain where name = 'takeover'")?;
    Ok(())
}

pub(in crate::audit) async fn is_empty<S>(tx: &mut Tx<S>) -> Result<bool> {
    let found: Option<(i64,)> = fetch_optional!(tx, (i64,), "select cast(1 as bigint) from audit limit 1")?;
    Ok(found.is_none())
}

/// How many entries wait for their place, and the moment of the oldest.
pub(in crate::audit) async fn waiting(db: &Db) -> Result<(i64, Option<Timestamp>)> {
    fetch_one!(db, (i64, Option<Timestamp>), "select count(*), min(at) from audit where place is null")
}

pub(in crate::audit) async fn is_any_waiting(db: &Db) -> Result<bool> {
    let found: Option<(i64,)> =
        fetch_optional!(db, (i64,), "select cast(1 as bigint) from audit where place is null limit 1")?;
    Ok(found.is_some())
}

/// The oldest entries that wait for their place.
pub(in crate::audit) async fn without_place<S>(tx: &mut Tx<S>, limit: i64) -> Result<Vec<Held>> {
    let columns = proven::columns(&tx.lane());
    let sql = format!("select {columns} from audit a where a.place is null order by a.at, a.id limit $1");
    fetch_all!(tx, Held, AssertSqlSafe(sql), limit)
}

/// Gives entries their places. Answers how many: entries that another writer has changed meanwhile are not among them.
pub(in crate::audit) async fn place<S>(tx: &mut Tx<S>, placed: &[Placed]) -> Result<u64> {
    let rows: Vec<_> = placed
        .iter()
        .map(|entry| {
            let salt = entry.salt.map(|salt| HEXLOWER.encode(&salt));
            json!([entry.id, entry.place, HEXLOWER.encode(&entry.seal), salt])
        })
        .collect();
    let json = serde_json::Value::from(rows).to_string();
    let sql = match tx.lane() {
        Lane::Sqlite(_) => {
            "update audit set place = v.value ->> 1, seal = unhex(v.value ->> 2), salt = coalesce(unhex(v.value ->> 3), salt)
             from json_each($1) v where audit.id = unhex(v.value ->> 0)"
        }
        Lane::Postgres(_) => {
            "update audit set place = (v.value ->> 1)::bigint, seal = decode(v.value ->> 2, 'hex'),
                              salt = coalesce(decode(v.value ->> 3, 'hex'), salt)
             from jsonb_array_elements($1::jsonb) v where audit.id = (v.value ->> 0)::uuid"
        }
    };
    execute!(tx, sql, json)
}

/// The seal of the entry at this place.
pub(in crate::audit) async fn seal_at(db: &Db, place: i64) -> Result<Option<Vec<u8>>> {
    let found: Option<(Option<Vec<u8>>,)> =
        fetch_optional!(db, (Option<Vec<u8>>,), "select seal from audit where place = $1", place)?;
    Ok(found.map(|(seal,)| seal.unwrap_or_default()))
}

/// The same in a transaction.
pub(in crate::audit) async fn seal_within<S>(tx: &mut Tx<S>, place: i64) -> Result<Option<Vec<u8>>> {
    let found: Option<(Option<Vec<u8>>,)> =
        fetch_optional!(tx, (Option<Vec<u8>>,), "select seal from audit where place = $1", place)?;
    Ok(found.map(|(seal,)| seal.unwrap_or_default()))
}

/// How many entries stand outside of the chain's ends.
pub(in crate::audit) async fn outside(db: &Db) -> Result<i64> {
    let (found,) = fetch_one!(
        db,
        (i64,),
        "select (select count(*) from audit where place > (select place from audit_chain where name = 'head'))
              + (select count(*) from audit where place <= (select place from audit_chain where name = 'anchor'))"
    )?;
    Ok(found)
}

/// The oldest entries of the chain: place, moment, seal.
pub(in crate::audit) async fn oldest<S>(
    tx: &mut Tx<S>,
    limit: i64,
) -> Result<Vec<(i64, Timestamp, Vec<u8>)>> {
    fetch_all!(
        tx,
        (i64, Timestamp, Vec<u8>),
        "select place, at, seal from audit where place is not null order by place limit $1",
        limit
    )
}

pub(in crate::audit) async fn is_oldest_before(db: &Db, moment: Timestamp) -> Result<bool> {
    let found: Option<(Timestamp,)> = fetch_optional!(
        db,
        (Timestamp,),
        "select at from audit where place is not null order by place limit 1"
    )?;
    Ok(found.is_some_and(|(at,)| at < moment))
}

/// Removes what the anchor stands for.
pub(in crate::audit) async fn remove_up_to<S>(tx: &mut Tx<S>, place: i64) -> Result<u64> {
    execute!(tx, "delete from audit where place <= $1", place)
}

/// What tells that somebody was erased tells nothing of them, and stays.
const OF_PERSON: &str = "a.erased is null and a.action <> 'person.erased'
           and (a.person_id = $1 or (a.actor_id = $1 and a.person_id is null))";

/// Entries in the chain that tell of this person: those about them, and those of what they did that are about nobody.
pub(in crate::audit) async fn telling_of<S>(
    tx: &mut Tx<S>,
    person: PersonId,
    limit: i64,
) -> Result<Vec<Held>> {
    let columns = proven::columns(&tx.lane());
    let sql = format!(
        "select {columns} from audit a where a.place is not null and {OF_PERSON} order by a.place limit $2"
    );
    fetch_all!(tx, Held, AssertSqlSafe(sql), person, limit)
}

/// Whether some of what tells of this person has no place yet.
pub(in crate::audit) async fn is_waiting<S>(tx: &mut Tx<S>, person: PersonId) -> Result<bool> {
    let sql = format!("select cast(1 as bigint) from audit a where a.place is null and {OF_PERSON} limit 1");
    let found: Option<(i64,)> = fetch_optional!(tx, (i64,), AssertSqlSafe(sql), person)?;
    Ok(found.is_some())
}

/// Entries in the chain, about nobody, of exports in which somebody asked for just this: by a search, or by a username.
pub(in crate::audit) async fn asking_for<S>(tx: &mut Tx<S>, word: &str) -> Result<Vec<Held>> {
    let columns = proven::columns(&tx.lane());
    let sql = format!(
        "select {columns} from audit a
         where a.place is not null and a.erased is null and a.person_id is null
           and a.action in ('people.exported', 'audit.exported')
           and (a.details like $1 escape '!' or a.details like $2 escape '!' or a.details like $3 escape '!')"
    );
    let mut held = asking_encrypted_for(tx, word).await?;
    let word = word.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let whole = |before: &str, after: &str| format!("%{before}{word}{after}%");
    let [search, in_the_middle, at_the_end] =
        [whole("\"search\":\"", "\""), whole("=", "&"), whole("=", "\"")];
    held.extend(fetch_all!(tx, Held, AssertSqlSafe(sql), search, in_the_middle, at_the_end)?);
    Ok(held)
}

/// The same among entries whose details are encrypted: they have to be read.
async fn asking_encrypted_for<S>(tx: &mut Tx<S>, word: &str) -> Result<Vec<Held>> {
    let asked: Vec<(i64, Private)> = fetch_all!(
        tx,
        (i64, Private),
        "select place, details from audit
         where place is not null and erased is null and person_id is null and details like $1
           and action in ('people.exported', 'audit.exported')",
        format!("{MARK}%")
    )?;
    let words = [("\"search\":\"", "\""), ("=", "&"), ("=", "\"")];
    let words = words.map(|(before, after)| format!("{before}{word}{after}").to_lowercase());
    let columns = proven::columns(&tx.lane());
    let mut held = Vec::new();
    for (place, details) in asked {
        if words.iter().any(|word| details.0.to_lowercase().contains(word)) {
            let sql = format!("select {columns} from audit a where a.place = $1");
            held.extend(fetch_all!(tx, Held, AssertSqlSafe(sql), place)?);
        }
    }
    Ok(held)
}

/// Empties what an entry tells of a person, and leaves the digest of it with the proof.
pub(in crate::audit) async fn empty<S>(tx: &mut Tx<S>, place: i64, erased: Vec<u8>) -> Result<()> {
    execute!(
        tx,
        "update audit set details = '{}', ip = null, user_agent = null, salt = null, erased = $2 where place = $1",
        place,
        erased
    )?;
    Ok(())
}
