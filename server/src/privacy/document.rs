//! Everything that is kept about somebody as one document, written out while it is read: what may be long, letters and entries of
//! the trail, comes a page at a time.

use super::{
    Change, ChangeKind, ExportData, Privacy,
    store::document::{self as store, At, EntryTold},
};
use crate::{
    Actor, Error, Origin, Result, events::Event, ground::Ground, http::moments::iso, people::powers,
    permit::Permit,
};
use axum::body::Bytes;
use domain::{PersonId, Timestamp, person::EmailAddress};
use futures::{Stream, stream};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

const PAGE: i64 = 500;
/// What the document is; another number, should it change so that a reader of this one could not read it.
const FORMAT: &str = "countersign.person/1";

/// Where the next page begins.
type Edge = (At, Uuid);

const BEGINNING: Edge = (At(Timestamp::from_microseconds(i64::MIN)), Uuid::nil());

/// What is to be written next.
enum Next {
    Head(String),
    Letters(Edge),
    Entries(Edge),
}

/// A document on its way.
struct Run {
    ground: Ground,
    person: PersonId,
    email: EmailAddress,
    next: Option<Next>,
}

impl Privacy {
    /// What is kept about the actor. It is worth more than any one page of theirs, so they show first that it is them.
    pub async fn own_data(
        &self,
        actor: &Actor,
        origin: &Origin,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        actor.standing().check()?;
        self.write(actor.id(), &actor.at(origin)).await
    }

    /// What is kept about somebody, for whoever looks after accounts.
    pub async fn data_of(
        &self,
        permit: &Permit<ExportData>,
        origin: &Origin,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        let person = *permit.resource();
        powers::check_taking_along(&self.ground.db, permit.holds(), person).await?;
        self.write(person, origin).await
    }

    /// Recorded before the first word leaves.
    async fn write(
        &self,
        person: PersonId,
        origin: &Origin,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        let (ground, db) = (self.ground.clone(), &self.ground.db);
        let account = store::account(db, person).await?.ok_or(Error::NotFound("User not found"))?;
        let phone = self.second_factors.phone_number_of(person).await?;
        let sections = store::sections(db, person, phone).await?;
        let tx = ground.begin(origin).await?;
        let change = Change { person, kind: ChangeKind::Exported };
        tx.record(Event::Privacy(change)).await?.commit().await?;
        let mut head = format!(
            "{{\n\"format\": {},\n\"made_at\": {},\n\"account\": {}",
            json!(FORMAT),
            json!(iso(ground.clock.now())),
            text(&account)?
        );
        for (name, rows) in sections {
            head.push_str(&format!(",\n{}: {rows}", json!(name)));
        }
        head.push_str(",\n\"letters\": [");
        let run = Run { ground, person, email: account.email, next: Some(Next::Head(head)) };
        Ok(stream::try_unfold(run, Run::step))
    }
}

impl Run {
    async fn step(mut self) -> Result<Option<(Bytes, Self)>> {
        let piece = match self.next.take() {
            None => return Ok(None),
            Some(Next::Head(head)) => {
                self.next = Some(Next::Letters(BEGINNING));
                head
            }
            Some(Next::Letters(after)) => {
                let page =
                    store::letters(&self.ground.db, self.person, self.email.as_str(), after, PAGE).await?;
                let edge = page.last().filter(|_| is_full(page.len())).map(|last| (last.written_at, last.id));
                let rows = page.iter().map(text).collect::<Result<Vec<_>>>()?;
                self.next = Some(edge.map_or(Next::Entries(BEGINNING), Next::Letters));
                let end = if edge.is_none() { "],\n\"events\": [" } else { "" };
                lines(after, &rows) + end
            }
            Some(Next::Entries(after)) => {
                let page = store::entries(&self.ground.db, self.person, after, PAGE).await?;
                let edge = page.last().filter(|_| is_full(page.len())).map(|last| (last.at, last.id));
                let rows =
                    page.iter().map(|entry| text(&tell(entry, self.person))).collect::<Result<Vec<_>>>()?;
                self.next = edge.map(Next::Entries);
                let end = if edge.is_none() { "]\n}\n" } else { "" };
                lines(after, &rows) + end
            }
        };
        Ok(Some((piece.into(), self)))
    }
}

fn is_full(rows: usize) -> bool {
    i64::try_from(rows) == Ok(PAGE)
}

/// Rows, one to a line; those that are not the first go on after a comma.
fn lines(after: Edge, rows: &[String]) -> String {
    let joined = rows.join(",\n");
    let begins = if after == BEGINNING { "\n" } else { ",\n" };
    if rows.is_empty() { String::new() } else { format!("{begins}{joined}") }
}

fn text(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(value).map_err(anyhow::Error::from)?)
}

/// The entry as its person may read it. What somebody else did is told without who they are and from where they came; what the
/// person did to somebody else without what it says of them.
fn tell(entry: &EntryTold, person: PersonId) -> Value {
    let by_oneself = entry.actor_id == Some(person);
    let about_oneself = entry.person_id == Some(person);
    let by_nobody_else = by_oneself || (entry.actor_id.is_none() && entry.actor_kind == "anonymous");
    let by = if by_oneself { "you" } else { entry.actor_kind.as_str() };
    let details: Value = serde_json::from_str(&entry.details.0).unwrap_or_default();
    let tells = about_oneself || entry.person_id.is_none();
    json!({
        "at": entry.at,
        "action": entry.action,
        "outcome": entry.outcome,
        "by": by,
        "about": if about_oneself { "you".into() } else { json!({ "kind": entry.subject_kind, "id": entry.subject_id }) },
        "ip": entry.ip.as_ref().filter(|_| by_nobody_else),
        "user_agent": entry.user_agent.as_ref().filter(|_| by_nobody_else),
        "details": if tells { details } else { Value::Null },
    })
}
