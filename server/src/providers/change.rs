//! What happens between accounts and providers, as the audit trail tells it and as the owner of the account is told.

use crate::{Origin, events::Owner, mail::Letter, outbox::Job};
use domain::{PersonId, Timestamp};
use serde_json::{Value, json};

/// An account was connected to a provider, or parted from it.
#[derive(Debug, Clone)]
pub struct Change {
    pub person: PersonId,
    pub kind: ChangeKind,
    /// What the provider is called.
    pub provider: String,
    pub owner: Owner,
    /// Whether its owner gets a letter of it: not with an account that was just made.
    pub is_told: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    Connected,
    Parted,
    /// The password was dropped of an account whose address the provider has verified before anybody else did: whoever had
    /// registered it need not be who the address belongs to.
    PasswordDropped,
}

impl Change {
    pub const fn action(&self) -> &'static str {
        match self.kind {
            ChangeKind::Connected => "provider.connected",
            ChangeKind::Parted => "provider.parted",
            ChangeKind::PasswordDropped => "provider.password_dropped",
        }
    }

    pub fn details(&self) -> Value {
        let side = match self.kind {
            ChangeKind::Connected => "after",
            ChangeKind::Parted => "before",
            ChangeKind::PasswordDropped => return json!({ "provider": self.provider }),
        };
        json!({ "changes": { "provider": { side: self.provider } } })
    }

    pub fn jobs(&self, origin: &Origin, at: Timestamp) -> Vec<Job> {
        if !self.is_told {
            return Vec::new();
        }
        let (to, full_name) = (self.owner.email.to_string(), self.owner.full_name.to_string());
        let (provider, ip) = (self.provider.clone(), origin.ip.clone());
        let letter = match self.kind {
            ChangeKind::Connected => Letter::ProviderConnected { to, full_name, provider, at, ip },
            ChangeKind::Parted => Letter::ProviderParted { to, full_name, provider, at, ip },
            // They are about to get the letter that asks them to verify the address.
            ChangeKind::PasswordDropped => return Vec::new(),
        };
        vec![Job::Mail(letter)]
    }
}
