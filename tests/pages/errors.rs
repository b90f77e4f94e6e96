//! Pages for what goes wrong: the right status, words for people, the request's id, and nothing from inside.

use crate::support::{Page, open};
use axum::{Router, body::Body, http::header, routing::get};
use countersign::serve::{routes, surround};
use server::{
    Backend,
    http::router,
    testing::{Engine, Reply, TestApp},
};

/// The whole application with one page more, whose handler has a bug.
fn routes_with_a_bug(backend: &Backend) -> Router {
    async fn bug() -> &'static str {
        panic!("the secret of the house")
    }
    let routes = router::routes(backend).merge(app::shell::routes(backend)).route("/bug", get(bug));
    surround(routes, backend)
}

#[track_caller]
fn error_page(reply: &Reply, status: u16) -> Page {
    assert_eq!(reply.status, status, "{}", reply.body);
    let page = Page::of(reply);
    assert_eq!(page.texts("h1").len(), 1, "a page has one head line");
    assert!(
        page.says(reply.header("x-request-id")),
        "the page does not show the request's id: {}",
        page.words()
    );
    page
}

server::both_engines! { routes;
    async fn an_address_without_a_page_is_told_on_a_page(app) {
        let mut visitor = app.anyone();
        for path in ["/nothing", "/people/a/b", "/LOGIN", "/login/", "/.env", "/wp-admin.php", "/%00", "/%FF", "/do/nothing"] {
            let reply = visitor.get(path).await;
            let page = error_page(&reply, 404);
            assert!(page.says("Nothing here"), "{path}: {}", page.words());
        }
    }

    async fn a_page_of_failure_is_readable_for_browsers_that_ask_for_compression(app) {
        let mut visitor = app.anyone();
        visitor.headers.push(("accept-encoding".into(), "gzip, br, zstd".into()));
        let reply = visitor.get("/nothing").await;
        assert_eq!(reply.header("content-encoding"), "", "the page is plain, so it must not be called compressed");
        assert!(error_page(&reply, 404).says("Nothing here"));
    }

    async fn u8_the_wrong_role_is_told_in_the_agreed_words(app) {
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut browser = app.browser_of("petra").await;
        let page = error_page(&browser.get("/people").await, 403);
        assert!(page.says("Access denied - Admin privileges required"), "{}", page.words());
        assert!(page.attributes("a[href]", "href").contains(&"/".to_owned()), "there is no way on");
    }

    async fn q2_a_form_that_a_foreign_page_sends_is_refused_on_a_page(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.browser_of("alice").await;
        let cookie = format!("session_token={}", browser.cookies["session_token"]);
        let request = axum::http::Request::post("/do/sign-out")
            .header(header::HOST, "127.0.0.1:3000").header(header::COOKIE, cookie).header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").header(header::ACCEPT, "text/html");
        let reply = browser.send(request.body(Body::empty()).unwrap()).await;
        let page = error_page(&reply, 403);
        assert_eq!(page.text("h1"), "That came from another site");
        for words in ["nothing was changed", "open the page here"] {
            assert!(page.says(words), "{words:?} is not among: {}", page.words());
        }
        assert_eq!(browser.get("/account").await.status, 200, "the session was ended by a foreign page");
    }

    async fn a_form_over_a_mebibyte_is_told_on_a_page(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut visitor = app.anyone();
        let huge = format!("identifier=alice&password={}", "x".repeat(1024 * 1024));
        let form = |visitor: &server::testing::Agent| {
            visitor.request("POST", "/do/sign-in").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").header(header::ACCEPT, "text/html")
        };
        let request = form(&visitor).header(header::CONTENT_LENGTH, huge.len()).body(Body::from(huge.clone())).unwrap();
        error_page(&visitor.send(request).await, 413);
        let unannounced = form(&visitor).body(Body::from(huge)).unwrap();
        let reply = visitor.send(unannounced).await;
        assert!(matches!(reply.status, 400 | 413), "a body of unknown length was answered with {}", reply.status);
        error_page(&reply, reply.status);
        assert_eq!(app.count("select count(*) from sessions").await, 0);
    }

    async fn a_page_is_not_written_to(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.browser_of("alice").await;
        for (method, path) in [("POST", "/people"), ("DELETE", "/"), ("PUT", "/account"), ("GET", "/do/sign-out"), ("GET", "/do/sign-in")] {
            let request = browser.request(method, path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
            let reply = browser.send(request).await;
            assert!(matches!(reply.status, 404 | 405), "{method} {path} was answered with {}", reply.status);
        }
        assert_eq!(browser.get("/account").await.status, 200, "a look signed somebody out");
    }
}

#[tokio::test]
async fn a_panic_becomes_a_page_with_the_request_id_and_nothing_from_inside() {
    let app = TestApp::new(Engine::Sqlite, routes_with_a_bug).await;
    let reply = app.anyone().get("/bug").await;
    let page = error_page(&reply, 500);
    assert!(page.says(server::Error::DIFFICULTIES), "{}", page.words());
    for inside in ["secret of", "panic", "errors.rs"] {
        assert!(!reply.body.contains(inside), "the page tells {inside}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a2_without_its_database_every_page_is_friendly() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::new(engine, routes).await;
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.browser_of("alice").await;
        app.backend.ground.db.close().await;
        for path in ["/", "/people", "/account", "/login", "/setup"] {
            let reply = browser.get(path).await;
            assert_eq!(reply.status, 503, "{path} on {engine:?}: {}", reply.body);
            assert!(!reply.header("retry-after").is_empty(), "{path} does not say when to come back");
            assert!(Page::of(&reply).says("technical difficulties"), "{path}: {}", reply.body);
        }
        let mut visitor = app.anyone();
        let reply = visitor.post_form("/do/sign-in", &[("identifier", "alice"), ("password", "x")]).await;
        if reply.status == 303 {
            let page = open(&mut visitor, reply.header("location")).await;
            assert!(page.says("technical difficulties"), "{}", page.words());
            assert_eq!(page.status, 503);
        } else {
            error_page(&reply, 503);
        }
    }
}
