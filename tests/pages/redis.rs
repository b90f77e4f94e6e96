//! Pages with Redis: what one leaves for the next, and the notice while Redis is away.

use crate::support::{open, sign_in};
use countersign::serve::routes;
use server::testing::{Agent, Engine, RedisLine, TestApp};
use std::time::Duration;

/// What the dashboard says of Redis.
async fn notices(browser: &mut Agent) -> Vec<String> {
    let mut notices = open(browser, "/").await.texts("main [role=status]");
    notices.retain(|text| text.contains("Redis"));
    notices
}

async fn with_alice(line: &RedisLine) -> TestApp {
    let app = TestApp::with_redis(Engine::Sqlite, line, |_| (), routes).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app
}

/// Leaves a message for the next page.
async fn fail(browser: &mut Agent) {
    let reply = sign_in(browser, &[("identifier", "alice"), ("password", "wrong")]).await;
    assert_eq!(reply.status, 303);
}

async fn messages(browser: &mut Agent) -> usize {
    open(browser, "/login").await.texts("[data-error-summary]").len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a7_a_message_goes_by_redis_and_by_the_database_while_that_is_away() {
    let line = RedisLine::lay().await;
    let app = with_alice(&line).await;
    let kept = async || app.count("select count(*) from visits").await;
    let mut browser = app.anyone();
    fail(&mut browser).await;
    assert_eq!(kept().await, 0, "a message went to the database although Redis is there");
    assert_eq!((messages(&mut app.anyone()).await, messages(&mut browser).await), (0, 1));
    assert_eq!(messages(&mut browser).await, 0, "a message came twice");

    // Left in Redis, and then it goes away: the message is lost, and that is all.
    fail(&mut browser).await;
    line.cut().await;
    assert_eq!(messages(&mut browser).await, 0);
    // Left while it is away.
    fail(&mut browser).await;
    assert_eq!((kept().await, messages(&mut browser).await), (1, 1));

    // Left while it was away, read when it is back: it moves.
    fail(&mut browser).await;
    let left = kept().await;
    line.mend();
    app.backend.redis.look().await;
    assert_eq!(messages(&mut browser).await, 1);
    assert_eq!((kept().await, messages(&mut browser).await), (left - 1, 0));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a7_the_dashboard_says_since_when_redis_is_away() {
    let line = RedisLine::lay().await;
    let app = with_alice(&line).await;
    app.add("pia", "Pia Lind", &["PIN"]).await;
    let (mut alice, mut pia) = (app.browser_of("alice").await, app.browser_of("pia").await);
    assert_eq!(notices(&mut alice).await, [""; 0]);

    line.cut().await;
    app.backend.redis.look().await;
    app.clock.advance(Duration::from_secs(600));
    let [notice]: [String; 1] = notices(&mut alice).await.try_into().unwrap();
    // The clock of the tests began at this time.
    assert!(notice.starts_with("Redis has not answered since 14:13 UTC"), "{notice}");
    assert!(notice.contains("Everything goes on"), "{notice}");
    assert_eq!(notices(&mut pia).await, [""; 0], "told to somebody who can do nothing about it");
    app.clock.advance(Duration::from_secs(86_400));
    alice = app.browser_of("alice").await;
    let [later]: [String; 1] = notices(&mut alice).await.try_into().unwrap();
    assert!(later.starts_with("Redis has not answered since 21 September 2026, 14:13 UTC"), "{later}");

    line.mend();
    app.backend.redis.look().await;
    assert_eq!(notices(&mut alice).await, [""; 0]);
    app.finish().await;
}
