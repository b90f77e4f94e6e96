//! What happens by mail, as the audit trail tells it, and the letters and errands that follow. No token is ever part of it.

use super::{Errand, Purpose, Side, store::Holder};
use crate::{
    Origin,
    mail::Letter,
    outbox::{Job, mask},
    people::Newcomer,
};
use domain::{PersonId, RoleCode, Timestamp, person::EmailAddress};
use serde_json::{Value, json};

/// Something that happened on the way of a link.
#[derive(Debug, Clone)]
pub enum Happening {
    /// Somebody asked for a reset link. Whether the address has an account is not known yet; without an errand it was
    /// asked for too often.
    ResetAsked {
        email: String,
        errand: Option<Errand>,
    },
    LinkSent {
        person: PersonId,
        purpose: Purpose,
        letter: Letter,
    },
    /// A new password by a link; it may have verified the address as well.
    PasswordReset {
        holder: Holder,
        verifies: bool,
        /// API keys that ended with the old password, as their owner calls them.
        revoked_keys: Vec<String>,
    },
    Registered {
        person: PersonId,
        newcomer: Newcomer,
        errand: Errand,
    },
    /// Somebody registered with an address that has an account.
    RegisteredAgain {
        email: String,
        errand: Option<Errand>,
    },
    /// Its owner is told of it.
    OwnerTold {
        owner: Holder,
    },
    /// The right password of an account whose address is not verified.
    VerificationAsked {
        person: PersonId,
        errand: Errand,
    },
    AddressVerified {
        person: PersonId,
    },
    Invited {
        person: PersonId,
        newcomer: Newcomer,
    },
    InvitationAccepted {
        person: PersonId,
    },
    InvitationRevoked {
        holder: Holder,
        roles: Vec<RoleCode>,
    },
    /// Somebody wants another address. Whose that is, is not known yet.
    EmailChangeAsked {
        person: PersonId,
        to: EmailAddress,
        errand: Errand,
    },
    EmailChangeWritten {
        person: PersonId,
        letters: [Letter; 2],
    },
    EmailChangeAgreed {
        person: PersonId,
        side: Side,
    },
    EmailChanged {
        /// As they were before.
        holder: Holder,
        to: EmailAddress,
    },
    EmailChangeStopped {
        person: PersonId,
        to: EmailAddress,
    },
    /// Nobody verified the address in time. Who it was is not told once more.
    UnverifiedForgotten {
        person: PersonId,
    },
}

impl Happening {
    /// Somebody with the right password is to verify their address first.
    pub fn verification_asked(person: PersonId, origin: &Origin) -> Self {
        let errand = Errand::Verification { person, asked: super::errand::Asked::of(origin) };
        Self::VerificationAsked { person, errand }
    }

    pub const fn action(&self) -> &'static str {
        match self {
            Self::ResetAsked { .. } => "password.reset_asked",
            Self::LinkSent { .. } => "link.sent",
            Self::PasswordReset { .. } => "person.password_reset_by_link",
            Self::Registered { .. } => "person.registered",
            Self::RegisteredAgain { .. } => "person.registered_again",
            Self::OwnerTold { .. } => "person.told_of_registration",
            Self::VerificationAsked { .. } => "person.verification_asked",
            Self::AddressVerified { .. } => "person.verified",
            Self::Invited { .. } => "person.invited",
            Self::InvitationAccepted { .. } => "person.invitation_accepted",
            Self::InvitationRevoked { .. } => "person.invitation_revoked",
            Self::EmailChangeAsked { .. } => "person.email_change_asked",
            Self::EmailChangeWritten { .. } => "person.email_change_written",
            Self::EmailChangeAgreed { .. } => "person.email_change_agreed",
            Self::EmailChanged { .. } => "person.email_changed",
            Self::EmailChangeStopped { .. } => "person.email_change_stopped",
            Self::UnverifiedForgotten { .. } => "person.forgotten",
        }
    }

    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::ResetAsked { .. } | Self::RegisteredAgain { .. } => None,
            Self::LinkSent { person, .. }
            | Self::Registered { person, .. }
            | Self::VerificationAsked { person, .. }
            | Self::AddressVerified { person }
            | Self::Invited { person, .. }
            | Self::InvitationAccepted { person }
            | Self::EmailChangeAsked { person, .. }
            | Self::EmailChangeWritten { person, .. }
            | Self::EmailChangeAgreed { person, .. }
            | Self::EmailChangeStopped { person, .. }
            | Self::UnverifiedForgotten { person } => Some(*person),
            Self::PasswordReset { holder, .. }
            | Self::OwnerTold { owner: holder }
            | Self::InvitationRevoked { holder, .. }
            | Self::EmailChanged { holder, .. } => Some(holder.id),
        }
    }

    pub fn details(&self) -> Value {
        let status = |before: &str, after: &str| json!({ "changes": { "status": { "before": before, "after": after } } });
        match self {
            Self::ResetAsked { email, errand } | Self::RegisteredAgain { email, errand } => {
                json!({ "email": mask(email), "held_back": errand.is_none() })
            }
            Self::LinkSent { purpose, .. } => json!({ "purpose": purpose.word() }),
            Self::AddressVerified { .. } => status("unverified", "active"),
            Self::PasswordReset { verifies, revoked_keys, .. } => {
                let mut details = if *verifies { status("unverified", "active") } else { json!({}) };
                if !revoked_keys.is_empty() {
                    details["revoked_api_keys"] = json!(revoked_keys);
                }
                details
            }
            Self::InvitationAccepted { .. } => status("invited", "active"),
            Self::Registered { newcomer, .. } | Self::Invited { newcomer, .. } => {
                let mut details = json!({ "changes": {
                    "username": { "after": newcomer.username },
                    "full_name": { "after": newcomer.full_name },
                    "email": { "after": newcomer.email },
                    "roles": { "after": newcomer.roles },
                }});
                if let Some(id) = &newcomer.external_id {
                    details["changes"]["external_id"] = json!({ "after": id });
                }
                details
            }
            Self::InvitationRevoked { holder, roles } => json!({ "changes": {
                "username": { "before": holder.username },
                "full_name": { "before": holder.full_name },
                "email": { "before": holder.email },
                "roles": { "before": roles },
                "status": { "before": holder.status },
            }}),
            Self::EmailChangeAsked { to, .. } | Self::EmailChangeStopped { to, .. } => {
                json!({ "email": mask(to.as_str()) })
            }
            Self::EmailChangeAgreed { side, .. } => json!({ "address": side.word() }),
            Self::EmailChanged { holder, to } => {
                json!({ "changes": { "email": { "before": holder.email, "after": to } } })
            }
            Self::OwnerTold { .. }
            | Self::VerificationAsked { .. }
            | Self::EmailChangeWritten { .. }
            | Self::UnverifiedForgotten { .. } => json!({}),
        }
    }

    pub fn jobs(&self, origin: &Origin, at: Timestamp) -> Vec<Job> {
        match self {
            Self::LinkSent { letter, .. } => vec![Job::Mail(letter.clone())],
            Self::PasswordReset { holder, revoked_keys, .. } => vec![Job::Mail(Letter::PasswordChanged {
                to: holder.email.to_string(),
                full_name: holder.full_name.to_string(),
                at,
                ip: origin.ip.clone(),
                revoked_keys: revoked_keys.clone(),
                working_keys: 0,
            })],
            Self::OwnerTold { owner } => vec![Job::Mail(Letter::AlreadyRegistered {
                to: owner.email.to_string(),
                full_name: owner.full_name.to_string(),
                username: owner.username.to_string(),
                at,
                ip: origin.ip.clone(),
            })],
            Self::EmailChangeWritten { letters, .. } => letters.iter().cloned().map(Job::Mail).collect(),
            Self::EmailChanged { holder, to } => {
                let (name, from) = (holder.full_name.as_str(), holder.email.as_str());
                Letter::email_changed(name, from, to.as_str(), at).into_iter().map(Job::Mail).collect()
            }
            Self::ResetAsked { errand, .. } | Self::RegisteredAgain { errand, .. } => {
                errand.iter().cloned().map(Job::Errand).collect()
            }
            Self::Registered { errand, .. }
            | Self::VerificationAsked { errand, .. }
            | Self::EmailChangeAsked { errand, .. } => {
                vec![Job::Errand(errand.clone())]
            }
            Self::AddressVerified { .. }
            | Self::Invited { .. }
            | Self::InvitationAccepted { .. }
            | Self::InvitationRevoked { .. }
            | Self::EmailChangeAgreed { .. }
            | Self::EmailChangeStopped { .. }
            | Self::UnverifiedForgotten { .. } => Vec::new(),
        }
    }
}
