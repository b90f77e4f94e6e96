//! Jobs in the store. Claiming a job differs between the engines: PostgreSQL skips what another instance has locked.

use super::Job;
use crate::{
    Result,
    db::{Db, Lane, Open, Tx},
};
use domain::{JobId, PersonId, Timestamp, at_rest::Private};
use std::time::Duration;

const AN_HOUR: Duration = Duration::from_secs(3600);

/// A job that a worker has claimed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Claimed {
    pub id: JobId,
    pub payload: Private,
    pub attempts: i64,
    pub created_at: Timestamp,
}

/// Puts a job into the outbox. Only `Tx::record` calls it. A letter too many is kept without its secrets and never sent:
/// whoever asks again and again for the same letter to a stranger fills our table, and not that person's mail box. `person` is
/// whom it is about.
pub(crate) async fn put<S>(tx: &mut Tx<S>, job: &Job, person: Option<PersonId>) -> Result<()> {
    let told = serde_json::to_value(job).map_err(anyhow::Error::from)?;
    let letter = told["letter"].as_str();
    let recipient = job.recipient().map(str::to_lowercase);
    let id = JobId::new(tx.new_id());
    let is_held = match (recipient.as_deref(), letter) {
        (Some(recipient), Some(letter)) => is_one_too_many(tx, recipient, letter).await?,
        _ => false,
    };
    let (state, payload, why) = if is_held {
        let to = recipient.as_deref().map(mask);
        tracing::warn!(job = %id, letter, to, "a letter too many to one address is held back");
        let kept = serde_json::to_string(&job.clone().without_secrets()).map_err(anyhow::Error::from)?;
        ("held", kept, Some("this address got as many letters of this kind within an hour as it may"))
    } else {
        ("waiting", told.to_string(), None)
    };
    let at = tx.at();
    execute!(
        tx,
        "insert into outbox (id, kind, recipient, letter, payload, state, last_error, due_at, created_at, person_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
        id,
        job.kind(),
        recipient.clone().map(Private),
        letter,
        Private(payload.clone()),
        state,
        why.map(|why| Private(why.to_owned())),
        at,
        person,
    )?;
    Ok(())
}

/// Whether the address has had all the letters of this kind that it may get within an hour. PostgreSQL lets writers work
/// side by side, so those who write to one address wait for each other here: the bound holds between instances.
async fn is_one_too_many<S>(tx: &mut Tx<S>, recipient: &str, letter: &str) -> Result<bool> {
    if let Lane::Postgres(on) = tx.lane() {
        sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind(format!("outbox {letter} {recipient}"))
            .execute(on)
            .await?;
    }
    let since = tx.at().before(AN_HOUR);
    let (sent,) = fetch_one!(
        tx,
        (i64,),
        "select count(*) from outbox where recipient = $1 and letter = $2 and created_at > $3 and state <> 'held'",
        Private(recipient.to_owned()),
        letter,
        since,
    )?;
    Ok(sent >= i64::from(tx.letters_an_hour()))
}

/// Enough of an address to recognise it in a log.
pub(crate) fn mask(address: &str) -> String {
    let (local, host) = address.rsplit_once('@').unwrap_or((address, ""));
    let begin: String = local.chars().take(2).collect();
    format!("{begin}…@{host}")
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
         returning id, payload, attempts, created_at";
    const POSTGRES: &str = "update outbox set leased_until = $2, attempts = attempts + 1
         where id in (select id from outbox where state = 'waiting' and due_at <= $1 and leased_until <= $1
                      order by due_at limit 1 for update skip locked)
         returning id, payload, attempts, created_at";
    let now = tx.at();
    let sql = if matches!(tx.lane(), Lane::Sqlite(_)) { SQLITE } else { POSTGRES };
    fetch_optional!(tx, Claimed, sql, now, now.after(lease))
}

/// Marks a job as done, unless its lease ran out and another worker has claimed it since. `kept` is what stays of it.
pub(crate) async fn done(tx: &mut Tx<Open>, job: &Claimed, kept: &str) -> Result<()> {
    let now = tx.at();
    execute!(
        tx,
        "update outbox set state = 'done', done_at = $2, last_error = null, payload = $4
         where id = $1 and state = 'waiting' and attempts = $3",
        job.id,
        now,
        job.attempts,
        Private(kept.to_owned()),
    )?;
    Ok(())
}

/// Puts a failed job off.
pub(crate) async fn put_off(tx: &mut Tx<Open>, job: &Claimed, error: &str, next: Timestamp) -> Result<()> {
    execute!(
        tx,
        "update outbox set due_at = $2, leased_until = 0, last_error = $3
         where id = $1 and state = 'waiting' and attempts = $4",
        job.id,
        next,
        Private(error.to_owned()),
        job.attempts,
    )?;
    Ok(())
}

/// Lays a job aside as a dead letter. `kept` is what stays of it.
pub(crate) async fn lay_aside(tx: &mut Tx<Open>, job: &Claimed, error: &str, kept: &str) -> Result<()> {
    execute!(
        tx,
        "update outbox set state = 'dead', leased_until = 0, last_error = $2, payload = $3
         where id = $1 and state = 'waiting' and attempts = $4",
        job.id,
        Private(error.to_owned()),
        Private(kept.to_owned()),
        job.attempts,
    )?;
    Ok(())
}

/// How many jobs are in each state.
pub(crate) async fn count(db: &Db, state: &str) -> Result<i64> {
    fetch_one!(db, (i64,), "select count(*) from outbox where state = $1", state).map(|(count,)| count)
}
