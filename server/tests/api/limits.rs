//! Limits of the API: so many requests a minute for each client, told in every answer.

use crate::support::{LOGIN, ME, USERS, problem, routes};
use serde_json::json;
use server::{
    config::Limits,
    testing::{Agent, Engine, PASSWORD, Reply, TestApp},
};
use std::time::Duration;

async fn limited(engine: Engine) -> TestApp {
    let app = TestApp::configured(
        engine,
        |config| {
            config.limits = Limits { auth_per_minute: 4, api_per_minute: 6, ..Limits::default() };
            config.security.trusted_proxies.push("127.0.0.1".parse().unwrap());
        },
        routes,
    )
    .await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.add("bruno", "Bruno Sá", &["USER_ADMIN"]).await;
    app
}

fn from(app: &TestApp, ip: &str) -> Agent {
    let mut client = app.anyone();
    client.headers.push(("x-forwarded-for".into(), ip.into()));
    client
}

async fn log_in(client: &mut Agent, identifier: &str) -> Reply {
    client.post_json(LOGIN, &json!({ "identifier": identifier, "password": PASSWORD })).await
}

fn allowance(reply: &Reply) -> [&str; 3] {
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].map(|name| reply.header(name))
}

async fn requests_are_counted(engine: Engine) {
    let app = limited(engine).await;
    let mut client = from(&app, "192.0.2.1");
    assert_eq!(allowance(&log_in(&mut client, "alice").await), ["4", "3", "60"]);
    app.clock.advance(Duration::from_secs(20));
    let reply = log_in(&mut client, "alice").await;
    assert_eq!(allowance(&reply), ["4", "2", "40"]);
    client.get(ME).await;
    client.get(ME).await;
    let refused = log_in(&mut client, "alice").await;
    assert_eq!(problem(&refused, 429).0, "too_many_requests");
    assert_eq!((allowance(&refused), refused.header("retry-after")), (["4", "0", "40"], "40"));

    assert_eq!(
        log_in(&mut from(&app, "192.0.2.2"), "alice").await.status,
        200,
        "another address is limited too"
    );
    // Whoever is signed in is counted as a person, wherever they come from, and apart from others at the same address.
    let mut alice = from(&app, "192.0.2.1");
    alice.bearer = Some(reply.json()["access_token"].as_str().unwrap().to_owned());
    for left in (0..6).rev() {
        let reply = alice.get(USERS).await;
        assert_eq!((reply.status, allowance(&reply)[1]), (200, left.to_string().as_str()));
    }
    assert_eq!(alice.get(USERS).await.status, 429);
    alice.headers = vec![("x-forwarded-for".into(), "192.0.2.3".into())];
    assert_eq!(alice.get(USERS).await.status, 429, "another address is another person");

    app.clock.advance(Duration::from_secs(40));
    assert_eq!(log_in(&mut client, "alice").await.status, 200, "the limit does not end");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_requests_are_counted_for_each_client_sqlite() {
    requests_are_counted(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_requests_are_counted_for_each_client_postgres() {
    requests_are_counted(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_a_crowd_at_once_gets_no_more_than_the_limit() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = limited(engine).await;
        let replies =
            futures::future::join_all((0..30).map(|_| async { app.anyone().get(USERS).await.status })).await;
        assert_eq!(replies.iter().filter(|status| **status == 401).count(), 6, "{engine:?}: {replies:?}");
        assert_eq!(replies.iter().filter(|status| **status == 429).count(), 24, "{engine:?}: {replies:?}");
        app.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_one_line_with_ipv6_is_one_client() {
    let app = limited(Engine::Sqlite).await;
    for number in 1..=4 {
        assert_eq!(from(&app, &format!("2001:db8:1:2::{number}")).get(ME).await.status, 401);
    }
    assert_eq!(from(&app, "2001:db8:1:2:ffff::1").get(ME).await.status, 429);
    assert_eq!(from(&app, "2001:db8:1:3::1").get(ME).await.status, 401);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_tokens_of_ones_own_are_no_more_guesses() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = limited(engine).await;
        let mut guesser = from(&app, "192.0.2.7");
        let tokens = [
            log_in(&mut from(&app, "192.0.2.8"), "alice").await,
            log_in(&mut from(&app, "192.0.2.8"), "bruno").await,
        ];
        for (number, token) in tokens.iter().enumerate() {
            guesser.bearer = Some(token.json()["access_token"].as_str().unwrap().to_owned());
            for guess in 0..2 {
                let reply = log_in(&mut guesser, &format!("guess{number}{guess}")).await;
                assert_eq!(reply.status, 401, "{engine:?}: {}", reply.body);
            }
        }
        let refused = log_in(&mut guesser, "alice").await;
        assert_eq!(problem(&refused, 429).0, "too_many_requests", "{engine:?}");
        assert_eq!(
            guesser.get(ME).await.status,
            200,
            "{engine:?}: whoever asks who they are is counted as a guesser"
        );
        app.finish().await;
    }
}
