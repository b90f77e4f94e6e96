//! The counts in the store, so that they survive a restart and are shared between instances.

use crate::{
    Result,
    db::{Db, Open, Tx},
};
use domain::Timestamp;

/// What was counted under a key.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Count {
    number: i64,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
}

impl Count {
    pub(super) fn failures(&self) -> u32 {
        u32::try_from(self.number).unwrap_or(u32::MAX)
    }
}

pub(super) async fn find(db: &Db, key: &str) -> Result<Option<Count>> {
    fetch_optional!(db, Count, "select number, first_at, last_at from counts where key = $1", key)
}

/// Counts one more under this key unless it is full; one whose last was before `forgotten` begins anew. Answers how many
/// there are now, or nothing when it is full.
pub(super) async fn count_attempt(
    tx: &mut Tx<Open>,
    key: &str,
    at: Timestamp,
    forgotten: Timestamp,
    most: u32,
) -> Result<Option<u32>> {
    let counted: Option<(i64,)> = fetch_optional!(
        tx,
        (i64,),
        "insert into counts (key, number, first_at, last_at) values ($1, 1, $2, $2)
         on conflict (key) do update
         set number = case when counts.last_at <= $3 then 1 else counts.number + 1 end,
             first_at = case when counts.last_at <= $3 then $2 else counts.first_at end, last_at = $2
         where counts.number < $4 or counts.last_at <= $3
         returning number",
        key,
        at,
        forgotten,
        i64::from(most),
    )?;
    Ok(counted.map(|(number,)| u32::try_from(number).unwrap_or(u32::MAX)))
}

/// Counts a failure under this key; a stretch that began before `forgotten` begins anew.
pub(super) async fn count_failure(
    tx: &mut Tx<Open>,
    key: &str,
    at: Timestamp,
    forgotten: Timestamp,
) -> Result<()> {
    execute!(
        tx,
        "insert into counts (key, number, first_at, last_at) values ($1, 1, $2, $2)
         on conflict (key) do update
         set number = case when counts.first_at <= $3 then 1 else counts.number + 1 end,
             first_at = case when counts.first_at <= $3 then $2 else counts.first_at end, last_at = $2",
        key,
        at,
        forgotten,
    )?;
    Ok(())
}

/// Whether so many are counted under this key.
pub(super) async fn has(tx: &mut Tx<Open>, key: &str, failures: u32) -> Result<bool> {
    let sql = "select number from counts where key = $1 and number >= $2";
    fetch_optional!(tx, (i64,), sql, key, i64::from(failures)).map(|found: Option<(i64,)>| found.is_some())
}

pub(super) async fn forget(tx: &mut Tx<Open>, key: &str) -> Result<()> {
    execute!(tx, "delete from counts where key = $1", key)?;
    Ok(())
}

pub(super) async fn forget_before(tx: &mut Tx<Open>, before: Timestamp) -> Result<()> {
    execute!(tx, "delete from counts where last_at < $1", before)?;
    Ok(())
}
