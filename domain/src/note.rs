//! Notes: what those who look after accounts write down about people.

use crate::person::is_invisible;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a note says: some lines of plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoteText(pub(crate) String);

impl NoteText {
    pub const LONGEST: usize = 2000;

    pub fn parse(raw: &str) -> Result<Self, String> {
        let text = raw.replace("\r\n", "\n").trim().to_owned();
        if text.is_empty() {
            return Err("Write the note first".into());
        }
        if text.chars().count() > Self::LONGEST {
            return Err(format!("Use at most {} characters", Self::LONGEST));
        }
        if text.chars().any(|c| is_invisible(c) && !matches!(c, '\n' | '\t' | '\u{200C}' | '\u{200D}')) {
            return Err("Remove characters that cannot be seen".into());
        }
        Ok(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NoteText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u2_a_note_is_visible_text_of_several_lines() {
        assert_eq!(
            NoteText::parse(" Called.\r\nIs away in May. ").unwrap().as_str(),
            "Called.\nIs away in May."
        );
        for wrong in ["", " \r\n ", "a\u{0}b", "a\u{202E}b", &"x".repeat(2001)] {
            assert!(NoteText::parse(wrong).is_err(), "{wrong:.20?} was taken");
        }
        assert!(NoteText::parse(&"x".repeat(2000)).is_ok());
    }
}
