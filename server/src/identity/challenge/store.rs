//! Sign-ins that wait, in the store.

use super::{super::Purpose, Stage};
use crate::{
    Result,
    db::{Db, Open, Tx},
};
use domain::{PersonId, RoleCode, Timestamp};
use uuid::Uuid;

/// A sign-in about to wait.
pub(super) struct Waiting {
    pub fingerprint: String,
    pub person: PersonId,
    pub role: RoleCode,
    pub purpose: Purpose,
    pub remember: bool,
    pub stage: Stage,
    pub password_mark: String,
    pub vouched_by: Option<String>,
    pub expires_at: Timestamp,
}

/// A sign-in that waits.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::identity) struct Held {
    pub id: Uuid,
    pub person_id: PersonId,
    pub role_code: RoleCode,
    pub kind: String,
    pub remembered: bool,
    pub stage: Stage,
    pub password_mark: String,
    pub vouched_by: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

pub(super) async fn insert(tx: &mut Tx<Open>, waiting: Waiting) -> Result<()> {
    let (id, at, origin) = (tx.new_id(), tx.at(), tx.origin().clone());
    execute!(
        tx,
        "insert into pending_sign_ins (id, fingerprint, person_id, role_code, kind, remembered, stage, password_mark, ip,
                                       user_agent, tries, created_at, expires_at, vouched_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13)",
        id,
        waiting.fingerprint,
        waiting.person,
        waiting.role,
        waiting.purpose.word(),
        waiting.remember,
        waiting.stage,
        waiting.password_mark,
        origin.ip.unwrap_or_default(),
        origin.user_agent.unwrap_or_default(),
        at,
        waiting.expires_at,
        waiting.vouched_by,
    )?;
    Ok(())
}

pub(super) async fn find(db: &Db, fingerprint: &str, now: Timestamp) -> Result<Option<Held>> {
    fetch_optional!(
        db,
        Held,
        "select id, person_id, role_code, kind, remembered, stage, password_mark, vouched_by, created_at, expires_at
         from pending_sign_ins where fingerprint = $1 and ended_at is null and expires_at > $2",
        fingerprint,
        now,
    )
}

/// Counts a try; answers how many there were, or nothing where there is none left.
pub(super) async fn take_try(tx: &mut Tx<Open>, id: Uuid, most: i64) -> Result<Option<i64>> {
    let counted: Option<(i64,)> = fetch_optional!(
        tx,
        (i64,),
        "update pending_sign_ins set tries = tries + 1 where id = $1 and ended_at is null and tries < $2 returning tries",
        id,
        most,
    )?;
    Ok(counted.map(|(tries,)| tries))
}

/// Ends the wait; answers whether it was still going on.
pub(super) async fn end(tx: &mut Tx<Open>, id: Uuid) -> Result<bool> {
    let at = tx.at();
    let sql = "update pending_sign_ins set ended_at = $2 where id = $1 and ended_at is null";
    execute!(tx, sql, id, at).map(|ended| ended > 0)
}

pub(in crate::identity) async fn forget_expired(tx: &mut Tx<Open>) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "delete from pending_sign_ins where id in (select id from pending_sign_ins where expires_at < $1 order by expires_at limit 10000)",
        at
    )?;
    Ok(())
}
