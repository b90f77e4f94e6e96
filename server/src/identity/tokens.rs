//! Tokens: signed names of a session (JWT, RS256). A token alone opens nothing: its session must be good as well.

use crate::{Actor, Error, Result, keys::SigningKey};
use anyhow::anyhow;
use domain::{PersonId, RoleCode, SessionId, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc, time::Duration};

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
    pub jti: SessionId,
}

/// Signs and reads tokens.
#[derive(Clone)]
pub struct Tokens(Arc<Inner>);

struct Inner {
    key_id: String,
    signs: EncodingKey,
    reads: DecodingKey,
    rules: Validation,
}

impl Tokens {
    pub fn new(key: &SigningKey) -> Result<Self> {
        let signs = EncodingKey::from_rsa_pem(key.private_pem.as_bytes()).map_err(|cause| anyhow!(cause))?;
        let mut rules = Validation::new(Algorithm::RS256);
        // Expiry is judged below, by the clock that was passed in.
        rules.validate_exp = false;
        rules.set_required_spec_claims(&["sub"]);
        Ok(Self(Arc::new(Inner {
            key_id: key.id.clone(),
            signs,
            reads: DecodingKey::from_rsa_raw_components(&key.modulus, &key.exponent),
            rules,
        })))
    }

    pub fn sign(&self, actor: &Actor, purpose: Purpose, now: Timestamp, lasts: Duration) -> Result<String> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.0.key_id.clone());
        let claims = Claims {
            sub: actor.id(),
            sid: actor.session(),
            role: actor.role().clone(),
            iat: now.seconds(),
            exp: now.after(lasts).seconds(),
            purpose,
            jti: actor.session(),
        };
        Ok(jsonwebtoken::encode(&header, &claims, &self.0.signs).map_err(|cause| anyhow!(cause))?)
    }

    /// What the token says, if we signed it, for this purpose, and its time is not over.
    pub fn read(&self, token: &str, purpose: Purpose, now: Timestamp) -> Result<Claims> {
        if token.len() > LONGEST {
            return Err(Error::Unauthenticated);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| Error::Unauthenticated)?;
        if header.kid.as_deref() != Some(&self.0.key_id) {
            return Err(Error::Unauthenticated);
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.0.reads, &self.0.rules)
            .map_err(|_| Error::Unauthenticated)?
            .claims;
        if claims.purpose == purpose && claims.exp > now.seconds() {
            Ok(claims)
        } else {
            Err(Error::Unauthenticated)
        }
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokens({})", self.0.key_id)
    }
}
