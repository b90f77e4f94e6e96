//! The keys that sign tokens, changed while the program serves.

use crate::program::Place;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use std::time::{Duration, Instant};

/// The name of the key that signed this token.
fn key_of(token: &str) -> String {
    let head = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let head: Value = serde_json::from_slice(&head).unwrap();
    head["kid"].as_str().unwrap().to_owned()
}

#[test]
fn a6_a_new_key_signs_and_tokens_of_the_old_one_stay_good() {
    let place = Place::new();
    assert_eq!(place.create_user("rosa", "USER_ADMIN").code, Some(0));
    let program = place.serve();
    let old = program.token_of("rosa");

    let outcome = place.run(&["keys", "rotate"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let printed: Value = serde_json::from_str(&outcome.out).unwrap();
    let new_key = printed["key"].as_str().unwrap();
    assert_ne!(new_key, key_of(&old));

    // The program that serves finds the new key by itself.
    let deadline = Instant::now() + Duration::from_secs(30);
    let new = loop {
        let token = program.token_of("rosa");
        if key_of(&token) == new_key {
            break token;
        }
        assert!(Instant::now() < deadline, "the new key does not sign after half a minute");
        std::thread::sleep(Duration::from_millis(100));
    };
    for token in [&old, &new] {
        assert_eq!(program.get_with_token("/api/v1/auth/me", token).status, 200);
    }

    let published = program.get("/.well-known/jwks.json");
    let keys = published.json()["keys"].as_array().unwrap().clone();
    let names: Vec<&str> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!(names, [new_key, &key_of(&old)]);
    for key in &keys {
        assert_eq!((&key["kty"], &key["alg"], &key["use"]), (&"RSA".into(), &"RS256".into(), &"sig".into()));
        assert!(key["d"].is_null() && key["p"].is_null(), "a private part is published");
    }
    let listed = place.run(&["keys", "list"]);
    assert_eq!(listed.out.lines().count(), 2, "{listed:?}");
    assert!(listed.out.lines().next().unwrap().contains(new_key), "{listed:?}");
}
