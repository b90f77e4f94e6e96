//! Audit entries in the store: adding them and reading them. `chain` and `proven` are about the seals.

pub(super) mod chain;
pub(super) mod proven;
pub(super) mod search;

use super::draft::Draft;
use crate::{
    Origin, Result,
    db::{Db, Lane, Tx},
    events::{Event, Subject},
    origin::Doer,
};
use data_encoding::HEXLOWER;
use domain::{
    ApiKeyId, AuditId, PersonId, RoleCode, SessionId, Timestamp, at_rest::Private, person::FullName,
};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The one action whose sentence tells the names of roles.
const ROLE_SWITCHED: &str = "session.role_switched";

/// The columns of an entry, and where they come from.
pub(super) const ENTRY: &str =
    "select a.id, a.at, a.action, a.outcome, a.actor_kind, a.role_code, actor.full_name as actor_name,
            actor.username as actor_username, a.subject_kind, a.subject_id, subject.full_name as subject_name,
            subject.username as subject_username, a.ip, a.user_agent, a.request_id, a.actor_id, a.person_id, a.details,
            a.place, a.erased is not null as is_erased
     from audit a
     left join people actor on actor.id = a.actor_id
     left join people subject on subject.id = a.person_id";

/// An entry as it is shown.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Entry {
    pub id: AuditId,
    pub at: Timestamp,
    pub action: String,
    pub outcome: String,
    pub actor_kind: String,
    pub role_code: Option<String>,
    pub actor_name: Option<FullName>,
    pub actor_username: Option<String>,
    pub subject_kind: String,
    pub subject_id: Option<String>,
    pub subject_name: Option<FullName>,
    pub subject_username: Option<String>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
    pub actor_id: Option<PersonId>,
    pub person_id: Option<PersonId>,
    details: Private,
    /// Its place in the chain, as soon as it has one.
    pub place: Option<i64>,
    /// What it told of a person was erased.
    pub is_erased: bool,
    /// The names of the roles, where someone went on in another one.
    #[sqlx(skip)]
    pub role_change: Option<RoleChange>,
    /// What the roles are called that were given or taken, by their codes.
    #[sqlx(skip)]
    pub role_names: BTreeMap<String, String>,
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
        self.details().get(name)?.as_str().map(str::to_owned)
    }

    /// The fields of the event: before and after where something changed.
    pub fn details(&self) -> serde_json::Value {
        serde_json::from_str(&self.details.0).unwrap_or_default()
    }

    /// The fields that were changed, as they were and as they are.
    pub fn changes(&self) -> Vec<FieldChange> {
        let details = self.details();
        let changes = details["changes"].as_object().into_iter().flatten();
        changes
            .map(|(field, change)| FieldChange {
                field: field.clone(),
                before: in_words(&change["before"]),
                after: in_words(&change["after"]),
            })
            .collect()
    }

    /// The codes of roles among the changes: of one that somebody goes on in, or of all that somebody had and has.
    fn roles_told(&self) -> Vec<String> {
        let details = self.details();
        let field = if self.action == ROLE_SWITCHED { "role" } else { "roles" };
        let change = &details["changes"][field];
        let codes = [&change["before"], &change["after"]].map(|side| match side {
            Value::String(code) => vec![code.clone()],
            Value::Array(codes) => codes.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        });
        codes.concat()
    }

    /// Whether it was done by the person it is about, or by somebody who had not signed in: then from where is theirs to know.
    pub fn is_of_oneself(&self) -> bool {
        match self.actor_id {
            Some(actor) => self.person_id == Some(actor),
            None => self.actor_kind == "anonymous",
        }
    }
}

/// A field before and after a change; nothing where it was or is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

fn in_words(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Array(items) => {
            Some(items.iter().filter_map(in_words).collect::<Vec<_>>().join(", "))
        }
        other => Some(other.to_string()),
    }
}

/// Which part of a trail is asked for: what is older than an entry, or newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Newest,
    Before(Timestamp, AuditId),
    After(Timestamp, AuditId),
}

/// Who acts: the person, their role, their session, and the key in their place.
const fn actor_of(
    origin: &Origin,
) -> (Option<PersonId>, Option<&RoleCode>, Option<SessionId>, Option<ApiKeyId>) {
    match &origin.doer {
        Doer::Person { id, role, session } => (Some(*id), Some(role), Some(*session), None),
        Doer::Key { id, role, key } => (Some(*id), Some(role), None, Some(*key)),
        Doer::Anonymous | Doer::Operator | Doer::Program => (None, None, None, None),
    }
}

/// The entry of an event, as it is proven.
fn draft<'a>(
    (id, at): (Uuid, Timestamp),
    event: &Event,
    subject: &'a Subject,
    details: &'a str,
    origin: &'a Origin,
) -> Draft<'a> {
    let (actor_id, role, session, key) = actor_of(origin);
    Draft {
        id,
        at,
        action: event.action(),
        outcome: event.outcome(),
        actor_kind: origin.doer.kind(),
        actor_id: actor_id.map(PersonId::uuid),
        role_code: role.map(RoleCode::as_str),
        session_id: session.map(SessionId::uuid),
        subject_kind: subject.kind,
        subject_id: subject.id.as_deref(),
        person_id: subject.person.map(PersonId::uuid),
        api_key_id: key.map(ApiKeyId::uuid),
        request_id: origin.request_id.as_deref(),
        details,
        ip: origin.ip.as_deref(),
        user_agent: origin.user_agent.as_deref(),
    }
}

/// Adds the entry of an event. Only `Tx::record` calls it.
pub(crate) async fn append<S>(tx: &mut Tx<S>, event: &Event) -> Result<()> {
    let subject = event.subject();
    let origin = tx.origin().clone();
    let (actor_id, role, session, key) = actor_of(&origin);
    let (id, at, details) = (AuditId::new(tx.new_id()), tx.at(), event.details().to_string());
    // As it is kept, so that the chain is proven without any key.
    let details = tx.at_rest().keep(&details);
    let draft = draft((id.uuid(), at), event, &subject, &details, &origin);
    let stamped = draft.stamp(tx.notary(), tx.chance());
    execute!(
        tx,
        "insert into audit (id, at, action, outcome, actor_kind, actor_id, role_code, session_id, subject_kind, subject_id,
                            person_id, ip, user_agent, request_id, details, api_key_id, salt, seal)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        id,
        at,
        event.action(),
        event.outcome(),
        origin.doer.kind(),
        actor_id,
        role.cloned(),
        session,
        subject.kind,
        subject.id.clone(),
        subject.person,
        origin.ip.clone(),
        origin.user_agent.clone(),
        origin.request_id.clone(),
        details.clone(),
        key,
        stamped.salt.to_vec(),
        stamped.seal.to_vec(),
    )?;
    Ok(())
}

/// Adds the entries of many events in one statement. Only `Tx::record_also` calls it.
pub(crate) async fn append_all<S>(tx: &mut Tx<S>, events: &[Event]) -> Result<()> {
    const COLUMNS: &str =
        "id, at, action, outcome, actor_kind, actor_id, role_code, session_id, subject_kind, subject_id, person_id,
         ip, user_agent, request_id, details, salt, seal, api_key_id";
    let origin = tx.origin().clone();
    let (actor_id, role, session, key) = actor_of(&origin);
    let at = tx.at();
    let rows = events.iter().map(|event| {
        let (subject, details, id) = (event.subject(), event.details().to_string(), tx.new_id());
        let details = tx.at_rest().keep(&details);
        let stamped = draft((id, at), event, &subject, &details, &origin).stamp(tx.notary(), tx.chance());
        let person = subject.person.map(|person| person.uuid().simple().to_string());
        json!([
            id.simple().to_string(),
            event.action(),
            event.outcome(),
            subject.kind,
            subject.id,
            person,
            details,
            HEXLOWER.encode(&stamped.salt),
            HEXLOWER.encode(&stamped.seal),
        ])
    });
    let rows = Value::Array(rows.collect()).to_string();
    let sql = match tx.lane() {
        Lane::Sqlite(_) => format!(
            "insert into audit ({COLUMNS})
             select unhex(value ->> 0), $2, value ->> 1, value ->> 2, $3, $4, $5, $6, value ->> 3, value ->> 4, unhex(value ->> 5),
                    $7, $8, $9, value ->> 6, unhex(value ->> 7), unhex(value ->> 8), $10
             from json_each($1)"
        ),
        Lane::Postgres(_) => format!(
            "insert into audit ({COLUMNS})
             select (value ->> 0)::uuid, $2, value ->> 1, value ->> 2, $3, $4, $5, $6, value ->> 3, value ->> 4, (value ->> 5)::uuid,
                    $7, $8, $9, value ->> 6, decode(value ->> 7, 'hex'), decode(value ->> 8, 'hex'), $10
             from jsonb_array_elements($1::jsonb)"
        ),
    };
    execute!(
        tx,
        AssertSqlSafe(sql),
        rows,
        at,
        origin.doer.kind(),
        actor_id,
        role.cloned(),
        session,
        origin.ip.clone(),
        origin.user_agent.clone(),
        origin.request_id.clone(),
        key,
    )?;
    Ok(())
}

/// The newest entries about one person.
pub(crate) async fn about(db: &Db, person: PersonId, limit: i64) -> Result<Vec<Entry>> {
    let sql = format!("{ENTRY} where a.person_id = $1 order by a.at desc, a.id desc limit $2");
    name_roles(db, fetch_all!(db, Entry, AssertSqlSafe(sql), person, limit)?).await
}

/// The newest entries of all.
pub(crate) async fn newest(db: &Db, limit: i64) -> Result<Vec<Entry>> {
    let sql = format!("{ENTRY} order by a.at desc, a.id desc limit $1");
    name_roles(db, fetch_all!(db, Entry, AssertSqlSafe(sql), limit)?).await
}

/// Puts the names of roles beside their codes. A role that is gone keeps its name as long as its row is there, else its code.
pub(super) async fn name_roles(db: &Db, mut entries: Vec<Entry>) -> Result<Vec<Entry>> {
    let codes: Vec<Vec<String>> = entries.iter().map(Entry::roles_told).collect();
    if codes.iter().all(Vec::is_empty) {
        return Ok(entries);
    }
    let names: Vec<(String, String)> = fetch_all!(db, (String, String), "select code, name from roles")?;
    let names: BTreeMap<String, String> = names.into_iter().collect();
    for (entry, codes) in entries.iter_mut().zip(codes) {
        if entry.action == ROLE_SWITCHED {
            let name = |code: &String| names.get(code).unwrap_or(code).clone();
            entry.role_change = match codes.as_slice() {
                [from, to] => Some(RoleChange { from: name(from), to: name(to) }),
                _ => None,
            };
        } else {
            let known = codes.into_iter().filter_map(|code| names.get_key_value(&code));
            entry.role_names = known.map(|(code, name)| (code.clone(), name.clone())).collect();
        }
    }
    Ok(entries)
}

/// Entries about one person that they may want to know of: not that a token was renewed once more. In the order in which they
/// happened when what is newer is asked for, else the newest first.
pub(crate) async fn of_oneself(db: &Db, person: PersonId, part: Part, limit: i64) -> Result<Vec<Entry>> {
    let (at, id, rest) = part.bounds();
    let sql = format!(
        "{ENTRY} where a.person_id = $1 and a.action not in ('session.refreshed', 'second_factor.accepted') and {} limit $4",
        rest.replace("{at}", "$2").replace("{id}", "$3")
    );
    let entries = fetch_all!(db, Entry, AssertSqlSafe(sql), person, at, id, limit)?;
    name_roles(db, entries).await
}

/// The newest sign-ins of one person, and those that were refused.
pub(crate) async fn sign_ins_of(db: &Db, person: PersonId, limit: i64) -> Result<Vec<Entry>> {
    let sql = format!(
        "{ENTRY} where a.person_id = $1 and a.action in ('session.signed_in', 'session.sign_in_failed')
         order by a.at desc, a.id desc limit $2"
    );
    fetch_all!(db, Entry, AssertSqlSafe(sql), person, limit)
}

impl Part {
    /// The edge of this part, and the condition and order that go with it.
    pub(super) fn bounds(self) -> (Timestamp, AuditId, &'static str) {
        let older = "(a.at, a.id) < ({at}, {id}) order by a.at desc, a.id desc";
        match self {
            Self::Newest => (Timestamp::from_microseconds(i64::MAX), AuditId::new(uuid::Uuid::max()), older),
            Self::Before(at, id) => (at, id, older),
            Self::After(at, id) => (at, id, "(a.at, a.id) > ({at}, {id}) order by a.at, a.id"),
        }
    }
}
