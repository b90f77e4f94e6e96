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
    pub user_agent: Option<String>,
    actor_id: Option<PersonId>,
    person_id: Option<PersonId>,
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

impl Entry {
    /// A text among the details, such as the name of what was made.
    pub fn detail(&self, name: &str) -> Option<String> {
        let details: serde_json::Value = serde_json::from_str(&self.details).ok()?;
        details.get(name)?.as_str().map(str::to_owned)
    }

    /// Whether it was done by the person it is about, or by somebody who had not signed in: then from where is theirs to know.
    pub fn is_of_oneself(&self) -> bool {
        match self.actor_id {
            Some(actor) => self.person_id == Some(actor),
            None => self.actor_kind == "anonymous",
        }
    }
}

/// Which part of a trail is asked for: what is older than an entry, or newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Newest,
    Before(Timestamp, AuditId),
    After(Timestamp, AuditId),
}

/// Adds the entry of an event. Only `Tx::record` calls it.
pub(crate) async fn append<S>(tx: &mut Tx<S>, event: &Event) -> Result<()> {
    let subject = event.subject();
    let origin = tx.origin().clone();
    let (actor_id, role, session, key) = match &origin.doer {
        Doer::Person { id, role, session } => (Some(*id), Some(role.clone()), Some(*session), None),
        Doer::Key { id, role, key } => (Some(*id), Some(role.clone()), None, Some(*key)),
        Doer::Anonymous | Doer::Operator | Doer::Program => (None, None, None, None),
    };
    let (id, at) = (AuditId::new(tx.new_id()), tx.at());
    execute!(
        tx,
        "insert into audit (id, at, action, outcome, actor_kind, actor_id, role_code, session_id,
                            subject_kind, subject_id, person_id, ip, user_agent, request_id, details, api_key_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
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
        key,
    )?;
    Ok(())
}

/// The newest entries about one person.
pub(crate) async fn about(db: &Db, person: PersonId, limit: i64) -> Result<Vec<Entry>> {
    let entries = fetch_all!(
        db,
        Entry,
        "select a.id, a.at, a.action, a.outcome, a.actor_kind, actor.full_name as actor_name,
                subject.full_name as subject_name, a.ip, a.user_agent, a.actor_id, a.person_id, a.details
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
                subject.full_name as subject_name, a.ip, a.user_agent, a.actor_id, a.person_id, a.details
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

/// Entries about one person that they may want to know of: not that a token was renewed once more. In the order in which they
/// happened when what is newer is asked for, else the newest first.
pub(crate) async fn of_oneself(db: &Db, person: PersonId, part: Part, limit: i64) -> Result<Vec<Entry>> {
    const COLUMNS: &str =
        "select a.id, a.at, a.action, a.outcome, a.actor_kind, actor.full_name as actor_name,
                subject.full_name as subject_name, a.ip, a.user_agent, a.actor_id, a.person_id, a.details
         from audit a
         left join people actor on actor.id = a.actor_id
         left join people subject on subject.id = a.person_id
         where a.person_id = $1 and a.action not in ('session.refreshed', 'second_factor.accepted')";
    let newest = AuditId::new(uuid::Uuid::max());
    let (at, id, rest) = match part {
        Part::Newest => (
            Timestamp::from_microseconds(i64::MAX),
            newest,
            "and (a.at, a.id) < ($2, $3) order by a.at desc, a.id desc",
        ),
        Part::Before(at, id) => (at, id, "and (a.at, a.id) < ($2, $3) order by a.at desc, a.id desc"),
        Part::After(at, id) => (at, id, "and (a.at, a.id) > ($2, $3) order by a.at, a.id"),
    };
    let sql = format!("{COLUMNS} {rest} limit $4");
    let entries = fetch_all!(db, Entry, sqlx::AssertSqlSafe(sql), person, at, id, limit)?;
    name_roles(db, entries).await
}
