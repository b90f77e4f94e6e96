//! Recovery codes: ten words of luck on paper, each good once, for when the phone is lost.

use super::SecondFactors;
use crate::{Actor, Result, chance::Chance, vault::Purpose};
use std::fmt;

/// How many a person gets.
pub const HOW_MANY: usize = 10;
/// Letters and digits that look unlike each other. Ten of them have 49 bits.
const LETTERS: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
const LENGTH: usize = 10;

/// New recovery codes, to be shown once and never again.
#[derive(Clone)]
pub struct RecoveryCodes(Vec<String>);

impl RecoveryCodes {
    pub(super) fn draw(chance: &Chance) -> Self {
        let letter = || char::from(LETTERS[chance.below(LETTERS.len() as u32) as usize]);
        Self((0..HOW_MANY).map(|_| (0..LENGTH).map(|_| letter()).collect()).collect())
    }

    /// As they are shown: in two groups, such as `7kq2m-x9f4c`.
    pub fn shown(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|code| format!("{}-{}", &code[..LENGTH / 2], &code[LENGTH / 2..]))
    }

    fn parse(text: &str) -> Self {
        Self(text.split(' ').filter_map(read).collect())
    }

    pub(super) fn plain(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// What was typed, as it was drawn: in any case, with dashes and spaces or without. Nothing where it can be no code.
pub(super) fn read(typed: &str) -> Option<String> {
    let kept = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '\t' | '\r' | '\n'));
    let kept: String = kept.take(LENGTH + 1).map(|c| c.to_ascii_lowercase()).collect();
    (kept.len() == LENGTH && kept.bytes().all(|byte| LETTERS.contains(&byte))).then_some(kept)
}

impl SecondFactors {
    /// The codes sealed, for the way from the form that made them to the page that shows them once.
    pub fn wrap_codes(&self, actor: &Actor, codes: &RecoveryCodes) -> Result<String> {
        let text = codes.plain().collect::<Vec<_>>().join(" ");
        self.vault.seal(Purpose::RecoveryCodes, actor.id().uuid(), text.as_bytes())
    }

    /// Opens what was wrapped for this very person.
    pub fn unwrap_codes(&self, actor: &Actor, wrapped: &str) -> Result<RecoveryCodes> {
        let plain = self.vault.open(Purpose::RecoveryCodes, actor.id().uuid(), wrapped)?;
        Ok(RecoveryCodes::parse(&String::from_utf8_lossy(&plain)))
    }
}

impl fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecoveryCodes({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a5_ten_recovery_codes_without_letters_that_look_alike() {
        let codes = RecoveryCodes::draw(&Chance::seeded(9));
        let shown: BTreeSet<String> = codes.shown().collect();
        assert_eq!(shown.len(), 10);
        for code in shown {
            assert_eq!((code.len(), code.find('-')), (11, Some(5)), "{code}");
            assert!(!code.contains(['0', '1', 'i', 'l', 'o', 'O', 'I']), "{code}");
        }
        assert_eq!(format!("{codes:?}"), "RecoveryCodes(10)");
    }

    #[test]
    fn a5_a_recovery_code_is_read_as_people_type_it() {
        for typed in ["7kq2m-x9f4c", "7KQ2M X9F4C", " 7kq2mx9f4c\n"] {
            assert_eq!(read(typed).as_deref(), Some("7kq2mx9f4c"), "{typed:?}");
        }
        let long = "7".repeat(1 << 20);
        for wrong in ["", "7kq2m-x9f4", "7kq2m-x9f4cc", "7kq2m-x9f4o", "7kq2m-x9f4é", "7kq2m\0x9f4c", &long]
        {
            assert_eq!(read(wrong), None, "{wrong:.20?}");
        }
    }
}
