//! The notary of the trail: proves entries, their places and the ends of the chain with a key that is not in the database.

use crate::keys::DataKey;
use aws_lc_rs::hmac;
use domain::Timestamp;
use sha2::{Digest, Sha256};
use std::{fmt, sync::Arc};

/// What proves something: 32 bytes that nobody can make without the key.
pub type Seal = [u8; 32];

/// The first seal of a chain holds this one.
pub const BEFORE_ALL: Seal = [0; 32];

/// Makes seals. Clones share the key.
#[derive(Clone)]
pub struct Notary(Arc<hmac::Key>);

impl Notary {
    pub fn new(key: &DataKey) -> Self {
        let key = key.derive("countersign 1: seals of the audit trail");
        Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, key.as_ref())))
    }

    /// Proves an entry by itself: that the program wrote it, as it stands. `personal` is the digest of what may be erased.
    pub fn stamp(&self, fixed: &[u8], personal: &Seal) -> Seal {
        self.seal(b"entry", &[personal, fixed])
    }

    /// Proves an entry in its place after the one with the seal `before`.
    pub fn link(&self, before: &Seal, place: i64, stamp: &[u8]) -> Seal {
        self.seal(b"place", &[before, &place.to_be_bytes(), stamp])
    }

    /// Proves that the program itself erased what the entry at this place told of a person.
    pub fn erasure(&self, place: i64, personal: &Seal) -> Seal {
        self.seal(b"erase", &[&place.to_be_bytes(), personal])
    }

    /// Vouches for an end of the chain.
    pub fn vouch(&self, end: &str, place: i64, seal: &[u8], at: Timestamp) -> Seal {
        let (place, at) = (place.to_be_bytes(), at.microseconds().to_be_bytes());
        self.seal(b"chain", &[&place, &at, &(seal.len() as u64).to_be_bytes(), seal, end.as_bytes()])
    }

    /// Each kind has a word of its own, all of one length, and but for the last part all parts have a fixed length: no two
    /// different things are ever sealed as the same bytes.
    fn seal(&self, kind: &[u8; 5], parts: &[&[u8]]) -> Seal {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(kind);
        for part in parts {
            context.update(part);
        }
        let mut seal = BEFORE_ALL;
        seal.copy_from_slice(context.sign().as_ref());
        seal
    }
}

/// The digest of what an entry tells of a person. Once the salt is gone nobody can try out what it was.
pub fn personal(salt: &[u8], told: &[u8]) -> Seal {
    let mut digest = Sha256::new();
    digest.update((salt.len() as u64).to_be_bytes());
    digest.update(salt);
    digest.update(told);
    digest.finalize().into()
}

impl fmt::Debug for Notary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Notary")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notary(key: u8) -> Notary {
        Notary::new(&DataKey([key; 32]))
    }

    #[test]
    fn u7_a_seal_depends_on_the_key_and_on_every_part() {
        let (mine, digest) = (notary(1), personal(b"salt", b"told"));
        let stamp = mine.stamp(b"fixed", &digest);
        assert_ne!(notary(2).stamp(b"fixed", &digest), stamp);
        assert_ne!(mine.stamp(b"fixee", &digest), stamp);
        assert_ne!(mine.stamp(b"fixed", &personal(b"tals", b"told")), stamp);
        assert_ne!(personal(b"salt", b"told"), personal(b"sal", b"ttold"));
        let link = mine.link(&BEFORE_ALL, 1, &stamp);
        for other in [
            mine.link(&stamp, 1, &stamp),
            mine.link(&BEFORE_ALL, 2, &stamp),
            mine.link(&BEFORE_ALL, 1, &[]),
            notary(2).link(&BEFORE_ALL, 1, &stamp),
            mine.erasure(1, &stamp),
        ] {
            assert_ne!(other, link);
        }
        let now = Timestamp::from_seconds(1);
        let head = mine.vouch("head", 1, &link, now);
        assert_ne!(mine.vouch("anchor", 1, &link, now), head);
        assert_ne!(mine.vouch("head", 2, &link, now), head);
        assert_ne!(mine.vouch("head", 1, &link, Timestamp::from_seconds(2)), head);
    }
}
