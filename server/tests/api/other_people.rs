//! What those who look after accounts do for others: end sessions, revoke keys, unlock, reset second factors, write notes.

use crate::{
    link_support::letter,
    person_support::{admin, details, give_app, look, page_of},
    support::{ME, USERS, browser_of, log_in, problem, routes, wrong_field},
};
use serde_json::json;
use server::testing::PASSWORD;

const NOBODY: &str = "0198c0de-0000-7000-8000-000000000000";

server::both_engines! { routes;
    async fn u2_sessions_of_others_are_listed_and_ended(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let (mut client, mut browser) = (app.client_of("petra").await, browser_of(app, "petra", false).await);
        let path = format!("{}/sessions", page_of(id));
        let sessions = root.get(&path).await.json();
        let kinds: Vec<&str> = sessions.as_array().unwrap().iter().map(|session| session["kind"].as_str().unwrap()).collect();
        assert_eq!((kinds.len(), kinds.contains(&"api"), kinds.contains(&"browser")), (2, true, true), "{sessions}");
        assert!(sessions.as_array().unwrap().iter().all(|session| session["this_session"] == false));
        let of_the_browser = sessions.as_array().unwrap().iter().find(|session| session["kind"] == "browser").unwrap();
        let one = format!("{path}/{}", of_the_browser["id"].as_str().unwrap());
        assert_eq!(root.delete(&one).await.status, 204);
        assert_eq!((browser.get(ME).await.status, client.get(ME).await.status), (401, 200));
        assert_eq!(problem(&root.delete(&one).await, 404).1, "This session has ended already");
        assert_eq!(root.delete(&path).await.status, 204);
        assert_eq!(client.get(ME).await.status, 401);
        assert_eq!(root.get(&path).await.json(), json!([]));
        assert_eq!(app.count("select count(*) from audit where action in ('session.ended', 'session.all_ended') and actor_kind = 'person'").await, 2);
    }

    async fn u2_a_session_is_ended_under_its_owner_alone(app) {
        let mut root = admin(app).await;
        let (petra, other) = (app.add("petra", "Petra Holm", &["PIN"]).await, app.add("otto", "Otto Ek", &["PIN"]).await);
        let mut client = app.client_of("petra").await;
        let sessions = root.get(&format!("{}/sessions", page_of(petra))).await.json();
        let session = sessions[0]["id"].as_str().unwrap();
        for path in [format!("{}/sessions/{session}", page_of(other)), format!("{USERS}/{NOBODY}/sessions/{session}"), format!("{}/sessions/7", page_of(petra)), format!("{USERS}/7/sessions/{session}")] {
            assert_eq!(problem(&root.delete(&path).await, 404).0, "not_found", "{path}");
        }
        assert_eq!(client.get(ME).await.status, 200);
        assert_eq!(root.delete(&format!("{USERS}/{NOBODY}/sessions")).await.status, 404);
        assert_eq!(client.get(&format!("{}/sessions", page_of(other))).await.status, 403);
        assert_eq!(client.delete(&format!("{}/sessions", page_of(other))).await.status, 403);
    }

    async fn u2_keys_of_others_are_listed_and_revoked(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let body = json!({ "name": "Nightly", "scopes": ["users.view_own"] });
        let made = app.client_of("petra").await.post_json("/api/v1/account/api-keys", &body).await.json();
        let mut program = app.anyone();
        program.bearer = Some(made["key"].as_str().unwrap().to_owned());
        let path = format!("{}/api-keys", page_of(id));
        let keys = root.get(&path).await;
        assert_eq!(keys.json()[0]["name"], "Nightly");
        assert!(!keys.body.contains(&made["key"].as_str().unwrap()[4..30]), "the key is shown");
        let one = format!("{path}/{}", made["id"].as_str().unwrap());
        assert_eq!(program.delete(&one).await.status, 403);
        assert_eq!(root.delete(&one).await.status, 204);
        assert_eq!(program.get(ME).await.status, 401);
        assert_eq!(root.delete(&one).await.status, 404);
    }

    async fn a4_a_lock_is_opened(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        for _ in 0..5 {
            log_in(app, "petra", "a wrong password").await;
        }
        assert_eq!(look(&mut root, id).await["status"], "locked");
        assert_eq!(log_in(app, "petra", PASSWORD).await.status, 423);
        let reply = root.post_json(&format!("{}/unlock", page_of(id)), &json!({})).await;
        assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("active")), "{}", reply.body);
        assert_eq!(log_in(app, "petra", PASSWORD).await.status, 200);
        // Who was not locked is told of without a change.
        assert_eq!(root.post_json(&format!("{}/unlock", page_of(id)), &json!({})).await.status, 200);
        let told = app.texts("select details from audit where action = 'person.unlocked'").await;
        let (unchanged, opened): (Vec<String>, Vec<String>) = told.into_iter().partition(|details| details == "{}");
        assert_eq!((unchanged.len(), opened.len()), (1, 1), "{opened:?}");
        let opened: serde_json::Value = serde_json::from_str(&opened[0]).unwrap();
        let lock = &opened["changes"]["locked_until"];
        assert!(lock["before"].as_str().is_some_and(|until| until.ends_with('Z')), "{opened}");
        assert_eq!(lock.get("after"), Some(&json!(null)));
        assert_eq!(problem(&root.post_json(&format!("{USERS}/{NOBODY}/unlock"), &json!({})).await, 404).1, "User not found");
    }

    async fn a5_second_factors_that_are_lost_are_taken_away(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut client = app.client_of("petra").await;
        let path = format!("{}/second-factors", page_of(id));
        assert_eq!(problem(&root.delete(&path).await, 409).1, "This account has no second factor");
        give_app(app, "petra").await;
        assert_eq!(root.delete(&path).await.status, 204);
        assert_eq!(look(&mut root, id).await["mfa"], json!([]));
        assert_eq!(client.get(ME).await.status, 401, "sessions of before live on");
        assert!(letter(app, "second_factor_removed", "petra@example.com").await.is_some());
        assert_eq!(root.delete(&format!("{USERS}/{NOBODY}/second-factors")).await.status, 404);
    }

    async fn u2_notes_are_added_for_those_who_look_after_accounts(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let path = format!("{}/notes", page_of(id));
        assert_eq!(root.get(&path).await.json(), json!([]));
        let reply = root.post_json(&path, &json!({ "text": " Lost her phone.\r\nCalled back. <b>" })).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        let notes = root.get(&path).await.json();
        assert_eq!((&notes[0]["text"], &notes[0]["author"]), (&json!("Lost her phone.\nCalled back. <b>"), &json!("Root Admin")));
        assert_eq!(notes, reply.json());
        assert_eq!(details(app, "person.note_added").await, json!({ "note": notes[0]["id"] }));
        for text in ["", " \n", &"x".repeat(2001), "a\u{0}b"] {
            assert!(!wrong_field(&root.post_json(&path, &json!({ "text": text })).await, "text").is_empty());
        }
        let mut petra = app.client_of("petra").await;
        assert_eq!((petra.get(&path).await.status, petra.post_json(&path, &json!({ "text": "x" })).await.status), (403, 403));
        assert_eq!(root.get(&format!("{USERS}/{NOBODY}/notes")).await.status, 404);
        assert_eq!(root.post_json(&format!("{USERS}/{NOBODY}/notes"), &json!({ "text": "x" })).await.status, 404);
    }

    async fn t6_a_key_administers_nobody(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let body = json!({ "name": "Script", "scopes": ["users.view", "users.manage"] });
        let made = root.post_json("/api/v1/account/api-keys", &body).await.json();
        let mut program = app.anyone();
        program.bearer = Some(made["key"].as_str().unwrap().to_owned());
        let path = page_of(id);
        for (method, path) in [
            ("PUT", path.clone()), ("DELETE", path.clone()), ("POST", format!("{path}/restore")), ("POST", format!("{path}/unlock")), ("DELETE", format!("{path}/sessions")),
            ("DELETE", format!("{path}/second-factors")), ("POST", format!("{path}/invitation")), ("DELETE", format!("{path}/invitation")), ("GET", format!("{path}/notes")),
        ] {
            let reply = program.send_json(method, &path, &json!({ "full_name": "X", "version": 1 })).await;
            assert_eq!(problem(&reply, 403).1, "An API key may not do this. Sign in instead.", "{method} {path}");
        }
        assert_eq!(program.get(&path).await.status, 200);
    }
}
