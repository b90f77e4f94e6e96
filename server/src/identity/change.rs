//! What happens to the way into an account, as the audit trail tells it and as its owner is told.

use crate::{Origin, events::Owner, mail::Letter, outbox::Job};
use domain::{PersonId, SessionId, Timestamp};
use serde_json::{Value, json};

/// Something that happened to how somebody gets in.
#[derive(Debug, Clone)]
pub struct Change {
    pub person: PersonId,
    pub kind: ChangeKind,
}

#[derive(Debug, Clone)]
pub enum ChangeKind {
    /// They chose a new password, knowing the old one. So many API keys go on working.
    PasswordChanged { owner: Owner, working_keys: usize, at: Timestamp },
    /// The old password was wrong.
    PasswordChangeRefused { why: &'static str },
    /// Somebody who looks after accounts gave them a new one.
    PasswordGiven { owner: Owner, at: Timestamp },
    /// A device or place that was not seen before. `device` is in words.
    NewDevice { device: String, owner: Owner, at: Timestamp },
    /// One of their other sessions was ended.
    SessionEnded { session: SessionId, device: String },
    /// Somebody, they themselves or another, signed in in the browser of this session.
    SessionReplaced { session: SessionId },
    /// All of their other sessions were ended.
    OthersEnded { number: u64 },
    /// All of their sessions were ended, also the one in which they asked for it.
    AllEnded { number: u64 },
}

impl Change {
    pub const fn action(&self) -> &'static str {
        match self.kind {
            ChangeKind::PasswordChanged { .. } => "person.password_changed",
            ChangeKind::PasswordChangeRefused { .. } => "person.password_change_refused",
            ChangeKind::PasswordGiven { .. } => "person.password_reset",
            ChangeKind::NewDevice { .. } => "session.new_device",
            ChangeKind::SessionEnded { .. } => "session.ended",
            ChangeKind::SessionReplaced { .. } => "session.replaced",
            ChangeKind::OthersEnded { .. } => "session.others_ended",
            ChangeKind::AllEnded { .. } => "session.all_ended",
        }
    }

    pub const fn outcome(&self) -> &'static str {
        match self.kind {
            ChangeKind::PasswordChangeRefused { .. } => "refused",
            _ => "done",
        }
    }

    pub fn details(&self) -> Value {
        match &self.kind {
            ChangeKind::PasswordChanged { .. } | ChangeKind::PasswordGiven { .. } => json!({}),
            ChangeKind::PasswordChangeRefused { why } => json!({ "why": why }),
            ChangeKind::NewDevice { device, .. } => json!({ "device": device }),
            ChangeKind::SessionEnded { session, device } => json!({ "session": session, "device": device }),
            ChangeKind::SessionReplaced { session } => json!({ "session": session }),
            ChangeKind::OthersEnded { number } | ChangeKind::AllEnded { number } => {
                json!({ "number": number })
            }
        }
    }

    pub fn jobs(&self, origin: &Origin) -> Vec<Job> {
        let letter = match &self.kind {
            ChangeKind::PasswordChanged { owner, working_keys, at } => Letter::PasswordChanged {
                to: owner.email.to_string(),
                full_name: owner.full_name.to_string(),
                at: *at,
                ip: origin.ip.clone(),
                revoked_keys: Vec::new(),
                working_keys: *working_keys,
            },
            // From where an administrator acted is not for everyone to see.
            ChangeKind::PasswordGiven { owner, at } => Letter::PasswordGiven {
                to: owner.email.to_string(),
                full_name: owner.full_name.to_string(),
                at: *at,
            },
            ChangeKind::NewDevice { device, owner, at } => Letter::NewDevice {
                to: owner.email.to_string(),
                full_name: owner.full_name.to_string(),
                at: *at,
                browser: device.clone(),
                ip: origin.ip.clone(),
            },
            ChangeKind::PasswordChangeRefused { .. }
            | ChangeKind::SessionEnded { .. }
            | ChangeKind::SessionReplaced { .. }
            | ChangeKind::OthersEnded { .. }
            | ChangeKind::AllEnded { .. } => return Vec::new(),
        };
        vec![Job::Mail(letter)]
    }
}
