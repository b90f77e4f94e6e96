//! The letters there are: to whom each goes and what fills its gaps. Their words are in `words/`, their look in `layout/`.

use super::layout::{self, Written};
use crate::alerts::Alert;
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A letter, with what fills its gaps. Kept in the outbox as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum Letter {
    AccountCreated {
        to: String,
        full_name: String,
        username: String,
    },
    /// Asks somebody to take an account and choose a password for it.
    Invitation {
        to: String,
        full_name: String,
        invited_by: String,
        token: String,
        days: u32,
    },
    EmailVerification {
        to: String,
        full_name: String,
        token: String,
        hours: u32,
    },
    /// Somebody tried to register with an address that has an account.
    AlreadyRegistered {
        to: String,
        full_name: String,
        username: String,
        at: Timestamp,
        ip: Option<String>,
    },
    PasswordResetLink {
        to: String,
        full_name: String,
        token: String,
        minutes: u32,
    },
    PasswordChanged {
        to: String,
        full_name: String,
        at: Timestamp,
        ip: Option<String>,
        /// API keys that ended with the old password, as their owner calls them.
        #[serde(default)]
        revoked_keys: Vec<String>,
        /// How many API keys go on working.
        #[serde(default)]
        working_keys: usize,
    },
    /// Somebody who looks after accounts gave a new password.
    PasswordGiven {
        to: String,
        full_name: String,
        at: Timestamp,
    },
    /// Somebody who looks after accounts closed this one for the time being.
    AccountSuspended {
        to: String,
        full_name: String,
        at: Timestamp,
    },
    AccountRestored {
        to: String,
        full_name: String,
        at: Timestamp,
    },
    /// Nothing was heard of them for long. `at` is when the account is erased at the earliest.
    ErasureAhead {
        to: String,
        full_name: String,
        username: String,
        at: Timestamp,
    },
    /// `roles` are the names of those they have now.
    RolesChanged {
        to: String,
        full_name: String,
        roles: Vec<String>,
        at: Timestamp,
    },
    /// `name` is what the owner calls the key.
    ApiKeyMade {
        to: String,
        full_name: String,
        name: String,
        at: Timestamp,
        ip: Option<String>,
    },
    /// `at` is when the key ends.
    ApiKeyExpires {
        to: String,
        full_name: String,
        name: String,
        at: Timestamp,
    },
    AccountLocked {
        to: String,
        full_name: String,
        failures: u32,
        minutes: u32,
        ip: Option<String>,
    },
    /// Somebody knows the password and guesses codes.
    CodesPaused {
        to: String,
        full_name: String,
        failures: u32,
        ip: Option<String>,
    },
    /// A sign-in from a device that was not seen before. `browser` is in words: "Firefox on Linux".
    NewDevice {
        to: String,
        full_name: String,
        at: Timestamp,
        browser: String,
        ip: Option<String>,
    },
    /// From now on one can sign in with an account elsewhere.
    ProviderConnected {
        to: String,
        full_name: String,
        provider: String,
        at: Timestamp,
        ip: Option<String>,
    },
    ProviderParted {
        to: String,
        full_name: String,
        provider: String,
        at: Timestamp,
        ip: Option<String>,
    },
    /// `factor` is in words: "an authenticator app".
    SecondFactorAdded {
        to: String,
        full_name: String,
        factor: String,
        at: Timestamp,
    },
    SecondFactorRemoved {
        to: String,
        full_name: String,
        factor: String,
        at: Timestamp,
    },
    RecoveryCodesRenewed {
        to: String,
        full_name: String,
        at: Timestamp,
    },
    /// `left` is how many codes there are still.
    RecoveryCodeUsed {
        to: String,
        full_name: String,
        left: i64,
        at: Timestamp,
    },
    /// Goes to the old address and to the new one, each in words of its own.
    EmailChanged {
        to: String,
        full_name: String,
        old_email: String,
        new_email: String,
        at: Timestamp,
    },
    /// To the address that somebody wants for their account.
    EmailConfirmation {
        to: String,
        full_name: String,
        token: String,
        hours: u32,
    },
    /// To the address that they have.
    EmailApproval {
        to: String,
        full_name: String,
        new_email: String,
        token: String,
        hours: u32,
        at: Timestamp,
        ip: Option<String>,
    },
    /// Somebody wanted an address that belongs to another account.
    EmailWanted {
        to: String,
        full_name: String,
        at: Timestamp,
    },
    SignInCode {
        to: String,
        full_name: String,
        code: String,
        minutes: u32,
    },
    /// To whoever is on duty.
    Alert {
        to: String,
        alert: Alert,
        at: Timestamp,
    },
    /// Shows whoever looks after the installation that letters arrive.
    Test {
        to: String,
        at: Timestamp,
    },
}

impl Letter {
    /// The two letters that tell of a new e-mail address: one to the old, one to the new.
    pub fn email_changed(full_name: &str, old_email: &str, new_email: &str, at: Timestamp) -> [Self; 2] {
        [old_email, new_email].map(|to| Self::EmailChanged {
            to: to.to_owned(),
            full_name: full_name.to_owned(),
            old_email: old_email.to_owned(),
            new_email: new_email.to_owned(),
            at,
        })
    }

    pub fn to(&self) -> &str {
        match self {
            Self::AccountCreated { to, .. }
            | Self::Invitation { to, .. }
            | Self::EmailVerification { to, .. }
            | Self::AlreadyRegistered { to, .. }
            | Self::PasswordResetLink { to, .. }
            | Self::PasswordChanged { to, .. }
            | Self::PasswordGiven { to, .. }
            | Self::AccountSuspended { to, .. }
            | Self::AccountRestored { to, .. }
            | Self::ErasureAhead { to, .. }
            | Self::RolesChanged { to, .. }
            | Self::ApiKeyMade { to, .. }
            | Self::ApiKeyExpires { to, .. }
            | Self::AccountLocked { to, .. }
            | Self::CodesPaused { to, .. }
            | Self::NewDevice { to, .. }
            | Self::ProviderConnected { to, .. }
            | Self::ProviderParted { to, .. }
            | Self::SecondFactorAdded { to, .. }
            | Self::SecondFactorRemoved { to, .. }
            | Self::RecoveryCodesRenewed { to, .. }
            | Self::RecoveryCodeUsed { to, .. }
            | Self::EmailChanged { to, .. }
            | Self::EmailConfirmation { to, .. }
            | Self::EmailApproval { to, .. }
            | Self::EmailWanted { to, .. }
            | Self::SignInCode { to, .. }
            | Self::Alert { to, .. }
            | Self::Test { to, .. } => to,
        }
    }

    /// How long the letter is of use. A link or a code that has expired is better not sent at all.
    pub fn lifetime(&self) -> Option<Duration> {
        const MINUTE: u64 = 60;
        let seconds = match self {
            Self::Invitation { days, .. } => u64::from(*days) * 24 * 60 * MINUTE,
            Self::EmailVerification { hours, .. }
            | Self::EmailConfirmation { hours, .. }
            | Self::EmailApproval { hours, .. } => u64::from(*hours) * 60 * MINUTE,
            Self::PasswordResetLink { minutes, .. } | Self::SignInCode { minutes, .. } => {
                u64::from(*minutes) * MINUTE
            }
            Self::AccountCreated { .. }
            | Self::AlreadyRegistered { .. }
            | Self::PasswordChanged { .. }
            | Self::PasswordGiven { .. }
            | Self::AccountSuspended { .. }
            | Self::AccountRestored { .. }
            | Self::ErasureAhead { .. }
            | Self::RolesChanged { .. }
            | Self::ApiKeyMade { .. }
            | Self::ApiKeyExpires { .. }
            | Self::AccountLocked { .. }
            | Self::CodesPaused { .. }
            | Self::NewDevice { .. }
            | Self::ProviderConnected { .. }
            | Self::ProviderParted { .. }
            | Self::SecondFactorAdded { .. }
            | Self::SecondFactorRemoved { .. }
            | Self::RecoveryCodesRenewed { .. }
            | Self::RecoveryCodeUsed { .. }
            | Self::EmailChanged { .. }
            | Self::EmailWanted { .. }
            | Self::Alert { .. }
            | Self::Test { .. } => return None,
        };
        Some(Duration::from_secs(seconds))
    }

    /// The letter without what only its reader may know: what is kept of it once it has left.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        match &mut self {
            Self::Invitation { token: secret, .. }
            | Self::EmailVerification { token: secret, .. }
            | Self::EmailConfirmation { token: secret, .. }
            | Self::EmailApproval { token: secret, .. }
            | Self::PasswordResetLink { token: secret, .. }
            | Self::SignInCode { code: secret, .. } => secret.clear(),
            Self::AccountCreated { .. }
            | Self::AlreadyRegistered { .. }
            | Self::PasswordChanged { .. }
            | Self::PasswordGiven { .. }
            | Self::AccountSuspended { .. }
            | Self::AccountRestored { .. }
            | Self::ErasureAhead { .. }
            | Self::RolesChanged { .. }
            | Self::ApiKeyMade { .. }
            | Self::ApiKeyExpires { .. }
            | Self::AccountLocked { .. }
            | Self::CodesPaused { .. }
            | Self::NewDevice { .. }
            | Self::ProviderConnected { .. }
            | Self::ProviderParted { .. }
            | Self::SecondFactorAdded { .. }
            | Self::SecondFactorRemoved { .. }
            | Self::RecoveryCodesRenewed { .. }
            | Self::RecoveryCodeUsed { .. }
            | Self::EmailChanged { .. }
            | Self::EmailWanted { .. }
            | Self::Alert { .. }
            | Self::Test { .. } => {}
        }
        self
    }

    /// Puts the letter into words and lays them out. Links begin with the public address and nothing else.
    pub fn write(&self, public_url: &str) -> Written {
        let public_url = public_url.trim_end_matches('/');
        layout::lay_out(&self.words(public_url), public_url)
    }
}
