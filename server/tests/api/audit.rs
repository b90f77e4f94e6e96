//! The audit trail: each event leaves one entry, with who, from where and how it ended, and never a password.

use crate::support::{LOGIN, LOGOUT, routes};
use serde_json::json;
use server::testing::{Agent, PASSWORD, TestApp};

const BROWSER: &str = "Mozilla/5.0 (X11; test)";

fn visitor(app: &TestApp) -> Agent {
    let mut agent = app.anyone();
    agent.headers.push(("user-agent".into(), BROWSER.into()));
    agent
}

/// The one entry of this kind, as `actor kind|actor|subject|outcome|ip|user agent|details`.
async fn entry(app: &TestApp, action: &str) -> String {
    let sql = format!(
        "select a.actor_kind || '|' || coalesce(actor.username, '-') || '|' || coalesce(subject.username, '-') || '|' || a.outcome || '|'
                || coalesce(a.ip, '-') || '|' || coalesce(a.user_agent, '-') || '|' || a.details
         from audit a left join people actor on actor.id = a.actor_id left join people subject on subject.id = a.person_id
         where a.action = '{action}'"
    );
    let mut entries = app.texts(&sql).await;
    assert_eq!(entries.len(), 1, "entries of {action}: {entries:?}");
    entries.remove(0)
}

/// Everything that the trail holds, as one text.
async fn whole_trail(app: &TestApp) -> String {
    let columns =
        "action || coalesce(ip, '') || coalesce(user_agent, '') || coalesce(subject_id, '') || details";
    app.texts(&format!("select {columns} from audit")).await.join("\n")
}

server::both_engines! { routes;
    async fn a13_a_sign_in_is_recorded(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let reply = visitor(app).post_json(LOGIN, &json!({ "identifier": "alice", "password": PASSWORD })).await;
        assert_eq!(
            entry(app, "session.signed_in").await,
            format!("person|alice|alice|done|127.0.0.1|{BROWSER}|{{\"role\":\"USER_ADMIN\"}}")
        );
        let ids = app.texts("select request_id from audit where action = 'session.signed_in'").await;
        assert_eq!(ids, [reply.header("x-request-id")]);
        let at = app.count("select at from audit where action = 'session.signed_in'").await;
        assert_eq!(at, app.clock.now().microseconds());
        assert_eq!(app.count("select count(*) from audit where session_id is not null").await, 1);
        assert!(!whole_trail(app).await.contains(PASSWORD));
    }

    async fn a13_a_refused_sign_in_is_recorded_without_its_password(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        visitor(app).post_json(LOGIN, &json!({ "identifier": "Alice", "password": "hunter2-hunter2" })).await;
        assert_eq!(
            entry(app, "session.sign_in_failed").await,
            format!("anonymous|-|alice|refused|127.0.0.1|{BROWSER}|{{\"identifier\":\"alice\",\"why\":\"wrong password\"}}")
        );
        assert!(!whole_trail(app).await.contains("hunter2"));
    }

    async fn a13_a_refusal_names_its_reason_in_the_trail_alone(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("sam", "Sam Okoro", &["STAFF"]).await;
        app.change("update people set status = 'suspended' where username = 'sam'").await;
        for (body, why) in [
            (json!({ "identifier": "nobody", "password": PASSWORD }), "unknown account"),
            (json!({ "identifier": "alice", "password": PASSWORD, "role": "STAFF" }), "role not held"),
            (json!({ "identifier": "sam", "password": PASSWORD }), "suspended"),
        ] {
            let reply = visitor(app).post_json(LOGIN, &body).await;
            assert!(why == "suspended" || !reply.body.contains(why), "{}", reply.body);
            let told = app.count(&format!("select count(*) from audit where details like '%{why}%'")).await;
            assert_eq!(told, 1, "{why}");
        }
        assert_eq!(app.count("select count(*) from audit where action = 'session.sign_in_failed'").await, 3);
    }

    async fn a13_a_sign_out_is_recorded(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.client_of("alice").await;
        client.headers.push(("user-agent".into(), BROWSER.into()));
        client.post_raw(LOGOUT, "application/json", "").await;
        assert_eq!(entry(app, "session.signed_out").await, format!("person|alice|alice|done|127.0.0.1|{BROWSER}|{{}}"));
    }

    async fn u7_a_new_account_is_recorded_with_what_it_holds(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF"]).await;
        let line = entry(app, "person.created").await;
        let details = line.strip_prefix("operator|-|alice|done|-|-|").unwrap_or_else(|| panic!("{line}"));
        let details: serde_json::Value = serde_json::from_str(details).unwrap();
        assert_eq!(details, json!({ "changes": {
            "username": { "after": "alice" }, "full_name": { "after": "Alice Ng" }, "email": { "after": "alice@example.com" },
            "roles": { "after": ["USER_ADMIN", "STAFF"] },
        }}));
        assert!(!line.contains(PASSWORD) && !line.contains("argon2"));
    }

    async fn a_form_that_is_wrong_leaves_no_entry(app) {
        visitor(app).post_json(LOGIN, &json!({ "identifier": "", "password": "" })).await;
        visitor(app).post_raw(LOGIN, "application/json", "{").await;
        assert_eq!(app.count("select count(*) from audit").await, 0);
    }

    async fn a13_a_user_agent_of_any_kind_is_kept_within_bounds(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let body = json!({ "identifier": "alice", "password": PASSWORD }).to_string();
        let send = async |agent: &[u8]| {
            let mut client = app.anyone();
            let request = client.request("POST", LOGIN).header("content-type", "application/json");
            let request = request.header("user-agent", agent).body(body.clone().into()).unwrap();
            client.send(request).await.status
        };
        for agent in [&b"x".repeat(10_000)[..], b"", b"\xff\xfe", b"';--"] {
            assert_eq!(send(agent).await, 200, "{agent:?}");
        }
        let longest = app.count("select cast(max(length(user_agent)) as bigint) from audit").await;
        assert_eq!(longest, 256);
    }
}
