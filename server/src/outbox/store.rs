//! Jobs in the store. Claiming a job differs between the engines: PostgreSQL skips what another instance has locked.

use super::Job;
use crate::{
    Result,
    db::{Db, Lane, Open, Tx},
};
use domain::{JobId, Timestamp};
use std::time::Duration;

/// A job that a worker has claimed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Claimed {
    pub id: JobId,
    pub payload: String,
    pub attempts: i64,
}

/// Puts a job into the outbox. Only `Tx::record` calls it.
pub(crate) async fn put<S>(tx: &mut Tx<S>, job: &Job) -> Result<()> {
    let payload = serde_json::to_string(job).map_err(anyhow::Error::from)?;
    let (id, at) = (JobId::new(tx.new_id()), tx.at());
    execute!(
        tx,
        "insert into outbox (id, kind, payload, state, due_at, created_at) values ($1, $2, $3, 'waiting', $4, $4)",
        id,
        job.kind(),
        payload,
        at,
    )?;
    Ok(())
}

/// Whether any job waits for a worker.
pub(crate) async fn is_due(db: &Db, now: Timestamp) -> Result<bool> {
    let due: Option<(JobId,)> = fetch_optional!(
        db,
        (JobId,),
        "select id from outbox where state = 'waiting' and due_at <= $1 and leased_until <= $1 limit 1",
        now
    )?;
    Ok(due.is_some())
}

/// Claims the job that is due first, for as long as the lease lasts. A job whose worker died is due again after that.
pub(crate) async fn claim(tx: &mut Tx<Open>, lease: Duration) -> Result<Option<Claimed>> {
    const SQLITE: &str = "update outbox set leased_until = $2, attempts = attempts + 1
         where id in (select id from outbox where state = 'waiting' and due_at <= $1 and leased_until <= $1
                      order by due_at limit 1)
         returning id, payload, attempts";
    const POSTGRES: &str = "update outbox set leased_until = $2, attempts = attempts + 1
         where id in (select id from outbox where state = 'waiting' and due_at <= $1 and leased_until <= $1
                      order by due_at limit 1 for update skip locked)
         returning id, payload, attempts";
    let now = tx.at();
    let sql = if matches!(tx.lane(), Lane::Sqlite(_)) { SQLITE } else { POSTGRES };
    fetch_optional!(tx, Claimed, sql, now, now.after(lease))
}

/// Marks a job as done, unless its lease ran out and another worker has claimed it since.
pub(crate) async fn done(tx: &mut Tx<Open>, job: &Claimed) -> Result<()> {
    let now = tx.at();
    execute!(
        tx,
        "update outbox set state = 'done', done_at = $2, last_error = null
         where id = $1 and state = 'waiting' and attempts = $3",
        job.id,
        now,
        job.attempts
    )?;
    Ok(())
}

/// Puts a failed job off, or lays it aside as a dead letter when there is no next time.
pub(crate) async fn failed(
    tx: &mut Tx<Open>,
    job: &Claimed,
    error: &str,
    next: Option<Timestamp>,
) -> Result<()> {
    let state = if next.is_some() { "waiting" } else { "dead" };
    let due = next.unwrap_or(tx.at());
    execute!(
        tx,
        "update outbox set state = $2, due_at = $3, leased_until = 0, last_error = $4
         where id = $1 and state = 'waiting' and attempts = $5",
        job.id,
        state,
        due,
        error,
        job.attempts,
    )?;
    Ok(())
}

/// How many jobs are in each state.
pub(crate) async fn count(db: &Db, state: &str) -> Result<i64> {
    fetch_one!(db, (i64,), "select count(*) from outbox where state = $1", state).map(|(count,)| count)
}
