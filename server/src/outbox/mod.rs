//! The outbox: work that follows from a write, stored with it, done afterwards by a worker. A failed try waits longer
//! each time; after the last one, or at once where no try can help, the job is a dead letter that stays visible. Too many
//! letters of one kind to one address are held back.

pub(crate) mod spool;
pub(crate) mod store;
mod worker;

pub(crate) use store::{count, mask};
pub use worker::Worker;

use crate::{alerts::Alert, links::Errand, mail::Letter, second_factor::CodeMessage};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A piece of work. Doing it twice must do no harm beyond a second letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    Mail(Letter),
    /// A code for signing in, by e-mail or text message.
    Code(CodeMessage),
    /// Finding out who is to get a link, and writing to them.
    Errand(Errand),
    /// An alert for the webhook.
    Alert {
        alert: Alert,
    },
}

/// Why a job could not be done, as far as the worker should know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsent {
    /// It never can: another try would end the same way.
    #[error("{0}")]
    Refused(String),
    /// It may at another time.
    #[error("{0}")]
    NotNow(String),
    /// It may after a time that the other side has named.
    #[error("{why}")]
    NotBefore { wait: Duration, why: String },
}

impl From<anyhow::Error> for Unsent {
    fn from(cause: anyhow::Error) -> Self {
        Self::NotNow(format!("{cause:#}"))
    }
}

impl Job {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Mail(_) => "mail",
            Self::Code(_) => "code",
            Self::Errand(_) => "errand",
            Self::Alert { .. } => "alert",
        }
    }

    /// The letter that it sends, if it sends one.
    pub const fn letter(&self) -> Option<&Letter> {
        match self {
            Self::Mail(letter) => Some(letter),
            Self::Code(_) | Self::Alert { .. } | Self::Errand(_) => None,
        }
    }

    /// To whom it goes, where that can be told without opening it.
    pub fn recipient(&self) -> Option<&str> {
        self.letter().map(Letter::to)
    }

    /// What is kept of the job when it is over.
    #[must_use]
    pub fn without_secrets(self) -> Self {
        match self {
            Self::Mail(letter) => Self::Mail(letter.without_secrets()),
            // A code is sealed as it is, and an alert has no secrets.
            Self::Code(_) | Self::Alert { .. } => self,
            Self::Errand(errand) => Self::Errand(errand.without_address()),
        }
    }
}
