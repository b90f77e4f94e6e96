//! With Redis: instances share their counts there, and everything goes on while it is away.

use crate::{
    alerts::Duty,
    support::{LOGIN, ME, USERS, log_in, routes},
};
use proptest::{collection::vec, test_runner::TestRunner};
use serde_json::{Value, json};
use server::{
    config::{Alerts, Config, Limits},
    limits::{Allowance, Bucket},
    testing::{Engine, PASSWORD, RedisLine, TestApp},
};
use std::time::Duration;

fn few(config: &mut Config) {
    config.limits = Limits { auth_per_minute: 4, api_per_minute: 6, ..Limits::default() };
}

async fn status(app: &TestApp) -> u16 {
    let body = json!({ "identifier": "alice", "password": PASSWORD });
    app.anyone().post_json(LOGIN, &body).await.status
}

/// Everything that stands in the Redis of the tests, names and values.
async fn held(line: &RedisLine) -> Vec<(String, String)> {
    let client = redis::Client::open(line.url.reveal()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let names: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    let mut held = Vec::new();
    for name in names {
        // Hashes are counts; what is no text any more has expired meanwhile.
        let value: Result<Option<String>, _> =
            redis::cmd("GET").arg(&name).query_async(&mut connection).await;
        held.push((name, value.ok().flatten().unwrap_or_default()));
    }
    held
}

async fn counts_are_shared(engine: Engine) {
    let line = RedisLine::lay().await;
    let one = TestApp::with_redis(engine, &line, few, routes).await;
    let other = one.another(routes).await;
    one.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    for app in [&one, &other, &one, &other] {
        assert_eq!(status(app).await, 200);
    }
    assert_eq!((status(&one).await, status(&other).await), (429, 429), "each instance counts alone");
    let in_database = "select count(*) from counts where key like 'auth:%' or key like 'api:%'";
    assert_eq!(one.count(in_database).await, 0, "counted in the database too");

    one.clock.advance(Duration::from_secs(60));
    assert_eq!((status(&other).await, status(&one).await), (200, 200), "the limit does not end");
    one.do_jobs().await;
    other.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_two_instances_share_their_counts_in_redis_sqlite() {
    counts_are_shared(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_two_instances_share_their_counts_in_redis_postgres() {
    counts_are_shared(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_a_crowd_at_two_instances_gets_no_more_than_the_limit() {
    let line = RedisLine::lay().await;
    let one = TestApp::with_redis(Engine::Sqlite, &line, few, routes).await;
    let other = one.another(routes).await;
    let asks = (0..60).map(|number| {
        let mut client = if number % 2 == 0 { one.anyone() } else { other.anyone() };
        async move { client.get(USERS).await.status }
    });
    let replies = futures::future::join_all(asks).await;
    assert_eq!(replies.iter().filter(|status| **status == 401).count(), 6, "{replies:?}");
    assert_eq!(replies.iter().filter(|status| **status == 429).count(), 54, "{replies:?}");
    one.finish().await;
}

/// However requests are spread, Redis says of each what memory says.
#[test]
fn t5_redis_and_memory_count_alike() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let many = |config: &mut Config| config.limits.api_per_minute = 3;
    let (line, in_redis, in_memory) = runtime.block_on(async {
        let line = RedisLine::lay().await;
        let in_redis = TestApp::with_redis(Engine::Sqlite, &line, many, routes).await;
        let in_memory = TestApp::configured(Engine::Sqlite, many, routes).await;
        (line, in_redis, in_memory)
    });
    let runs = std::cell::Cell::new(0);
    let spread = vec((0_u64..40, 0..3), 1..40);
    let outcome = TestRunner::default().run(&spread, |requests| {
        runs.set(runs.get() + 1);
        runtime.block_on(async {
            for (gap, who) in requests {
                for app in [&in_redis, &in_memory] {
                    app.clock.advance(Duration::from_secs(gap));
                }
                let name = format!("client {} {who}", runs.get());
                let counted: [Allowance; 2] = [
                    in_redis.backend.limits.count(Bucket::Api, &name).await,
                    in_memory.backend.limits.count(Bucket::Api, &name).await,
                ];
                proptest::prop_assert_eq!(counted[0], counted[1]);
            }
            Ok(())
        })
    });
    outcome.unwrap();
    assert_eq!(in_redis.backend.redis.away_since(), None, "it was memory that counted");
    runtime.block_on(async move {
        in_redis.finish().await;
        in_memory.finish().await;
        drop(line);
    });
}

async fn all_goes_on_without_redis(engine: Engine) {
    let line = RedisLine::lay().await;
    let app = TestApp::with_redis(engine, &line, few, routes).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    let state = async || app.anyone().get("/readyz").await.json();
    assert_eq!(state().await["redis"], "here");
    assert_eq!(status(&app).await, 200);

    line.cut().await;
    // One limit again, counted elsewhere: without Redis nobody gets more than a limit's worth.
    let statuses = [(); 5].map(|()| status(&app));
    assert_eq!(futures::future::join_all(statuses).await.iter().filter(|status| **status == 200).count(), 4);
    let since = app.clock.now();
    app.clock.advance(Duration::from_secs(90));
    assert_eq!(log_in(&app, "alice", PASSWORD).await.status, 200);
    assert_eq!(log_in(&app, "alice", "wrong").await.status, 401, "without Redis anybody gets in");
    app.backend.redis.look().await;
    assert_eq!(app.backend.redis.away_since(), Some(since));
    let away = state().await;
    assert_eq!((away["status"].as_str(), away["redis"].as_str()), (Some("ready"), Some("away")));

    // A suspension acts on the very next request, Redis or not.
    let mut client = app.client_of("alice").await;
    assert_eq!(client.get(ME).await.status, 200);
    app.change("update people set status = 'suspended'").await;
    assert_eq!(client.get(ME).await.status, 401);

    line.mend();
    app.backend.redis.look().await;
    assert_eq!((app.backend.redis.away_since(), state().await["redis"].as_str()), (None, Some("here")));
    app.clock.advance(Duration::from_secs(60));
    app.anyone().get(ME).await;
    assert_eq!(app.anyone().get(ME).await.header("ratelimit-remaining"), "2");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a7_signing_in_goes_on_in_full_while_redis_is_away_sqlite() {
    all_goes_on_without_redis(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a7_signing_in_goes_on_in_full_while_redis_is_away_postgres() {
    all_goes_on_without_redis(Engine::Postgres).await;
}

async fn told_once(engine: Engine) {
    let (duty, webhook_url) = Duty::start().await;
    let line = RedisLine::lay().await;
    let change = |config: &mut Config| {
        config.alerts = Alerts { webhook_url, mail_to: "duty@example.com".into(), ..Alerts::default() };
    };
    let one = TestApp::with_redis(engine, &line, change, routes).await;
    let other = one.another(routes).await;
    let mut watches = [&one, &other].map(|app| app.backend.alerts.watch_redis(app.backend.redis.clone()));
    let codes = async || {
        one.do_jobs().await;
        duty.told().iter().map(|alert| alert["alert"].clone()).collect::<Vec<Value>>()
    };
    let calm = watches[0].look().await;

    // A hiccup is told to nobody.
    line.cut().await;
    for watch in &mut watches {
        assert!(watch.look().await < calm, "one looks as seldom as ever while it is away");
    }
    line.mend();
    for watch in &mut watches {
        assert_eq!(watch.look().await, calm);
    }
    line.cut().await;
    for seconds in [0, 9, 1, 60, 60] {
        one.clock.advance(Duration::from_secs(seconds));
        for watch in &mut watches {
            watch.look().await;
        }
        if seconds == 9 {
            assert_eq!(codes().await, [""; 0], "told too early");
        }
    }
    assert_eq!(codes().await, ["redis_away"]);
    // However long it was, its end is told: upkeep forgets counts every hour.
    one.clock.advance(Duration::from_secs(7_200));
    one.backend.lockout.forget_old().await.unwrap();
    line.mend();
    for watch in &mut watches {
        watch.look().await;
        watch.look().await;
    }
    assert_eq!(codes().await, ["redis_away", "redis_back"]);
    assert_eq!(duty.told()[1]["details"]["seconds"], 7_330);
    assert_eq!(one.count("select count(*) from outbox where letter = 'alert'").await, 2);

    // The next outage is told anew.
    line.cut().await;
    watches[0].look().await;
    one.clock.advance(Duration::from_secs(10));
    watches[0].look().await;
    assert_eq!(codes().await, ["redis_away", "redis_back", "redis_away"]);
    other.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a7_whoever_is_on_duty_hears_once_that_redis_is_away_and_back_sqlite() {
    told_once(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a7_whoever_is_on_duty_hears_once_that_redis_is_away_and_back_postgres() {
    told_once(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a13_what_stands_in_redis_names_nobody() {
    let line = RedisLine::lay().await;
    let app = TestApp::with_redis(Engine::Sqlite, &line, |_| (), routes).await;
    let alice = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.client_of("alice").await.get(ME).await;
    app.anyone().get(ME).await;
    let held = held(&line).await;
    let counts = held.iter().filter(|(name, _)| name.starts_with("countersign:count:")).count();
    assert!(counts >= 2, "the counts of a person and of an address: {held:?}");
    for (name, value) in &held {
        for told in ["127.0.0.1", "alice", &alice.to_string(), "identifier"] {
            assert!(!name.contains(told) && !value.contains(told), "{name} tells {told}: {value}");
        }
    }
    app.finish().await;
}
