//! Lockout: wrong passwords are counted alike for every name, lead to a pause, and lock nobody out who should come in.

use crate::support::{LOGIN, ME, log_in, problem, routes, without_request_id};
use domain::password::Owner;
use serde_json::json;
use server::{
    Origin,
    permit::Operator,
    testing::{Engine, PASSWORD, Reply, TestApp},
};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const LOCKED: &str = "Account temporarily locked due to multiple failed login attempts. Try again in 15 minutes or reset your password.";

fn words(reply: &Reply) -> String {
    reply.json()["message"].as_str().unwrap().to_owned()
}

/// Signs in from an address of one's own.
async fn log_in_from(app: &TestApp, ip: &str, identifier: &str, password: &str) -> Reply {
    let mut client = app.anyone();
    client.headers.push(("x-forwarded-for".into(), ip.into()));
    client.post_json(LOGIN, &json!({ "identifier": identifier, "password": password })).await
}

async fn fail(app: &TestApp, identifier: &str, times: usize) -> Vec<Reply> {
    let mut replies = Vec::new();
    for _ in 0..times {
        replies.push(log_in(app, identifier, "wrong").await);
    }
    replies
}

server::both_engines! { routes;
    async fn auth_10c_the_second_failure_says_how_many_attempts_are_left(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let told: Vec<String> = fail(app, "alice", 4).await.iter().map(words).collect();
        assert_eq!(told, [
            "Incorrect email or password",
            "Incorrect email or password. You have 3 attempts remaining before temporary lockout.",
            "Incorrect email or password. You have 2 attempts remaining before temporary lockout.",
            "Incorrect email or password. You have 1 attempts remaining before temporary lockout.",
        ]);
    }

    async fn auth_10d_five_failures_lock_the_account_for_fifteen_minutes(app) {
        let alice = app.add("alice", "Alice Ng", &["STAFF"]).await;
        let fifth = fail(app, "alice", 5).await.pop().unwrap();
        assert_eq!(problem(&fifth, 423), ("account_locked".into(), LOCKED.into()));
        assert_eq!(fifth.header("retry-after"), "900");

        app.clock.advance(MINUTE);
        let before = app.backend.passwords.computed();
        let right = log_in(app, "alice", PASSWORD).await;
        assert_eq!(problem(&right, 423), ("account_locked".into(), LOCKED.into()));
        assert_eq!(right.header("retry-after"), "840");
        assert_eq!(app.backend.passwords.computed(), before, "a locked account costs a hash");

        let locked = "select count(*) from audit where action = 'person.locked'";
        assert_eq!(app.count(locked).await, 1);
        let entry = app.texts(&format!("select details from audit where action = 'person.locked' and subject_id = '{alice}'")).await;
        assert!(entry[0].contains("\"failures\":5"), "{entry:?}");

        app.clock.advance(14 * MINUTE);
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 200, "the lock does not open by itself");
        assert_eq!(words(&log_in(app, "alice", "wrong").await), "Incorrect email or password", "the count was not taken back");
    }

    async fn a3_an_account_that_does_not_exist_is_counted_and_locked_alike(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let known = fail(app, "alice", 7).await;
        let before = app.backend.passwords.computed();
        let unknown = fail(app, "nobody", 7).await;
        assert_eq!(app.backend.passwords.computed() - before, 5, "an unknown account costs another number of hashes");
        for (known, unknown) in known.iter().zip(&unknown) {
            assert_eq!(without_request_id(known), without_request_id(unknown));
        }
    }

    async fn a3_the_lock_of_one_name_tells_nothing_of_another(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        fail(app, "alice", 5).await;
        // The account is locked, but who asks by its address must not learn that both are one.
        let by_address = log_in(app, "alice@example.com", "wrong").await;
        let by_stranger = log_in(app, "stranger@example.com", "wrong").await;
        assert_eq!(without_request_id(&by_address), without_request_id(&by_stranger));
        // Nor does the right password, or whoever locks one name could go on guessing under the other.
        let right = log_in(app, "alice@example.com", PASSWORD).await;
        let wrong = log_in(app, "stranger@example.com", "wrong").await;
        assert_eq!(without_request_id(&right), without_request_id(&wrong));
        assert_eq!(app.count("select count(*) from sessions").await, 0);
        app.clock.advance(15 * MINUTE);
        assert_eq!(log_in(app, "alice@example.com", PASSWORD).await.status, 200);
    }

    async fn a4_names_of_one_account_are_counted_together(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        fail(app, "alice", 3).await;
        fail(app, "alice@example.com", 2).await;
        assert_eq!(app.count("select count(*) from people where locked_until is not null").await, 1);
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 401);
        assert_eq!(words(&log_in(app, "alice", PASSWORD).await), LOCKED, "under this name it is the sixth");
    }

    async fn a2b_four_failures_a_success_and_one_failure_are_no_lock(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        fail(app, "alice", 4).await;
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 200);
        fail(app, "alice", 1).await;
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 200);
        assert_eq!(app.count("select count(*) from audit where action = 'person.locked'").await, 0);
    }

    async fn a2b_a_success_under_one_name_takes_back_failures_under_another(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        fail(app, "alice", 4).await;
        assert_eq!(log_in(app, "alice@example.com", PASSWORD).await.status, 200);
        fail(app, "alice", 1).await;
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 200, "the count under the other name stayed");
    }

    async fn a2b_a_lock_does_not_touch_who_is_signed_in(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let mut owner = app.client_of("alice").await;
        fail(app, "alice", 6).await;
        assert_eq!(owner.get(ME).await.status, 200);
        // Nor does it keep them from showing that it is them.
        let shown = owner.post_json("/api/v1/auth/step-up", &json!({ "password": PASSWORD })).await;
        assert_eq!(shown.status, 200, "{}", shown.body);
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 423, "showing it opened the lock for everybody");
    }

    async fn a4_the_password_of_who_is_signed_in_is_guessed_five_times_at_most(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let mut thief = app.client_of("alice").await;
        let before = app.backend.passwords.computed();
        let mut guess = async |password: &str| thief.post_json("/api/v1/auth/step-up", &json!({ "password": password })).await.status;
        for expected in [401, 401, 401, 401, 423, 423] {
            assert_eq!(guess("wrong").await, expected);
        }
        assert_eq!(guess(PASSWORD).await, 423);
        assert_eq!(app.backend.passwords.computed() - before, 5);
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 200, "guesses in a session lock the sign-in");
    }

    async fn a2b_parallel_guesses_are_counted_before_they_are_checked(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let before = app.backend.passwords.computed();
        let replies = futures::future::join_all((0..50).map(|_| log_in(app, "alice", "wrong"))).await;
        assert_eq!(app.backend.passwords.computed() - before, 5, "more passwords were looked at than may fail");
        assert_eq!(replies.iter().filter(|reply| reply.status == 401).count(), 4);
        assert_eq!(replies.iter().filter(|reply| reply.status == 423).count(), 46);
        assert_eq!(app.count("select count(*) from audit where action = 'person.locked'").await, 1, "the lock was told more than once");
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 423);
    }

    async fn a2b_a_crowd_of_right_passwords_is_no_attack(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        fail(app, "alice", 3).await;
        let replies = futures::future::join_all((0..40).map(|_| log_in(app, "alice", PASSWORD))).await;
        let refused: Vec<_> = replies.iter().filter(|reply| reply.status != 200).map(|reply| &reply.body).collect();
        assert!(refused.is_empty(), "{refused:?}");
    }

    async fn a4_an_admin_or_a_new_password_opens_the_lock(app) {
        let alice = app.add("alice", "Alice Ng", &["STAFF"]).await;
        let operator = Operator::of_this_machine();
        fail(app, "alice", 5).await;
        app.backend.people.unlock(&operator.permit(alice), &Origin::operator()).await.unwrap();
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 200);

        fail(app, "alice@example.com", 5).await;
        let password = app.backend.passwords.accept("another horse, another staple", &Owner::default()).unwrap();
        app.backend.identity.reset_password(&operator.permit(alice), password, &Origin::operator()).await.unwrap();
        assert_eq!(log_in(app, "alice@example.com", "another horse, another staple").await.status, 200);
        assert_eq!(app.count("select count(*) from people where locked_until is not null").await, 0);
    }

    async fn a13_refusals_during_a_lock_are_in_the_trail_and_no_password_is(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        fail(app, "alice", 6).await;
        log_in(app, "alice", "s3cret-guess").await;
        assert_eq!(app.count("select count(*) from audit where action = 'session.sign_in_failed'").await, 7);
        assert_eq!(app.count("select count(*) from audit where details like '%s3cret-guess%'").await, 0);
        assert_eq!(app.count("select count(*) from counts where key like '%alice%'").await, 0, "a typed name is kept readable");
    }
}

/// An application that believes the forwarding header of the test's own address.
async fn behind_a_proxy(engine: Engine) -> TestApp {
    let proxy = "127.0.0.1".parse().unwrap();
    TestApp::configured(engine, |config| config.security.trusted_proxies.push(proxy), routes).await
}

async fn one_address_may_fail_twenty_times_an_hour(engine: Engine) {
    let app = behind_a_proxy(engine).await;
    app.add("alice", "Alice Ng", &["STAFF"]).await;
    for number in 0..20 {
        let reply = log_in_from(&app, "192.0.2.7", &format!("guess{number}"), "wrong").await;
        assert_eq!(reply.status, 401, "{number}: {}", reply.body);
    }
    let before = app.backend.passwords.computed();
    let blocked = log_in_from(&app, "192.0.2.7", "alice", PASSWORD).await;
    assert_eq!(problem(&blocked, 429).0, "too_many_failures");
    assert_eq!(blocked.header("retry-after"), "3600");
    assert_eq!(app.backend.passwords.computed(), before);
    assert_eq!(
        log_in_from(&app, "192.0.2.8", "alice", PASSWORD).await.status,
        200,
        "another address is blocked too"
    );
    app.clock.advance(60 * MINUTE);
    assert_eq!(log_in_from(&app, "192.0.2.7", "alice", PASSWORD).await.status, 200, "the block does not end");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sec_004_one_address_may_fail_twenty_times_an_hour_sqlite() {
    one_address_may_fail_twenty_times_an_hour(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sec_004_one_address_may_fail_twenty_times_an_hour_postgres() {
    one_address_may_fail_twenty_times_an_hour(Engine::Postgres).await;
}

async fn a_burst_from_one_address_is_bounded(engine: Engine) {
    let app = behind_a_proxy(engine).await;
    let before = app.backend.passwords.computed();
    let guesses: Vec<String> = (0..60).map(|number| format!("guess{number}")).collect();
    let replies =
        futures::future::join_all(guesses.iter().map(|guess| log_in_from(&app, "192.0.2.7", guess, "wrong")))
            .await;
    assert_eq!(app.backend.passwords.computed() - before, 20, "more passwords were looked at than may fail");
    assert_eq!(replies.iter().filter(|reply| reply.status == 401).count(), 20);
    assert_eq!(replies.iter().filter(|reply| reply.status == 429).count(), 40);
    assert_eq!(app.count("select number from counts where key = 'address:192.0.2.7'").await, 20);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sec_004_a_burst_from_one_address_is_bounded_sqlite() {
    a_burst_from_one_address_is_bounded(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sec_004_a_burst_from_one_address_is_bounded_postgres() {
    a_burst_from_one_address_is_bounded(Engine::Postgres).await;
}

async fn a_crowd_of_right_passwords_from_one_address_comes_in(engine: Engine) {
    let app = behind_a_proxy(engine).await;
    let names: Vec<String> = (0..30).map(|number| format!("person{number}")).collect();
    for name in &names {
        app.add(name, "Some Person", &["STAFF"]).await;
    }
    for number in 0..18 {
        log_in_from(&app, "192.0.2.7", &format!("guess{number}"), "wrong").await;
    }
    let replies =
        futures::future::join_all(names.iter().map(|name| log_in_from(&app, "192.0.2.7", name, PASSWORD)))
            .await;
    let refused: Vec<_> =
        replies.iter().filter(|reply| reply.status != 200).map(|reply| &reply.body).collect();
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!(app.count("select number from counts where key = 'address:192.0.2.7'").await, 18);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a2b_a_crowd_of_right_passwords_from_one_address_comes_in_sqlite() {
    a_crowd_of_right_passwords_from_one_address_comes_in(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a2b_a_crowd_of_right_passwords_from_one_address_comes_in_postgres() {
    a_crowd_of_right_passwords_from_one_address_comes_in(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sec_004_one_line_with_ipv6_is_one_address() {
    let app = behind_a_proxy(Engine::Sqlite).await;
    app.add("alice", "Alice Ng", &["STAFF"]).await;
    for number in 1..=20 {
        let from = format!("2001:db8:1:2::{number:x}");
        assert_eq!(log_in_from(&app, &from, &format!("guess{number}"), "wrong").await.status, 401);
    }
    let blocked = log_in_from(&app, "2001:db8:1:2:ffff::1", "alice", PASSWORD).await;
    assert_eq!(problem(&blocked, 429).0, "too_many_failures");
    assert_eq!(log_in_from(&app, "2001:db8:1:3::1", "alice", PASSWORD).await.status, 200);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sec_004_a_port_behind_the_forwarded_address_hides_nobody() {
    let app = behind_a_proxy(Engine::Sqlite).await;
    log_in_from(&app, "203.0.113.9:51234", "guess", "wrong").await;
    log_in_from(&app, "[2001:db8:1:2::1]:51234", "guess", "wrong").await;
    let counted = app.texts("select key from counts where key like 'address:%' order by key").await;
    assert_eq!(counted, ["address:2001:db8:1:2::/64", "address:203.0.113.9"]);
    app.finish().await;
}
