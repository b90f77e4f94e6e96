//! Phone numbers in the one form that every network understands (E.164): a plus sign, the country, the number.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A phone number such as `+431234567`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    const WRONG: &str = "Enter a phone number with its country code, such as +43 660 123 4567";

    /// Takes what people type: spaces, dots, dashes, slashes and brackets between the digits, and 00 for the plus sign.
    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        let raw = raw.trim();
        if raw.is_empty() {
            return Err("Enter a phone number");
        }
        // "(0)" is how some countries write a digit that is dialled at home alone.
        let raw = raw.replace("(0)", "");
        let kept: String =
            raw.chars().filter(|c| !matches!(c, ' ' | '\u{A0}' | '.' | '-' | '/' | '(' | ')')).collect();
        let digits = kept.strip_prefix('+').or_else(|| kept.strip_prefix("00")).ok_or(Self::WRONG)?;
        let is_right = (8..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if is_right { Ok(Self(format!("+{digits}"))) } else { Err(Self::WRONG) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Enough to recognise one's own number by.
    pub fn masked(&self) -> String {
        format!("…{}", &self.0[self.0.len() - 2..])
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a5_a_phone_number_is_taken_as_people_write_it() {
        for written in ["+43 660 123 45 67", "0043 660/1234567", "+43 (0) 660 123-4567", "+43.660.1234567"] {
            assert_eq!(
                PhoneNumber::parse(written).map(|number| number.to_string()),
                Ok("+436601234567".into())
            );
        }
        assert_eq!(PhoneNumber::parse("+436601234567").unwrap().masked(), "…67");
    }

    #[test]
    fn a5_what_is_no_phone_number_is_refused() {
        let long = format!("+{}", "1".repeat(16));
        for wrong in [
            "",
            "  ",
            "0660 1234567",
            "+43",
            "+0660123456",
            "+43 660 12a4567",
            "+٤٣٦٦٠١٢٣٤٥٦٧",
            "++436601234567",
            &long,
            "+43660123\u{0}456",
        ] {
            assert!(PhoneNumber::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
