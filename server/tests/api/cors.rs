//! Pages of other origins: only those that the configuration names may call the API, and never with a cookie.

use crate::support::{LOGIN, ME, USERS, browser_of, problem, routes};
use axum::body::Body;
use serde_json::json;
use server::{
    config::{Api, Config, Limits},
    testing::{Agent, Engine, PASSWORD, Reply, TestApp},
};

const FRIEND: &str = "https://app.example.com";
const STRANGERS: [&str; 7] = [
    "https://evil.example",
    "null",
    "https://app.example.com.evil.example",
    "https://app.example.com:8443",
    "http://app.example.com",
    "HTTPS://APP.EXAMPLE.COM",
    "https://sub.app.example.com",
];

fn shared(config: &mut Config) {
    config.api =
        Api { cors_origins: vec![FRIEND.to_owned(), "http://localhost:5173".to_owned()], ..Api::default() };
}

async fn app() -> TestApp {
    let app = TestApp::configured(Engine::Sqlite, shared, routes).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app
}

fn from(agent: &Agent, origin: &str) -> Agent {
    let mut agent = agent.clone();
    agent.headers.push(("origin".into(), origin.into()));
    agent
}

async fn preflight(app: &TestApp, origin: &str, path: &str) -> Reply {
    let mut page = from(&app.anyone(), origin);
    let request = page
        .request("OPTIONS", path)
        .header("access-control-request-method", "DELETE")
        .header("access-control-request-headers", "authorization,content-type");
    page.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn t6_a_preflight_from_a_known_origin_is_told_what_it_may() {
    let app = app().await;
    for origin in [FRIEND, "http://localhost:5173"] {
        let reply = preflight(&app, origin, USERS).await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, origin));
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            assert!(reply.header("access-control-allow-methods").contains(method), "{method}");
        }
        let headers = reply.header("access-control-allow-headers").to_lowercase();
        assert!(headers.contains("authorization") && headers.contains("content-type"), "{headers}");
        assert_eq!(reply.header("access-control-max-age"), "600");
        assert!(reply.header("vary").to_lowercase().contains("origin"), "a cache would mix up origins");
        assert!(!reply.headers.contains_key("access-control-allow-credentials"));
    }
    app.finish().await;
}

#[tokio::test]
async fn t6_strangers_and_the_null_origin_are_told_nothing() {
    let app = app().await;
    let client = app.client_of("alice").await;
    for origin in STRANGERS {
        let reply = preflight(&app, origin, USERS).await;
        assert!(!reply.headers.contains_key("access-control-allow-origin"), "{origin}");
        let reply = from(&client, origin).get(USERS).await;
        assert!(!reply.headers.contains_key("access-control-allow-origin"), "{origin}");
        let reply = from(&client, origin)
            .post_json(LOGIN, &json!({ "identifier": "alice", "password": PASSWORD }))
            .await;
        assert_eq!(reply.status, 403, "{origin} wrote");
    }
    app.finish().await;
}

#[tokio::test]
async fn t6_a_known_origin_reads_and_writes_with_a_token() {
    let app = app().await;
    let mut page = from(&app.anyone(), FRIEND);
    page.headers.push(("sec-fetch-site".into(), "cross-site".into()));
    let reply = page.post_json(LOGIN, &json!({ "identifier": "alice", "password": PASSWORD })).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, FRIEND), "{}", reply.body);
    page.bearer = Some(reply.json()["access_token"].as_str().unwrap().to_owned());
    let reply = page.get(USERS).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, FRIEND));
    assert!(reply.header("access-control-expose-headers").contains("ratelimit-remaining"));
    let refused = page.post_json("/api/v1/account/password", &json!({})).await;
    assert_eq!(
        (problem(&refused, 422).0.as_str(), refused.header("access-control-allow-origin")),
        ("validation_error", FRIEND)
    );
    assert_eq!(page.delete("/api/v1/account/sessions").await.status, 204);
    app.finish().await;
}

#[tokio::test]
async fn t6_a_cookie_counts_for_nothing_on_a_page_of_another_origin() {
    let app = app().await;
    let mut browser = browser_of(&app, "alice", true).await;
    for site in ["cross-site", "same-site"] {
        let mut page = app.anyone();
        page.headers.extend([
            ("origin".to_owned(), FRIEND.to_owned()),
            ("sec-fetch-site".to_owned(), site.to_owned()),
            ("cookie".to_owned(), format!("session_token={}", browser.cookies["session_token"])),
        ]);
        for reply in [page.get(ME).await, page.delete("/api/v1/account/sessions").await] {
            assert_eq!(reply.status, 401, "{site}: {}", reply.body);
            assert!(!reply.headers.contains_key("access-control-allow-credentials"));
        }
    }
    assert_eq!(browser.get(ME).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn t6_nothing_is_shared_unless_it_is_set() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    let reply = preflight(&app, FRIEND, USERS).await;
    assert_eq!(reply.status, 405);
    let mut page = from(&app.anyone(), FRIEND);
    let reply = page.post_json(LOGIN, &json!({ "identifier": "alice", "password": PASSWORD })).await;
    assert_eq!(reply.status, 403);
    assert!(!reply.headers.keys().any(|name| name.as_str().starts_with("access-control")));
    app.finish().await;
}

#[tokio::test]
async fn t6_only_the_api_is_shared() {
    let app = app().await;
    for path in ["/healthz", "/metrics", "/.well-known/jwks.json"] {
        let reply = from(&app.anyone(), FRIEND).get(path).await;
        assert!(!reply.headers.contains_key("access-control-allow-origin"), "{path}");
    }
    let mut page = from(&app.anyone(), FRIEND);
    let reply = page.post_form("/do/sign-in", &[("identifier", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(reply.status, 403);
    app.finish().await;
}

#[tokio::test]
async fn t6_a_page_can_read_that_it_asked_too_often() {
    let strict = |config: &mut Config| {
        shared(config);
        config.limits = Limits { api_per_minute: 1, ..Limits::default() };
    };
    let app = TestApp::configured(Engine::Sqlite, strict, routes).await;
    let mut page = from(&app.anyone(), FRIEND);
    page.get(USERS).await;
    let reply = page.get(USERS).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (429, FRIEND));
    app.finish().await;
}
