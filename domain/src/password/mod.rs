//! A new password: the one form in which it is hashed, and the rules it has to follow. A password that someone already has
//! is only ever compared, never judged.

mod guesses;
mod likeness;
mod rules;
#[cfg(test)]
mod tests;

pub use guesses::Strength;
pub use rules::{BrokenRule, BrokenRules, Owner, PasswordPolicy, Rating};

use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// The one form in which a password is hashed and compared: NFKC, as SASLprep (RFC 4013) and NIST SP 800-63B advise, so
/// that it does not matter which keyboard composed an "é" or how wide a "Ａ" is. Nothing is trimmed, folded or cut off.
pub fn normalise(raw: &str) -> String {
    if raw.is_ascii() { raw.to_owned() } else { raw.nfkc().collect() }
}

/// A password that was just chosen and follows the rules, in its one form. Only a policy makes it; it never prints itself.
#[derive(Clone)]
pub struct NewPassword(String);

impl NewPassword {
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(hidden)")
    }
}
