//! Signing in over the API: who gets in, and that a refusal tells nothing it should not.

use crate::support::{
    LOGIN, LOGOUT, ME, log_in, log_in_as, problem, routes, without_request_id, wrong_field,
};
use serde_json::json;
use server::testing::{PASSWORD, TestApp};

/// How many hashes the work costs.
async fn hashes<T>(app: &TestApp, work: impl Future<Output = T>) -> (T, u64) {
    let before = app.backend.passwords.computed();
    let outcome = work.await;
    (outcome, app.backend.passwords.computed() - before)
}

server::both_engines! { routes;
    async fn a1_one_field_takes_a_username_or_an_address(app) {
        let id = app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF"]).await;
        for (field, value) in [
            ("identifier", "alice"), ("identifier", "ALICE@Example.com"), ("username", " alice "), ("email", "alice@example.com"),
        ] {
            let reply = app.anyone().post_json(LOGIN, &json!({ field: value, "password": PASSWORD })).await;
            assert_eq!(reply.status, 200, "{field} {value}: {}", reply.body);
            let body = reply.json();
            assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
            let user = &body["user"];
            assert_eq!(user["id"], json!(id));
            assert_eq!(user["username"], "alice");
            assert_eq!(user["full_name"], "Alice Ng");
            assert_eq!(user["email"], "alice@example.com");
            assert_eq!((&user["role"], &user["dashboard_route"]), (&json!("USER_ADMIN"), &json!("/")));
        }
    }

    async fn r3_one_acts_in_the_role_one_asks_for(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF"]).await;
        let reply = log_in_as(app, "alice", PASSWORD, "staff").await;
        assert_eq!(reply.json()["user"]["role"], "STAFF", "{}", reply.body);
        let permissions = reply.json()["user"]["permissions"].clone();
        assert!(permissions.as_array().unwrap().contains(&json!("products.update")), "{permissions}");
        assert!(!permissions.as_array().unwrap().contains(&json!("users.view")), "{permissions}");
    }

    async fn a2_a_refusal_is_told_in_the_agreed_words(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let reply = log_in(app, "alice", "wrong").await;
        assert_eq!(problem(&reply, 401), ("invalid_credentials".into(), "Incorrect email or password".into()));
    }

    async fn a3_unknown_account_wrong_password_and_wrong_role_cannot_be_told_apart(app) {
        // One account each: the second failure of one is told otherwise than the first.
        for name in ["alice", "bruno", "chloe"] {
            app.add(name, "Alice Ng", &["USER_ADMIN"]).await;
        }
        let (wrong_password, cost) = hashes(app, log_in(app, "alice", "wrong")).await;
        assert_eq!((wrong_password.status, cost), (401, 1));
        let (unknown_account, same_cost) = hashes(app, log_in(app, "nobody", "wrong")).await;
        assert_eq!(same_cost, cost, "an unknown account costs another number of hashes");
        let (unknown_address, same_cost) = hashes(app, log_in(app, "nobody@example.com", PASSWORD)).await;
        assert_eq!(same_cost, cost, "an unknown address costs another number of hashes");
        let (wrong_role, same_cost) = hashes(app, log_in_as(app, "bruno", PASSWORD, "ADMIN")).await;
        assert_eq!(same_cost, cost, "a role that is not held costs another number of hashes");
        let (no_such_role, same_cost) = hashes(app, log_in_as(app, "chloe", PASSWORD, "NO_SUCH_ROLE")).await;
        assert_eq!(same_cost, cost, "a role that does not exist costs another number of hashes");

        let expected = without_request_id(&wrong_password);
        for reply in [unknown_account, unknown_address, wrong_role, no_such_role] {
            assert_eq!(without_request_id(&reply), expected);
        }
    }

    async fn a2_suspension_is_told_only_after_the_right_password(app) {
        app.add("sam", "Sam Okoro", &["STAFF"]).await;
        app.change("update people set status = 'suspended' where username = 'sam'").await;
        let guessed = log_in(app, "sam", "wrong").await;
        assert_eq!(without_request_id(&guessed), without_request_id(&log_in(app, "nobody", "wrong").await));
        let known = log_in(app, "sam", PASSWORD).await;
        assert_eq!(
            problem(&known, 403),
            ("suspended".into(), "Your account has been suspended. Contact support for assistance.".into())
        );
        assert_eq!(app.count("select count(*) from sessions").await, 0);
    }

    async fn a3_an_account_without_a_password_is_refused_at_the_same_cost(app) {
        app.add("ivy", "Ivy Stone", &["STAFF"]).await;
        app.change("update people set status = 'invited', password_hash = null where username = 'ivy'").await;
        let (reply, cost) = hashes(app, log_in(app, "ivy", PASSWORD)).await;
        assert_eq!((reply.status, cost), (401, 1));
        assert_eq!(without_request_id(&reply), without_request_id(&log_in(app, "nobody", PASSWORD).await));
    }

    async fn a14_a_password_that_nobody_has_costs_no_hash(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for length in [1025, 100_000, 1_000_000] {
            let (reply, cost) = hashes(app, log_in(app, "alice", &"x".repeat(length))).await;
            wrong_field(&reply, "password");
            assert_eq!(cost, 0, "{length} characters");
        }
        let (reply, cost) = hashes(app, log_in(app, "alice", &"x".repeat(1024 * 1024))).await;
        assert_eq!((problem(&reply, 413).0.as_str(), cost), ("too_large", 0));
        let (reply, cost) = hashes(app, log_in(app, "alice", &"x".repeat(1024))).await;
        assert_eq!((reply.status, cost), (401, 1), "the longest password that is looked at");
    }

    async fn uc002_a_token_is_worthless_after_signing_out(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.client_of("alice").await;
        let mut other = app.client_of("alice").await;
        assert_eq!(client.get(ME).await.status, 200);
        assert_eq!(client.post_raw(LOGOUT, "application/json", "").await.status, 204);
        assert_eq!(client.get(ME).await.status, 401);
        assert_eq!(client.post_raw(LOGOUT, "application/json", "").await.status, 401, "one cannot sign out twice");
        assert_eq!(other.get(ME).await.status, 200, "another session was ended as well");
    }

    async fn a8_sign_ins_are_counted_and_dated(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        log_in(app, "alice", "wrong").await;
        assert_eq!(app.count("select login_count from people where username = 'alice'").await, 0);
        app.client_of("alice").await;
        app.clock.advance(std::time::Duration::from_secs(60));
        app.client_of("alice").await;
        assert_eq!(app.count("select login_count from people where username = 'alice'").await, 2);
        let last = app.count("select last_login_at from people where username = 'alice'").await;
        assert_eq!(last, app.clock.now().microseconds());
    }
}
