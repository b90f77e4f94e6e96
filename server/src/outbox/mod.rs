//! The outbox: work that follows from a write, stored with it, done afterwards by a worker. A failed try waits longer
//! each time; after the last one, or at once where no try can help, the job is a dead letter that stays visible. Too many
//! letters of one kind to one address are held back.

pub(crate) mod store;
mod worker;

pub(crate) use store::count;
pub use worker::Worker;

use crate::mail::Letter;
use serde::{Deserialize, Serialize};

/// A piece of work. Doing it twice must do no harm beyond a second letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    Mail(Letter),
}

impl Job {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Mail(_) => "mail",
        }
    }

    /// To whom it goes.
    pub fn recipient(&self) -> &str {
        match self {
            Self::Mail(letter) => letter.to(),
        }
    }

    /// What is kept of the job when it is over.
    #[must_use]
    pub fn without_secrets(self) -> Self {
        match self {
            Self::Mail(letter) => Self::Mail(letter.without_secrets()),
        }
    }
}
