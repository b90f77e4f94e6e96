//! A sign-in that was begun with a provider and waits for its answer. The state alone is drawn by chance and goes out; the
//! nonce and the verifier (PKCE) are made of it under the data key, so nothing of use lies in the store.

use crate::vault::Vault;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Timestamp;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long somebody may take at the provider.
pub const LASTS: Duration = Duration::from_secs(10 * 60);
/// 32 random bytes in base64.
const LENGTH: usize = 43;

/// The secrets of one sign-in, all of them behind its state.
pub(super) struct Secrets<'a> {
    vault: &'a Vault,
    state: &'a str,
}

/// What the store knows of a sign-in that was begun.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Attempt {
    pub browser: String,
    pub next: String,
    pub begun_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

impl<'a> Secrets<'a> {
    pub const fn of(vault: &'a Vault, state: &'a str) -> Self {
        Self { vault, state }
    }

    /// What the store keeps in place of the state.
    pub fn fingerprint(&self) -> String {
        self.vault.fingerprint(&["state of a provider sign-in", self.state])
    }

    /// What the provider puts into the token.
    pub fn nonce(&self) -> String {
        self.vault.fingerprint(&["nonce of a provider sign-in", self.state])
    }

    /// What the provider is shown together with the code: 43 characters, as RFC 7636 wants them.
    pub fn verifier(&self) -> String {
        self.vault.fingerprint(&["verifier of a provider sign-in", self.state])
    }

    /// What the provider is told of the verifier beforehand (S256).
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier()))
    }
}

/// What the store keeps of the browser's half.
pub(super) fn browser_fingerprint(vault: &Vault, browser: &str) -> String {
    vault.fingerprint(&["browser of a provider sign-in", browser])
}

/// Whether this is the browser in which the sign-in was begun.
pub(super) fn is_browser(vault: &Vault, browser: &str, fingerprint: &str) -> bool {
    vault.has_fingerprint(&["browser of a provider sign-in", browser], fingerprint)
}

/// Whether this could be a state or a browser's half of ours; anything else is not even looked up.
pub(super) fn is_ours(word: &str) -> bool {
    word.len() == LENGTH && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
