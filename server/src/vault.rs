//! Secrets at rest: sealed with AES-256-GCM and fingerprinted with HMAC, both under keys that are derived from the data key.

use crate::{Error, Result, chance::Chance, cipher::Cipher, keys::DataKey};
use anyhow::anyhow;
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use data_encoding::HEXLOWER;
use std::{fmt, sync::Arc};
use uuid::Uuid;

/// What a sealed value is for. It opens for this purpose and this owner alone, so a value that was moved to another row or
/// column of the store opens nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The secret of an authenticator app that makes good codes.
    AppSecret,
    /// The same while nobody has shown yet that the app has it.
    PendingAppSecret,
    PhoneNumber,
    PendingPhoneNumber,
    /// A message with a code that waits in the outbox.
    CodeMessage,
    /// Recovery codes on their way to the page that shows them once.
    RecoveryCodes,
    /// An API key on its way to the one page that shows it.
    NewApiKey,
    /// What one page leaves for the next, where Redis keeps it.
    Visit,
    /// A password of a file that is imported, until it is hashed.
    ImportedPassword,
}

impl Purpose {
    /// Part of every sealed value: never changed once released.
    const fn word(self) -> &'static str {
        match self {
            Self::AppSecret => "app secret",
            Self::PendingAppSecret => "pending app secret",
            Self::PhoneNumber => "phone number",
            Self::PendingPhoneNumber => "pending phone number",
            Self::CodeMessage => "code message",
            Self::RecoveryCodes => "recovery codes",
            Self::NewApiKey => "new api key",
            Self::Visit => "visit",
            Self::ImportedPassword => "imported password",
        }
    }
}

/// Seals and opens values, and fingerprints codes that are too short for a bare hash.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    /// Names the key in front of each sealed value, so that another may take its place one day.
    key_id: String,
    seal: Cipher,
    fingerprint: hmac::Key,
    chance: Chance,
}

impl Vault {
    pub fn new(key: &DataKey, chance: Chance) -> Result<Self> {
        let id = key.derive("countersign 1: id of the key");
        let seal = Cipher::new(key.derive("countersign 1: sealing").as_ref())
            .ok_or_else(|| anyhow!("the data key does not fit the cipher"))?;
        Ok(Self(Arc::new(Inner {
            key_id: HEXLOWER.encode(&id.as_ref()[..4]),
            seal,
            fingerprint: hmac::Key::new(
                hmac::HMAC_SHA256,
                key.derive("countersign 1: fingerprints of codes").as_ref(),
            ),
            chance,
        })))
    }

    /// Seals a value for this purpose and owner: the key's id, a dot, then nonce, ciphertext and tag in base64.
    pub fn seal(&self, purpose: Purpose, owner: Uuid, plain: &[u8]) -> Result<String> {
        let body = self.0.seal.seal(self.0.chance.bytes(), &self.bound_to(purpose, owner), plain);
        let body = body.ok_or_else(|| anyhow!("a value could not be sealed"))?;
        Ok(format!("{}.{body}", self.0.key_id))
    }

    /// Opens what was sealed for the same purpose and owner.
    pub fn open(&self, purpose: Purpose, owner: Uuid, sealed: &str) -> Result<Vec<u8>> {
        let (key_id, body) = sealed.split_once('.').ok_or_else(|| spoiled(purpose, "it names no key"))?;
        if key_id != self.0.key_id {
            return Err(spoiled(purpose, "it was sealed with another data key"));
        }
        self.0.seal.open(&self.bound_to(purpose, owner), body).map_err(|why| spoiled(purpose, why))
    }

    /// The fingerprint of a short code, useless to whoever has the database without the data key. Each part is told apart
    /// from the next by its length.
    pub fn fingerprint<P: AsRef<[u8]>>(&self, parts: &[P]) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.0.fingerprint, &framed(parts)).as_ref())
    }

    /// Whether these parts have this fingerprint, in a time that does not depend on how much of it fits.
    pub fn has_fingerprint<P: AsRef<[u8]>>(&self, parts: &[P], fingerprint: &str) -> bool {
        let Ok(stored) = URL_SAFE_NO_PAD.decode(fingerprint) else { return false };
        hmac::verify(&self.0.fingerprint, &framed(parts), &stored).is_ok()
    }

    fn bound_to(&self, purpose: Purpose, owner: Uuid) -> Vec<u8> {
        framed(&[self.0.key_id.as_bytes(), purpose.word().as_bytes(), owner.as_bytes()])
    }
}

fn framed<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    let mut whole = Vec::new();
    for part in parts.iter().map(AsRef::as_ref) {
        whole.extend_from_slice(&(part.len() as u64).to_be_bytes());
        whole.extend_from_slice(part);
    }
    whole
}

/// For the log of the operator; nobody else is told.
fn spoiled(purpose: Purpose, why: &str) -> Error {
    Error::Internal(anyhow!(
        "a sealed value ({}) cannot be opened: {why}; is keys/data.key the one that belongs to this database?",
        purpose.word()
    ))
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({})", self.0.key_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: Uuid = Uuid::from_u128(1);
    const SECRET: &[u8] = b"twenty bytes, secret";

    fn vault(key: u8) -> Vault {
        Vault::new(&DataKey([key; 32]), Chance::seeded(1)).unwrap()
    }

    fn why(outcome: Result<Vec<u8>>) -> String {
        outcome.unwrap_err().to_string()
    }

    #[test]
    fn a5_what_was_sealed_opens_again_and_never_looks_the_same_twice() {
        let vault = vault(7);
        let (one, two) = (
            vault.seal(Purpose::AppSecret, OWNER, SECRET).unwrap(),
            vault.seal(Purpose::AppSecret, OWNER, SECRET).unwrap(),
        );
        assert_ne!(one, two);
        assert!(!one.contains("secret"), "{one}");
        for sealed in [one, two] {
            assert_eq!(vault.open(Purpose::AppSecret, OWNER, &sealed).unwrap(), SECRET);
        }
        let nothing = vault.seal(Purpose::AppSecret, OWNER, b"").unwrap();
        assert_eq!(vault.open(Purpose::AppSecret, OWNER, &nothing).unwrap(), b"");
    }

    #[test]
    fn a5_another_data_key_opens_nothing_and_the_log_says_so() {
        let sealed = vault(7).seal(Purpose::AppSecret, OWNER, SECRET).unwrap();
        assert!(why(vault(8).open(Purpose::AppSecret, OWNER, &sealed)).contains("another data key"));
        // Nor does it with the right key's name written over.
        let (_, body) = sealed.split_once('.').unwrap();
        let other = vault(8).seal(Purpose::AppSecret, OWNER, SECRET).unwrap();
        let forged = format!("{}.{body}", other.split_once('.').unwrap().0);
        assert!(
            why(vault(8).open(Purpose::AppSecret, OWNER, &forged)).contains("changed or belongs elsewhere")
        );
    }

    #[test]
    fn a5_a_sealed_value_that_was_moved_to_another_row_or_column_opens_nowhere() {
        let vault = vault(7);
        let sealed = vault.seal(Purpose::AppSecret, OWNER, SECRET).unwrap();
        assert!(vault.open(Purpose::AppSecret, Uuid::from_u128(2), &sealed).is_err());
        assert!(vault.open(Purpose::PendingAppSecret, OWNER, &sealed).is_err());
    }

    #[test]
    fn a5_one_flipped_bit_anywhere_is_noticed() {
        let vault = vault(7);
        let sealed = vault.seal(Purpose::AppSecret, OWNER, SECRET).unwrap();
        let (key_id, body) = sealed.split_once('.').unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(body).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let flipped = format!("{key_id}.{}", URL_SAFE_NO_PAD.encode(flipped));
            assert!(vault.open(Purpose::AppSecret, OWNER, &flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a5_a_truncated_value_is_refused_at_every_length() {
        let vault = vault(7);
        let sealed = vault.seal(Purpose::AppSecret, OWNER, SECRET).unwrap();
        for length in 0..sealed.len() {
            assert!(vault.open(Purpose::AppSecret, OWNER, &sealed[..length]).is_err(), "{length} characters");
        }
    }

    #[test]
    fn a5_a_fingerprint_needs_the_key_and_every_part_in_its_place() {
        let vault = vault(7);
        let fingerprint = vault.fingerprint(&["ada", "123456"]);
        assert!(vault.has_fingerprint(&["ada", "123456"], &fingerprint));
        for parts in [["ada", "123457"], ["bob", "123456"], ["ada1", "23456"]] {
            assert!(!vault.has_fingerprint(&parts, &fingerprint), "{parts:?}");
        }
        let other = Vault::new(&DataKey([8; 32]), Chance::seeded(1)).unwrap();
        assert_ne!(other.fingerprint(&["ada", "123456"]), fingerprint);
        for damaged in ["", "!", &fingerprint[1..]] {
            assert!(!vault.has_fingerprint(&["ada", "123456"], damaged), "{damaged}");
        }
    }
}
