//! What the trail holds of failures.

use crate::{Result, db::Db};
use domain::Timestamp;

/// More are not counted: it is a burst long before.
const COUNTED_AT_MOST: i64 = 100_000;
const NAMED: i64 = 3;

pub(super) async fn failed_sign_ins(db: &Db, since: Timestamp) -> Result<u64> {
    let (number,) = fetch_one!(
        db,
        (i64,),
        "select count(*) from (select 1 as one from audit where action = 'session.sign_in_failed' and at > $1 limit $2) as failed",
        since,
        COUNTED_AT_MOST,
    )?;
    Ok(number.unsigned_abs())
}

/// The addresses that most failures came from.
pub(super) async fn where_from(db: &Db, since: Timestamp) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = fetch_all!(
        db,
        (String,),
        "select ip from (select ip from audit where action = 'session.sign_in_failed' and at > $1 and ip is not null limit $2) as failed
         group by ip order by count(*) desc, ip limit $3",
        since,
        COUNTED_AT_MOST,
        NAMED,
    )?;
    Ok(rows.into_iter().map(|(ip,)| ip).collect())
}
