//! Refresh tokens: good once, traded for new ones, worthless to a thief.

use crate::support::{LOGIN, LOGOUT, ME, log_in, problem, routes};
use serde_json::{Value, json};
use server::testing::{PASSWORD, Reply, TestApp};
use std::time::Duration;

const REFRESH: &str = "/api/v1/auth/refresh";
const HOUR: Duration = Duration::from_secs(3600);
const PAST_THE_GRACE: Duration = Duration::from_secs(11);

/// The tokens of a fresh sign-in.
async fn tokens(app: &TestApp) -> Value {
    if app.count("select count(*) from people").await == 0 {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    }
    log_in(app, "alice", PASSWORD).await.json()
}

async fn refresh(app: &TestApp, tokens: &Value) -> Reply {
    app.anyone().post_json(REFRESH, &json!({ "refresh_token": tokens["refresh_token"] })).await
}

async fn is_refreshed(app: &TestApp, tokens: &Value) -> bool {
    refresh(app, tokens).await.status == 200
}

async fn is_let_in(app: &TestApp, tokens: &Value) -> bool {
    let mut client = app.anyone();
    client.bearer = Some(tokens["access_token"].as_str().unwrap().to_owned());
    client.get(ME).await.status == 200
}

server::both_engines! { routes;
    async fn t2_a_sign_in_answers_with_both_tokens(app) {
        let tokens = tokens(app).await;
        assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
        let token = tokens["refresh_token"].as_str().unwrap();
        assert!(token.len() >= 43, "{token}");
        assert_eq!(app.count(&format!("select count(*) from refresh_tokens where digest = '{token}'")).await, 0);
        assert_eq!(app.count("select count(*) from refresh_tokens where length(digest) = 64").await, 1);
    }

    async fn t3_a_refresh_token_is_traded_for_new_ones(app) {
        let first = tokens(app).await;
        app.clock.advance(HOUR);
        assert!(!is_let_in(app, &first).await, "the access token outlives its hour");
        let reply = refresh(app, &first).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let second = reply.json();
        assert!(is_let_in(app, &second).await);
        assert_eq!(second["user"]["username"], "alice");
        assert_ne!(second["refresh_token"], first["refresh_token"]);
        assert_eq!(app.count("select count(*) from sessions").await, 1, "a refresh is no new sign-in");
    }

    async fn t3_one_that_comes_back_ends_the_whole_sign_in(app) {
        let first = tokens(app).await;
        let second = refresh(app, &first).await.json();
        app.clock.advance(PAST_THE_GRACE);
        problem(&refresh(app, &first).await, 401);
        assert!(!is_let_in(app, &second).await, "the thief is still in");
        problem(&refresh(app, &second).await, 401);
        assert_eq!(app.count("select count(*) from audit where action = 'session.refresh_reused'").await, 1);
        assert!(is_let_in(app, &tokens(app).await).await, "the owner cannot sign in again");
    }

    async fn t3_two_at_once_do_not_sign_an_honest_client_out(app) {
        let first = tokens(app).await;
        let replies = futures::future::join_all((0..4).map(|_| refresh(app, &first))).await;
        for reply in &replies {
            assert_eq!(reply.status, 200, "{}", reply.body);
            assert!(is_let_in(app, &reply.json()).await);
        }
        app.clock.advance(PAST_THE_GRACE);
        assert_eq!(refresh(app, &replies[3].json()).await.status, 200);
    }

    async fn t3_signing_out_revokes_it(app) {
        let first = tokens(app).await;
        let mut client = app.anyone();
        client.bearer = Some(first["access_token"].as_str().unwrap().to_owned());
        assert_eq!(client.post_json(LOGOUT, &json!({})).await.status, 204);
        problem(&refresh(app, &first).await, 401);
    }

    async fn t3_signing_out_with_the_refresh_token_needs_no_good_access_token(app) {
        let first = tokens(app).await;
        app.clock.advance(HOUR);
        let mut client = app.anyone();
        client.bearer = Some(first["access_token"].as_str().unwrap().to_owned());
        assert_eq!(problem(&client.post_json(LOGOUT, &json!({})).await, 401).0, "token_expired");
        assert!(is_refreshed(app, &first).await, "nothing was named, and something ended");
        // One that was used names its sign-in all the same.
        let reply = client.post_json(LOGOUT, &json!({ "refresh_token": first["refresh_token"] })).await;
        assert_eq!((reply.status, reply.body.as_str()), (204, ""));
        assert_eq!(app.count("select count(*) from sessions where ended_at is null").await, 0);
        assert_eq!(app.count("select count(*) from audit where action = 'session.signed_out'").await, 1);
        problem(&refresh(app, &first).await, 401);
        assert_eq!(app.anyone().post_json(LOGOUT, &json!({ "refresh_token": first["refresh_token"] })).await.status, 204);
        problem(&app.anyone().post_json(LOGOUT, &json!({ "refresh_token": "x" })).await, 401);
        assert_eq!(app.count("select count(*) from audit where action = 'session.signed_out'").await, 1);
    }

    async fn t3_a_suspended_person_gets_no_new_tokens(app) {
        let first = tokens(app).await;
        app.change("update people set status = 'suspended'").await;
        problem(&refresh(app, &first).await, 401);
        app.change("update people set status = 'active'").await;
        // The refused attempt used nothing up.
        assert_eq!(refresh(app, &first).await.status, 200);
        app.change("delete from person_roles").await;
        problem(&refresh(app, &first).await, 401);
    }

    async fn t3_seven_unused_days_are_too_long(app) {
        let first = tokens(app).await;
        app.clock.advance(7 * 24 * HOUR - Duration::from_secs(1));
        let second = refresh(app, &first).await.json();
        assert!(is_let_in(app, &second).await);
        app.clock.advance(7 * 24 * HOUR);
        assert_eq!(problem(&refresh(app, &second).await, 401).0, "token_expired");
    }

    async fn t3_no_chain_outlives_thirty_days(app) {
        let mut tokens = tokens(app).await;
        for day in 0..29 {
            app.clock.advance(24 * HOUR);
            let reply = refresh(app, &tokens).await;
            assert_eq!(reply.status, 200, "day {day}: {}", reply.body);
            tokens = reply.json();
        }
        app.clock.advance(24 * HOUR);
        problem(&refresh(app, &tokens).await, 401);
    }

    async fn t4_nothing_else_is_taken_for_a_refresh_token(app) {
        let tokens = tokens(app).await;
        for wrong in [&tokens["access_token"], &json!(""), &json!("nonsense"), &json!("x".repeat(5000)), &json!("\u{0}")] {
            problem(&app.anyone().post_json(REFRESH, &json!({ "refresh_token": wrong })).await, 401);
        }
        assert_eq!(app.anyone().post_json(REFRESH, &json!({})).await.status, 422);
        let mut client = app.anyone();
        client.bearer = Some(tokens["refresh_token"].as_str().unwrap().to_owned());
        problem(&client.get(ME).await, 401);
    }

    async fn uc001_the_short_addresses_answer_in_their_own_words(app) {
        app.add("sam", "Sam Okoro", &["STAFF"]).await;
        let ask = async |body: Value| app.anyone().post_json("/api/login", &body).await;
        let reply = ask(json!({ "username": "sam", "password": PASSWORD, "role": "STAFF" })).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(reply.json()["user"]["dashboard_route"], "/");
        let again = app.anyone().post_json("/api/refresh", &json!({ "refresh_token": reply.json()["refresh_token"] })).await;
        assert!(is_let_in(app, &again.json()).await);
        let wrong = "Invalid username, password, or role";
        for body in [
            json!({ "username": "nobody", "password": PASSWORD, "role": "STAFF" }), // 3a
            json!({ "username": "sam", "password": "wrong", "role": "STAFF" }),     // 4a
            json!({ "username": "sam", "password": PASSWORD, "role": "ADMIN" }),    // 5a
        ] {
            assert_eq!(problem(&ask(body).await, 401), ("invalid_credentials".into(), wrong.into()));
        }
        app.change("update people set status = 'suspended'").await;
        let suspended = "Account has been suspended. Please contact administrator."; // 6a
        let body = json!({ "username": "sam", "password": PASSWORD, "role": "STAFF" });
        assert_eq!(problem(&ask(body).await, 403), ("suspended".into(), suspended.into()));
        // At the other address the words are the other ones.
        let other = app.anyone().post_json(LOGIN, &json!({ "identifier": "sam", "password": PASSWORD })).await;
        assert_eq!(problem(&other, 403).1, "Your account has been suspended. Contact support for assistance.");
    }
}
