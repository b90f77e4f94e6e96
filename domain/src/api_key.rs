//! API keys: how they look, and the rules for what they are called.

use crate::person::is_invisible;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What every key begins with, so that people and scanners know one when they see it.
pub const PREFIX: &str = "cs_";
/// So many of a key's last characters are kept to tell it by.
pub const ENDING: usize = 4;
/// So many keys that work one person may have.
pub const MOST: usize = 25;

/// What its owner calls a key: "Nightly export".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct KeyName(String);

impl KeyName {
    pub const LONGEST: usize = 60;

    pub fn parse(raw: &str) -> Result<Self, String> {
        let name = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err("Give the key a name that says what it is for".into());
        }
        if name.chars().count() > Self::LONGEST {
            return Err(format!("Use at most {} characters", Self::LONGEST));
        }
        if name.chars().any(is_invisible) {
            return Err("Remove characters that cannot be seen".into());
        }
        Ok(Self(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t6_a_name_is_one_visible_line() {
        assert_eq!(KeyName::parse("  Nightly \t export ").unwrap().as_str(), "Nightly export");
        for wrong in ["", "  ", "a\u{0}b", "a\u{202E}b", "\u{200B}", &"x".repeat(61)] {
            assert!(KeyName::parse(wrong).is_err(), "{wrong:?} was taken");
        }
        assert!(KeyName::parse(&"x".repeat(60)).is_ok());
    }
}
