//! What the tests of the back end share: its routes without any page, and ways to sign in and to read an answer.

use axum::{Router, middleware::from_fn_with_state};
use serde_json::{Value, json};
use server::{
    Backend, Origin,
    http::{caller, guard, router},
    identity::{Credentials, Purpose, Step},
    testing::{Agent, PASSWORD, Reply, TestApp},
};

pub const LOGIN: &str = "/api/v1/auth/login";
pub const LOGOUT: &str = "/api/v1/auth/logout";
pub const ME: &str = "/api/v1/auth/me";
pub const USERS: &str = "/api/v1/users";

/// The REST API behind its guard, as the program serves it beside the pages.
pub fn routes(backend: &Backend) -> Router {
    behind_the_door(router::routes(backend), backend)
}

/// Any routes, with the guard and the door around them.
pub fn behind_the_door(routes: Router, backend: &Backend) -> Router {
    guard::enclose(routes, backend).layer(from_fn_with_state(backend.clone(), caller::identify))
}

pub async fn log_in(app: &TestApp, identifier: &str, password: &str) -> Reply {
    app.anyone().post_json(LOGIN, &json!({ "identifier": identifier, "password": password })).await
}

pub async fn log_in_as(app: &TestApp, identifier: &str, password: &str, role: &str) -> Reply {
    let body = json!({ "identifier": identifier, "password": password, "role": role });
    app.anyone().post_json(LOGIN, &body).await
}

/// A browser that holds the cookie of a sign-in, made without the sign-in page.
pub async fn browser_of(app: &TestApp, username: &str, remember: bool) -> Agent {
    let credentials = Credentials {
        identifier: username.into(),
        password: PASSWORD.into(),
        role: None,
        remember,
        device: None,
    };
    let step = app.backend.identity.sign_in(credentials, Purpose::Session, &Origin::default()).await.unwrap();
    let Step::SignedIn(signed_in) = step else { panic!("{username} is asked for a second factor") };
    let mut browser = app.anyone();
    browser.cookies.insert("session_token".into(), signed_in.token);
    browser
}

/// Checks that the answer is an error as the API tells all of them, and gives back its word and its sentence.
#[track_caller]
pub fn problem(reply: &Reply, status: u16) -> (String, String) {
    assert_eq!(reply.status, status, "{}", reply.body);
    let body = reply.json();
    let text = |name: &str| body[name].as_str().unwrap_or_else(|| panic!("no {name} in {body}")).to_owned();
    assert_eq!(
        text("request_id"),
        reply.header("x-request-id"),
        "the body and the head name different requests"
    );
    assert!(!text("request_id").is_empty());
    (text("error"), text("message"))
}

/// The same, for an answer that names a wrong field; gives back what it says of it.
#[track_caller]
pub fn wrong_field(reply: &Reply, field: &str) -> String {
    assert_eq!(problem(reply, 422).0, "validation_error");
    let fields = &reply.json()["fields"];
    fields[field].as_str().unwrap_or_else(|| panic!("{field} is not among {fields}")).to_owned()
}

/// An answer without what differs in every answer (the request's id, how many more the client may send), to compare two of
/// them to the byte.
pub fn without_request_id(reply: &Reply) -> (u16, Vec<(String, String)>, Value) {
    let mut body = reply.json();
    assert!(body["request_id"].take().is_string());
    let differs = |name: &str| matches!(name, "x-request-id" | "ratelimit-remaining");
    let headers = reply.headers.iter().filter(|(name, _)| !differs(name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (reply.status, headers.collect(), body)
}

/// A query string out of names and values.
pub fn query(path: &str, parameters: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{path}?{query}")
}

/// The usernames on a page of the list.
pub fn usernames(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.body);
    let body = reply.json();
    let items = body["items"].as_array().unwrap();
    items.iter().map(|item| item["username"].as_str().unwrap().to_owned()).collect()
}

/// Leafs through the whole list and gives back each page's rows.
pub async fn walk(client: &mut Agent, parameters: &[(&str, &str)]) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..1_000 {
        let mut parameters = parameters.to_vec();
        parameters.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let reply = client.get(&query(USERS, &parameters)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let body = reply.json();
        rows.extend(body["items"].as_array().unwrap().clone());
        match body["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return rows,
        }
    }
    panic!("the list does not end");
}
