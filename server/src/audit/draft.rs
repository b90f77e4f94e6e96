//! An entry that is about to be written, with what proves it until it has its place in the chain. The bytes that are proven
//! are the same that `store/proven.rs` reads back.

use super::notary::{Notary, Seal, personal};
use crate::chance::Chance;
use domain::Timestamp;
use std::fmt::Write;
use uuid::Uuid;

/// Between two fields: a character that no field holds but a last one.
pub(super) const BETWEEN: char = '\u{1f}';
/// A text that is not there at all; an empty one is another thing.
pub(super) const NOTHING: &str = "\u{1e}";

/// What an entry says.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub id: Uuid,
    pub at: Timestamp,
    pub action: &'a str,
    pub outcome: &'a str,
    pub actor_kind: &'a str,
    pub actor_id: Option<Uuid>,
    pub role_code: Option<&'a str>,
    pub session_id: Option<Uuid>,
    pub subject_kind: &'a str,
    pub subject_id: Option<&'a str>,
    pub person_id: Option<Uuid>,
    pub api_key_id: Option<Uuid>,
    pub request_id: Option<&'a str>,
    pub details: &'a str,
    pub ip: Option<&'a str>,
    pub user_agent: Option<&'a str>,
}

/// What stands beside an entry to prove it.
#[derive(Debug)]
pub(crate) struct Stamped {
    pub salt: [u8; 16],
    pub seal: Seal,
}

impl Draft<'_> {
    pub(crate) fn stamp(&self, notary: &Notary, chance: &Chance) -> Stamped {
        let salt = chance.bytes();
        Stamped {
            seal: notary.stamp(self.fixed().as_bytes(), &personal(&salt, self.told().as_bytes())),
            salt,
        }
    }

    /// What stays for ever.
    fn fixed(&self) -> String {
        let mut text = String::with_capacity(320);
        let ids = [Some(self.id), self.actor_id, self.session_id, self.person_id, self.api_key_id];
        for (number, id) in ids.into_iter().enumerate() {
            if number > 0 {
                text.push('-');
            }
            if let Some(id) = id {
                // Writing into a text does not fail.
                let _ = write!(text, "{:X}", id.simple());
            }
        }
        let _ = write!(text, "{BETWEEN}{}", self.at.microseconds());
        let fields = [
            self.action,
            self.outcome,
            self.actor_kind,
            self.role_code.unwrap_or(NOTHING),
            self.subject_kind,
            self.subject_id.unwrap_or(NOTHING),
            self.request_id.unwrap_or(NOTHING),
        ];
        for field in fields {
            text.push(BETWEEN);
            text.push_str(field);
        }
        text
    }

    /// What is told of a person, and may have to be erased.
    fn told(&self) -> String {
        [self.details, self.ip.unwrap_or(NOTHING), self.user_agent.unwrap_or(NOTHING)]
            .join(BETWEEN.encode_utf8(&mut [0; 4]))
    }
}
