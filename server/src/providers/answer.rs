//! The answer of a provider, checked: who signed it, for whom, for which sign-in, and when (OpenID Connect Core, 3.1.3.7).

use super::{discovery::Key, failure::Failure};
use domain::Timestamp;
use jsonwebtoken::Validation;
use serde::{Deserialize, Deserializer};
use std::time::Duration;

/// Longer than any token of a provider in use.
const LONGEST: usize = 16 * 1024;
/// By how much the clocks of two machines may differ.
const LEEWAY: Duration = Duration::from_secs(60);
const LONGEST_SUBJECT: usize = 255;

/// What an answer must fit.
pub(super) struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    /// When the sign-in began: nothing that was signed before belongs to it.
    pub begun_at: Timestamp,
    pub now: Timestamp,
}

/// Whom the provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    pub issuer: String,
    /// Who it is there, for good.
    pub subject: String,
    pub email: Option<String>,
    pub email_is_verified: bool,
    pub full_name: Option<String>,
    pub username: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    aud: OneOrMany,
    azp: Option<String>,
    exp: Seconds,
    iat: Seconds,
    nbf: Option<Seconds>,
    nonce: Option<String>,
    #[serde(flatten)]
    profile: Profile,
}

/// What providers tell of people, in the token or when asked with it.
#[derive(Deserialize)]
pub(super) struct Profile {
    pub email: Option<String>,
    #[serde(default, deserialize_with = "yes")]
    pub email_verified: bool,
    pub name: Option<String>,
    pub preferred_username: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// Seconds since 1970. Some write them with a fraction.
#[derive(Clone, Copy)]
struct Seconds(i64);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[allow(clippy::cast_possible_truncation, reason = "what is beyond all time stays at its end")]
        f64::deserialize(from).map(|seconds| Self(seconds as i64))
    }
}

/// `true`, or the word for it, as some providers write. Everything else is no.
fn yes<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    serde_json::Value::deserialize(from).map(|value| value == true || value == "true")
}

/// The name of the key that a token says it was signed with, for whoever has to find it.
pub(super) fn key_of(token: &str) -> Result<Option<String>, Failure> {
    if token.len() > LONGEST {
        return Err(Failure::Untrusted("provider: token too long"));
    }
    // Unknown algorithms, "none" among them, cannot be read at all.
    let header =
        jsonwebtoken::decode_header(token).map_err(|_| Failure::Untrusted("provider: token unreadable"))?;
    Ok(header.kid)
}

/// Reads a token that must have been signed with this key.
pub(super) fn read(token: &str, key: &Key, expected: &Expected<'_>) -> Result<Vouched, Failure> {
    // The key says which algorithm it is for, never the token.
    let mut rules = Validation::new(key.algorithm);
    rules.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    rules.set_issuer(&[expected.issuer]);
    rules.set_audience(&[expected.client_id]);
    // The clock is the one that was passed in.
    rules.validate_exp = false;
    let claims = jsonwebtoken::decode::<Claims>(token, &key.reads, &rules)
        .map_err(|cause| Failure::Untrusted(reason(cause.kind())))?
        .claims;
    check_audience(&claims, expected.client_id)?;
    check_times(&claims, expected)?;
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return Err(Failure::Untrusted("provider: wrong nonce"));
    }
    if claims.sub.is_empty() || claims.sub.len() > LONGEST_SUBJECT || claims.sub.contains(char::is_control) {
        return Err(Failure::Untrusted("provider: no subject"));
    }
    let Profile { email, email_verified, name, preferred_username } = claims.profile;
    Ok(Vouched {
        issuer: expected.issuer.to_owned(),
        subject: claims.sub,
        email,
        email_is_verified: email_verified,
        full_name: name,
        username: preferred_username,
    })
}

/// A token may be meant for others too, but then it must say that it was made for us.
fn check_audience(claims: &Claims, client_id: &str) -> Result<(), Failure> {
    let is_for_others = match &claims.aud {
        OneOrMany::One(one) => one != client_id,
        OneOrMany::Many(many) => many.iter().any(|one| one != client_id),
    };
    match claims.azp.as_deref() {
        Some(party) if party != client_id => Err(Failure::Untrusted("provider: made for another party")),
        None if is_for_others => Err(Failure::Untrusted("provider: wrong audience")),
        _ => Ok(()),
    }
}

fn check_times(claims: &Claims, expected: &Expected<'_>) -> Result<(), Failure> {
    let (earliest, latest) = (expected.now.before(LEEWAY).seconds(), expected.now.after(LEEWAY).seconds());
    if claims.exp.0 <= earliest {
        return Err(Failure::Untrusted("provider: token expired"));
    }
    if claims.iat.0 > latest || claims.nbf.is_some_and(|moment| moment.0 > latest) {
        return Err(Failure::Untrusted("provider: token from the future"));
    }
    if claims.iat.0 < expected.begun_at.before(LEEWAY).seconds() {
        return Err(Failure::Untrusted("provider: token older than the sign-in"));
    }
    Ok(())
}

fn reason(kind: &jsonwebtoken::errors::ErrorKind) -> &'static str {
    use jsonwebtoken::errors::ErrorKind;
    match kind {
        ErrorKind::InvalidSignature => "provider: wrong signature",
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => "provider: wrong algorithm",
        ErrorKind::InvalidIssuer => "provider: wrong issuer",
        ErrorKind::InvalidAudience => "provider: wrong audience",
        _ => "provider: token unreadable",
    }
}
