//! The rules for a new password. A password that someone already has is only ever compared, never judged.

use std::fmt;

/// A password that was just chosen and follows the rules. It never prints itself.
#[derive(Clone)]
pub struct NewPassword(String);

impl NewPassword {
    pub const SHORTEST: usize = 8;
    pub const LONG_ENOUGH_WITHOUT_VARIETY: usize = 15;
    pub const LONGEST: usize = 256;

    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        let length = raw.chars().count();
        if length == 0 {
            return Err("Enter a password");
        }
        if length < Self::SHORTEST {
            return Err("Use at least 8 characters");
        }
        if length > Self::LONGEST {
            return Err("Use at most 256 characters");
        }
        if length < Self::LONG_ENOUGH_WITHOUT_VARIETY && !is_varied(raw) {
            return Err(
                "Mix upper and lower case letters, a digit and a special character, or use at least 15 characters",
            );
        }
        Ok(Self(raw.to_owned()))
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

fn is_varied(password: &str) -> bool {
    password.chars().any(char::is_uppercase)
        && password.chars().any(char::is_lowercase)
        && password.chars().any(char::is_numeric)
        && password.chars().any(|c| !c.is_alphanumeric())
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_password_needs_variety_and_a_long_one_does_not() {
        assert!(NewPassword::parse("Tr0ub4d&").is_ok());
        assert!(NewPassword::parse("all lower case words").is_ok());
        for wrong in ["", "Ab1!", "alllowercase", "NoDigits!!", "n0upper!!", &"x".repeat(257)] {
            assert!(NewPassword::parse(wrong).is_err(), "{wrong:?} was taken");
        }
    }

    #[test]
    fn a_password_does_not_print_itself() {
        let password = NewPassword::parse("correct horse battery").unwrap();
        assert!(!format!("{password:?}").contains("horse"));
    }
}
