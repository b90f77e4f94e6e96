//! Tokens that are no good, each in its own way: all of them are answered with 401.

use crate::support::{ME, USERS, browser_of, problem, routes};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use server::{
    keys::{SigningKey, new_signing_pem},
    testing::{TestApp, signing_key},
};
use std::time::Duration;

/// The parts of a good token, to be put together wrongly.
struct Parts {
    header: Value,
    claims: Value,
    signature: String,
}

async fn good_token(app: &TestApp) -> String {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.client_of("alice").await.bearer.unwrap()
}

fn take_apart(token: &str) -> Parts {
    let parts: Vec<&str> = token.split('.').collect();
    let read = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    Parts { header: read(parts[0]), claims: read(parts[1]), signature: parts[2].to_owned() }
}

fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

fn signed(claims: &Value, algorithm: Algorithm, key_id: Option<&str>, key: &EncodingKey) -> String {
    let mut header = Header::new(algorithm);
    header.kid = key_id.map(str::to_owned);
    jsonwebtoken::encode(&header, claims, key).unwrap()
}

/// Signs claims with our own key, as only the program can.
fn signed_by_us(claims: &Value) -> String {
    let key = signing_key();
    signed(
        claims,
        Algorithm::RS256,
        Some(&key.id),
        &EncodingKey::from_rsa_pem(key.private_pem.as_bytes()).unwrap(),
    )
}

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut changed = claims.clone();
    changed[name] = value;
    changed
}

async fn refused(app: &TestApp, what: &str, token: &str) {
    let mut client = app.anyone();
    client.bearer = Some(token.to_owned());
    let reply = client.get(ME).await;
    assert_eq!(reply.status, 401, "{what} was let in: {}", reply.body);
    assert_eq!(problem(&reply, 401).0, "unauthenticated", "{what}");
    assert_eq!(reply.header("www-authenticate"), "Bearer", "{what}");
}

server::both_engines! { routes;
    async fn t4_without_a_token_nobody_comes_in(app) {
        for path in [ME, USERS, "/api/v1/users/0198c0de-0000-7000-8000-000000000000"] {
            problem(&app.anyone().get(path).await, 401);
        }
    }

    async fn t2_a_good_token_says_whom_it_stands_for(app) {
        let token = good_token(app).await;
        let Parts { header, claims, .. } = take_apart(&token);
        assert_eq!(header["alg"], "RS256");
        assert_eq!(header["kid"], signing_key().id);
        for name in ["sub", "role", "iat", "exp", "type", "jti"] {
            assert!(!claims[name].is_null(), "no {name} in {claims}");
        }
        assert_eq!(claims["type"], "access");
        let mut client = app.anyone();
        client.bearer = Some(signed_by_us(&claims));
        assert_eq!(client.get(ME).await.status, 200, "the tests' own way of signing is wrong");
    }

    async fn t4_malformed_tokens_are_refused(app) {
        let token = good_token(app).await;
        let Parts { header, claims, signature } = take_apart(&token);
        let (head, body) = (encode(&header), encode(&claims));
        for (what, token) in [
            ("a word", "nonsense".to_owned()),
            ("two dots", "..".to_owned()),
            ("half a token", token[..token.len() / 2].to_owned()),
            ("a token without its signature", format!("{head}.{body}.")),
            ("a token with a fourth part", format!("{token}.x")),
            ("a token in quotes", format!("\"{token}\"")),
            ("a header that is no JSON", format!("{}.{body}.{signature}", URL_SAFE_NO_PAD.encode("{"))),
            ("a token of 100 kB", format!("{head}.{}.{signature}", "A".repeat(100_000))),
        ] {
            refused(app, what, &token).await;
        }
        for value in ["", "Bearer", "Bearer ", "Basic YTpi", &format!("Token {token}"), "Bearer \t"] {
            let mut client = app.anyone();
            client.headers.push(("authorization".into(), value.into()));
            assert_eq!(client.get(ME).await.status, 401, "{value:?}");
        }
    }

    async fn t4_tampered_claims_are_refused(app) {
        let token = good_token(app).await;
        let Parts { header, claims, signature } = take_apart(&token);
        let other = app.add("mallory", "Mallory Fox", &["PIN"]).await;
        for (name, value) in [
            ("role", json!("SUPER_ADMIN")), ("exp", json!(4_000_000_000_i64)), ("sub", json!(other)), ("type", json!("session")),
        ] {
            let forged = with(&claims, name, value);
            refused(app, &format!("another {name}"), &format!("{}.{}.{signature}", encode(&header), encode(&forged))).await;
        }
    }

    async fn t4_tokens_that_choose_their_own_algorithm_are_refused(app) {
        let token = good_token(app).await;
        let Parts { claims, .. } = take_apart(&token);
        let key = signing_key();
        for name in ["none", "None", "NONE"] {
            let unsigned = json!({ "alg": name, "typ": "JWT", "kid": key.id });
            refused(app, name, &format!("{}.{}.", encode(&unsigned), encode(&claims))).await;
        }
        // The classic: the public key, which everyone may know, used as the secret of a symmetric signature.
        let public = SigningKey::from_pem(key.private_pem.clone()).unwrap();
        let pem = format!("-----BEGIN RSA PUBLIC KEY-----\n{}\n-----END RSA PUBLIC KEY-----\n", STANDARD.encode(&public.modulus));
        for secret in [public.modulus.as_slice(), pem.as_bytes(), public.exponent.as_slice(), b""] {
            for algorithm in [Algorithm::HS256, Algorithm::HS512] {
                let forged = signed(&claims, algorithm, Some(&key.id), &EncodingKey::from_secret(secret));
                refused(app, "a symmetric signature", &forged).await;
            }
        }
    }

    async fn t4_keys_that_are_not_ours_are_refused(app) {
        let token = good_token(app).await;
        let Parts { claims, .. } = take_apart(&token);
        let (ours, theirs) = (signing_key(), SigningKey::from_pem(new_signing_pem().unwrap()).unwrap());
        let our_key = EncodingKey::from_rsa_pem(ours.private_pem.as_bytes()).unwrap();
        let their_key = EncodingKey::from_rsa_pem(theirs.private_pem.as_bytes()).unwrap();
        for (what, forged) in [
            ("another key under our name", signed(&claims, Algorithm::RS256, Some(&ours.id), &their_key)),
            ("another key under its own name", signed(&claims, Algorithm::RS256, Some(&theirs.id), &their_key)),
            ("our key under another name", signed(&claims, Algorithm::RS256, Some(&theirs.id), &our_key)),
            ("our key without a name", signed(&claims, Algorithm::RS256, None, &our_key)),
            ("our key with another algorithm", signed(&claims, Algorithm::RS512, Some(&ours.id), &our_key)),
        ] {
            refused(app, what, &forged).await;
        }
    }

    async fn t4_claims_that_do_not_fit_their_session_are_refused(app) {
        let token = good_token(app).await;
        let Parts { claims, .. } = take_apart(&token);
        let other = app.add("mallory", "Mallory Fox", &["PIN"]).await;
        refused(app, "a session of someone else", &signed_by_us(&with(&claims, "sub", json!(other)))).await;
        let unknown = json!("0198c0de-0000-7000-8000-000000000000");
        refused(app, "a session that never was", &signed_by_us(&with(&claims, "sid", unknown))).await;
        for name in ["sub", "sid", "exp", "type"] {
            let mut less = claims.clone();
            less.as_object_mut().unwrap().remove(name);
            refused(app, &format!("a token without {name}"), &signed_by_us(&less)).await;
        }
    }

    async fn t4_a_token_ends_when_its_time_is_over(app) {
        let token = good_token(app).await;
        let mut client = app.anyone();
        client.bearer = Some(token.clone());
        app.clock.advance(Duration::from_secs(3599));
        assert_eq!(client.get(ME).await.status, 200);
        app.clock.advance(Duration::from_secs(1));
        let reply = client.get(ME).await;
        assert_eq!(problem(&reply, 401).0, "token_expired");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
        app.clock.advance(Duration::from_secs(30 * 86_400));
        // A later expiry that we never granted does not help either: the session knows better.
        let later = with(&take_apart(&token).claims, "exp", json!(4_000_000_000_i64));
        refused(app, "a token that outlives its session", &signed_by_us(&later)).await;
    }

    async fn t4_a_cookie_is_no_bearer_token_nor_the_other_way_round(app) {
        let access = good_token(app).await;
        let mut browser = browser_of(app, "alice", false).await;
        assert_eq!(browser.get(ME).await.status, 200);
        refused(app, "the cookie's token", &browser.cookies["session_token"].clone()).await;
        browser.cookies.insert("session_token".into(), access);
        assert_eq!(browser.get(ME).await.status, 401, "an access token was taken as a cookie");
    }
}
