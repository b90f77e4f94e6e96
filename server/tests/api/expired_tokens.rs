//! UC-003 to UC-008 with a token that is no good any more: the client is told so, trades its refresh token for a new one, tries
//! again, and the request goes on from where it stopped. At the addresses of their document, and at those of `/api/v1`.

use crate::support::{USERS, problem, routes};
use serde_json::{Value, json};
use server::{
    config::Config,
    testing::{Agent, PASSWORD, TestApp},
};
use std::time::Duration;

const SHORT: &str = "/api/users";
const SEARCH: &str = "/api/users/search";
const REFRESH: &str = "/api/refresh";
const TEN_MINUTES: Duration = Duration::from_secs(600);
const HOUR: Duration = Duration::from_secs(3_600);

/// Tokens that end while the proof behind them is fresh still, so that an expired token is all that stands in the way.
fn short_tokens(config: &mut Config) {
    config.sessions.access_token_minutes = 10;
}

/// A client of a User Admin, and what it may trade its token for.
struct Client {
    agent: Agent,
    refresh_token: Value,
}

impl Client {
    /// Signs in as clients of the short addresses do.
    async fn of_an_admin(app: &TestApp) -> Self {
        app.add("root", "Root Admin", &["USER_ADMIN"]).await;
        let body = json!({ "username": "root", "password": PASSWORD, "role": "USER_ADMIN" });
        let reply = app.anyone().post_json("/api/login", &body).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let mut client = Self { agent: app.anyone(), refresh_token: Value::Null };
        client.keep(&reply.json());
        assert_eq!(client.agent.get(SHORT).await.status, 200);
        client
    }

    fn keep(&mut self, tokens: &Value) {
        self.agent.bearer = Some(tokens["access_token"].as_str().unwrap().to_owned());
        self.refresh_token = tokens["refresh_token"].clone();
    }

    /// Trades the refresh token, as a client does that was answered with 401.
    async fn refresh(&mut self, app: &TestApp) {
        let reply = app.anyone().post_json(REFRESH, &json!({ "refresh_token": self.refresh_token })).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        self.keep(&reply.json());
    }
}

fn nora() -> Value {
    json!({ "username": "nora", "password": "a walk in the mountains", "full_name": "Nora Quist", "email": "nora@example.com", "role_code": "CSR_REP" })
}

server::both_engines! { routes, short_tokens;
    async fn uc003_11a_an_expired_token_is_refreshed_and_the_retry_makes_the_account(app) {
        let mut client = Client::of_an_admin(app).await;
        app.clock.advance(TEN_MINUTES);
        assert_eq!(problem(&client.agent.post_json(SHORT, &nora()).await, 401).0, "token_expired");
        assert_eq!(app.count("select count(*) from people").await, 1, "it was made before the refresh");
        client.refresh(app).await;
        let reply = client.agent.post_json(SHORT, &nora()).await;
        assert_eq!((reply.status, &reply.json()["username"]), (201, &json!("nora")), "{}", reply.body);
    }

    async fn uc003_11a_the_same_at_the_addresses_of_the_first_version(app) {
        let mut client = Client::of_an_admin(app).await;
        app.clock.advance(TEN_MINUTES);
        let body = json!({ "username": "nora", "password": "a walk in the mountains", "full_name": "Nora Quist", "email": "nora@example.com", "roles": ["PIN"] });
        assert_eq!(problem(&client.agent.post_json(USERS, &body).await, 401).0, "token_expired");
        let refreshed = app.anyone().post_json("/api/v1/auth/refresh", &json!({ "refresh_token": client.refresh_token })).await;
        assert_eq!(refreshed.status, 200, "{}", refreshed.body);
        client.keep(&refreshed.json());
        let reply = client.agent.post_json(USERS, &body).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
    }

    async fn uc003_11a_uc004_3a_uc006_5a_where_the_refresh_fails_one_signs_in_anew(app) {
        let mut client = Client::of_an_admin(app).await;
        let path = format!("{SHORT}/{}", app.add("petra", "Petra Holm", &["PIN"]).await);
        // Longer than a refresh token is good for.
        app.clock.advance(24 * 8 * HOUR);
        problem(&app.anyone().post_json(REFRESH, &json!({ "refresh_token": client.refresh_token })).await, 401);
        for reply in [client.agent.post_json(SHORT, &nora()).await, client.agent.get(&path).await, client.agent.delete(&path).await] {
            problem(&reply, 401);
        }
        assert_eq!(app.count("select count(*) from people where username = 'nora' or status <> 'active'").await, 0);
        assert_eq!(app.client_of("root").await.post_json(SHORT, &nora()).await.status, 201);
    }

    async fn uc004_3a_without_a_good_token_nobody_is_shown_and_after_a_refresh_they_are(app) {
        let mut client = Client::of_an_admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        for path in [format!("{SHORT}/{id}"), format!("{USERS}/{id}")] {
            assert_eq!(problem(&app.anyone().get(&path).await, 401).0, "unauthenticated", "missing");
            let mut stranger = app.anyone();
            stranger.bearer = Some("not.a.token".into());
            let reply = stranger.get(&path).await;
            assert_eq!(problem(&reply, 401).0, "unauthenticated", "invalid");
            assert!(!reply.body.contains("Petra"), "{}", reply.body);
            app.clock.advance(TEN_MINUTES);
            assert_eq!(problem(&client.agent.get(&path).await, 401).0, "token_expired");
            client.refresh(app).await;
            let reply = client.agent.get(&path).await;
            assert_eq!((reply.status, &reply.json()["full_name"]), (200, &json!("Petra Holm")), "{}", reply.body);
        }
    }

    async fn uc005_6a_an_expired_token_is_refreshed_and_the_retry_changes_them(app) {
        let mut client = Client::of_an_admin(app).await;
        let path = format!("{SHORT}/{}", app.add("petra", "Petra Holm", &["PIN"]).await);
        let body = json!({ "full_name": "Petra Berg" });
        app.clock.advance(TEN_MINUTES);
        assert_eq!(problem(&client.agent.send_json("PUT", &path, &body).await, 401).0, "token_expired");
        assert_eq!(app.count("select count(*) from audit where action = 'person.updated'").await, 0);
        client.refresh(app).await;
        let reply = client.agent.send_json("PUT", &path, &body).await;
        assert_eq!((reply.status, &reply.json()["full_name"]), (200, &json!("Petra Berg")), "{}", reply.body);
    }

    async fn uc006_5a_an_invalid_or_expired_token_suspends_nobody_and_a_refreshed_one_does(app) {
        let mut client = Client::of_an_admin(app).await;
        let path = format!("{SHORT}/{}", app.add("petra", "Petra Holm", &["PIN"]).await);
        let suspended = "select count(*) from people where status = 'suspended'";
        let mut stranger = app.anyone();
        stranger.bearer = client.agent.bearer.as_ref().map(|token| format!("{token}x"));
        assert_eq!(problem(&stranger.delete(&path).await, 401).0, "unauthenticated", "invalid");
        app.clock.advance(TEN_MINUTES);
        assert_eq!(problem(&client.agent.delete(&path).await, 401).0, "token_expired");
        assert_eq!(app.count(suspended).await, 0);
        client.refresh(app).await;
        let reply = client.agent.delete(&path).await;
        assert_eq!((reply.status, reply.json()), (200, json!({ "message": "User suspended" })));
        assert_eq!(app.count(suspended).await, 1);
    }

    async fn uc007_5a_a_token_that_expired_during_a_search_is_refreshed_and_the_search_goes_on(app) {
        let mut client = Client::of_an_admin(app).await;
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let body = json!({ "query": "HOLM" });
        app.clock.advance(TEN_MINUTES);
        assert_eq!(problem(&client.agent.post_json(SEARCH, &body).await, 401).0, "token_expired");
        client.refresh(app).await;
        let reply = client.agent.post_json(SEARCH, &body).await;
        assert_eq!((reply.status, &reply.json()[0]["username"], reply.json().as_array().unwrap().len()), (200, &json!("petra"), 1), "{}", reply.body);
    }

    async fn uc007_6a_the_wrong_role_searches_nobody(app) {
        app.add("root", "Root Admin", &["USER_ADMIN"]).await;
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut petra = app.client_of("petra").await;
        for query in ["", "root", "petra"] {
            let reply = petra.post_json(SEARCH, &json!({ "query": query })).await;
            assert_eq!(problem(&reply, 403), ("forbidden".into(), "Forbidden: insufficient role".into()), "{query:?}");
            assert!(!reply.body.contains("root@"), "{}", reply.body);
        }
        assert_eq!(problem(&petra.get(&format!("{USERS}?search=root")).await, 403).0, "forbidden");
    }

    async fn uc008_3a_an_expired_token_is_refreshed_and_everybody_is_listed(app) {
        let mut client = Client::of_an_admin(app).await;
        app.add("petra", "Petra Holm", &["PIN"]).await;
        for path in [SHORT, USERS] {
            app.clock.advance(TEN_MINUTES);
            assert_eq!(problem(&client.agent.get(path).await, 401).0, "token_expired", "{path}");
            client.refresh(app).await;
            let reply = client.agent.get(path).await;
            assert_eq!(reply.status, 200, "{}", reply.body);
            assert!(reply.body.contains("petra@example.com"), "{}", reply.body);
        }
    }
}

server::both_engines! { routes;
    async fn uc003_11a_uc005_6a_after_an_hour_the_retry_wants_a_fresh_proof_as_well(app) {
        let mut client = Client::of_an_admin(app).await;
        app.clock.advance(HOUR);
        assert_eq!(problem(&client.agent.post_json(SHORT, &nora()).await, 401).0, "token_expired");
        client.refresh(app).await;
        assert_eq!(client.agent.get(SHORT).await.status, 200, "a mere look wants none");
        assert_eq!(problem(&client.agent.post_json(SHORT, &nora()).await, 403).0, "step_up_required");
        let reply = client.agent.post_json("/api/v1/auth/step-up", &json!({ "password": PASSWORD })).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        client.keep(&reply.json());
        assert_eq!(client.agent.post_json(SHORT, &nora()).await.status, 201);
    }

    async fn uc008_6a_a_filter_that_nobody_matches_is_an_empty_list(app) {
        let mut client = Client::of_an_admin(app).await;
        for query in ["status=suspended", "role=PIN", "search=nobody-has-this", "created_from=2099-01-01"] {
            let reply = client.agent.get(&format!("{USERS}?{query}")).await;
            let body = reply.json();
            assert_eq!((reply.status, &body["items"], &body["total"]), (200, &json!([]), &json!(0)), "{query}: {}", reply.body);
            assert_eq!((&body["total_exact"], &body["next_cursor"]), (&json!(true), &Value::Null), "{query}");
        }
    }

    async fn uc003_15a_where_the_store_fails_nothing_is_made_and_the_next_try_does_it(app) {
        let mut client = Client::of_an_admin(app).await;
        let rename = async |from: &str, to: &str| {
            let sql = format!("alter table {from} rename to {to}");
            server::testing::ledger::try_to_change(&app.backend.ground.db, &sql).await.unwrap();
        };
        // The letter to the new account is written with it, or neither is.
        rename("outbox", "outbox_away").await;
        let reply = client.agent.post_json(SHORT, &nora()).await;
        rename("outbox_away", "outbox").await;
        assert_eq!(problem(&reply, 500).1, server::Error::DIFFICULTIES);
        assert!(!reply.body.contains("outbox"), "what went wrong inside is told: {}", reply.body);
        assert_eq!(app.count("select count(*) from people").await, 1, "half of it was done");
        assert_eq!(app.count("select count(*) from audit where action = 'person.created'").await, 1, "root's own");
        assert_eq!(client.agent.post_json(SHORT, &nora()).await.status, 201);
    }
}
