//! Taking along everything that is kept about a person: by themselves and by those who look after accounts, without anything
//! secret, and recorded.

use crate::{
    person_support::{admin, page_of},
    support::{USERS, problem, routes},
};
use serde_json::{Value, json};
use server::testing::{PASSWORD, TestApp};
use std::{collections::BTreeSet, time::Duration};

const OWN: &str = "/api/v1/account/data";
const STALE: Duration = Duration::from_secs(16 * 60);

fn names(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Every text in the document, however deep.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

async fn exports(app: &TestApp) -> i64 {
    app.count("select count(*) from audit where action = 'person.data_exported'").await
}

server::both_engines! { routes, |config: &mut server::config::Config| config.limits.export_per_hour = 1_000;
    async fn u9_people_take_along_everything_that_is_kept_about_them(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra \"Pip\" Holm", &["PIN", "STAFF"]).await;
        let mut petra = app.client_of("petra").await;
        petra.send_json("PATCH", "/api/v1/account/preferences", &json!({ "theme": "dark", "time_zone": "Europe/Vienna" })).await;
        let key = petra.post_json("/api/v1/account/api-keys", &json!({ "name": "Nightly", "scopes": ["users.view_own"] })).await.json();
        root.post_json(&format!("{}/notes", page_of(id)), &json!({ "text": "Called twice." })).await;
        petra.post_json("/api/v1/account/email-change", &json!({ "email": "pip@example.org" })).await;
        app.do_jobs().await;
        app.clock.advance(Duration::from_secs(1));
        let reply = petra.get(OWN).await;
        assert_eq!((reply.status, reply.header("content-disposition")), (200, "attachment; filename=\"personal-data.json\""));
        let data = reply.json();
        let expected = [
            "format", "made_at", "account", "roles", "email_changes", "sessions", "sign_ins_under_way", "remembered_devices",
            "known_devices", "api_keys", "second_factors", "providers", "links", "notes", "imports", "letters", "events",
        ];
        assert_eq!(names(&data), expected.into());
        assert_eq!((&data["account"]["full_name"], &data["account"]["theme"]), (&json!("Petra \"Pip\" Holm"), &json!("dark")));
        assert_eq!((&data["roles"][0]["code"], &data["roles"][1]["code"]), (&json!("PIN"), &json!("STAFF")));
        assert_eq!((&data["api_keys"][0]["name"], &data["notes"][0]["text"]), (&json!("Nightly"), &json!("Called twice.")));
        assert_eq!((&data["email_changes"][0]["new_email"], &data["sessions"][0]["ip"]), (&json!("pip@example.org"), &json!("127.0.0.1")));
        let letters: BTreeSet<&str> = data["letters"].as_array().unwrap().iter().map(|letter| letter["kind"].as_str().unwrap()).collect();
        assert!(letters.is_superset(&["account_created", "api_key_made", "email_approval"].into()), "{letters:?}");
        let events: Vec<&str> = data["events"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap()).collect();
        assert!(events.contains(&"session.signed_in") && events.contains(&"person.note_added"), "{events:?}");
        assert_eq!(events.last(), Some(&"person.data_exported"), "it was recorded before it was read");
        // Neither the key nor a hash, nor who wrote the note.
        let hashes = app.texts("select password_hash from people union all select fingerprint from api_keys union all select digest from refresh_tokens").await;
        let told = texts(&data);
        let secrets = hashes.iter().map(String::as_str).chain([key["key"].as_str().unwrap(), "Root Admin"]);
        for secret in secrets.filter(|secret| !secret.is_empty()) {
            assert!(told.iter().all(|text| !text.contains(secret)), "{secret}");
        }
    }

    async fn u9_those_who_look_after_accounts_get_the_same_document(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut petra = app.client_of("petra").await;
        let own = petra.get(OWN).await.json();
        let reply = root.get(&format!("{}/data", page_of(id))).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!((names(&reply.json()), &reply.json()["account"]), (names(&own), &own["account"]));
        assert_eq!(exports(app).await, 2);
        let by = app.texts("select actor.username from audit a join people actor on actor.id = a.actor_id where a.action = 'person.data_exported' order by a.at, a.id").await;
        assert_eq!(by.iter().collect::<BTreeSet<_>>(), [&"petra".to_owned(), &"root".to_owned()].into());
    }

    async fn u9_what_others_did_and_what_one_did_to_others_is_told_without_them(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        root.delete(&page_of(id)).await;
        let mine = root.get(OWN).await.json();
        let events = mine["events"].as_array().unwrap();
        let done = events.iter().find(|event| event["action"] == "person.suspended").unwrap();
        assert_eq!((&done["by"], &done["details"]), (&json!("you"), &Value::Null));
        assert!(!texts(&mine).iter().any(|text| text.contains("petra") || text.contains("Petra")));
        let theirs = root.get(&format!("{}/data", page_of(id))).await.json();
        let events = theirs["events"].as_array().unwrap();
        let suffered = events.iter().find(|event| event["action"] == "person.suspended").unwrap();
        assert_eq!((&suffered["by"], &suffered["about"], &suffered["ip"]), (&json!("person"), &json!("you"), &Value::Null));
        assert!(!texts(&theirs).iter().any(|text| text.contains("Root Admin")));
    }

    async fn u9_a_long_trail_comes_whole_and_in_order(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut petra = app.client_of("petra").await;
        for number in 0..1_100 {
            let theme = if number % 2 == 0 { "dark" } else { "light" };
            app.clock.advance(Duration::from_micros(7 * (number % 3)));
            petra.send_json("PATCH", "/api/v1/account/preferences", &json!({ "theme": theme })).await;
        }
        let kept = app.count("select count(*) from audit a join people p on p.id = a.person_id where p.username = 'petra'").await;
        assert!(kept > 1_100, "{kept}");
        let data = root.get(&format!("{}/data", page_of(id))).await.json();
        let moments: Vec<&str> = data["events"].as_array().unwrap().iter().map(|event| event["at"].as_str().unwrap()).collect();
        assert_eq!(i64::try_from(moments.len()).unwrap(), kept + 1);
    }

    async fn r4_the_document_of_an_account_above_ones_own_is_refused(app) {
        let mut root = admin(app).await;
        let id = app.add("super", "Super Admin", &["SUPER_ADMIN"]).await;
        app.client_of("super").await;
        let path = format!("{}/data", page_of(id));
        let words = "This account may change roles or settings. Only somebody whose role may do that too can change it.";
        assert_eq!(problem(&root.get(&path).await, 403).1, words);
        assert_eq!(exports(app).await, 0);
        app.add("ingrid", "Ingrid Solheim", &["SUPER_ADMIN"]).await;
        assert_eq!(app.client_of("ingrid").await.get(&path).await.json()["account"]["username"], "super");
    }

    async fn u9_who_gets_no_document(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let of_petra = format!("{}/data", page_of(id));
        for path in [OWN, &of_petra] {
            assert_eq!(problem(&app.anyone().get(path).await, 401).0, "unauthenticated");
        }
        let mut petra = app.client_of("petra").await;
        assert_eq!(problem(&petra.get(&of_petra).await, 403).0, "forbidden", "one's own is at another address");
        assert_eq!(problem(&root.get(&format!("{USERS}/nobody/data")).await, 404).1, "User not found");
        assert_eq!(problem(&root.get(&format!("{USERS}/0198c0de-0000-7000-8000-000000000000/data")).await, 404).1, "User not found");
        // A key of theirs is not them.
        let key = petra.post_json("/api/v1/account/api-keys", &json!({ "name": "Nightly", "scopes": ["users.view_own"] })).await.json();
        let mut program = app.anyone();
        program.bearer = Some(key["key"].as_str().unwrap().to_owned());
        assert!(matches!(program.get(OWN).await.status, 401 | 403));
        app.clock.advance(STALE);
        for (client, path) in [(&mut petra, OWN), (&mut root, of_petra.as_str())] {
            assert_eq!(problem(&client.get(path).await, 403).0, "step_up_required");
            let proof = client.post_json("/api/v1/auth/step-up", &json!({ "password": PASSWORD })).await;
            client.bearer = Some(proof.json()["access_token"].as_str().unwrap().to_owned());
            assert_eq!(client.get(path).await.status, 200);
        }
    }
}

server::both_engines! { routes;
    async fn u9_documents_count_as_exports(app) {
        let mut root = admin(app).await;
        for _ in 0..5 {
            assert_eq!(root.get(OWN).await.status, 200);
        }
        assert_eq!(problem(&root.get(OWN).await, 429).0, "too_many_requests");
        assert_eq!(exports(app).await, 5);
    }
}
