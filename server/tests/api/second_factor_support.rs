//! What the tests of second factors share: somebody who is signed in, an app on their phone, and the messages they get.

use crate::support::{browser_of, log_in, problem};
use domain::second_factor::Method;
use serde_json::json;
use server::{
    Actor, Origin,
    identity::Purpose,
    second_factor::{AppSecret, Channel, Claimant, code_at},
    testing::{PASSWORD, Reply, TestApp},
};
use std::{fs, time::Duration};

/// The person, signed in.
pub async fn actor(app: &TestApp, username: &str) -> Actor {
    let browser = browser_of(app, username, true).await;
    app.backend.identity.authenticate(&browser.cookies["session_token"], Purpose::Session).await.unwrap()
}

pub fn claimant(actor: &Actor) -> Claimant {
    Claimant::from(actor)
}

/// What an app with this secret shows right now.
pub fn app_code(app: &TestApp, secret: &AppSecret) -> String {
    code_at(secret.bytes(), app.clock.now())
}

/// Somebody new with an authenticator app: the actor, the secret in the app, the recovery codes.
pub async fn with_app(app: &TestApp, username: &str) -> (Actor, AppSecret, Vec<String>) {
    app.add(username, "Somebody Else", &["STAFF"]).await;
    let (actor, origin) = (actor(app, username).await, Origin::default());
    let factors = &app.backend.second_factors;
    let new = factors.begin_enrolment(&actor, &origin).await.unwrap();
    let codes = factors.confirm_enrolment(&actor, &app_code(app, &new.secret), &origin).await.unwrap();
    (actor, new.secret, codes.unwrap().shown().collect())
}

/// Somebody new with codes by e-mail, none of them on its way.
pub async fn with_email_codes(app: &TestApp, username: &str) -> Actor {
    app.clock.advance(Duration::from_millis(1));
    app.add(username, "Somebody Else", &["STAFF"]).await;
    let (actor, origin) = (actor(app, username).await, Origin::default());
    let factors = &app.backend.second_factors;
    factors.begin_code_enrolment(&actor, Channel::Email, &origin).await.unwrap();
    let code = newest_code(app, "eml").await;
    factors.confirm_code_enrolment(&actor, Method::Email, &code, &origin).await.unwrap();
    actor
}

/// Every message of this kind (`eml`, `sms.txt`), oldest first.
pub async fn pick_up(app: &TestApp, ending: &str) -> Vec<String> {
    app.do_jobs().await;
    let Ok(folder) = fs::read_dir(app.data_dir().join("outbox")) else { return Vec::new() };
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(ending));
    // The names are ids that begin with the time; the clock must have moved between two of them.
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// The code in the newest message that has one.
pub async fn newest_code(app: &TestApp, ending: &str) -> String {
    let codes: Vec<String> =
        pick_up(app, ending).await.iter().filter_map(|message| code_in(message)).collect();
    codes.last().expect("no message has a code").clone()
}

/// Six digits that stand alone.
pub fn code_in(message: &str) -> Option<String> {
    let bytes = message.as_bytes();
    let stands_alone = |at: usize| {
        let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
        let after = bytes.get(at + 6).copied().unwrap_or(b' ');
        !before.is_ascii_alphanumeric() && before != b'#' && !after.is_ascii_alphanumeric()
    };
    (0..bytes.len().saturating_sub(5))
        .find(|&at| bytes[at..at + 6].iter().all(u8::is_ascii_digit) && stands_alone(at))
        .map(|at| message[at..at + 6].to_owned())
}

pub const MFA: &str = "/api/v1/auth/mfa";

/// Sends the right password of somebody with a second factor; gives back the challenge.
pub async fn challenge_of(app: &TestApp, username: &str) -> String {
    let reply = log_in(app, username, PASSWORD).await;
    assert_eq!(problem(&reply, 401).0, "mfa_required", "{}", reply.body);
    reply.json()["challenge"].as_str().unwrap().to_owned()
}

/// Answers a challenge.
pub async fn show(app: &TestApp, challenge: &str, method: &str, code: &str) -> Reply {
    let body = json!({ "challenge": challenge, "method": method, "code": code });
    app.anyone().post_json(MFA, &body).await
}

/// The code that an app shows once the one before it is over.
pub fn next_code(app: &TestApp, secret: &AppSecret) -> String {
    app.clock.advance(Duration::from_secs(30));
    app_code(app, secret)
}

/// Six digits that are not the code.
pub fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 500_000) % 1_000_000)
}
