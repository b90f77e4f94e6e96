//! Tokens: signed names of a session (JWT, RS256). A token alone opens nothing: its session must be good as well.

use crate::{Actor, Error, Result, chance::Chance, keys::Ring};
use anyhow::anyhow;
use domain::{PersonId, RoleCode, SessionId, Timestamp};
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc, time::Duration};
use uuid::Uuid;

/// Longer than any token that was ever signed here.
const LONGEST: usize = 4096;

/// What a token is for. One is never taken for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// The browser's cookie.
    Session,
    /// The API client's bearer token.
    Access,
}

impl Purpose {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Access => "access",
        }
    }

    pub(super) fn of_word(word: &str) -> Option<Self> {
        [Self::Session, Self::Access].into_iter().find(|purpose| purpose.word() == word)
    }
}

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
pub struct Claims {
    pub sub: PersonId,
    pub sid: SessionId,
    pub role: RoleCode,
    pub iat: i64,
    pub exp: i64,
    #[serde(rename = "type")]
    pub purpose: Purpose,
    pub jti: Uuid,
    /// When the person last showed that it is them, which refreshing does not change.
    #[serde(default)]
    pub auth_time: i64,
    /// What they showed (RFC 8176).
    #[serde(default)]
    pub amr: Vec<String>,
}

/// Signs and reads tokens.
#[derive(Clone)]
pub struct Tokens {
    ring: Ring,
    chance: Chance,
    rules: Arc<Validation>,
}

impl Tokens {
    pub fn new(ring: Ring, chance: Chance) -> Self {
        let mut rules = Validation::new(Algorithm::RS256);
        // Expiry is judged below, by the clock that was passed in.
        rules.validate_exp = false;
        rules.set_required_spec_claims(&["sub"]);
        Self { ring, chance, rules: Arc::new(rules) }
    }

    /// The keys, for those who publish or change them.
    pub const fn ring(&self) -> &Ring {
        &self.ring
    }

    pub fn sign(&self, actor: &Actor, purpose: Purpose, now: Timestamp, lasts: Duration) -> Result<String> {
        let key = self.ring.newest(now, &self.chance)?;
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(key.id.clone());
        let claims = Claims {
            sub: actor.id(),
            sid: actor.session(),
            role: actor.role().clone(),
            iat: now.seconds(),
            exp: now.after(lasts).seconds(),
            purpose,
            jti: self.chance.id(now),
            auth_time: actor.proof().at.seconds(),
            amr: actor.proof().references().iter().map(|&word| word.to_owned()).collect(),
        };
        Ok(jsonwebtoken::encode(&header, &claims, &key.signs).map_err(|cause| anyhow!(cause))?)
    }

    /// What the token says, if we signed it, for this purpose, and its time is not over.
    pub fn read(&self, token: &str, purpose: Purpose, now: Timestamp) -> Result<Claims> {
        if token.len() > LONGEST {
            return Err(Error::Unauthenticated);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| Error::Unauthenticated)?;
        let key = header.kid.and_then(|id| self.ring.named(&id, now, &self.chance));
        let key = key.ok_or(Error::Unauthenticated)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.reads, &self.rules)
            .map_err(|_| Error::Unauthenticated)?
            .claims;
        if claims.purpose != purpose {
            return Err(Error::Unauthenticated);
        }
        if claims.exp > now.seconds() { Ok(claims) } else { Err(Error::TokenExpired) }
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}
