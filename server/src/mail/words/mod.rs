//! The words of every letter, in one place: what is said is the same in plain text and in HTML.

mod account;
mod operations;
mod security;
mod values;

use super::Letter;
use account::{Account, Asked};
use security::Security;
use values::greet;

/// What a letter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub subject: String,
    pub greeting: String,
    pub paragraphs: Vec<Paragraph>,
    /// The one thing to do, where there is one.
    pub button: Option<Button>,
    /// Why one gets this letter, and what to do if it is not meant for one.
    pub small_print: String,
}

/// A piece of what is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paragraph {
    Sentences(String),
    /// Names and values below each other.
    Facts(Vec<(&'static str, String)>),
    /// A code to type in, large; in plain text a sentence.
    Code(String),
}

/// What to press, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    pub label: &'static str,
    pub link: String,
}

impl Letter {
    pub(super) fn words(&self, public_url: &str) -> Words {
        let account = Account { public_url };
        let security = Security { public_url };
        match self {
            Self::AccountCreated { full_name, username, .. } => account.created(full_name, username),
            Self::AlreadyRegistered { full_name, username, at, ip, .. } => {
                account.already_registered(full_name, username, *at, ip.as_deref())
            }
            Self::Invitation { full_name, invited_by, token, days, .. } => {
                account.invitation(full_name, invited_by, token, *days)
            }
            Self::EmailVerification { full_name, token, hours, .. } => {
                account.verification(full_name, token, *hours)
            }
            Self::EmailChanged { to, full_name, old_email, new_email, at } if to == new_email => {
                account.has_this_address(full_name, old_email, *at)
            }
            Self::EmailChanged { full_name, new_email, at, .. } => {
                account.has_another_address(full_name, new_email, *at)
            }
            Self::EmailConfirmation { full_name, token, hours, .. } => {
                account.confirmation(full_name, token, *hours)
            }
            Self::EmailApproval { full_name, new_email, token, hours, at, ip, .. } => {
                let asked = Asked { at: *at, ip: ip.as_deref() };
                account.approval(full_name, new_email, token, *hours, asked)
            }
            Self::EmailWanted { full_name, at, .. } => account.address_wanted(full_name, *at),
            Self::AccountSuspended { full_name, at, .. } => account.suspended(full_name, *at),
            Self::AccountRestored { full_name, at, .. } => account.restored(full_name, *at),
            Self::ErasureAhead { full_name, username, at, .. } => {
                account.erasure_ahead(full_name, username, *at)
            }
            Self::RolesChanged { full_name, roles, at, .. } => account.has_other_roles(full_name, roles, *at),
            Self::Test { at, .. } => account.test(*at),
            Self::Alert { alert, at, .. } => operations::alert(alert, *at),
            Self::PasswordResetLink { full_name, token, minutes, .. } => {
                security.reset_link(full_name, token, *minutes)
            }
            Self::PasswordChanged { full_name, at, ip, revoked_keys, working_keys, .. } => {
                let words = security.password_changed(full_name, *at, ip.as_deref());
                security.with_keys(words, revoked_keys, *working_keys)
            }
            Self::PasswordGiven { full_name, at, .. } => security.password_given(full_name, *at),
            Self::ApiKeyMade { full_name, name, at, ip, .. } => {
                security.api_key_made(full_name, name, *at, ip.as_deref())
            }
            Self::ApiKeyExpires { full_name, name, at, .. } => security.api_key_expires(full_name, name, *at),
            Self::AccountLocked { full_name, failures, minutes, ip, .. } => {
                security.locked(full_name, *failures, *minutes, ip.as_deref())
            }
            Self::CodesPaused { full_name, failures, ip, .. } => {
                security.codes_paused(full_name, *failures, ip.as_deref())
            }
            Self::NewDevice { full_name, at, browser, ip, .. } => {
                security.new_device(full_name, *at, browser, ip.as_deref())
            }
            Self::ProviderConnected { full_name, provider, at, ip, .. } => {
                security.provider_connected(full_name, provider, *at, ip.as_deref())
            }
            Self::ProviderParted { full_name, provider, at, ip, .. } => {
                security.provider_parted(full_name, provider, *at, ip.as_deref())
            }
            Self::SecondFactorAdded { full_name, factor, at, .. } => {
                security.factor_added(full_name, factor, *at)
            }
            Self::SecondFactorRemoved { full_name, factor, at, .. } => {
                security.factor_removed(full_name, factor, *at)
            }
            Self::RecoveryCodesRenewed { full_name, at, .. } => security.new_recovery_codes(full_name, *at),
            Self::RecoveryCodeUsed { full_name, left, at, .. } => {
                security.recovery_code_used(full_name, *left, *at)
            }
            Self::SignInCode { full_name, code, minutes, .. } => {
                security.sign_in_code(full_name, code, *minutes)
            }
        }
    }
}

impl Words {
    fn new(subject: &str, full_name: &str, small_print: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            greeting: greet(full_name),
            paragraphs: Vec::new(),
            button: None,
            small_print: small_print.to_owned(),
        }
    }

    fn say(mut self, sentences: impl Into<String>) -> Self {
        self.paragraphs.push(Paragraph::Sentences(sentences.into()));
        self
    }

    fn tell(mut self, facts: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        self.paragraphs.push(Paragraph::Facts(facts.into_iter().collect()));
        self
    }

    fn offer(mut self, label: &'static str, link: String) -> Self {
        self.button = Some(Button { label, link });
        self
    }
}
