//! Counts in the store.

use crate::{
    Result,
    db::{Db, Open, Tx},
};
use domain::Timestamp;

/// What was counted under a key.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Count {
    number: i64,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
}

impl Count {
    pub(crate) fn number(&self) -> u32 {
        u32::try_from(self.number).unwrap_or(u32::MAX)
    }
}

pub(crate) async fn find(db: &Db, key: &str) -> Result<Option<Count>> {
    fetch_optional!(db, Count, "select number, first_at, last_at from counts where key = $1", key)
}

/// Counts one more under this key unless it is full; one whose last was before `forgotten` begins anew. Answers how many
/// there are now, or nothing when it is full.
pub(crate) async fn count_in_a_row(
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

/// Counts one more under this key; a while that began before `forgotten` begins anew. Answers what is counted now.
pub(crate) async fn count_within(
    tx: &mut Tx<Open>,
    key: &str,
    at: Timestamp,
    forgotten: Timestamp,
) -> Result<Count> {
    fetch_one!(
        tx,
        Count,
        "insert into counts (key, number, first_at, last_at) values ($1, 1, $2, $2)
         on conflict (key) do update
         set number = case when counts.first_at <= $3 then 1 else counts.number + 1 end,
             first_at = case when counts.first_at <= $3 then $2 else counts.first_at end, last_at = $2
         returning number, first_at, last_at",
        key,
        at,
        forgotten,
    )
}

/// Counts one more under this key unless so many are counted within the while that began after `forgotten`; answers whether it
/// did. Where everything was taken back, a while begins anew.
pub(crate) async fn count_up_to(
    tx: &mut Tx<Open>,
    key: &str,
    forgotten: Timestamp,
    most: u32,
) -> Result<bool> {
    let at = tx.at();
    let counted = execute!(
        tx,
        "insert into counts (key, number, first_at, last_at) values ($1, 1, $2, $2)
         on conflict (key) do update
         set number = case when counts.first_at <= $3 then 1 else counts.number + 1 end,
             first_at = case when counts.first_at <= $3 or counts.number = 0 then $2 else counts.first_at end, last_at = $2
         where counts.number < $4 or counts.first_at <= $3",
        key,
        at,
        forgotten,
        i64::from(most),
    )?;
    Ok(counted > 0)
}

/// Takes one back that was counted under this key.
pub(crate) async fn give_back(tx: &mut Tx<Open>, key: &str) -> Result<()> {
    execute!(tx, "update counts set number = number - 1 where key = $1 and number > 0", key)?;
    Ok(())
}

/// Whether so many are counted under this key.
pub(crate) async fn has(tx: &mut Tx<Open>, key: &str, number: u32) -> Result<bool> {
    let sql = "select number from counts where key = $1 and number >= $2";
    fetch_optional!(tx, (i64,), sql, key, i64::from(number)).map(|found: Option<(i64,)>| found.is_some())
}

/// The count under this key, kept from everybody else until the transaction ends.
pub(crate) async fn hold(tx: &mut Tx<Open>, key: &str) -> Result<Count> {
    let at = tx.at();
    fetch_one!(
        tx,
        Count,
        "insert into counts (key, number, first_at, last_at) values ($1, 0, $2, $2)
         on conflict (key) do update set number = counts.number
         returning number, first_at, last_at",
        key,
        at,
    )
}

/// Puts the number under this key, as of now.
pub(crate) async fn put(tx: &mut Tx<Open>, key: &str, number: u32) -> Result<()> {
    let at = tx.at();
    execute!(tx, "update counts set number = $2, last_at = $3 where key = $1", key, i64::from(number), at)?;
    Ok(())
}

pub(crate) async fn forget(tx: &mut Tx<Open>, key: &str) -> Result<()> {
    take(tx, key).await.map(|_| ())
}

/// Forgets what was counted under this key, and answers whether anything was: of several who ask, one is told so.
pub(crate) async fn take(tx: &mut Tx<Open>, key: &str) -> Result<bool> {
    Ok(execute!(tx, "delete from counts where key = $1", key)? > 0)
}

/// Forgets counts whose last was before `before`; those that are looked at for longer, of codes, whose pauses grow, and of alerts,
/// which may be taken back after a long outage, are kept since `long_before`; those of a day since `a_day_before`.
pub(crate) async fn forget_before(
    tx: &mut Tx<Open>,
    before: Timestamp,
    a_day_before: Timestamp,
    long_before: Timestamp,
) -> Result<()> {
    execute!(
        tx,
        "delete from counts where last_at < $1 and (key not like 'day:%' or last_at < $2)
           and ((key not like 'codes:%' and key not like 'alert:%') or last_at < $3)",
        before,
        a_day_before,
        long_before
    )?;
    Ok(())
}
