//! What happens to the trail itself, as the trail tells it.

use super::Report;
use crate::events::Subject;
use domain::Timestamp;
use serde_json::{Value, json};

/// Something that happened to the trail.
#[derive(Debug, Clone)]
pub enum Happening {
    /// Entries were removed because their time was over.
    Trimmed { entries: u64, up_to: i64, before: Timestamp },
    /// Somebody had the chain proven.
    Verified { entries: u64, head: i64, found: Option<String> },
    /// Sign-ins that never were, to measure the trail with.
    Invented { entries: u64 },
    /// Somebody took entries with them.
    Exported { format: &'static str, filter: String },
}

impl Happening {
    pub fn of_proof(report: &Report) -> Self {
        Self::Verified {
            entries: report.entries,
            head: report.head.map_or(0, |head| head.place),
            found: (!report.is_whole()).then(|| report.words()),
        }
    }

    pub const fn action(&self) -> &'static str {
        match self {
            Self::Trimmed { .. } => "audit.trimmed",
            Self::Verified { .. } => "audit.verified",
            Self::Invented { .. } => "audit.invented",
            Self::Exported { .. } => "audit.exported",
        }
    }

    pub const fn outcome(&self) -> &'static str {
        match self {
            Self::Verified { found: Some(_), .. } => "refused",
            _ => "done",
        }
    }

    pub fn subject(&self) -> Subject {
        Subject { kind: "audit trail", id: None, person: None }
    }

    pub fn details(&self) -> Value {
        match self {
            Self::Trimmed { entries, up_to, before } => {
                json!({ "entries": entries, "up_to": up_to, "before": before.microseconds() })
            }
            Self::Verified { entries, head, found: None } => json!({ "entries": entries, "head": head }),
            Self::Verified { entries, head, found: Some(found) } => {
                json!({ "entries": entries, "head": head, "found": found })
            }
            Self::Invented { entries } => json!({ "entries": entries }),
            Self::Exported { format, filter } => json!({ "format": format, "filter": filter }),
        }
    }
}
