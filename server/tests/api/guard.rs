//! The guard: writes from foreign pages, bodies without end, panics, and addresses that are not there.

use crate::support::{LOGIN, LOGOUT, ME, USERS, behind_the_door, browser_of, problem, routes};
use axum::{body::Body, http::header, routing::get};
use futures::stream;
use server::{
    Backend,
    config::Config,
    http::router,
    testing::{Agent, Engine, PASSWORD, Reply, TestApp},
};
use std::{convert::Infallible, fs};

const MIB: usize = 1024 * 1024;

/// The routes with one more, whose handler has a bug.
fn routes_with_a_bug(backend: &Backend) -> axum::Router {
    async fn words() -> &'static str {
        panic!("the secret of the house")
    }
    async fn sentence() -> String {
        panic!("{} of the house", "the secret")
    }
    async fn index() -> String {
        let nothing: Vec<String> = Vec::new();
        nothing[std::hint::black_box(7)].clone()
    }
    let bugs = axum::Router::new()
        .route("/bug", get(words))
        .route("/bug/sentence", get(sentence))
        .route("/bug/index", get(index));
    behind_the_door(router::routes(backend).merge(bugs), backend)
}

/// Sends a sign-out with these headers and this agent's cookie or token.
async fn write(agent: &mut Agent, headers: &[(&str, &str)]) -> Reply {
    let mut request =
        axum::http::Request::builder().method("POST").uri(LOGOUT).header(header::HOST, "127.0.0.1:3000");
    if let Some(token) = agent.cookies.get("session_token") {
        request = request.header(header::COOKIE, format!("session_token={token}"));
    }
    if let Some(token) = &agent.bearer {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    agent.send(request.body(Body::empty()).unwrap()).await
}

fn sign_in_body(size: usize) -> Vec<u8> {
    let mut body = format!("{{\"identifier\":\"alice\",\"password\":\"{PASSWORD}\"}}").into_bytes();
    body.resize(size.max(body.len()), b' ');
    body
}

server::both_engines! { routes;
    async fn q2_writes_that_foreign_pages_send_are_refused(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = browser_of(app, "alice", false).await;
        for foreign in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "nonsense")],
            &[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:3000")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("origin", "")],
            &[("origin", "http://127.0.0.1:3000.evil.example")],
            &[("origin", "http://127.0.0.1:3001")],
            &[],
        ] {
            let reply = write(&mut browser, foreign).await;
            assert_eq!(reply.status, 403, "{foreign:?}");
            assert_eq!(problem(&reply, 403).0, "foreign_form");
            assert_eq!(browser.get(ME).await.status, 200, "the session was ended by {foreign:?}");
        }
    }

    async fn q2_writes_of_our_own_pages_pass(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for own in [
            &[("sec-fetch-site", "same-origin")][..],
            &[("sec-fetch-site", "none")],
            &[("origin", "http://127.0.0.1:3000")],
        ] {
            let mut browser = browser_of(app, "alice", false).await;
            assert_eq!(write(&mut browser, own).await.status, 204, "{own:?}");
        }
    }

    async fn q2_api_clients_need_no_origin(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.client_of("alice").await;
        assert_eq!(write(&mut client, &[]).await.status, 204);
        let mut client = app.client_of("alice").await;
        assert_eq!(write(&mut client, &[("sec-fetch-site", "cross-site")]).await.status, 403, "a foreign page with a token");
    }

    async fn q2_nobody_is_signed_in_by_a_foreign_page(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut visitor = app.anyone();
        visitor.headers.push(("sec-fetch-site".into(), "cross-site".into()));
        let body = serde_json::json!({ "identifier": "alice", "password": PASSWORD });
        problem(&visitor.post_json(LOGIN, &body).await, 403);
        assert_eq!(app.count("select count(*) from sessions").await, 0);
    }

    async fn a_body_of_a_mebibyte_is_taken_and_no_more(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut visitor = app.anyone();
        assert_eq!(visitor.post_raw(LOGIN, "application/json", sign_in_body(MIB)).await.status, 200);
        let reply = visitor.post_raw(LOGIN, "application/json", sign_in_body(MIB + 1)).await;
        assert_eq!(problem(&reply, 413).0, "too_large", "a body that came at once");

        let announced = visitor.request("POST", LOGIN).header(header::CONTENT_TYPE, "application/json");
        let reply = visitor.send(announced.header(header::CONTENT_LENGTH, 10 * MIB).body(Body::empty()).unwrap()).await;
        assert_eq!(problem(&reply, 413).0, "too_large", "a body that was only announced");
        assert_eq!(reply.header("connection"), "close");

        let chunks = sign_in_body(2 * MIB).chunks(64 * 1024).map(|chunk| Ok::<_, Infallible>(chunk.to_vec())).collect::<Vec<_>>();
        let reply = visitor.post_raw(LOGIN, "application/json", Body::from_stream(stream::iter(chunks))).await;
        assert_eq!(problem(&reply, 413).0, "too_large", "a body that came in pieces");
        assert_eq!(app.count("select count(*) from sessions").await, 1);
    }

    async fn an_address_that_is_not_there_is_told_as_json(app) {
        let mut visitor = app.anyone();
        for path in ["/api/v1/nothing", "/api/v2/users", "/api/v1/users/a/b", "/api/nothing", "/api/v1/auth", "/api/v1/"] {
            let reply = visitor.get(path).await;
            assert_eq!(problem(&reply, 404).0, "not_found", "{path}");
            assert!(reply.header("content-type").starts_with("application/json"), "{path}");
        }
        problem(&visitor.post_raw("/api/v1/nothing", "application/json", "{}").await, 404);
    }

    async fn t5_a_wrong_method_is_told_as_json(app) {
        let mut visitor = app.anyone();
        for (method, path, allowed) in [("DELETE", USERS, "GET"), ("GET", LOGIN, "POST"), ("PUT", ME, "GET"), ("PATCH", LOGOUT, "POST")] {
            let request = visitor.request(method, path).body(Body::empty()).unwrap();
            let reply = visitor.send(request).await;
            assert_eq!(reply.status, 405, "{method} {path}");
            assert!(reply.header("allow").contains(allowed), "{method} {path} allows {:?}", reply.header("allow"));
            problem(&reply, 405);
        }
    }

    async fn q3_signs_of_life(app) {
        let mut visitor = app.anyone();
        assert_eq!(visitor.get("/healthz").await.body, "ok\n");
        let ready = visitor.get("/readyz").await;
        assert_eq!((ready.status, ready.json()["status"].as_str()), (200, Some("ready")));
        visitor.get(USERS).await;
        let metrics = visitor.get("/metrics").await;
        assert_eq!(metrics.status, 200);
        assert!(metrics.body.contains("countersign_requests_total{method=\"GET\",route=\"/api/v1/users\",status=\"401\"}"), "{}", metrics.body);
        assert!(metrics.body.contains("countersign_request_seconds_bucket"), "{}", metrics.body);
        assert!(metrics.body.contains("countersign_outbox_jobs{state=\"waiting\"}"), "{}", metrics.body);
    }

    async fn q3_a_route_is_measured_by_its_pattern(app) {
        let mut visitor = app.anyone();
        for number in 0..5 {
            visitor.get(&format!("/api/v1/users/secret-{number}")).await;
        }
        let metrics = visitor.get("/metrics").await.body;
        assert!(metrics.contains("route=\"/api/v1/users/{id}\"") && !metrics.contains("secret-"), "{metrics}");
    }
}

/// The public address is another than the host that the proxy in front writes into requests.
fn behind_a_proxy(config: &mut Config) {
    config.public_url = "https://Desk.example.com:443/".into();
}

mod behind_a_proxy_that_writes_the_host {
    use super::*;

    server::both_engines! { routes, behind_a_proxy;
        async fn q2_an_origin_that_is_our_public_address_passes(app) {
            app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
            let mut browser = browser_of(app, "alice", false).await;
            for foreign in [
                &[("origin", "http://desk.example.com")][..],
                &[("origin", "https://desk.example.com:8443")],
                &[("origin", "https://desk.example.com.evil.example")],
                &[("origin", "https://evil.example/desk.example.com")],
                &[("origin", "https://sub.desk.example.com")],
                &[("origin", "https://user@desk.example.com")],
                &[("origin", "https://desk.example.com/")],
                &[("origin", "null")],
                &[("sec-fetch-site", "same-site"), ("origin", "https://desk.example.com")],
                &[("sec-fetch-site", "cross-site"), ("origin", "https://desk.example.com")],
                &[("x-forwarded-host", "desk.example.com")],
                &[("origin", "https://evil.example"), ("x-forwarded-host", "evil.example")],
            ] {
                assert_eq!(problem(&write(&mut browser, foreign).await, 403).0, "foreign_form", "{foreign:?}");
            }
            assert_eq!(write(&mut browser, &[("origin", "https://desk.example.com")]).await.status, 204);
        }
    }
}

async fn without_its_database_the_program_is_alive_and_not_ready(engine: Engine) {
    let app = TestApp::new(engine, routes).await;
    app.backend.ground.db.close().await;
    let mut visitor = app.anyone();
    assert_eq!(visitor.get("/healthz").await.status, 200);
    let ready = visitor.get("/readyz").await;
    assert_eq!((ready.status, ready.json()["status"].as_str()), (503, Some("away")));
    let body = serde_json::json!({ "identifier": "alice", "password": PASSWORD });
    let reply = visitor.post_json(LOGIN, &body).await;
    let (word, sentence) = problem(&reply, 503);
    assert_eq!((word.as_str(), sentence.as_str()), ("unavailable", server::Error::DIFFICULTIES));
    assert!(!reply.header("retry-after").is_empty(), "no word on when to come back");
}

#[tokio::test]
async fn a2_without_its_database_the_words_are_friendly_on_sqlite() {
    without_its_database_the_program_is_alive_and_not_ready(Engine::Sqlite).await;
}

#[tokio::test]
async fn a2_without_its_database_the_words_are_friendly_on_postgres() {
    without_its_database_the_program_is_alive_and_not_ready(Engine::Postgres).await;
}

#[tokio::test]
async fn a_panic_reaches_nobody() {
    let app = TestApp::new(Engine::Sqlite, routes_with_a_bug).await;
    for path in ["/bug", "/bug/sentence", "/bug/index"] {
        let reply = app.anyone().get(path).await;
        let (word, sentence) = problem(&reply, 500);
        assert_eq!((word.as_str(), sentence.as_str()), ("internal", server::Error::DIFFICULTIES));
        for inside in ["secret", "panic", "index", "guard.rs"] {
            assert!(!reply.body.contains(inside), "{path} tells {inside}: {}", reply.body);
        }
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
    }
    assert_eq!(app.anyone().get("/healthz").await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder_of_assets() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    let site = app.data_dir().join("site");
    fs::create_dir_all(site.join("fonts")).unwrap();
    fs::write(site.join("main.css"), "body{}").unwrap();
    fs::write(app.data_dir().join("secret.txt"), "the secret").unwrap();
    let mut visitor = app.anyone();
    let found = visitor.get("/assets/any/main.css").await;
    assert_eq!((found.status, found.body.as_str()), (200, "body{}"));
    for path in [
        "../secret.txt",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "%2e%2e%2fsecret.txt",
        "fonts/../../secret.txt",
        "fonts%2f..%2f..%2fsecret.txt",
        "..%5csecret.txt",
        "%2fetc%2fpasswd",
        "//etc/passwd",
        "main.css%00",
        "%00",
        ".",
        "fonts",
        "fonts/",
        "main.css/",
        "./%2e%2e/secret.txt",
        "%252e%252e/secret.txt",
    ] {
        let reply = visitor.get(&format!("/assets/any/{path}")).await;
        assert_eq!(reply.status, 404, "{path} was answered with {}: {}", reply.status, reply.body);
        assert!(!reply.body.contains("secret") && !reply.body.contains("root:"), "{path}");
    }
    app.finish().await;
}
