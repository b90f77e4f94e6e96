//! The secret of a one-time link: 256 bits of luck, shown once in a letter and kept as a keyed fingerprint alone.

use crate::{chance::Chance, vault::Vault};
use std::fmt;

const LENGTH: usize = 43;

/// What a link is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Choosing another password.
    Reset,
    /// Showing that an address is one's own.
    Verification,
    /// Taking an account that somebody else has made.
    Invitation,
    /// Agreeing to another address, where the letter went to the new one.
    EmailNew,
    /// The same, where it went to the present one.
    EmailPresent,
}

impl Purpose {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Verification => "verification",
            Self::Invitation => "invitation",
            Self::EmailNew => "email_new",
            Self::EmailPresent => "email_present",
        }
    }
}

/// The token in a link's address.
#[derive(Clone)]
pub(super) struct Token(String);

impl Token {
    pub fn draw(chance: &Chance) -> Self {
        Self(chance.token())
    }

    /// What came back, where it can be a token at all.
    pub fn received(text: &str) -> Option<Self> {
        let text = text.trim();
        let can_be = text.len() == LENGTH
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        can_be.then(|| Self(text.to_owned()))
    }

    pub fn fingerprint(&self, vault: &Vault, purpose: Purpose) -> String {
        vault.fingerprint(&["one-time link", purpose.word(), &self.0])
    }

    /// For the letter.
    pub fn reveal(self) -> String {
        self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a11_only_what_can_be_a_token_is_looked_up() {
        let token = Token::draw(&Chance::seeded(5)).reveal();
        assert!(Token::received(&format!(" {token}\n")).is_some());
        let flipped = token.replace(|c: char| c.is_ascii_lowercase(), "é");
        for wrong in
            ["", "x", &token[1..], &format!("{token}x"), &flipped, &"x".repeat(1 << 20), &"\0".repeat(LENGTH)]
        {
            assert!(Token::received(wrong).is_none(), "{wrong:.50?}");
        }
        assert_eq!(format!("{:?}", Token::received(&token)), "Some(Token)");
    }
}
