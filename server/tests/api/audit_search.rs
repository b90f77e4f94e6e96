//! Looking through the audit trail over REST, and taking it along.

use crate::support::{LOGIN, problem, query, routes, wrong_field};
use serde_json::{Value, json};
use server::{
    config::Limits,
    testing::{Agent, PASSWORD, TestApp},
};
use std::{collections::BTreeSet, time::Duration};

const AUDIT: &str = "/api/v1/audit";
const CSV: &str = "/api/v1/export/audit.csv";
const JSON: &str = "/api/v1/export/audit.json";

/// Alice, who may read the trail, has made a key; Bob has signed in from elsewhere; and somebody tried a wrong password.
async fn story(app: &TestApp) -> Agent {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    pause(app);
    app.add("bob", "Bob Ray", &["PIN"]).await;
    app.clock.advance(Duration::from_secs(86_400));
    app.client_of("bob").await;
    pause(app);
    let mut stranger = app.anyone();
    stranger.headers.push(("user-agent".into(), "=HYPERLINK(\"http://evil.example\")".into()));
    stranger.post_json(LOGIN, &json!({ "identifier": "bob", "password": "wrong-wrong" })).await;
    app.clock.advance(Duration::from_secs(60));
    let mut alice = app.client_of("alice").await;
    pause(app);
    let profile = json!({ "full_name": "Alice Ng-Ray", "version": 1 });
    assert_eq!(alice.send_json("PATCH", "/api/v1/account", &profile).await.status, 200);
    pause(app);
    alice
}

/// What happens at the very same moment has no order that anybody could tell.
fn pause(app: &TestApp) {
    app.clock.advance(Duration::from_secs(1));
}

/// What the questions find, as `action of subject`, the newest first.
async fn found(client: &mut Agent, parameters: &[(&str, &str)]) -> Vec<String> {
    let reply = client.get(&query(AUDIT, parameters)).await;
    assert_eq!(reply.status, 200, "{parameters:?}: {}", reply.body);
    let items = reply.json()["items"].as_array().unwrap().clone();
    let words = |item: &Value| {
        format!(
            "{} of {}",
            item["action"].as_str().unwrap(),
            item["subject"]["username"].as_str().unwrap_or("-")
        )
    };
    items.iter().map(words).collect()
}

server::both_engines! { routes;
    async fn u7_the_trail_is_asked_by_who_whom_what_when_where_and_how(app) {
        let mut alice = story(app).await;
        let id = app.texts("select cast(subject_id as text) from audit where action = 'person.created' order by at, id limit 1").await.remove(0);
        let changed = "person.profile_changed of alice";
        let (alice_in, bob_in) = ("session.signed_in of alice", "session.signed_in of bob");
        let refused = "session.sign_in_failed of bob";
        let (alice_made, bob_made) = ("person.created of alice", "person.created of bob");
        let all = [changed, alice_in, refused, bob_in, bob_made, alice_made];
        for (parameters, expected) in [
            (&[][..], &all[..]),
            (&[("actor", "alice")], &[changed, alice_in]),
            (&[("actor", &id)], &[changed, alice_in]),
            (&[("actor", "operator")], &[bob_made, alice_made]),
            (&[("actor", "anonymous")], &[refused]),
            (&[("actor", "program")], &[]),
            (&[("subject", "BOB")], &[refused, bob_in, bob_made]),
            (&[("action", "session.")], &[alice_in, refused, bob_in]),
            (&[("action", "session.signed_in")], &[alice_in, bob_in]),
            (&[("action", "session")], &[]),
            (&[("outcome", "refused")], &[refused]),
            (&[("ip", "127.0.0.1")], &[changed, alice_in, refused, bob_in]),
            (&[("ip", "::1")], &[]),
            (&[("to", "2026-09-21")], &[bob_made, alice_made]),
            (&[("from", "2026-09-22")], &[changed, alice_in, refused, bob_in]),
            (&[("from", "2026-09-22T14:14:00Z")], &[changed, alice_in]),
            (&[("from", "2026-09-22"), ("to", "2026-09-22T14:14:00Z")], &[refused, bob_in]),
            (&[("actor", "alice"), ("action", "person.profile_changed"), ("outcome", "done"), ("subject", "alice")], &[changed]),
            (&[("actor", "alice"), ("subject", "bob")], &[]),
        ] {
            assert_eq!(found(&mut alice, parameters).await, expected, "{parameters:?}");
        }
    }

    async fn u7_an_entry_tells_what_changed_from_what_to_what(app) {
        let mut alice = story(app).await;
        app.backend.audit.seal_all().await.unwrap();
        let reply = alice.get(&query(AUDIT, &[("limit", "1")])).await.json();
        let entry = &reply["items"][0];
        assert_eq!(entry["details"], json!({ "changes": { "full_name": { "before": "Alice Ng", "after": "Alice Ng-Ray" } } }));
        assert_eq!((&entry["actor"]["kind"], &entry["actor"]["username"], &entry["actor"]["role"]), (&json!("person"), &json!("alice"), &json!("USER_ADMIN")));
        assert_eq!((&entry["ip"], &entry["outcome"], &entry["erased"]), (&json!("127.0.0.1"), &json!("done"), &json!(false)));
        assert_eq!(entry["place"], 6);
        assert!(entry["request_id"].as_str().is_some_and(|id| id.len() == 32));
        assert!(!reply.to_string().contains(PASSWORD));
    }

    async fn u7_the_trail_comes_in_pages_without_gaps(app) {
        let mut alice = story(app).await;
        for number in 0..40 {
            app.anyone().post_json(LOGIN, &json!({ "identifier": format!("nobody{number}"), "password": "wrong-wrong" })).await;
        }
        let all = found(&mut alice, &[("limit", "200")]).await.len();
        for limit in ["1", "7", "46", "200"] {
            let (mut ids, mut cursor) = (Vec::new(), None::<String>);
            loop {
                let mut parameters = vec![("limit", limit)];
                parameters.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
                let page = alice.get(&query(AUDIT, &parameters)).await.json();
                ids.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
                match page["next_cursor"].as_str() {
                    Some(next) => cursor = Some(next.to_owned()),
                    None => break,
                }
                assert!(ids.len() <= all, "the pages do not end");
            }
            assert_eq!((ids.len(), ids.iter().collect::<BTreeSet<_>>().len()), (all, all), "{limit} in a page");
        }
    }

    async fn u7_what_is_wrong_with_a_question_is_told_field_by_field(app) {
        let mut alice = story(app).await;
        for (field, value, words) in [
            ("actor", "nobody-of-us", "Nobody has this username"),
            ("actor", "a b", "Enter a username or an id"),
            ("subject", "nobody-of-us", "Nobody has this username"),
            ("subject", "operator", "Nobody has this username"),
            ("action", "person.created' or 1=1 --", "Enter an action such as person.created, or session. for all that begin so"),
            ("from", "yesterday", "Enter a day such as 2026-11-21, or a moment such as 2026-11-21T09:30:00Z"),
            ("to", "2026-13-01", "Enter a day such as 2026-11-21, or a moment such as 2026-11-21T09:30:00Z"),
            ("ip", "127.0.0", "Enter a whole address such as 203.0.113.9"),
            ("outcome", "maybe", "Choose done or refused"),
            ("limit", "0", "Ask for 1 to 200 rows"),
            ("limit", "many", "Send a whole number"),
            ("cursor", "before-nothing", "This cursor is not one of ours"),
        ] {
            assert_eq!(wrong_field(&alice.get(&query(AUDIT, &[(field, value)])).await, field), words);
        }
        let backwards = alice.get(&query(AUDIT, &[("from", "2026-09-22"), ("to", "2026-09-20")])).await;
        assert_eq!(wrong_field(&backwards, "to"), "This lies before the beginning");
        assert_eq!(problem(&alice.get(&query(AUDIT, &[("who", "alice")])).await, 400).0, "malformed");
        assert_eq!(wrong_field(&alice.get(&query(CSV, &[("ip", "x")])).await, "ip"), "Enter a whole address such as 203.0.113.9");
    }

    async fn r4_the_trail_is_for_those_who_may_read_it(app) {
        story(app).await;
        let mut bob = app.client_of("bob").await;
        for path in [AUDIT, CSV, JSON] {
            assert_eq!(problem(&bob.get(path).await, 403).1, "Forbidden: insufficient role");
            assert_eq!(problem(&app.anyone().get(path).await, 401).0, "unauthenticated");
        }
        app.change("update people set status = 'suspended' where username = 'bob'").await;
        assert_eq!(bob.get(AUDIT).await.status, 401);
        assert_eq!(app.count("select count(*) from audit where action = 'audit.exported'").await, 0);
    }

    async fn u7_the_trail_is_taken_along_as_rows_without_formulas(app) {
        let mut alice = story(app).await;
        let reply = alice.get(CSV).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, "text/csv; charset=utf-8"));
        assert_eq!(reply.header("content-disposition"), "attachment; filename=\"audit.csv\"");
        let lines: Vec<&str> = reply.body.trim_end().split("\r\n").collect();
        assert!(lines[0].starts_with("at,action,outcome,actor_kind,actor,"), "{}", lines[0]);
        // The export itself is the newest entry.
        assert_eq!(lines.len(), 1 + 7, "{}", reply.body);
        assert!(lines[1].contains(",audit.exported,done,person,alice,Alice Ng-Ray,"), "{}", lines[1]);
        assert!(reply.body.contains(",\"'=HYPERLINK(\"\"http://evil.example\"\")\","), "{}", reply.body);
        pause(app);
        let one = alice.get(&query(CSV, &[("outcome", "refused")])).await;
        assert_eq!(one.body.trim_end().split("\r\n").count(), 2);
        let told = app.texts("select details from audit where action = 'audit.exported' order by at desc, id desc limit 1").await;
        assert_eq!(told, ["{\"filter\":\"outcome=refused\",\"format\":\"csv\"}"]);
    }

    async fn u7_a_session_that_was_left_open_takes_no_trail_along_and_a_key_that_was_made_for_it_does(app) {
        let mut alice = story(app).await;
        let body = json!({ "name": "Nightly trail", "scopes": ["audit.view"] });
        let made = alice.post_json("/api/v1/account/api-keys", &body).await;
        let mut program = app.anyone();
        program.bearer = Some(made.json()["key"].as_str().unwrap().to_owned());
        app.clock.advance(Duration::from_secs(15 * 60));
        for path in [CSV, JSON] {
            assert_eq!(problem(&alice.get(path).await, 403).0, "step_up_required");
        }
        assert_eq!(alice.get(AUDIT).await.status, 200, "looking at it needs no proof");
        assert_eq!(app.count("select count(*) from audit where action = 'audit.exported'").await, 0);
        for path in [CSV, JSON] {
            assert_eq!(program.get(path).await.status, 200);
        }
    }

    async fn u7_the_trail_is_taken_along_as_one_list(app) {
        let mut alice = story(app).await;
        let reply = alice.get(JSON).await;
        let list = reply.json();
        assert_eq!((reply.status, list.as_array().unwrap().len()), (200, 7));
        assert_eq!(list[1]["details"]["changes"]["full_name"]["after"], "Alice Ng-Ray");
        pause(app);
        let none = alice.get(&query(JSON, &[("actor", "program")])).await;
        assert_eq!(none.json(), json!([]));
        let mut page = alice.get(&query(AUDIT, &[("limit", "200")])).await.json();
        let page = page["items"].take();
        // The page has the second export as well.
        assert_eq!(page.as_array().unwrap()[2..], list.as_array().unwrap()[1..]);
    }

    async fn u7_a_long_trail_is_taken_along_whole(app) {
        let mut alice = story(app).await;
        let tx = app.backend.ground.begin(&server::Origin::program()).await.unwrap();
        let mut tx = tx.record(server::events::Event::PeopleLoaded { people: 0 }).await.unwrap();
        for people in 1..2_500 {
            tx = tx.record(server::events::Event::PeopleLoaded { people }).await.unwrap();
        }
        tx.commit().await.unwrap();
        let rows = alice.get(CSV).await.body;
        let mut ids: Vec<&str> = rows.trim_end().split("\r\n").skip(1).filter_map(|row| row.rsplit(',').next()).collect();
        assert_eq!(ids.len(), 2_507);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 2_507);
        assert_eq!(alice.get(JSON).await.json().as_array().unwrap().len(), 2_508);
    }
}

server::both_engines! { routes, |config| config.limits = Limits { api_per_minute: 100, ..config.limits };
    async fn t5_the_trail_is_taken_along_five_times_an_hour(app) {
        let mut alice = story(app).await;
        for path in [CSV, JSON, CSV, JSON, CSV] {
            assert_eq!(alice.get(path).await.status, 200);
        }
        let refused = alice.get(JSON).await;
        assert_eq!(problem(&refused, 429).0, "too_many_requests");
        assert!(!refused.header("retry-after").is_empty());
        assert_eq!(alice.get(AUDIT).await.status, 200, "looking is limited as well");
    }
}
