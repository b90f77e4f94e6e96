//! Counting in the store, for all instances together.

use super::Counted;
use crate::{
    Origin, Result, counts,
    db::{Housekeeping, Lane},
    ground::Ground,
};
use std::time::Duration;

pub(super) async fn count(ground: &Ground, key: &str, window: Duration) -> Result<Counted> {
    let mut tx = ground.begin(&Origin::program()).await?;
    if let Lane::Postgres(on) = tx.lane() {
        // A count that is lost when the power goes harms nobody; a request should not wait for the disk.
        sqlx::query("set local synchronous_commit = off").execute(on).await?;
    }
    let at = tx.at();
    let count = counts::count_within(&mut tx, key, at, at.before(window)).await?;
    tx.commit_housekeeping(Housekeeping::Counted).await?;
    Ok(Counted { number: count.number(), first_at: count.first_at })
}
