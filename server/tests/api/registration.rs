//! Registering and verifying an address: who may, what is told of others, and when an account can be used.

use crate::{
    link_support::{
        NEW_PASSWORD, REGISTER, configured, form, form_with, in_full, letter, letters, register, registered,
        token, verify, works,
    },
    support::{log_in, problem, routes, without_request_id, wrong_field},
};
use serde_json::{Value, json};
use server::{
    config::RegistrationMode,
    links::Purpose,
    testing::{Engine, TestApp},
};
use std::time::Duration;

/// How many hashes the work costs.
async fn hashes<T>(app: &TestApp, work: impl Future<Output = T>) -> (T, u64) {
    let before = app.backend.passwords.computed();
    let outcome = work.await;
    (outcome, app.backend.passwords.computed() - before)
}

async fn people(app: &TestApp) -> i64 {
    app.count("select count(*) from people").await
}

server::both_engines! { routes;
    async fn a10_one_registers_verifies_the_address_and_signs_in(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let reply = register(app, &form("Nora", "Nora@Example.com")).await;
        assert_eq!((reply.status, reply.json()), (202, json!({ "message": "Open the link in the letter that we have just sent." })));
        assert_eq!(app.texts("select status from people where username = 'nora'").await, ["unverified"]);
        let link = letter(app, "email_verification", "nora@example.com").await.unwrap();
        assert_eq!((&link["full_name"], &link["hours"]), (&json!("Nora Quist"), &json!(24)));
        verify(app, link["token"].as_str().unwrap()).await.unwrap();
        let reply = log_in(app, "nora", NEW_PASSWORD).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(reply.json()["user"]["role"], "CUSTOMER");
        assert_eq!(letters(app, "account_created").await, 1, "who registers is told what only others need to know");
        for action in ["person.registered", "person.verified"] {
            assert_eq!(app.count(&format!("select count(*) from audit where action = '{action}'")).await, 1, "{action}");
        }
    }

    async fn auth_10e_before_that_the_right_password_sends_a_new_link(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        registered(app, "nora", "nora@example.com").await;
        let first = token(app, "email_verification", "nora@example.com").await;
        let wrong = log_in(app, "nora@example.com", "wrong").await;
        assert_eq!(without_request_id(&wrong), without_request_id(&log_in(app, "nobody@example.com", "wrong").await));
        app.clock.advance(Duration::from_secs(60));
        let right = log_in(app, "nora@example.com", NEW_PASSWORD).await;
        let said = "Please verify your email address. We've sent a new verification link to nora@example.com.";
        assert_eq!(problem(&right, 403), ("unverified".into(), said.into()));
        let second = token(app, "email_verification", "nora@example.com").await;
        assert_ne!(first, second);
        assert!(verify(app, &first).await.is_err(), "the older link still works");
        verify(app, &second).await.unwrap();
        assert_eq!(log_in(app, "nora@example.com", NEW_PASSWORD).await.status, 200);
        assert_eq!(app.count("select count(*) from sessions").await, 1);
    }

    async fn auth_10e_new_links_are_bounded(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        registered(app, "nora", "nora@example.com").await;
        for _ in 0..12 {
            problem(&log_in(app, "nora", NEW_PASSWORD).await, 403);
            app.do_jobs().await;
            app.clock.advance(Duration::from_secs(1));
        }
        assert_eq!(letters(app, "email_verification").await, 5);
        let last = token(app, "email_verification", "nora@example.com").await;
        assert!(works(app, Purpose::Verification, &last).await, "a link died of one that was never sent");
    }

    async fn a3_an_address_with_an_account_is_answered_like_any_other(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (fresh, cost) = hashes(app, register(app, &form("nora", "nora@example.com"))).await;
        let (known, same_cost) = hashes(app, register(app, &form("mallory", "alice@example.com"))).await;
        assert_eq!(in_full(&fresh), in_full(&known));
        assert_eq!((cost, same_cost), (1, 1), "the same hashes are computed");
        assert_eq!(app.count("select count(*) from people where username = 'mallory'").await, 0);
        let told = letter(app, "already_registered", "alice@example.com").await.expect("the owner is not told");
        assert_eq!((&told["username"], &told["ip"]), (&json!("alice"), &json!("127.0.0.1")));
        // One who has not verified the address is told as well, by letter alone.
        let again = register(app, &form("norbert", "nora@example.com")).await;
        assert_eq!(in_full(&again), in_full(&fresh));
        assert!(letter(app, "already_registered", "nora@example.com").await.is_some());
        for _ in 0..10 {
            register(app, &form("mallory", "alice@example.com")).await;
        }
        assert_eq!(letters(app, "already_registered").await, 6, "the owner's mail box is flooded");
    }

    async fn a10_a_username_that_is_taken_is_told_at_the_same_cost(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (reply, cost) = hashes(app, register(app, &form("Alice", "nora@example.com"))).await;
        assert_eq!((problem(&reply, 409).1.as_str(), cost), ("Username already exists", 1));
        let (both, cost) = hashes(app, register(app, &form("alice", "alice@example.com"))).await;
        assert_eq!(without_request_id(&both), without_request_id(&reply), "a taken address shows beside a taken name");
        assert_eq!((people(app).await, cost), (1, 1));
        assert_eq!(letters(app, "email_verification").await, 0);
    }

    async fn a10_of_many_at_once_with_one_name_one_account_is_made(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let forms: Vec<Value> = (0..6).map(|number| form("nora", &format!("nora{number}@example.com"))).collect();
        let replies = futures::future::join_all(forms.iter().map(|form| register(app, form))).await;
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [202, 409, 409, 409, 409, 409]);
        let forms: Vec<Value> = (0..6).map(|number| form(&format!("olaf{number}"), "olaf@example.com")).collect();
        let replies = futures::future::join_all(forms.iter().map(|form| register(app, form))).await;
        assert!(replies.iter().all(|reply| reply.status == 202));
        assert_eq!(app.count("select count(*) from people where email = 'olaf@example.com'").await, 1);
    }

    async fn a10_under_thirteen_is_refused_and_no_date_is_kept(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        // The clock of the tests stands at 21 September 2026.
        let young = register(app, &form_with("date_of_birth", json!("2013-09-22"))).await;
        assert_eq!(wrong_field(&young, "date_of_birth"), "You must be at least 13 years old to have an account");
        assert_eq!(people(app).await, 1);
        assert_eq!(register(app, &form_with("date_of_birth", json!("2013-09-21"))).await.status, 202, "13 today");
        app.do_jobs().await;
        for (table, column) in [("audit", "details"), ("outbox", "payload"), ("people", "search_text")] {
            let stored = app.texts(&format!("select {column} from {table}")).await.join("\n");
            assert!(!stored.contains("2013-09-21"), "{table}.{column} keeps the date");
        }
    }

    async fn a10_every_field_that_is_wrong_is_named(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let hashes = app.backend.passwords.computed();
        let long = "x".repeat(100_000);
        for (field, values) in [
            ("username", vec!["", " ", "ab", "n\0ra", "n\u{200B}ora", "nоra", "nora quist", "-nora", "../nora", &long]),
            ("full_name", vec!["", "  ", "No\u{202E}ra", "N\0", &long]),
            ("email", vec!["", "nora", "nora@", "nora@nowhere", "n\0@example.com", "n ora@example.com", &long]),
            ("password", vec!["", "short", "password123", "nora@example.com", "walks\nin the mountains", &long]),
            ("date_of_birth", vec!["", "yesterday", "1990-02-30", "31.12.1990", "2999-01-01", "0000-00-00", "1990-12-31T00:00", &long]),
        ] {
            for value in values {
                wrong_field(&register(app, &form_with(field, json!(value))).await, field);
            }
            for value in [json!(1), json!(null), json!(["x"]), json!({ "$ne": "" })] {
                let reply = register(app, &form_with(field, value)).await;
                assert!(matches!(reply.status, 400 | 422), "{field}: {}", reply.status);
            }
            let mut form = form("nora", "nora@example.com");
            form.as_object_mut().unwrap().remove(field);
            wrong_field(&register(app, &form).await, field);
        }
        let all = json!({ "username": "", "full_name": "", "email": "", "password": "", "date_of_birth": "" });
        assert_eq!(register(app, &all).await.json()["fields"].as_object().unwrap().len(), 5, "all at once");
        let twice = r#"{"username":"a1b","username":"b2c","full_name":"x","email":"a@b.example","password":"x","date_of_birth":"1990-01-01"}"#;
        assert_eq!(app.anyone().post_raw(REGISTER, "application/json", twice).await.status, 422);
        let role = register(app, &form_with("role", json!("SUPER_ADMIN"))).await;
        assert_eq!(role.status, 400, "a role of one's own choice");
        assert_eq!(app.anyone().post_raw(REGISTER, "application/json", "x".repeat(1 << 21)).await.status, 413);
        assert_eq!((people(app).await, app.backend.passwords.computed()), (1, hashes), "what was refused cost something");
    }

    async fn a10_a_link_to_verify_is_good_once_and_for_a_day(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        registered(app, "nora", "nora@example.com").await;
        let link = token(app, "email_verification", "nora@example.com").await;
        app.clock.advance(Duration::from_secs(24 * 3600 - 1));
        assert!(works(app, Purpose::Verification, &link).await);
        let at_once = futures::future::join_all((0..5).map(|_| verify(app, &link))).await;
        assert_eq!(at_once.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        registered(app, "olaf", "olaf@example.com").await;
        let link = token(app, "email_verification", "olaf@example.com").await;
        app.clock.advance(Duration::from_secs(24 * 3600));
        assert!(verify(app, &link).await.is_err());
    }

    async fn a10_nobody_registers_before_somebody_looks_after_the_accounts(app) {
        assert_eq!(problem(&register(app, &form("nora", "nora@example.com")).await, 403).0, "forbidden");
        assert_eq!(people(app).await, 0);
    }
}

#[tokio::test]
async fn a10_nobody_registers_unless_the_setting_says_so() {
    for mode in [RegistrationMode::Invitation, RegistrationMode::Closed] {
        let app = configured(Engine::Sqlite, |config| config.registration.mode = mode).await;
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let refused = register(&app, &form("nora", "nora@example.com")).await;
        assert_eq!(
            problem(&refused, 403).1,
            "Registration is closed here. Ask whoever looks after the accounts."
        );
        let known = register(&app, &form("alice", "alice@example.com")).await;
        assert_eq!(without_request_id(&known), without_request_id(&refused));
        assert_eq!(people(&app).await, 1);
        app.finish().await;
    }
    assert_eq!(server::config::Config::default().registration.mode, RegistrationMode::Invitation);
}

#[tokio::test]
async fn a10_the_role_of_new_people_is_a_setting() {
    let app = configured(Engine::Sqlite, |config| config.registration.role = "PIN".into()).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    registered(&app, "nora", "nora@example.com").await;
    assert_eq!(app.count("select count(*) from person_roles where role_code = 'PIN'").await, 1);
    app.finish().await;
    let app = configured(Engine::Sqlite, |config| config.registration.role = "NO_SUCH_ROLE".into()).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    assert_eq!(
        register(&app, &form("nora", "nora@example.com")).await.status,
        500,
        "a setting that cannot work"
    );
    assert_eq!(people(&app).await, 1);
    app.finish().await;
}
