//! Counting for the dashboards. Every count is bounded or goes along an index, so that a million people cost no more.

use crate::{Result, audit::Entry, db::Db};
use domain::Timestamp;
use std::time::Duration;

const DAYS: i64 = 30;
const DAY: Duration = Duration::from_secs(86_400);

/// The figures of the User Admin's tiles. A count stops at 10,001.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Figures {
    pub people: i64,
    pub new_this_week: i64,
    pub suspended: i64,
    pub locked: i64,
    pub signed_in_now: i64,
    pub failed_today: i64,
}

pub(super) async fn figures(db: &Db, now: Timestamp, week_begins: Timestamp) -> Result<Figures> {
    // Ids begin with their time of creation, so "since" is a stretch of the index on ids.
    let since = uuid::Builder::from_unix_timestamp_millis(
        u64::try_from(week_begins.microseconds() / 1000).unwrap_or(0),
        &[0; 10],
    )
    .into_uuid();
    fetch_one!(
        db,
        Figures,
        "select (select count(*) from (select 1 from people limit 10001) a) as people,
                (select count(*) from (select 1 from people where id >= $3 limit 10001) b) as new_this_week,
                (select count(*) from (select 1 from people where status = 'suspended' limit 10001) c) as suspended,
                (select count(*) from (select 1 from people where locked_until > $1 and status = 'active' limit 10001) d) as locked,
                (select count(*) from (select 1 from sessions where expires_at > $1 and ended_at is null limit 10001) e) as signed_in_now,
                (select count(*) from (select 1 from audit where action = 'session.sign_in_failed' and at > $2 limit 10001) f) as failed_today",
        now,
        now.before(DAY),
        since,
    )
}

/// One day of signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub begins: Timestamp,
    pub succeeded: u64,
    pub refused: u64,
}

pub(super) async fn sign_ins_by_day(db: &Db, now: Timestamp) -> Result<Vec<Day>> {
    let today = now.seconds().div_euclid(86_400);
    let first = today - DAYS + 1;
    let begins = |day| Timestamp::from_seconds(day * 86_400);
    let mut days: Vec<Day> =
        (first..=today).map(|day| Day { begins: begins(day), succeeded: 0, refused: 0 }).collect();
    let counted: Vec<(i64, String, i64)> = fetch_all!(
        db,
        (i64, String, i64),
        "select at / 86400000000 as day, action, count(*) from audit
         where action in ('session.signed_in', 'session.sign_in_failed') and at >= $1 group by 1, 2",
        begins(first),
    )?;
    for (day, action, count) in counted {
        let place = usize::try_from(day - first).ok().and_then(|place| days.get_mut(place));
        if let Some(day) = place {
            let count = u64::try_from(count).unwrap_or(0);
            if action == "session.signed_in" { day.succeeded = count } else { day.refused = count }
        }
    }
    Ok(days)
}

pub(super) async fn recent(db: &Db, limit: i64) -> Result<Vec<Entry>> {
    crate::audit::newest(db, limit).await
}
