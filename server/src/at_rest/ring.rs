//! The keys for personal texts: a file in the data folder, the newest last. Older ones stay, because entries of the audit trail
//! are never written anew.

use super::MARK;
use crate::{
    cipher::{Cipher, NUMBER},
    keys::KeyFile,
};
use anyhow::anyhow;
use aws_lc_rs::hmac;
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use std::{fmt, sync::Arc};

/// What everything is bound to that is encrypted here. Never changed once released.
const BOUND: &[u8] = b"countersign 1: personal text";
/// Letters of a term; with so many, hardly two parts of a text have the same.
const TERM: usize = 5;

/// A key: for encrypting, for the number that goes with each text, and for terms.
#[derive(Clone)]
pub struct Key(Arc<Parts>);

struct Parts {
    id: String,
    seal: Cipher,
    number: hmac::Key,
    term: hmac::Key,
}

/// The keys of an installation.
#[derive(Clone, Default)]
pub struct Ring(Vec<Key>);

impl Key {
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        let whole = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
        let derive = |label: &[u8]| hmac::sign(&whole, label);
        // A digest of 32 bytes is what this cipher takes.
        #[allow(clippy::expect_used, reason = "the length is fixed by the types on both sides")]
        let seal = Cipher::new(derive(b"sealing").as_ref()).expect("a key of 32 bytes");
        Self(Arc::new(Parts {
            id: HEXLOWER.encode(&derive(b"id").as_ref()[..4]),
            seal,
            number: hmac::Key::new(hmac::HMAC_SHA256, derive(b"number").as_ref()),
            term: hmac::Key::new(hmac::HMAC_SHA256, derive(b"term").as_ref()),
        }))
    }

    pub(super) fn id(&self) -> &str {
        &self.0.id
    }

    /// What every text begins with that this key has encrypted.
    pub(super) fn mark(&self) -> String {
        format!("{MARK}{}.", self.0.id)
    }

    /// The same text always looks the same, which is how an address is looked up: its number is a digest of it under a key of
    /// its own, so that two texts never share one.
    pub(super) fn seal(&self, plain: &str) -> String {
        let digest = hmac::sign(&self.0.number, plain.as_bytes());
        let mut number = [0; NUMBER];
        number.copy_from_slice(&digest.as_ref()[..NUMBER]);
        #[allow(clippy::expect_used, reason = "only a text of 64 GiB is too long")]
        let body = self.0.seal.seal(number, BOUND, plain.as_bytes()).expect("a text of some length");
        self.mark() + &body
    }

    fn open(&self, body: &str) -> Option<String> {
        String::from_utf8(self.0.seal.open(BOUND, body).ok()?).ok()
    }

    /// What a part of a text is kept as for search.
    pub(super) fn term(&self, part: &str) -> String {
        let digest = hmac::sign(&self.0.term, part.as_bytes());
        let mut term = BASE32_NOPAD.encode(&digest.as_ref()[..4]).to_lowercase();
        term.truncate(TERM);
        term
    }
}

impl Ring {
    pub fn read(file: &KeyFile) -> anyhow::Result<Self> {
        Ok(Self(file.read()?.into_iter().map(Key::from_bytes).collect()))
    }

    pub(super) fn key(&self, id: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.id() == id)
    }

    pub(super) fn newest(&self) -> Option<&Key> {
        self.0.last()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What follows the mark: the id of a key, a dot, and the text.
    pub(super) fn open(&self, sealed: &str) -> Option<String> {
        let (id, body) = sealed.split_once('.')?;
        self.key(id)?.open(body)
    }
}

/// For the operator: the database speaks of a key that is not there.
pub(super) fn missing(id: &str) -> anyhow::Error {
    anyhow!(
        "personal texts are encrypted with the key {id}, which keys/personal.key does not hold; restore that file from a backup"
    )
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.0.id)
    }
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    #[test]
    fn a_text_looks_the_same_each_time_and_opens_with_its_key_alone() {
        let (one, other) = (Key::from_bytes([1; 32]), Key::from_bytes([2; 32]));
        let sealed = one.seal("ada@example.com");
        assert_eq!(one.seal("ada@example.com"), sealed);
        assert_ne!(one.seal("ada@example.org"), sealed);
        assert!(sealed.starts_with(MARK) && !sealed.contains("ada"), "{sealed}");
        let inner = sealed.strip_prefix(MARK).unwrap();
        let ring = Ring(vec![other.clone(), one.clone()]);
        assert_eq!(ring.open(inner).as_deref(), Some("ada@example.com"));
        assert_eq!(Ring(vec![other.clone()]).open(inner), None, "its key is not there");
        let forged = inner.replace(one.id(), other.id());
        assert_eq!(ring.open(&forged), None, "another key's name in front");
    }

    #[test]
    fn one_flipped_bit_anywhere_is_noticed() {
        let key = Key::from_bytes([1; 32]);
        let sealed = key.seal("Ada Lovelace");
        let body = URL_SAFE_NO_PAD.decode(sealed.rsplit_once('.').unwrap().1).unwrap();
        for bit in 0..body.len() * 8 {
            let mut flipped = body.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key.open(&URL_SAFE_NO_PAD.encode(flipped)), None, "bit {bit}");
        }
        for damaged in ["", "!", "AAAA"] {
            assert_eq!(key.open(damaged), None, "{damaged}");
        }
    }
}
