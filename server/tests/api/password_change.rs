//! Changing one's own password: what it asks for, what it ends, and who is told.

use crate::support::{ME, browser_of, log_in, problem, routes, wrong_field};
use domain::password::Owner;
use serde_json::json;
use server::{
    Origin,
    permit::Operator,
    testing::{Agent, PASSWORD, Reply, TestApp},
};

const CHANGE: &str = "/api/v1/account/password";
const NEW: &str = "another horse battery";

async fn change(client: &mut Agent, current: &str, new: &str) -> Reply {
    client.post_json(CHANGE, &json!({ "current_password": current, "password": new })).await
}

async fn letters(app: &TestApp, kind: &str) -> i64 {
    app.count(&format!("select count(*) from outbox where payload like '%\"letter\":\"{kind}\"%'")).await
}

server::both_engines! { routes;
    async fn a6_a_new_password_ends_all_others_and_renews_this_session(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("bob", "Bob Hale", &["USER_ADMIN"]).await;
        let (mut browser, mut other) = (browser_of(app, "alice", true).await, app.client_of("alice").await);
        let mut bystander = app.client_of("bob").await;
        let mut client = app.client_of("alice").await;
        let before = app.count("select count(*) from refresh_tokens").await;
        let reply = change(&mut client, PASSWORD, NEW).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!((browser.get(ME).await.status, other.get(ME).await.status), (401, 401));
        assert_eq!(client.get(ME).await.status, 401, "the session has its old id still");
        client.bearer = Some(reply.json()["access_token"].as_str().unwrap().into());
        assert_eq!((client.get(ME).await.status, bystander.get(ME).await.status), (200, 200));
        assert_eq!(app.count("select count(*) from refresh_tokens").await, before + 1);
        let refreshed = app.anyone().post_json("/api/v1/auth/refresh", &json!({ "refresh_token": reply.json()["refresh_token"] })).await;
        assert_eq!(refreshed.status, 200, "{}", refreshed.body);
        assert_eq!((log_in(app, "alice", PASSWORD).await.status, log_in(app, "alice", NEW).await.status), (401, 200));
        assert_eq!(app.count("select count(*) from audit where action = 'person.password_changed'").await, 1);
    }

    async fn a6_a_browser_goes_on_with_a_new_cookie_and_no_token_to_read(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = browser_of(app, "alice", false).await;
        let old = browser.cookies["session_token"].clone();
        let reply = change(&mut browser, PASSWORD, NEW).await;
        assert_eq!((reply.status, reply.body.as_str()), (204, ""));
        assert_ne!(browser.cookies["session_token"], old);
        assert_eq!(browser.get(ME).await.status, 200);
        browser.cookies.insert("session_token".into(), old);
        assert_eq!(browser.get(ME).await.status, 401);
    }

    async fn u7_the_owner_is_told_of_a_new_password(app) {
        let id = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.client_of("alice").await;
        change(&mut client, "wrong", NEW).await;
        assert_eq!(letters(app, "password_changed").await, 0);
        client.post_json("/api/v1/account/api-keys", &serde_json::json!({ "name": "Nightly", "scopes": ["users.view"] })).await;
        change(&mut client, PASSWORD, NEW).await;
        assert_eq!(letters(app, "password_changed").await, 1);
        let letter = app.texts("select payload from outbox where letter = 'password_changed'").await;
        assert!(letter[0].contains("\"working_keys\":1"), "nobody is told that a key goes on working: {letter:?}");
        let password = app.backend.passwords.accept("a third horse battery", &Owner::default()).unwrap();
        let permit = Operator::of_this_machine().permit(id);
        app.backend.identity.reset_password(&permit, password, &Origin::operator()).await.unwrap();
        assert_eq!(letters(app, "password_given").await, 1);
    }

    async fn a10_the_new_password_follows_the_rules(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.client_of("alice").await;
        for (current, new, field, words) in [
            ("", NEW, "current_password", "Enter the password you have now"),
            (PASSWORD, "", "password", ""),
            (PASSWORD, "short", "password", ""),
            (PASSWORD, "alice in the mountains", "password", ""),
            (PASSWORD, PASSWORD, "password", "Choose one that differs from the password you have now"),
            (&"x".repeat(100_000), NEW, "current_password", "No password is that long"),
        ] {
            let hashes = app.backend.passwords.computed();
            let said = wrong_field(&change(&mut client, current, new).await, field);
            assert!(words.is_empty() || said == words, "{said}");
            assert_eq!(app.backend.passwords.computed(), hashes, "{current:.20} {new:.20} cost a hash");
        }
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 200);
    }

    async fn a4_guessing_the_old_password_is_counted_and_paused(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.client_of("alice").await;
        assert_eq!(wrong_field(&change(&mut client, "guess", NEW).await, "current_password"), "This is not your password");
        let second = wrong_field(&change(&mut client, "guess", NEW).await, "current_password");
        assert_eq!(second, "This is not your password. You can try 3 more times.");
        for _ in 0..3 {
            change(&mut client, "guess", NEW).await;
        }
        let hashes = app.backend.passwords.computed();
        let locked = change(&mut client, PASSWORD, NEW).await;
        assert_eq!(problem(&locked, 423).0, "account_locked");
        assert!(!locked.header("retry-after").is_empty());
        assert_eq!(app.backend.passwords.computed(), hashes, "a hash was computed during the pause");
        assert_eq!(client.get(ME).await.status, 200, "the session was ended");
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 200, "the sign-in has a count of its own");
        app.clock.advance(std::time::Duration::from_secs(15 * 60));
        let mut client = app.client_of("alice").await;
        assert_eq!(change(&mut client, PASSWORD, NEW).await.status, 200);
        assert_eq!(app.count("select count(*) from audit where action = 'person.password_change_refused' and outcome = 'refused'").await, 6);
        let details = app.texts("select details from audit where action = 'person.password_change_refused'").await.join("");
        assert!(!details.contains("guess"), "{details}");
    }

    async fn a2b_a_lock_from_outside_keeps_nobody_from_changing_the_password(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.client_of("alice").await;
        for _ in 0..5 {
            log_in(app, "alice", "guess").await;
        }
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 423);
        assert_eq!(change(&mut client, PASSWORD, NEW).await.status, 200);
    }

    async fn a4_parallel_guesses_at_the_old_password_are_no_more_than_five(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let client = app.client_of("alice").await;
        let hashes = app.backend.passwords.computed();
        let tries = (0..20).map(|_| {
            let mut client = client.clone();
            async move { change(&mut client, "guess", NEW).await.status }
        });
        let statuses = futures::future::join_all(tries).await;
        assert!(statuses.iter().all(|status| matches!(status, 422 | 423)), "{statuses:?}");
        assert!(app.backend.passwords.computed() - hashes <= 5, "{} hashes", app.backend.passwords.computed() - hashes);
    }
}
