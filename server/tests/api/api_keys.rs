//! API keys: made by whoever has signed in, shown once, within the role, and dead at once when they should be.

use crate::{
    second_factor_support::with_app,
    support::{ME, USERS, browser_of, problem, routes, wrong_field},
};
use domain::second_factor::Method;
use serde_json::{Value, json};
use server::{
    Error, Origin,
    api_keys::NewKeyForm,
    config::{Api, Limits},
    events::Event,
    identity::Shown,
    proof::{FRESH, StepUp},
    testing::{Agent, Engine, PASSWORD, Reply, TestApp},
};
use std::time::Duration;

const KEYS: &str = "/api/v1/account/api-keys";
const DAY: Duration = Duration::from_secs(86_400);

async fn make(client: &mut Agent, body: &Value) -> Reply {
    client.post_json(KEYS, body).await
}

/// A program with a new key of this person.
async fn program_of(app: &TestApp, username: &str, scopes: &[&str]) -> (Agent, String) {
    let reply = make(&mut app.client_of(username).await, &json!({ "name": "Test", "scopes": scopes })).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let mut program = app.anyone();
    program.bearer = Some(reply.json()["key"].as_str().unwrap().to_owned());
    (program, reply.json()["id"].as_str().unwrap().to_owned())
}

server::both_engines! { routes;
    async fn t6_a_key_is_shown_once_and_kept_as_a_fingerprint(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut alice = app.client_of("alice").await;
        let made = make(&mut alice, &json!({ "name": " Nightly  export ", "scopes": ["users.view"] })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let key = made.json()["key"].as_str().unwrap().to_owned();
        assert!(key.starts_with("cs_") && key.len() == 46, "{key}");
        let listed = alice.get(KEYS).await;
        let body = listed.json();
        assert_eq!((&body[0]["name"], &body[0]["hint"]), (&json!("Nightly export"), &json!(format!("cs_…{}", &key[42..]))));
        assert_eq!((&body[0]["scopes"], &body[0]["role"], &body[0]["last_used_at"]), (&json!(["users.view"]), &json!("USER_ADMIN"), &Value::Null));
        for table in ["api_keys", "audit", "outbox"] {
            let column = match table { "api_keys" => "fingerprint || name || ending", "audit" => "details", _ => "payload" };
            let stored = app.texts(&format!("select {column} from {table}")).await.join(" ");
            assert!(!stored.contains(&key[3..40]), "the key stands in {table}");
        }
        assert!(!listed.body.contains(&key));
    }

    async fn t6_a_key_acts_in_the_role_within_its_scopes(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF"]).await;
        let (mut reader, _) = program_of(app, "alice", &["users.view", "users.view_own"]).await;
        let (mut narrow, _) = program_of(app, "alice", &["products.view"]).await;
        let me = reader.get(ME).await.json();
        assert_eq!((&me["username"], &me["role"]), (&json!("alice"), &json!("USER_ADMIN")));
        assert_eq!(me["permissions"], json!(["users.view_own", "users.view"]));
        assert_eq!((reader.get(USERS).await.status, narrow.get(USERS).await.status), (200, 403));
        app.change("delete from role_permissions where role_code = 'USER_ADMIN' and permission = 'users.view'").await;
        assert_eq!(reader.get(USERS).await.status, 403, "the role lost the permission, the key did not");
    }

    async fn t6_no_key_may_do_more_than_its_maker(app) {
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut petra = app.client_of("petra").await;
        for (scopes, words) in [
            (json!(["users.view"]), "Your role does not have all of these permissions"),
            (json!(["products.view", "users.manage"]), "Your role does not have all of these permissions"),
            (json!(["everything"]), "Choose permissions from the list"),
            (json!([]), "Choose at least one permission"),
        ] {
            assert_eq!(wrong_field(&make(&mut petra, &json!({ "name": "x", "scopes": scopes })).await, "scopes"), words);
        }
        assert_eq!(app.count("select count(*) from api_keys").await, 0);
    }

    async fn a5_making_a_key_wants_a_fresh_proof(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut alice = app.client_of("alice").await;
        let body = json!({ "name": "Nightly export", "scopes": ["users.view"] });
        app.clock.advance(FRESH - Duration::from_secs(1));
        assert_eq!(make(&mut alice, &body).await.status, 201);
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(problem(&make(&mut alice, &body).await, 403), ("step_up_required".into(), "Confirm it is you: enter your password again.".into()));
        assert_eq!(alice.get(KEYS).await.json().as_array().map(Vec::len), Some(1), "looking needs no proof");
        assert_eq!(app.count("select count(*) from api_keys").await, 1);
        let stepped_up = alice.post_json("/api/v1/auth/step-up", &json!({ "password": PASSWORD })).await;
        alice.bearer = Some(stepped_up.json()["access_token"].as_str().unwrap().to_owned());
        assert_eq!(make(&mut alice, &body).await.status, 201);
    }

    async fn a5_whoever_has_a_second_factor_shows_it_before_making_a_key(app) {
        let (alice, _, codes) = with_app(app, "alice").await;
        let form = || NewKeyForm { name: "x".into(), scopes: vec!["products.view".into()], days: None };
        let (keys, origin) = (&app.backend.api_keys, Origin::default());
        // The session is of the minute before there was a factor.
        let session = app.backend.identity.act_as(&alice, alice.role(), &origin).await.unwrap().actor;
        let refused = keys.make(&session, form(), &origin).await.unwrap_err();
        assert!(matches!(refused, Error::StepUp(StepUp::SecondFactor)), "{refused}");
        let shown = Shown::Code(Method::Recovery, codes[0].clone());
        let stepped_up = app.backend.identity.step_up(&session, shown, &origin).await.unwrap();
        keys.make(&stepped_up.actor, form(), &origin).await.unwrap();
        // Taking one back must not wait for anything.
        app.clock.advance(FRESH);
        let id = keys.of(&stepped_up.actor).await.unwrap()[0].id;
        keys.revoke(&stepped_up.actor, id, &origin).await.unwrap();
    }

    async fn t6_names_and_times_are_checked(app) {
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut petra = app.client_of("petra").await;
        for (name, days, field) in [
            ("", json!(7), "name"), ("   ", json!(7), "name"), (&*"x".repeat(61), json!(7), "name"), ("a\u{202E}b", json!(7), "name"),
            ("x", json!(0), "expires_in_days"), ("x", json!(366), "expires_in_days"), ("x", json!(-1), "expires_in_days"), ("x", json!("7"), "expires_in_days"),
        ] {
            let reply = make(&mut petra, &json!({ "name": name, "scopes": ["products.view"], "expires_in_days": days })).await;
            assert!(!wrong_field(&reply, field).is_empty());
        }
        assert_eq!(make(&mut petra, &json!({ "name": "x", "scopes": ["products.view"], "expires_in_days": 365 })).await.status, 201);
    }

    async fn t6_a_key_dies_at_its_hour(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (mut program, _) = program_of(app, "alice", &["users.view"]).await;
        app.clock.advance(90 * DAY - Duration::from_secs(1));
        assert_eq!(program.get(USERS).await.status, 200);
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(program.get(USERS).await.status, 401);
    }

    async fn t6_a_key_dies_with_the_account_the_role_and_its_revocation(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF"]).await;
        let (mut program, id) = program_of(app, "alice", &["users.view"]).await;
        app.change("update people set status = 'suspended'").await;
        assert_eq!(program.get(USERS).await.status, 401, "suspended");
        app.change("update people set status = 'active'").await;
        assert_eq!(program.get(USERS).await.status, 200);
        app.change("delete from person_roles where role_code = 'USER_ADMIN'").await;
        assert_eq!(program.get(USERS).await.status, 401, "lost the role");
        app.change("insert into person_roles (person_id, role_code, position) select id, 'USER_ADMIN', 7 from people").await;
        assert_eq!(program.get(USERS).await.status, 200);
        let mut alice = app.client_of("alice").await;
        assert_eq!(alice.delete(&format!("{KEYS}/{id}")).await.status, 204);
        assert_eq!(program.get(USERS).await.status, 401, "revoked");
        assert_eq!(alice.delete(&format!("{KEYS}/{id}")).await.status, 404);
        assert_eq!(alice.get(KEYS).await.json(), json!([]));
    }

    async fn t6_nobody_revokes_the_key_of_another(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("eve", "Eve Moss", &["SUPER_ADMIN"]).await;
        let (mut program, id) = program_of(app, "alice", &["users.view"]).await;
        let mut eve = app.client_of("eve").await;
        assert_eq!(eve.delete(&format!("{KEYS}/{id}")).await.status, 404);
        assert_eq!(eve.get(KEYS).await.json(), json!([]));
        assert_eq!(program.get(USERS).await.status, 200);
    }

    async fn t6_a_key_cannot_touch_the_account_itself(app) {
        let id = app.add("root", "Root Admin", &["SUPER_ADMIN"]).await;
        let every: Vec<&str> = domain::Permission::ALL.iter().map(|permission| permission.code()).collect();
        let (mut program, key) = program_of(app, "root", &every).await;
        let requests = [
            ("GET", "/api/v1/account"), ("PATCH", "/api/v1/account"), ("POST", "/api/v1/account/password"), ("GET", "/api/v1/account/sessions"),
            ("DELETE", "/api/v1/account/sessions"), ("DELETE", "/api/v1/account/sessions/others"), ("GET", KEYS), ("POST", KEYS), ("POST", "/api/v1/auth/logout"),
            ("DELETE", &format!("{KEYS}/{key}")), ("DELETE", "/api/v1/account/sessions/00000000-0000-0000-0000-000000000000"),
        ];
        for (method, path) in requests {
            let body = match path {
                "/api/v1/account" => json!({ "full_name": "Somebody Else", "version": 1 }),
                KEYS => json!({ "name": "x", "scopes": ["users.view"] }),
                _ => json!({ "current_password": PASSWORD, "password": "another horse battery" }),
            };
            let reply = program.send_json(method, path, &body).await;
            assert_eq!(problem(&reply, 403).1, "An API key may not do this. Sign in instead.", "{method} {path}");
        }
        assert_eq!(program.get(&format!("{USERS}/{id}")).await.status, 200);
    }

    async fn t6_only_the_api_of_this_version_takes_keys(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (program, _) = program_of(app, "alice", &["users.view"]).await;
        let key = program.bearer.clone().unwrap();
        let mut other = app.anyone();
        for wrong in [format!("{key}x"), key.to_lowercase(), key[..45].to_owned(), "cs_".into(), format!("cs_{}", "x".repeat(10_000)), key[3..].to_owned()] {
            other.bearer = Some(wrong);
            assert_eq!(other.get(USERS).await.status, 401);
        }
        let mut cookie = browser_of(app, "alice", false).await;
        cookie.cookies.insert("session_token".into(), key);
        assert_eq!(cookie.get(USERS).await.status, 401, "a key was taken for a cookie");
    }

    async fn t6_the_owner_is_told_and_the_trail_names_the_key(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (_, id) = program_of(app, "alice", &["users.view"]).await;
        let letters = app.texts("select payload from outbox where payload like '%\"letter\":\"api_key_made\"%'").await;
        assert!(letters.len() == 1 && letters[0].contains("alice@example.com"), "{letters:?}");
        assert_eq!(app.texts("select subject_id from audit where action = 'api_key.made'").await, [id]);
        let details: Value = serde_json::from_str(&app.texts("select details from audit where action = 'api_key.made'").await[0]).unwrap();
        assert_eq!((&details["scopes"], &details["role"]), (&json!(["users.view"]), &json!("USER_ADMIN")));
    }

    async fn t6_what_a_program_does_is_recorded_with_its_key(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (program, _) = program_of(app, "alice", &["users.view"]).await;
        let actor = app.backend.api_keys.authenticate(&program.bearer.unwrap(), None).await.unwrap();
        let tx = app.backend.ground.begin(&actor.at(&Origin::default())).await.unwrap();
        tx.record(Event::PersonUnlocked { person: actor.id(), locked_until: None }).await.unwrap().commit().await.unwrap();
        let recorded = "select count(*) from audit a join api_keys k on k.id = a.api_key_id
            where a.actor_kind = 'api key' and a.actor_id = k.person_id and a.role_code = 'USER_ADMIN' and a.session_id is null";
        assert_eq!(app.count(recorded).await, 1);
    }

    async fn t6_keys_that_ended_long_ago_are_forgotten(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (_, revoked) = program_of(app, "alice", &["users.view"]).await;
        program_of(app, "alice", &["users.view"]).await;
        app.client_of("alice").await.delete(&format!("{KEYS}/{revoked}")).await;
        for (days, left) in [(90, 2), (1, 1), (88, 1), (2, 0)] {
            app.clock.advance(days * DAY);
            app.backend.api_keys.forget_old().await.unwrap();
            assert_eq!(app.count("select count(*) from api_keys").await, left, "after {days} more days");
        }
    }

    async fn t6_the_owner_is_told_a_week_before_a_key_expires(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut alice = app.client_of("alice").await;
        for (name, days) in [("Long", 90), ("Revoked", 90), ("Short", 14)] {
            let made = make(&mut alice, &json!({ "name": name, "scopes": ["users.view"], "expires_in_days": days })).await;
            if name == "Revoked" {
                alice.delete(&format!("{KEYS}/{}", made.json()["id"].as_str().unwrap())).await;
            }
        }
        let told = async || {
            app.backend.api_keys.remind().await.unwrap();
            app.texts("select payload from outbox where letter = 'api_key_expires' or payload like '%\"api_key_expires\"%'").await
        };
        app.clock.advance(10 * DAY);
        assert_eq!(told().await, [""; 0], "a key that was made for two weeks needs no reminder");
        app.clock.advance(73 * DAY - Duration::from_secs(1));
        assert_eq!(told().await, [""; 0]);
        app.clock.advance(Duration::from_secs(1));
        let letters = told().await;
        assert!(letters.len() == 1 && letters[0].contains("\"Long\"") && letters[0].contains("alice@example.com"), "{letters:?}");
        app.clock.advance(DAY);
        assert_eq!(told().await.len(), 1, "told a second time");
        assert_eq!(app.count("select count(*) from audit where action = 'api_key.reminded' and actor_kind = 'program'").await, 1);
    }

    async fn t6_nobody_is_told_of_a_key_that_does_not_work_any_more(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF"]).await;
        program_of(app, "alice", &["users.view"]).await;
        app.change("update people set status = 'suspended'").await;
        app.clock.advance(85 * DAY);
        app.backend.api_keys.remind().await.unwrap();
        app.change("update people set status = 'active'").await;
        app.change("delete from person_roles where role_code = 'USER_ADMIN'").await;
        app.backend.api_keys.remind().await.unwrap();
        app.change("insert into person_roles (person_id, role_code, position) select id, 'USER_ADMIN', 7 from people").await;
        app.clock.advance(6 * DAY);
        app.backend.api_keys.remind().await.unwrap();
        assert_eq!(app.count("select count(*) from audit where action = 'api_key.reminded'").await, 0);
    }

    async fn t6_two_instances_send_one_reminder(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        program_of(app, "alice", &["users.view"]).await;
        app.clock.advance(85 * DAY);
        let keys = &app.backend.api_keys;
        let (one, other) = tokio::join!(keys.remind(), keys.remind());
        assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
        assert_eq!(app.count("select count(*) from audit where action = 'api_key.reminded'").await, 1);
    }

    async fn t6_the_last_use_is_noted_once_a_minute(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (mut program, _) = program_of(app, "alice", &["users.view"]).await;
        let mut alice = app.client_of("alice").await;
        let mut used = Vec::new();
        for wait in [0, 30, 31] {
            app.clock.advance(Duration::from_secs(wait));
            program.get(USERS).await;
            used.push(alice.get(KEYS).await.json()[0]["last_used_at"].clone());
        }
        assert!(used[0].is_string() && used[0] == used[1] && used[1] != used[2], "{used:?}");
        assert_eq!(alice.get(KEYS).await.json()[0]["last_used_ip"], "127.0.0.1");
    }

    async fn t6_one_person_has_so_many_keys_and_no_more(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut alice = app.client_of("alice").await;
        let body = json!({ "name": "x", "scopes": ["users.view"], "expires_in_days": 1 });
        for _ in 0..domain::api_key::MOST {
            assert_eq!(make(&mut alice, &body).await.status, 201);
        }
        assert_eq!(problem(&make(&mut alice, &body).await, 409).0, "conflict");
        app.clock.advance(DAY);
        assert_eq!(make(&mut app.client_of("alice").await, &body).await.status, 201, "expired ones still count");
    }
}

#[tokio::test]
async fn t6_a_key_may_last_for_ever_where_that_is_set() {
    let lasting =
        |config: &mut server::config::Config| config.api = Api { longest_key_days: 0, ..Api::default() };
    let app = TestApp::configured(Engine::Sqlite, lasting, routes).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    let mut alice = app.client_of("alice").await;
    let made =
        make(&mut alice, &json!({ "name": "x", "scopes": ["users.view"], "expires_in_days": 0 })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(alice.get(KEYS).await.json()[0]["expires_at"], Value::Null);
    let mut program = app.anyone();
    program.bearer = Some(made.json()["key"].as_str().unwrap().to_owned());
    app.clock.advance(4_000 * DAY);
    assert_eq!(program.get(USERS).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn t5_each_key_has_limits_of_its_own() {
    let strict = |config: &mut server::config::Config| {
        config.limits = Limits { api_per_minute: 3, ..Limits::default() };
    };
    let app = TestApp::configured(Engine::Sqlite, strict, routes).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    let (mut one, _) = program_of(&app, "alice", &["users.view"]).await;
    let (mut other, _) = program_of(&app, "alice", &["users.view"]).await;
    for _ in 0..3 {
        assert_eq!(one.get(USERS).await.status, 200);
    }
    let refused = one.get(USERS).await;
    assert_eq!(refused.status, 429);
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(other.get(USERS).await.status, 200);
    app.finish().await;
}
