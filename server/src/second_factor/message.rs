//! Codes on their way: sealed while they wait in the outbox, opened for the moment in which they are handed over.

use crate::{
    Result,
    clock::Clock,
    mail::{Letter, Mailer, Postmark},
    outbox::Unsent,
    sms::{Sms, Text},
    vault::{Purpose, Vault},
};
use anyhow::anyhow;
use domain::{PersonId, Timestamp, phone::PhoneNumber};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A code that is to be sent. Neither the code nor where it goes can be read without the data key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeMessage {
    pub person: PersonId,
    sealed: String,
    pub expires_at: Timestamp,
}

/// A code with where it goes.
#[derive(Serialize, Deserialize)]
pub(super) struct Envelope {
    pub code: String,
    pub to: Destination,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Destination {
    Email { address: String, full_name: String },
    Phone(PhoneNumber),
}

impl CodeMessage {
    pub(super) fn seal(
        vault: &Vault,
        person: PersonId,
        envelope: &Envelope,
        expires_at: Timestamp,
    ) -> Result<Self> {
        let plain = serde_json::to_vec(envelope).map_err(anyhow::Error::from)?;
        Ok(Self { person, sealed: vault.seal(Purpose::CodeMessage, person.uuid(), &plain)?, expires_at })
    }

    fn open(&self, vault: &Vault) -> anyhow::Result<Envelope> {
        let plain = vault
            .open(Purpose::CodeMessage, self.person.uuid(), &self.sealed)
            .map_err(|error| anyhow!("{error}"))?;
        Ok(serde_json::from_slice(&plain)?)
    }
}

impl Destination {
    /// Where it goes, in full.
    pub fn place(&self) -> &str {
        match self {
            Self::Phone(number) => number.as_str(),
            Self::Email { address, .. } => address,
        }
    }

    /// Enough for its owner to know where to look.
    pub fn masked(&self) -> String {
        match self {
            Self::Phone(number) => number.masked(),
            Self::Email { address, .. } => mask_address(address),
        }
    }
}

/// The first letter and the host.
pub(super) fn mask_address(address: &str) -> String {
    let (local, host) = address.rsplit_once('@').unwrap_or((address, ""));
    format!("{}…@{host}", local.chars().take(1).collect::<String>())
}

/// Hands codes to the service for mail or for text messages.
#[derive(Debug, Clone)]
pub struct Courier {
    clock: Clock,
    vault: Vault,
    mailer: Mailer,
    sms: Sms,
    /// Phones offer the code on pages of this host alone.
    host: Option<String>,
}

impl Courier {
    pub fn new(clock: Clock, vault: Vault, mailer: Mailer, sms: Sms, public_url: &str) -> Self {
        let url = url::Url::parse(public_url).ok().filter(|url| url.scheme() == "https");
        let host = url.and_then(|url| url.host_str().map(str::to_owned));
        Self { clock, vault, mailer, sms, host }
    }

    pub async fn deliver(
        &self,
        message: &CodeMessage,
        postmark: Postmark,
    ) -> std::result::Result<(), Unsent> {
        let left = message.expires_at.since(self.clock.now());
        if left.is_zero() {
            return Err(Unsent::Refused("the code expired before it could be sent".into()));
        }
        // The key may be put back in its place, so another try is worth it.
        let Envelope { code, to } = message.open(&self.vault).map_err(Unsent::from)?;
        let minutes = u32::try_from(super::CODE_LASTS.as_secs() / 60).unwrap_or(u32::MAX);
        match to {
            Destination::Email { address, full_name } => {
                let letter = Letter::SignInCode { to: address, full_name, code, minutes };
                self.mailer.send(&letter, postmark).await.map(|_| ())
            }
            Destination::Phone(to) => {
                self.sms.send(postmark.job, &Text { to, words: self.words(&code, minutes) }).await
            }
        }
    }

    /// The last line lets phones fill the code in, on our own page and on no page that looks like it.
    fn words(&self, code: &str, minutes: u32) -> String {
        let words = format!(
            "{code} is your Countersign code. It is good for {minutes} minutes. Nobody will ever ask you for it."
        );
        match &self.host {
            Some(host) => format!("{words}\n\n@{host} #{code}"),
            None => words,
        }
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Envelope(to {})", self.to.masked())
    }
}
