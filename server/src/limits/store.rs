//! Counting in the store, for all instances together.

use super::Counted;
use crate::{
    Origin, Result,
    db::{Housekeeping, Lane},
    ground::Ground,
};
use domain::Timestamp;
use std::time::Duration;

pub(super) async fn count(ground: &Ground, key: &str, window: Duration) -> Result<Counted> {
    let mut tx = ground.begin(&Origin::program()).await?;
    if let Lane::Postgres(on) = tx.lane() {
        // A count that is lost when the power goes harms nobody; a request should not wait for the disk.
        sqlx::query("set local synchronous_commit = off").execute(on).await?;
    }
    let at = tx.at();
    let (number, first_at) = fetch_one!(
        tx,
        (i64, Timestamp),
        "insert into counts (key, number, first_at, last_at) values ($1, 1, $2, $2)
         on conflict (key) do update
         set number = case when counts.first_at <= $3 then 1 else counts.number + 1 end,
             first_at = case when counts.first_at <= $3 then $2 else counts.first_at end, last_at = $2
         returning number, first_at",
        key,
        at,
        at.before(window),
    )?;
    tx.commit_housekeeping(Housekeeping::Attempt).await?;
    Ok(Counted { number: u32::try_from(number).unwrap_or(u32::MAX), first_at })
}
