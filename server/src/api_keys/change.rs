//! What happens to API keys, as the audit trail tells it and as their owner is told. The key itself is never in it.

use crate::{Origin, events::Owner, mail::Letter, outbox::Job};
use domain::{ApiKeyId, Permission, Permissions, PersonId, RoleCode, Timestamp, api_key::KeyName};
use serde_json::{Value, json};

/// Something that happened to a key.
#[derive(Debug, Clone)]
pub struct Change {
    pub person: PersonId,
    pub key: ApiKeyId,
    pub kind: ChangeKind,
}

#[derive(Debug, Clone)]
pub enum ChangeKind {
    Made {
        name: KeyName,
        role: RoleCode,
        scopes: Permissions,
        expires_at: Option<Timestamp>,
        owner: Owner,
        at: Timestamp,
    },
    Revoked {
        name: KeyName,
    },
    /// Its owner is told that it expires soon.
    Reminded {
        name: KeyName,
        expires_at: Timestamp,
        owner: Owner,
    },
}

impl Change {
    pub const fn action(&self) -> &'static str {
        match self.kind {
            ChangeKind::Made { .. } => "api_key.made",
            ChangeKind::Revoked { .. } => "api_key.revoked",
            ChangeKind::Reminded { .. } => "api_key.reminded",
        }
    }

    pub fn details(&self) -> Value {
        match &self.kind {
            ChangeKind::Made { name, role, scopes, expires_at, .. } => json!({
                "name": name,
                "role": role,
                "scopes": scopes.iter().map(Permission::code).collect::<Vec<_>>(),
                "expires_at": expires_at,
            }),
            ChangeKind::Revoked { name } => json!({ "name": name }),
            ChangeKind::Reminded { name, expires_at, .. } => {
                json!({ "name": name, "expires_at": expires_at })
            }
        }
    }

    pub fn jobs(&self, origin: &Origin) -> Vec<Job> {
        match &self.kind {
            ChangeKind::Made { name, owner, at, .. } => vec![Job::Mail(Letter::ApiKeyMade {
                to: owner.email.to_string(),
                full_name: owner.full_name.to_string(),
                name: name.to_string(),
                at: *at,
                ip: origin.ip.clone(),
            })],
            ChangeKind::Reminded { name, expires_at, owner } => vec![Job::Mail(Letter::ApiKeyExpires {
                to: owner.email.to_string(),
                full_name: owner.full_name.to_string(),
                name: name.to_string(),
                at: *expires_at,
            })],
            ChangeKind::Revoked { .. } => Vec::new(),
        }
    }
}
