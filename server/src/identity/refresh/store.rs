//! Refresh tokens in the store.

use super::super::{
    Purpose,
    store::{SESSION, Session},
};
use crate::{
    Result,
    db::{Db, Open, Tx},
    origin::Doer,
};
use domain::{PersonId, RoleCode, SessionId, Timestamp, person::PersonStatus};
use uuid::Uuid;

/// A refresh token that was handed out, with the session it belongs to.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::identity) struct Held {
    pub id: Uuid,
    pub session_id: SessionId,
    pub expires_at: Timestamp,
    pub person_id: PersonId,
    pub role_code: RoleCode,
    pub session_expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

impl Held {
    /// Whoever sends the token.
    pub fn doer(&self) -> Doer {
        Doer::Person { id: self.person_id, role: self.role_code.clone(), session: self.session_id }
    }
}

pub(super) async fn find(db: &Db, digest: &str) -> Result<Option<Held>> {
    fetch_optional!(
        db,
        Held,
        "select t.id, t.session_id, t.expires_at, s.person_id, s.role_code, s.expires_at as session_expires_at, s.ended_at
         from refresh_tokens t join sessions s on s.id = t.session_id where t.digest = $1",
        digest,
    )
}

/// Marks the token as used; answers whether this was its first use.
pub(super) async fn mark_used(tx: &mut Tx<Open>, id: Uuid) -> Result<bool> {
    let at = tx.at();
    let sql = "update refresh_tokens set used_at = $2 where id = $1 and used_at is null";
    execute!(tx, sql, id, at).map(|marked| marked > 0)
}

pub(super) async fn used_at(tx: &mut Tx<Open>, id: Uuid) -> Result<Option<Timestamp>> {
    let sql = "select used_at from refresh_tokens where id = $1";
    fetch_one!(tx, (Option<Timestamp>,), sql, id).map(|(used_at,)| used_at)
}

/// The session as it is inside this transaction.
pub(super) async fn session(
    tx: &mut Tx<Open>,
    id: SessionId,
    purpose: Purpose,
    seen_after: Timestamp,
) -> Result<Option<Session>> {
    let now = tx.at();
    fetch_optional!(tx, Session, SESSION, id, now, PersonStatus::Active, seen_after, purpose.word())
}

pub(super) async fn insert(
    tx: &mut Tx<Open>,
    session: SessionId,
    digest: &str,
    expires_at: Timestamp,
) -> Result<()> {
    let (id, at) = (tx.new_id(), tx.at());
    execute!(
        tx,
        "insert into refresh_tokens (id, session_id, digest, issued_at, expires_at) values ($1, $2, $3, $4, $5)",
        id,
        session,
        digest,
        at,
        expires_at,
    )?;
    Ok(())
}
