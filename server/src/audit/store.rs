//! Audit entries in the store.

use crate::{
    Result,
    db::{Db, Tx},
    events::Event,
    origin::Doer,
};
use domain::{AuditId, PersonId, Timestamp};

/// An entry as a timeline shows it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Entry {
    pub id: AuditId,
    pub at: Timestamp,
    pub action: String,
    pub outcome: String,
    pub actor_kind: String,
    pub actor_name: Option<String>,
    pub subject_name: Option<String>,
    pub ip: Option<String>,
}

/// Adds the entry of an event. Only `Tx::record` calls it.
pub(crate) async fn append<S>(tx: &mut Tx<S>, event: &Event) -> Result<()> {
    let subject = event.subject();
    let origin = tx.origin().clone();
    let (actor_id, role, session) = match &origin.doer {
        Doer::Person { id, role, session } => (Some(*id), Some(role.clone()), Some(*session)),
        Doer::Anonymous | Doer::Operator | Doer::Program => (None, None, None),
    };
    let (id, at) = (AuditId::new(tx.new_id()), tx.at());
    execute!(
        tx,
        "insert into audit (id, at, action, outcome, actor_kind, actor_id, role_code, session_id,
                            subject_kind, subject_id, person_id, ip, user_agent, request_id, details)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        id,
        at,
        event.action(),
        event.outcome(),
        origin.doer.kind(),
        actor_id,
        role,
        session,
        subject.kind,
        subject.id,
        subject.person,
        origin.ip.clone(),
        origin.user_agent.clone(),
        origin.request_id.clone(),
        event.details().to_string(),
    )?;
    Ok(())
}

/// The newest entries about one person.
pub(crate) async fn about(db: &Db, person: PersonId, limit: i64) -> Result<Vec<Entry>> {
    fetch_all!(
        db,
        Entry,
        "select a.id, a.at, a.action, a.outcome, a.actor_kind, actor.full_name as actor_name,
                subject.full_name as subject_name, a.ip
         from audit a
         left join people actor on actor.id = a.actor_id
         left join people subject on subject.id = a.person_id
         where a.person_id = $1
         order by a.at desc, a.id desc limit $2",
        person,
        limit,
    )
}

/// The newest entries of all.
pub(crate) async fn newest(db: &Db, limit: i64) -> Result<Vec<Entry>> {
    fetch_all!(
        db,
        Entry,
        "select a.id, a.at, a.action, a.outcome, a.actor_kind, actor.full_name as actor_name,
                subject.full_name as subject_name, a.ip
         from audit a
         left join people actor on actor.id = a.actor_id
         left join people subject on subject.id = a.person_id
         order by a.at desc, a.id desc limit $1",
        limit,
    )
}
