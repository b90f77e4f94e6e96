//! Setting up: an empty installation lets whoever can read its log make the first account.

use crate::{
    Error, Origin, Result,
    identity::Passwords,
    people::{NewPersonForm, People},
    permit::Permit,
};
use domain::PersonId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The service for setting up.
#[derive(Clone)]
pub struct Setup {
    people: People,
    passwords: Passwords,
    /// Compared by hash, so that neither length nor prefix shows in the time it takes.
    token_hash: [u8; 32],
    token: String,
}

impl Setup {
    pub fn new(people: People, passwords: Passwords, token: String) -> Self {
        Self { people, passwords, token_hash: Sha256::digest(&token).into(), token }
    }

    /// Whether there is still nobody, so that the page is there at all.
    pub async fn is_due(&self) -> Result<bool> {
        self.people.is_empty().await
    }

    /// The one-time token, for the log of the start.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Makes the first account, a Super Admin. The token is good for as long as there is nobody.
    pub async fn finish(&self, token: &str, form: NewPersonForm, origin: &Origin) -> Result<PersonId> {
        let hash: [u8; 32] = Sha256::digest(token.trim()).into();
        if !bool::from(hash.ct_eq(&self.token_hash)) {
            return Err(Error::Invalid(domain::FieldErrors::one(
                "token",
                "That is not the token that the log shows",
            )));
        }
        let person = NewPersonForm { roles: vec!["SUPER_ADMIN".into()], ..form }.parse(&self.passwords)?;
        self.people.create_first(&Permit::for_setup(()), person, origin).await
    }
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Setup")
    }
}
