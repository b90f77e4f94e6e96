//! What happens with an import, as the audit trail tells it: an entry for the import, and one for each person.

use super::{choices::BadRows, store::Counts};
use domain::{
    ImportId, PersonId, RoleCode,
    person::{EmailAddress, FullName, PersonStatus, Username},
};
use serde_json::{Value, json};

/// Something that happened with an import.
#[derive(Debug, Clone)]
pub struct Change {
    pub import: ImportId,
    pub kind: ChangeKind,
}

#[derive(Debug, Clone)]
pub enum ChangeKind {
    /// A file was read and looked at; nothing is written yet.
    Checked {
        file_name: String,
        counts: Counts,
    },
    Started {
        bad_rows: BadRows,
    },
    /// Nobody gets a letter of it: whoever moves a whole company tells them in their own words.
    Made(Box<Made>),
    Finished {
        made: i64,
        updated: i64,
        same: i64,
        skipped: i64,
    },
    Cancelled {
        made: i64,
        updated: i64,
    },
    Failed {
        why: String,
    },
}

/// Somebody who was made.
#[derive(Debug, Clone)]
pub struct Made {
    pub person: PersonId,
    pub username: Username,
    pub full_name: FullName,
    pub email: EmailAddress,
    pub roles: Vec<RoleCode>,
    pub status: PersonStatus,
}

impl Change {
    pub const fn action(&self) -> &'static str {
        match self.kind {
            ChangeKind::Checked { .. } => "people.import_checked",
            ChangeKind::Started { .. } => "people.import_started",
            ChangeKind::Made(_) => "person.created",
            ChangeKind::Finished { .. } => "people.imported",
            ChangeKind::Cancelled { .. } => "people.import_cancelled",
            ChangeKind::Failed { .. } => "people.import_failed",
        }
    }

    pub fn person(&self) -> Option<PersonId> {
        match &self.kind {
            ChangeKind::Made(made) => Some(made.person),
            _ => None,
        }
    }

    pub fn details(&self) -> Value {
        match &self.kind {
            ChangeKind::Checked { file_name, counts } => json!({
                "file": file_name, "people": counts.people, "new": counts.fresh, "changed": counts.changed,
                "unchanged": counts.same, "wrong": counts.wrong,
            }),
            ChangeKind::Started { bad_rows } => json!({ "bad_rows": bad_rows.code() }),
            ChangeKind::Made(made) => json!({ "import": self.import, "changes": {
                "username": { "after": made.username },
                "full_name": { "after": made.full_name },
                "email": { "after": made.email },
                "roles": { "after": made.roles },
                "status": { "after": made.status },
            }}),
            ChangeKind::Finished { made, updated, same, skipped } => {
                json!({ "new": made, "changed": updated, "unchanged": same, "skipped": skipped })
            }
            ChangeKind::Cancelled { made, updated } => json!({ "new": made, "changed": updated }),
            ChangeKind::Failed { why } => json!({ "why": why }),
        }
    }
}
