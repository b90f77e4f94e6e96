//! Identifiers: one type for each thing, so that a person's id cannot be passed where a session's is meant.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedId;

macro_rules! identifier {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = MalformedId;

            fn from_str(text: &str) -> Result<Self, MalformedId> {
                Uuid::from_str(text).map(Self).map_err(|_| MalformedId)
            }
        }
    };
}

identifier!(
    /// A person: someone with an account. Version 7, so ids sort by the time of creation.
    PersonId
);
identifier!(
    /// A signed-in visit, from sign-in to sign-out.
    SessionId
);
identifier!(
    /// One change for many people.
    BulkChangeId
);
identifier!(
    /// An entry of the audit trail.
    AuditId
);
identifier!(
    /// A key that a program signs its requests with.
    ApiKeyId
);
identifier!(
    /// A piece of work that waits in the outbox.
    JobId
);
identifier!(
    /// A passkey of somebody.
    PasskeyId
);
identifier!(
    /// A file of people that is brought in.
    ImportId
);
identifier!(
    /// A note about somebody.
    NoteId
);
