//! The settings for passwords: what hashing one costs, and what a new one has to be.

use domain::password::PasswordPolicy;
use serde::{Deserialize, Serialize};

/// What hashing a password costs (Argon2id; the defaults are OWASP's, `countersign tune` finds better ones for a machine),
/// and what a new password has to be.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Passwords {
    pub memory_kib: u32,
    pub iterations: u32,
    pub parallelism: u32,
    /// Whether passwords of less than 15 characters mix upper and lower case, digits and special characters.
    pub composition: bool,
    pub shortest: u32,
    pub longest: u32,
    /// Whether the commonest breached passwords are refused.
    pub refuse_breached: bool,
}

impl Default for Passwords {
    fn default() -> Self {
        let PasswordPolicy { shortest, longest, composition } = PasswordPolicy::default();
        Self {
            memory_kib: Self::OWASP_MEMORY_KIB,
            iterations: Self::OWASP_ITERATIONS,
            parallelism: 1,
            composition,
            shortest: shortest as u32,
            longest: longest as u32,
            refuse_breached: true,
        }
    }
}

impl Passwords {
    /// The least that OWASP's cheat sheet on password storage recommends.
    pub const OWASP_MEMORY_KIB: u32 = 19_456;
    pub const OWASP_ITERATIONS: u32 = 2;
    pub const LARGEST_MEMORY_KIB: u32 = 4_194_304;
    pub const MOST_ITERATIONS: u32 = 100;
    pub const MOST_PARALLELISM: u32 = 16;
    /// Memory times iterations: about ten seconds of one core. A hash that wants more could only hold the machine up.
    pub const MOST_WORK: u64 = 8 * 1024 * 1024;

    /// What a new password has to be.
    pub const fn policy(&self) -> PasswordPolicy {
        PasswordPolicy {
            shortest: self.shortest as usize,
            longest: self.longest as usize,
            composition: self.composition,
        }
    }

    /// How much one hash computes: kibibytes times passes over them.
    pub const fn work(&self) -> u64 {
        self.memory_kib as u64 * self.iterations as u64
    }

    /// Tells everything that is wrong with the values.
    pub(super) fn problems(&self, wrong: &mut impl FnMut(bool, &str)) {
        wrong(
            !(8_192..=Self::LARGEST_MEMORY_KIB).contains(&self.memory_kib),
            "passwords.memory_kib must be 8192 to 4194304",
        );
        wrong(
            !(1..=Self::MOST_ITERATIONS).contains(&self.iterations),
            "passwords.iterations must be 1 to 100",
        );
        wrong(
            self.work() > Self::MOST_WORK,
            "passwords.memory_kib times passwords.iterations must be 8388608 at most: a hash would take many seconds",
        );
        wrong(
            !(1..=Self::MOST_PARALLELISM).contains(&self.parallelism),
            "passwords.parallelism must be 1 to 16",
        );
        wrong(!(8..=64).contains(&self.shortest), "passwords.shortest must be 8 to 64");
        wrong(!(128..=256).contains(&self.longest), "passwords.longest must be 128 to 256");
    }

    /// Whether a hash costs less than OWASP recommends, in memory and passes over it taken together.
    pub(super) fn costs_little(&self) -> bool {
        let recommended = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];
        !recommended
            .iter()
            .any(|(memory, iterations)| self.memory_kib >= *memory && self.iterations >= *iterations)
    }

    /// Whether neither kinds nor length stand against guessing, as far as the rules go.
    pub(super) const fn asks_for_little(&self) -> bool {
        !self.composition && self.shortest < PasswordPolicy::LONG_ENOUGH as u32
    }
}
