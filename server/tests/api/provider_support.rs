//! What the tests of providers share: a sign-in from its beginning to its end, with a provider that does as it is told.

use serde_json::Value;
use server::{
    Actor, Error, Origin,
    identity::{SignedIn, Step},
    providers::{Ended, Returned},
    testing::{Signed, TestApp, TestProvider},
};

/// What a provider in order says of Alice.
pub fn alice() -> Value {
    serde_json::json!({ "sub": "alice-at-acme", "email": "Alice@Example.com", "email_verified": true, "name": "Alice Ng" })
}

/// The claims of Alice with some of them changed; null takes one away.
pub fn alice_but(changes: Value) -> Value {
    let mut claims = alice();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

/// Goes to the provider, signs in there and brings back what it gives out.
pub async fn come_back(app: &TestApp, claims: &Value, signed: Signed) -> Returned {
    let begun = app.backend.providers.begin("acme", "/people", None).await.unwrap();
    let parameters = TestProvider::of(app).sign_in(&begun.address, app.clock.now(), claims, signed);
    let find =
        |wanted: &str| parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    Returned { state: find("state"), code: find("code"), browser: Some(begun.browser), ..Returned::default() }
}

pub async fn finish(app: &TestApp, returned: &Returned) -> Ended {
    let origin = Origin { ip: Some("203.0.113.9".into()), ..Origin::default() };
    app.backend.providers.finish("acme", returned, &origin).await.unwrap()
}

/// The whole way.
pub async fn sign_in(app: &TestApp, claims: &Value, signed: Signed) -> Result<Step, Error> {
    finish(app, &come_back(app, claims, signed).await).await.outcome
}

/// The session that the whole way leads to.
pub async fn session(app: &TestApp, claims: &Value) -> SignedIn {
    match sign_in(app, claims, Signed::Rs256).await.unwrap() {
        Step::SignedIn(signed_in) => *signed_in,
        other => panic!("there is no session yet: {other:?}"),
    }
}

pub async fn actor(app: &TestApp, claims: &Value) -> Actor {
    session(app, claims).await.actor
}

/// What somebody is told whom the provider signed in and we do not.
pub async fn refusal(app: &TestApp, claims: &Value, signed: Signed) -> String {
    told(sign_in(app, claims, signed).await)
}

#[track_caller]
pub fn told(outcome: Result<Step, Error>) -> String {
    outcome.expect_err("somebody was let in").told().message
}

/// Why sign-ins were refused, as the trail has it, oldest first.
pub async fn reasons(app: &TestApp) -> Vec<String> {
    let details =
        app.texts("select details from audit where action = 'session.sign_in_failed' order by at, id").await;
    let why = |details: &String| {
        serde_json::from_str::<Value>(details).unwrap()["why"].as_str().unwrap().to_owned()
    };
    details.iter().map(why).collect()
}
