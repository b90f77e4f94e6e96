//! The headers that make browsers strict: on every kind of answer, also the unhappy ones.

use crate::support::{LOGIN, ME, USERS, behind_the_door, routes};
use axum::{body::Body, http::header, routing::get};
use server::{
    http::router,
    testing::{Engine, Reply, TestApp},
};
use std::{collections::BTreeSet, fs};

const STRICT: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
];

fn routes_with_a_bug(backend: &server::Backend) -> axum::Router {
    async fn bug() -> &'static str {
        panic!("a bug")
    }
    behind_the_door(router::routes(backend).route("/bug", get(bug)), backend)
}

/// One answer of each kind, with the status it should have.
async fn answers(app: &TestApp) -> Vec<(&'static str, u16, Reply)> {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    fs::create_dir_all(app.data_dir().join("site")).unwrap();
    fs::write(app.data_dir().join("site/main.css"), "body{}").unwrap();
    let (mut visitor, mut client) = (app.anyone(), app.client_of("alice").await);
    let mut foreign = app.anyone();
    foreign.headers.push(("sec-fetch-site".into(), "cross-site".into()));
    let too_large = visitor
        .request("POST", LOGIN)
        .header(header::CONTENT_LENGTH, 2 * 1024 * 1024)
        .body(Body::empty())
        .unwrap();
    let wrong_method = visitor.request("DELETE", USERS).body(Body::empty()).unwrap();
    vec![
        ("a sign of life", 200, visitor.get("/healthz").await),
        ("readiness", 200, visitor.get("/readyz").await),
        ("metrics", 200, visitor.get("/metrics").await),
        ("the description", 200, visitor.get("/api/openapi.json").await),
        ("a list", 200, client.get(USERS).await),
        ("a file", 200, visitor.get("/assets/any/main.css").await),
        ("no file", 404, visitor.get("/assets/any/nothing.css").await),
        ("nobody", 401, visitor.get(ME).await),
        ("malformed", 400, visitor.post_raw(LOGIN, "application/json", "{").await),
        ("invalid", 422, client.get("/api/v1/users?limit=0").await),
        ("foreign", 403, foreign.post_raw(LOGIN, "application/json", "{}").await),
        ("not there", 404, visitor.get("/api/nothing").await),
        ("no page", 404, visitor.get("/nothing").await),
        ("wrong method", 405, visitor.send(wrong_method).await),
        ("too large", 413, visitor.send(too_large).await),
        ("a bug", 500, visitor.get("/bug").await),
    ]
}

#[tokio::test]
async fn q2_every_answer_makes_browsers_strict() {
    let app = TestApp::new(Engine::Sqlite, routes_with_a_bug).await;
    for (what, status, reply) in answers(&app).await {
        assert_eq!(reply.status, status, "{what}: {}", reply.body);
        for (name, value) in STRICT {
            assert_eq!(reply.header(name), value, "{name} of {what}");
        }
        let policy = reply.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "the policy of {what}: {policy:?}"
        );
        assert!(!policy.contains("unsafe-inline"), "the policy of {what}: {policy:?}");
        assert!(!reply.header("cache-control").is_empty(), "{what} may be kept by anyone");
        assert_eq!(
            reply.header("strict-transport-security"),
            "",
            "{what}: plain http must not promise https"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn q3_every_answer_has_a_request_id_of_its_own() {
    let app = TestApp::new(Engine::Sqlite, routes_with_a_bug).await;
    let answers = answers(&app).await;
    let ids: BTreeSet<&str> = answers.iter().map(|(_, _, reply)| reply.header("x-request-id")).collect();
    assert_eq!(ids.len(), answers.len());
    assert!(ids.iter().all(|id| id.len() == 32 && id.chars().all(|c| c.is_ascii_hexdigit())), "{ids:?}");
    let mut visitor = app.anyone();
    visitor.headers.push(("x-request-id".into(), "forged".into()));
    assert_ne!(visitor.get("/healthz").await.header("x-request-id"), "forged");
    app.finish().await;
}

#[tokio::test]
async fn what_is_drawn_for_one_person_is_kept_by_no_cache() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    let mut client = app.client_of("alice").await;
    for path in [ME, USERS, "/api/v1/users/nobody"] {
        assert_eq!(client.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    app.finish().await;
}

#[tokio::test]
async fn q2_https_is_promised_only_where_it_is_configured() {
    for (address, promise) in [
        ("https://countersign.example.com", "max-age=63072000; includeSubDomains"),
        ("http://countersign.example.com", ""),
    ] {
        let app =
            TestApp::configured(Engine::Sqlite, |config| config.public_url = address.into(), routes).await;
        for path in ["/healthz", ME, "/api/nothing"] {
            assert_eq!(
                app.anyone().get(path).await.header("strict-transport-security"),
                promise,
                "{address}{path}"
            );
        }
        app.finish().await;
    }
}

#[tokio::test]
async fn answers_are_compressed_as_the_client_likes() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    for (accepted, encoding) in
        [("br", "br"), ("gzip", "gzip"), ("zstd", "zstd"), ("identity", ""), ("br;q=0", "")]
    {
        let mut visitor = app.anyone();
        visitor.headers.push(("accept-encoding".into(), accepted.into()));
        let reply = visitor.get("/api/openapi.json").await;
        assert_eq!(reply.header("content-encoding"), encoding, "Accept-Encoding: {accepted}");
        assert!(reply.header("vary").contains("accept-encoding"), "a cache would mix them up");
    }
    app.finish().await;
}
