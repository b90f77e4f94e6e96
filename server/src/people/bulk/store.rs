//! Changes for many people in the store, from the choice to the report.

use super::{BulkAction, BulkChange};
use crate::{
    Result,
    db::{Db, Open, Tx},
};
use domain::{BulkChangeId, PersonId, RoleCode, Timestamp};

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: BulkChangeId,
    action: String,
    role_code: Option<RoleCode>,
    people: String,
    done: i64,
    changed: i64,
    refused: i64,
    refusals: String,
}

impl Row {
    /// Nothing where it cannot be read: then it is chosen anew.
    fn read(self) -> Option<BulkChange> {
        let action = BulkAction::from_code(&self.action)?;
        Some(BulkChange {
            id: self.id,
            action: self.role_code.into_iter().fold(action, BulkAction::with),
            people: self.people.split(',').filter_map(|id| id.parse().ok()).collect(),
            done: usize::try_from(self.done).ok()?,
            changed: usize::try_from(self.changed).ok()?,
            refused: usize::try_from(self.refused).ok()?,
            refusals: serde_json::from_str(&self.refusals).ok()?,
        })
    }
}

/// Forgets what this person has chosen before the newest few, and what anybody has left behind.
pub(super) async fn forget(
    tx: &mut Tx<Open>,
    actor: PersonId,
    kept: i64,
    begun_before: Timestamp,
) -> Result<()> {
    execute!(
        tx,
        "delete from bulk_changes where begun_at < $3 or (person_id = $1 and id not in (
             select id from bulk_changes where person_id = $1 order by begun_at desc, id desc limit $2))",
        actor,
        kept,
        begun_before,
    )
    .map(|_| ())
}

pub(super) async fn insert(
    tx: &mut Tx<Open>,
    id: BulkChangeId,
    actor: PersonId,
    action: BulkAction,
    people: &[PersonId],
) -> Result<()> {
    let at = tx.at();
    let people: Vec<String> = people.iter().map(|person| person.uuid().simple().to_string()).collect();
    execute!(
        tx,
        "insert into bulk_changes (id, person_id, action, people, done, changed, refused, refusals, begun_at)
         values ($1, $2, $3, $4, 0, 0, 0, '[]', $5)",
        id,
        actor,
        action.code(),
        people.join(","),
        at,
    )
    .map(|_| ())
}

/// What this person has chosen: this one, or the newest.
pub(super) async fn find(
    db: &Db,
    actor: PersonId,
    id: Option<BulkChangeId>,
    begun_after: Timestamp,
) -> Result<Option<BulkChange>> {
    let found = fetch_optional!(
        db,
        Row,
        "select id, action, role_code, people, done, changed, refused, refusals from bulk_changes
         where person_id = $1 and begun_at >= $2 and ($3 is null or id = $3) order by begun_at desc, id desc limit 1",
        actor,
        begun_after,
        id,
    )?;
    Ok(found.and_then(Row::read))
}

/// Fixes the role that it is about, unless another request was quicker.
pub(super) async fn fix_role(tx: &mut Tx<Open>, id: BulkChangeId, role: &RoleCode) -> Result<()> {
    let sql = "update bulk_changes set role_code = $2 where id = $1 and done = 0 and role_code is null";
    execute!(tx, sql, id, role).map(|_| ())
}

/// Writes down how far it is, unless another request was further meanwhile: what is done twice changes nothing.
pub(super) async fn keep(tx: &mut Tx<Open>, change: &BulkChange, done_before: usize) -> Result<()> {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let refusals = serde_json::to_string(&change.refusals).map_err(anyhow::Error::from)?;
    execute!(
        tx,
        "update bulk_changes set done = $2, changed = $3, refused = $4, refusals = $5 where id = $1 and done = $6",
        change.id,
        number(change.done),
        number(change.changed),
        number(change.refused),
        refusals,
        number(done_before),
    )
    .map(|_| ())
}
