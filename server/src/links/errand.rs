//! Errands: what the worker of the outbox finds out and writes after somebody has had their answer.

use super::{Links, Purpose, store::Holder};
use crate::{Error, Origin, origin::Doer, outbox::Unsent};
use domain::{PersonId, person::PersonStatus};
use serde::{Deserialize, Serialize};

/// Something to find out, and a letter to write where there is somebody to write to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "errand", rename_all = "snake_case")]
pub enum Errand {
    /// A reset link for the account with this address, if there is one.
    Reset { email: String, asked: Asked },
    /// A link to verify the address with.
    Verification { person: PersonId, asked: Asked },
    /// Word to the owner of an address that somebody tried to register with it.
    AddressTaken { email: String, asked: Asked },
    /// Letters to both addresses of somebody who wants another one.
    EmailChange { person: PersonId, asked: Asked },
}

/// From where it was asked for, so that the trail can tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    ip: Option<String>,
    user_agent: Option<String>,
    request_id: Option<String>,
}

impl Asked {
    pub(super) fn of(origin: &Origin) -> Self {
        let Origin { ip, user_agent, request_id, .. } = origin.clone();
        Self { ip, user_agent, request_id }
    }

    fn origin(&self) -> Origin {
        let Self { ip, user_agent, request_id } = self.clone();
        Origin { doer: Doer::Program, ip, user_agent, request_id, ..Origin::default() }
    }
}

impl Errand {
    /// What is kept of it when it is over: an address that was typed may be nobody's whom we know.
    #[must_use]
    pub fn without_address(mut self) -> Self {
        match &mut self {
            Self::Reset { email, .. } | Self::AddressTaken { email, .. } => email.clear(),
            Self::Verification { .. } | Self::EmailChange { .. } => {}
        }
        self
    }
}

impl Links {
    /// Runs an errand. Doing it twice sends a second letter, whose link takes the place of the first one's.
    pub async fn run(&self, errand: &Errand) -> std::result::Result<(), Unsent> {
        let done = match errand {
            Errand::Reset { email, asked } => self.send_reset(email, &asked.origin()).await,
            Errand::Verification { person, asked } => self.send_verification(*person, &asked.origin()).await,
            Errand::EmailChange { person, asked } => self.send_email_change(*person, &asked.origin()).await,
            Errand::AddressTaken { email, asked } => self.tell_owner(email, &asked.origin()).await,
        };
        done.map_err(|error: Error| Unsent::NotNow(error.to_string()))
    }
}

impl Purpose {
    /// Whether a link of this kind is of any use to them as they stand.
    pub(super) const fn is_for(self, holder: &Holder) -> bool {
        match self {
            Self::Reset => matches!(holder.status, PersonStatus::Active | PersonStatus::Unverified),
            Self::Verification => matches!(holder.status, PersonStatus::Unverified),
            Self::Invitation => matches!(holder.status, PersonStatus::Invited),
            Self::EmailNew | Self::EmailPresent => matches!(holder.status, PersonStatus::Active),
        }
    }
}
