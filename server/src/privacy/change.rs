//! What happens to what is kept about people, as the audit trail tells it. Whoever is erased is told of by the id alone.

use crate::{events::Owner, mail::Letter, outbox::Job};
use domain::{PersonId, Timestamp, person::Username};
use serde_json::{Value, json};

/// Something that happened to what is kept about somebody.
#[derive(Debug, Clone)]
pub struct Change {
    pub person: PersonId,
    pub kind: ChangeKind,
}

#[derive(Debug, Clone)]
pub enum ChangeKind {
    /// Somebody took it along: they themselves, or somebody who looks after accounts.
    Exported,
    /// They are told that they will be erased, at the earliest then.
    Announced { username: Username, owner: Owner, at: Timestamp },
    /// So many entries of the trail tell nothing of them any more. Nobody asked for it where it is by retention.
    Erased { entries: u64, by_retention: bool },
}

impl Change {
    pub const fn action(&self) -> &'static str {
        match self.kind {
            ChangeKind::Exported => "person.data_exported",
            ChangeKind::Announced { .. } => "person.erasure_announced",
            ChangeKind::Erased { .. } => "person.erased",
        }
    }

    pub fn details(&self) -> Value {
        match &self.kind {
            ChangeKind::Exported => json!({}),
            ChangeKind::Announced { at, .. } => json!({ "not_before": at.microseconds() }),
            ChangeKind::Erased { entries, by_retention } => {
                json!({ "entries": entries, "why": if *by_retention { "not used for long" } else { "asked for" } })
            }
        }
    }

    /// A letter to somebody who is erased would keep the address.
    pub fn jobs(&self) -> Vec<Job> {
        match &self.kind {
            ChangeKind::Announced { username, owner, at } => vec![Job::Mail(Letter::ErasureAhead {
                to: owner.email.to_string(),
                full_name: owner.full_name.to_string(),
                username: username.to_string(),
                at: *at,
            })],
            ChangeKind::Exported | ChangeKind::Erased { .. } => Vec::new(),
        }
    }
}
