//! What a provider says of itself: where to go (its discovery document) and the keys it signs with. Both are kept for a
//! while; a key that is not known is asked for, but not more often than once a minute.

use super::failure::Failure;
use crate::config::oidc::is_private;
use domain::Timestamp;
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use std::time::Duration;
use url::Url;

/// What was read is good for so long.
const KEPT: Duration = Duration::from_secs(60 * 60);
/// While the provider is away, what was read before serves for so long.
const KEPT_AT_MOST: Duration = Duration::from_secs(24 * 60 * 60);
/// How long one waits before the keys are read again because one is missing.
const KEYS_AT_MOST_EVERY: Duration = Duration::from_secs(60);
/// No provider has more keys in use.
const MOST_KEYS: usize = 64;

/// Where a provider is asked for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Addresses {
    pub authorization: Url,
    pub token: Url,
    pub keys: Url,
    pub user_info: Option<Url>,
    /// It wants our secret in the form instead of the head.
    pub takes_secret_in_form: bool,
    /// Its answers name it (RFC 9207).
    pub names_itself: bool,
}

/// A key that a provider signs with.
#[derive(Clone)]
pub(super) struct Key {
    pub id: Option<String>,
    pub algorithm: Algorithm,
    pub reads: DecodingKey,
}

/// Something that was read, and when.
#[derive(Clone)]
pub(super) struct Kept<T> {
    pub value: T,
    pub read_at: Timestamp,
}

impl<T> Kept<T> {
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.since(self.read_at) < KEPT
    }

    pub fn is_of_use(&self, now: Timestamp) -> bool {
        now.since(self.read_at) < KEPT_AT_MOST
    }

    pub fn may_be_read_again(&self, now: Timestamp) -> bool {
        now.since(self.read_at) >= KEYS_AT_MOST_EVERY
    }
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Where the discovery document lies.
pub(super) fn document_of(issuer: &str) -> Result<Url, Failure> {
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    Url::parse(&address).map_err(|_| Failure::Away("its issuer is no address".into()))
}

/// Reads a discovery document. Whoever is asked must be who answers, and nothing may lead into the open.
pub(super) fn read_document(body: &[u8], issuer: &str) -> Result<Addresses, Failure> {
    let document: Document = serde_json::from_slice(body)
        .map_err(|cause| Failure::Away(format!("its discovery document cannot be read: {cause}")))?;
    if document.issuer != issuer {
        return Err(Failure::Away(format!(
            "its discovery document names the issuer {:?}; set it exactly so",
            document.issuer.chars().take(200).collect::<String>()
        )));
    }
    // Only who is on this machine may send us to this machine without TLS.
    let is_plain = issuer.starts_with("http://");
    let is_fit = |url: &Url| url.has_host() && (url.scheme() == "https" || (is_plain && is_private(url)));
    let read = |address: &str| {
        let url = Url::parse(address).ok().filter(is_fit);
        url.ok_or_else(|| {
            Failure::Away("its discovery document names an address that is none, or has no TLS".into())
        })
    };
    let methods = document.token_endpoint_auth_methods_supported.unwrap_or_default();
    let takes = |method: &str| methods.iter().any(|one| one == method);
    Ok(Addresses {
        authorization: read(&document.authorization_endpoint)?,
        token: read(&document.token_endpoint)?,
        keys: read(&document.jwks_uri)?,
        user_info: document.userinfo_endpoint.as_deref().map(read).transpose()?,
        takes_secret_in_form: takes("client_secret_post") && !takes("client_secret_basic"),
        names_itself: document.authorization_response_iss_parameter_supported,
    })
}

/// Reads a set of keys. Those of kinds that we do not take are left out, whatever else they are for.
pub(super) fn read_keys(body: &[u8]) -> Result<Vec<Key>, Failure> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<serde_json::Value>,
    }
    let set: Set = serde_json::from_slice(body)
        .map_err(|cause| Failure::Away(format!("its keys cannot be read: {cause}")))?;
    Ok(set.keys.into_iter().take(MOST_KEYS).filter_map(usable).collect())
}

/// RSA and P-256 alone: what proves something to others. A key that both sides know proves nothing.
fn usable(value: serde_json::Value) -> Option<Key> {
    let key: Jwk = serde_json::from_value(value).ok()?;
    let (algorithm, named) = match &key.algorithm {
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        _ => return None,
    };
    let signs = key.common.public_key_use.as_ref().is_none_or(|word| *word == PublicKeyUse::Signature);
    if !signs || key.common.key_algorithm.is_some_and(|said| said != named) {
        return None;
    }
    let reads = DecodingKey::from_jwk(&key).ok()?;
    Some(Key { id: key.common.key_id, algorithm, reads })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn document(issuer: &str, change: impl FnOnce(&mut Value)) -> Result<Addresses, Failure> {
        let mut document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys?client=1"),
        });
        change(&mut document);
        read_document(document.to_string().as_bytes(), issuer)
    }

    #[test]
    fn a12_a_discovery_document_of_somebody_else_is_refused() {
        assert!(document("https://one.example", |_| ()).is_ok());
        for other in ["https://two.example", "https://one.example/", "http://one.example", ""] {
            let read = document("https://one.example", |document| document["issuer"] = json!(other));
            assert!(matches!(read, Err(Failure::Away(_))), "{other}: {read:?}");
        }
    }

    #[test]
    fn a12_no_address_may_lead_into_the_open_or_onto_this_machine() {
        for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"] {
            for address in
                ["http://one.example/x", "http://127.0.0.1/x", "ftp://one.example/x", "javascript:x"]
            {
                let read = document("https://one.example", |document| document[name] = json!(address));
                assert!(matches!(read, Err(Failure::Away(_))), "{name} {address}: {read:?}");
            }
        }
        assert!(
            document("http://localhost:9", |document| document["token_endpoint"] =
                json!("http://127.0.0.1:9/x"))
            .is_ok()
        );
    }

    #[test]
    fn a12_the_secret_goes_where_the_provider_takes_it() {
        for (methods, in_form) in [
            (json!(null), false),
            (json!(["client_secret_basic", "client_secret_post"]), false),
            (json!(["client_secret_post"]), true),
        ] {
            let read = document("https://one.example", |document| {
                document["token_endpoint_auth_methods_supported"] = methods;
            });
            assert_eq!(read.unwrap().takes_secret_in_form, in_form);
        }
    }

    #[test]
    fn a12_only_keys_that_prove_something_to_others_are_taken() {
        let rsa = json!({ "kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB" });
        let with = |name: &str, value: &str| {
            let mut key = rsa.clone();
            key[name] = json!(value);
            key
        };
        let curve = |curve: &str| json!({ "kty": "EC", "kid": "b", "crv": curve, "x": "AQAB", "y": "AQAB" });
        let keys = json!({ "keys": [
            rsa, with("use", "sig"), with("alg", "RS256"), curve("P-256"),
            with("use", "enc"), with("alg", "RS512"), with("alg", "RSA-OAEP"), with("alg", "HS256"), curve("P-384"), curve("secp256k1"),
            { "kty": "oct", "kid": "c", "k": "AQAB" }, { "kty": "OKP", "crv": "Ed25519", "x": "AQAB" }, { "kty": "new" }, 1, null,
        ] });
        let read = read_keys(keys.to_string().as_bytes()).ok().unwrap();
        let algorithms: Vec<Algorithm> = read.iter().map(|key| key.algorithm).collect();
        assert_eq!(algorithms, [Algorithm::RS256, Algorithm::RS256, Algorithm::RS256, Algorithm::ES256]);
        for broken in ["", "[]", "{}", "{\"keys\": 1}"] {
            assert!(read_keys(broken.as_bytes()).is_err(), "{broken}");
        }
    }
}
