//! Audit entries in the store.

use crate::{
    Result,
    db::{Db, Tx},
    events::Event,
    origin::Doer,
};
use domain::{AuditId, PersonId, Timestamp};

/// The one action whose entries a timeline tells with names of roles.
const ROLE_SWITCHED: &str = "session.role_switched";

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
    details: String,
    /// The names of the roles, where someone went on in another one.
    #[sqlx(skip)]
    pub role_change: Option<RoleChange>,
}

/// From which role to which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleChange {
    pub from: String,
    pub to: String,
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
    let entries = fetch_all!(
        db,
        Entry,
        "select a.id, a.at, a.action, a.outcome, a.actor_kind, actor.full_name as actor_name,
                subject.full_name as subject_name, a.ip, a.details
         from audit a
         left join people actor on actor.id = a.actor_id
         left join people subject on subject.id = a.person_id
         where a.person_id = $1
         order by a.at desc, a.id desc limit $2",
        person,
        limit,
    )?;
    name_roles(db, entries).await
}

/// The newest entries of all.
pub(crate) async fn newest(db: &Db, limit: i64) -> Result<Vec<Entry>> {
    let entries = fetch_all!(
        db,
        Entry,
        "select a.id, a.at, a.action, a.outcome, a.actor_kind, actor.full_name as actor_name,
                subject.full_name as subject_name, a.ip, a.details
         from audit a
         left join people actor on actor.id = a.actor_id
         left join people subject on subject.id = a.person_id
         order by a.at desc, a.id desc limit $1",
        limit,
    )?;
    name_roles(db, entries).await
}

/// Puts the names of roles where entries have their codes. A role that is gone keeps its code.
async fn name_roles(db: &Db, mut entries: Vec<Entry>) -> Result<Vec<Entry>> {
    if !entries.iter().any(|entry| entry.action == ROLE_SWITCHED) {
        return Ok(entries);
    }
    let names: Vec<(String, String)> = fetch_all!(db, (String, String), "select code, name from roles")?;
    for entry in entries.iter_mut().filter(|entry| entry.action == ROLE_SWITCHED) {
        let details: serde_json::Value = serde_json::from_str(&entry.details).unwrap_or_default();
        let name = |when: &str| {
            let code = details["changes"]["role"][when].as_str()?;
            let named = names.iter().find(|(known, _)| known == code).map(|(_, name)| name.as_str());
            Some(named.unwrap_or(code).to_owned())
        };
        entry.role_change = name("before").zip(name("after")).map(|(from, to)| RoleChange { from, to });
    }
    Ok(entries)
}
