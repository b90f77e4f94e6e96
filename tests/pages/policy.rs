//! What pages let browsers do: scripts by nonce alone, no page in a foreign frame, nothing of one person kept for another.

use crate::support::Page;
use countersign::serve::routes;
use server::{
    config::Config,
    testing::{Agent, Engine, Reply, TestApp},
};
use std::collections::BTreeSet;

/// Every kind of page: what it is, who asks, and where.
async fn pages(app: &TestApp) -> Vec<(String, Reply)> {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    let mut browser = app.browser_of("alice").await;
    let mut replies = Vec::new();
    for path in [
        "/",
        "/people",
        "/people?search=ali",
        "/account",
        "/api/docs",
        "/ui",
        "/mailbox",
        "/nothing",
        "/people/nobody",
    ] {
        replies.push((path.to_owned(), browser.get(path).await));
    }
    let mut visitor: Agent = app.anyone();
    replies.push(("/login as nobody".into(), visitor.get("/login").await));
    replies
}

fn nonce_in(policy: &str) -> Option<&str> {
    policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next())
}

#[tokio::test]
async fn q2_scripts_run_by_nonce_alone_and_each_answer_has_its_own() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    let mut nonces = BTreeSet::new();
    for (path, reply) in pages(&app).await.into_iter().chain(pages_again(&app).await) {
        let policy = reply.header("content-security-policy");
        for never in ["unsafe-inline", "unsafe-eval'", "http:", "https:", "*"] {
            let allowed = policy.replace("'wasm-unsafe-eval'", "");
            assert!(!allowed.contains(never), "{path} allows {never}: {policy}");
        }
        for always in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(always), "{path} lacks {always}: {policy}");
        }
        let page = Page::of(&reply);
        match nonce_in(policy) {
            Some(nonce) => {
                assert!(nonce.len() >= 16, "{path}: {nonce:?} can be guessed");
                assert!(nonces.insert(nonce.to_owned()), "{path} has a nonce that was used before");
                let scripts = page.attributes("script, link[rel=modulepreload]", "nonce");
                assert!(scripts.iter().all(|of_script| of_script == nonce), "{path}: {scripts:?}");
                assert_eq!(
                    page.texts("script").len(),
                    page.attributes("script", "nonce").len(),
                    "{path} has a script without a nonce"
                );
            }
            None => {
                assert!(page.texts("script").is_empty(), "{path} has scripts and a policy without a nonce")
            }
        }
    }
    app.finish().await;
}

async fn pages_again(app: &TestApp) -> Vec<(String, Reply)> {
    let mut browser = app.browser_of("alice").await;
    vec![
        ("/people once more".into(), browser.get("/people").await),
        ("/people a third time".into(), browser.get("/people").await),
    ]
}

#[tokio::test]
async fn q2_no_page_holds_a_style_or_a_script_in_an_attribute() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    for (path, reply) in pages(&app).await {
        let page = Page::of(&reply);
        assert!(page.texts("style").is_empty(), "{path} has a style element");
        for element in page.html.root_element().descendants().filter_map(scraper::ElementRef::wrap) {
            for (name, value) in element.value().attrs() {
                assert!(
                    name != "style" && !name.starts_with("on"),
                    "{path}: {name}={value:?} is forbidden by the policy"
                );
                assert!(!value.trim_start().starts_with("javascript:"), "{path}: {name}={value:?}");
            }
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn q2_every_page_carries_the_strict_headers_and_stays_with_its_reader() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    for (path, reply) in pages(&app).await {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cache-control", "no-store"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(reply.header(name), value, "{name} of {path}");
        }
        assert_eq!(reply.header("x-request-id").len(), 32, "{path}");
    }
    app.finish().await;
}

#[tokio::test]
async fn every_page_says_where_one_is() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    for (path, reply) in pages(&app).await {
        let page = Page::of(&reply);
        let title = page.texts("head title").join("");
        assert!(title.ends_with("· Countersign") && title.len() > 16, "the title of {path} is {title:?}");
        assert_eq!(page.texts("h1").len(), 1, "the head lines of {path}: {:?}", page.texts("h1"));
        assert_eq!(page.attributes("html", "lang"), ["en"], "{path}");
        let mut ids = BTreeSet::new();
        for id in page.attributes("[id]", "id") {
            assert!(ids.insert(id.clone()), "{path} has the id {id:?} twice");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn pages_for_development_are_not_there_in_production() {
    let app = TestApp::configured(Engine::Sqlite, |config| config.development = false, routes).await;
    app.add("alice", "Alice Ng", &["SUPER_ADMIN"]).await;
    let mut browser = app.browser_of("alice").await;
    for path in ["/ui", "/mailbox"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    assert!(!browser.get("/").await.body.contains("/mailbox"));
    app.finish().await;
}

/// The page's policy, and whether a script on it listens to the watcher.
async fn listening(development: bool, reload_port: Option<u16>) -> (String, bool) {
    let change = |config: &mut Config| (config.development, config.reload_port) = (development, reload_port);
    let app = TestApp::configured(Engine::Sqlite, change, routes).await;
    let reply = app.anyone().get("/login").await;
    let policy = reply.header("content-security-policy").to_owned();
    let page = Page::of(&reply);
    let nonces = page.attributes("script", "nonce");
    assert!(
        nonces.iter().all(|nonce| Some(nonce.as_str()) == nonce_in(&policy)),
        "{nonces:?} under {policy}"
    );
    let listens =
        page.texts("script").iter().any(|script| script.contains("ws://127.0.0.1:3001/live_reload"));
    app.finish().await;
    (policy, listens)
}

#[tokio::test]
async fn pages_hear_of_saved_files_under_the_watcher_alone() {
    let (policy, listens) = listening(true, Some(3001)).await;
    assert!(
        listens && policy.contains("connect-src 'self' ws://127.0.0.1:3001;"),
        "{listens} under {policy}"
    );
    for (development, reload_port) in [(true, None), (false, Some(3001))] {
        let (policy, listens) = listening(development, reload_port).await;
        assert!(!listens && policy.contains("connect-src 'self';"), "{listens} under {policy}");
    }
}
