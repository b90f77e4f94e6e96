//! `/.well-known/jwks.json`: the public halves of the keys that sign tokens, for programs that check them on their own.

use crate::Backend;
use axum::{
    Json,
    extract::State,
    http::{HeaderName, header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// Whoever checks tokens asks again for a key they do not know, so a few minutes of rest do no harm.
const CACHE: (HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=300");

pub async fn jwks(State(backend): State<Backend>) -> ([(HeaderName, &'static str); 1], Json<Value>) {
    let keys = backend.identity.signing_keys();
    let keys: Vec<Value> = keys
        .iter()
        .map(|key| {
            json!({
                "kty": "RSA",
                "use": "sig",
                "alg": "RS256",
                "kid": key.id,
                "n": URL_SAFE_NO_PAD.encode(&key.modulus),
                "e": URL_SAFE_NO_PAD.encode(&key.exponent),
            })
        })
        .collect();
    ([CACHE], Json(json!({ "keys": keys })))
}
