//! Randomness, passed in: the only place that asks the machine for it.

use domain::Timestamp;
use rand::{Rng, SeedableRng, rngs::StdRng, rngs::SysRng};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// A source of chance: seeded by the machine, or by a number so that a test runs the same each time.
#[derive(Clone)]
pub struct Chance(Arc<Mutex<StdRng>>);

impl Chance {
    pub fn of_the_machine() -> anyhow::Result<Self> {
        let rng = StdRng::try_from_rng(&mut SysRng)
            .map_err(|cause| anyhow::anyhow!("the machine gives no randomness: {cause}"))?;
        Ok(Self(Arc::new(Mutex::new(rng))))
    }

    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        // A thread that died while it drew a number leaves a generator that is still good.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// A number below this bound, every one as likely as any other: draws that would favour the small ones are drawn again.
    pub fn below(&self, bound: u32) -> u32 {
        let bound = bound.max(1);
        let fair = u32::MAX - u32::MAX % bound;
        loop {
            let drawn = u32::from_le_bytes(self.bytes());
            if drawn < fair {
                return drawn % bound;
            }
        }
    }

    /// An identifier that sorts by the time at which it was made (UUID version 7).
    pub fn id(&self, now: Timestamp) -> Uuid {
        let milliseconds = u64::try_from(now.microseconds() / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &self.bytes()).into_uuid()
    }

    /// A secret that fits into an address: 32 random bytes.
    pub fn token(&self) -> String {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }

    /// A password that can be read out and typed: four groups of four letters and digits that look unlike each other.
    pub fn readable_password(&self) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let bytes: [u8; 16] = self.bytes();
        let groups = bytes
            .chunks(4)
            .map(|group| group.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect());
        groups.collect::<Vec<String>>().join("-")
    }
}

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chance")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_later_sort_later() {
        let chance = Chance::seeded(1);
        assert!(chance.id(Timestamp::from_seconds(1)) < chance.id(Timestamp::from_seconds(2)));
        assert_eq!(chance.id(Timestamp::from_seconds(1)).get_version_num(), 7);
    }

    #[test]
    fn the_machine_gives_another_token_each_time() {
        let chance = Chance::of_the_machine().unwrap();
        assert_ne!(chance.token(), chance.token());
        assert_eq!(chance.token().len(), 43);
    }

    #[test]
    fn every_number_below_a_bound_is_about_as_likely_as_any_other() {
        let chance = Chance::seeded(3);
        let mut drawn = [0_u32; 10];
        for _ in 0..100_000 {
            drawn[chance.below(10) as usize] += 1;
        }
        // Ten thousand each; five standard deviations are 475.
        assert!(drawn.iter().all(|count| count.abs_diff(10_000) < 475), "{drawn:?}");
        // A bound just above half of all numbers: every second draw must be thrown away for this to be fair.
        let bound = u32::MAX / 2 + 2;
        let low = (0..100_000).filter(|_| chance.below(bound) < bound / 2).count();
        assert!(low.abs_diff(50_000) < 800, "{low}");
        assert_eq!((chance.below(1), chance.below(0)), (0, 0));
    }

    #[test]
    fn a_readable_password_follows_the_rules_for_new_ones() {
        let password = Chance::seeded(7).readable_password();
        let rules = domain::password::PasswordPolicy::default();
        assert!(rules.accept(&password, &Default::default(), |_| false).is_ok(), "{password}");
    }
}
