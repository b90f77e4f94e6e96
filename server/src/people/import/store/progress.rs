//! How an import goes on: claimed by one worker at a time, held by each of its transactions, turned from state to state.

use super::{BadRows, Import, State};
use crate::{
    Result,
    db::{Db, Lane, Open, Tx},
};
use domain::{ImportId, Timestamp};
use std::time::Duration;

/// Lets a checked import wait for a worker; answers whether it was one.
pub(in super::super) async fn start(tx: &mut Tx<Open>, id: ImportId, bad_rows: BadRows) -> Result<bool> {
    let at = tx.at();
    let started = execute!(
        tx,
        "update imports set state = $2, bad_rows = $3, started_at = $4 where id = $1 and state = $5",
        id,
        State::Waiting,
        bad_rows,
        at,
        State::Checked,
    )?;
    Ok(started > 0)
}

/// Whether any import waits for a worker.
pub(in super::super) async fn is_due(db: &Db, now: Timestamp) -> Result<bool> {
    let due = fetch_optional!(
        db,
        (ImportId,),
        "select id from imports where state in ('waiting', 'running', 'inviting') and leased_until <= $1 limit 1",
        now
    )?;
    Ok(due.is_some())
}

/// Takes the import that waits longest, or one whose worker is gone, for as long as the lease lasts.
pub(in super::super) async fn claim(tx: &mut Tx<Open>, lease: Duration) -> Result<Option<ImportId>> {
    let at = tx.at();
    let only_one = if matches!(tx.lane(), Lane::Sqlite(_)) { "" } else { "for update skip locked" };
    let sql = format!(
        "update imports set state = case state when 'waiting' then 'running' else state end, claim = claim + 1, leased_until = $2
         where id in (select id from imports where state in ('waiting', 'running', 'inviting') and leased_until <= $1
                      order by created_at limit 1 {only_one})
         returning id"
    );
    let found = fetch_optional!(tx, (ImportId,), sqlx::AssertSqlSafe(sql), at, at.after(lease))?;
    Ok(found.map(|(id,)| id))
}

/// Whether the import is still the one of whoever claimed it, in this state; if so it stays theirs until this transaction
/// ends, and for the lease after that. Whoever cancels it takes it away.
pub(in super::super) async fn hold(
    tx: &mut Tx<Open>,
    import: &Import,
    state: State,
    lease: Duration,
) -> Result<bool> {
    let until = tx.at().after(lease);
    let held = execute!(
        tx,
        "update imports set leased_until = $2 where id = $1 and claim = $3 and state = $4",
        import.id,
        until,
        import.claim,
        state,
    )?;
    Ok(held > 0)
}

/// Lets go of an import that is not done, so that whoever looks after a while goes on with it.
pub(in super::super) async fn let_go(tx: &mut Tx<Open>, import: &Import, pause: Duration) -> Result<()> {
    let due = tx.at().after(pause);
    execute!(
        tx,
        "update imports set leased_until = $3 where id = $1 and claim = $2",
        import.id,
        import.claim,
        due,
    )?;
    Ok(())
}

/// What a batch came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in super::super) struct Progress {
    pub made: i64,
    pub updated: i64,
    pub same: i64,
    pub skipped: i64,
}

/// Writes down how far the import is.
pub(in super::super) async fn advance(
    tx: &mut Tx<Open>,
    id: ImportId,
    place: i64,
    progress: Progress,
) -> Result<()> {
    execute!(
        tx,
        "update imports set place = $2, made = made + $3, updated = updated + $4, same = same + $5, skipped = skipped + $6
         where id = $1",
        id,
        place,
        progress.made,
        progress.updated,
        progress.same,
        progress.skipped,
    )?;
    Ok(())
}

/// Brings an import from one of these states to the next; answers whether it was in one of them.
pub(in super::super) async fn turn(
    tx: &mut Tx<Open>,
    id: ImportId,
    from: &[State],
    to: State,
    trouble: Option<&str>,
) -> Result<bool> {
    let from: Vec<String> = from.iter().map(|state| format!("'{}'", state.code())).collect();
    let sql = format!(
        "update imports set state = $2, trouble = $3, ended_at = $4 where id = $1 and state in ({})",
        from.join(", ")
    );
    let at = tx.at();
    let ended = (!to.is_under_way()).then_some(at);
    let turned = execute!(tx, sqlx::AssertSqlSafe(sql), id, to, trouble, ended)?;
    Ok(turned > 0)
}

/// Marks a place in the transaction to come back to.
pub(in super::super) async fn mark(tx: &mut Tx<Open>) -> Result<()> {
    execute!(tx, "savepoint one_row").map(|_| ())
}

/// Undoes what was written since the mark.
pub(in super::super) async fn go_back(tx: &mut Tx<Open>) -> Result<()> {
    execute!(tx, "rollback to savepoint one_row")?;
    forget_mark(tx).await
}

pub(in super::super) async fn forget_mark(tx: &mut Tx<Open>) -> Result<()> {
    execute!(tx, "release savepoint one_row").map(|_| ())
}
