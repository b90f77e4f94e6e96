//! What the tests of links share: forms of one person, and the letters that came, with the tokens in them.

use crate::support::routes;
use serde_json::{Value, json};
use server::{
    Origin,
    links::Purpose,
    people::NewPersonForm,
    permit::Operator,
    testing::{Agent, Reply, TestApp},
};

pub const FORGOT: &str = "/api/v1/auth/password/forgot";
pub const RESET: &str = "/api/v1/auth/password/reset";
pub const REGISTER: &str = "/api/v1/auth/register";
pub const NEW_PASSWORD: &str = "a walk in the mountains";

/// The newest letter of this kind to this address, as it waits in the outbox or was kept in development.
pub async fn letter(app: &TestApp, kind: &str, to: &str) -> Option<Value> {
    app.do_jobs().await;
    // As the store keeps it.
    let to = app.backend.ground.db.at_rest().keep(to);
    let sql = format!(
        "select payload from outbox where letter = '{kind}' and recipient = '{to}' order by created_at desc, id desc"
    );
    app.texts(&sql).await.first().map(|payload| serde_json::from_str(payload).unwrap())
}

pub async fn letters(app: &TestApp, kind: &str) -> i64 {
    app.do_jobs().await;
    app.count(&format!("select count(*) from outbox where letter = '{kind}' and state <> 'held'")).await
}

/// The token in the newest letter of this kind.
pub async fn token(app: &TestApp, kind: &str, to: &str) -> String {
    let letter = letter(app, kind, to).await.unwrap_or_else(|| panic!("no {kind} went to {to}"));
    letter["token"].as_str().unwrap().to_owned()
}

/// A letter with a reset link is asked for, and its token taken out of it.
pub async fn reset_token(app: &TestApp, email: &str) -> String {
    assert_eq!(forgot(app, email).await.status, 202);
    token(app, "password_reset_link", email).await
}

pub async fn forgot(app: &TestApp, email: &str) -> Reply {
    app.anyone().post_json(FORGOT, &json!({ "email": email })).await
}

pub async fn reset(app: &TestApp, token: &str, password: &str) -> Reply {
    app.anyone().post_json(RESET, &json!({ "token": token, "password": password })).await
}

/// A form that is right in every field.
pub fn form(username: &str, email: &str) -> Value {
    json!({
        "username": username, "full_name": "Nora Quist", "email": email,
        "password": NEW_PASSWORD, "date_of_birth": "1990-12-31",
    })
}

/// The same with another value, or with one that is missing.
pub fn form_with(field: &str, value: Value) -> Value {
    let mut form = form("nora", "nora@example.com");
    form[field] = value;
    form
}

pub async fn register(app: &TestApp, form: &Value) -> Reply {
    app.anyone().post_json(REGISTER, form).await
}

/// Registers somebody who has not verified the address yet.
pub async fn registered(app: &TestApp, username: &str, email: &str) {
    let reply = register(app, &form(username, email)).await;
    assert_eq!(reply.status, 202, "{}", reply.body);
    app.do_jobs().await;
}

/// Invites somebody from the command line.
pub async fn invite(app: &TestApp, username: &str) -> domain::PersonId {
    let form = NewPersonForm {
        username: username.into(),
        full_name: "Ivy Stone".into(),
        email: format!("{username}@example.com"),
        roles: vec!["STAFF".into()],
        password: String::new(),
    };
    let permit = Operator::of_this_machine().permit(());
    let newcomer = form.parse_without_password().unwrap();
    app.backend.links.invite(&permit, newcomer, "Alice Ng", &Origin::operator()).await.unwrap()
}

pub async fn verify(app: &TestApp, token: &str) -> server::Result<()> {
    app.backend.links.verify_address(token, &Origin::default()).await
}

pub async fn works(app: &TestApp, purpose: Purpose, token: &str) -> bool {
    app.backend.links.look(purpose, token).await.is_ok()
}

/// An application on one engine with some settings changed.
pub async fn configured(
    engine: server::testing::Engine,
    change: impl FnOnce(&mut server::config::Config),
) -> TestApp {
    TestApp::configured(engine, change, routes).await
}

/// Somebody whose requests say that they come by another name.
pub fn forger(app: &TestApp) -> Agent {
    let mut agent = app.anyone();
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "ftp"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-original-host", "evil.example"),
    ] {
        agent.headers.push((name.into(), value.into()));
    }
    agent
}

/// An answer without what differs in every answer, to compare two of them to the byte.
pub fn in_full(reply: &Reply) -> (u16, Vec<(String, String)>, String) {
    let differs = |name: &str| matches!(name, "x-request-id" | "ratelimit-remaining");
    let headers = reply.headers.iter().filter(|(name, _)| !differs(name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (reply.status, headers.collect(), reply.body.clone())
}
