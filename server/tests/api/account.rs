//! One's own account over REST: the profile, the open sessions, and ending them.

use crate::support::{ME, browser_of, problem, routes, wrong_field};
use serde_json::{Value, json};
use server::testing::{Agent, TestApp};
use std::time::Duration;

const ACCOUNT: &str = "/api/v1/account";
const SESSIONS: &str = "/api/v1/account/sessions";

async fn sessions(client: &mut Agent) -> Vec<Value> {
    let reply = client.get(SESSIONS).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json().as_array().unwrap().clone()
}

async fn rename(client: &mut Agent, full_name: &str, version: i64) -> server::testing::Reply {
    client.send_json("PATCH", ACCOUNT, &json!({ "full_name": full_name, "version": version })).await
}

async fn audited(app: &TestApp, action: &str) -> i64 {
    app.count(&format!("select count(*) from audit where action = '{action}'")).await
}

server::both_engines! { routes;
    async fn u7_one_changes_ones_own_name(app) {
        app.add("zoe", "Zoe Quin", &["PIN"]).await;
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut zoe = app.client_of("zoe").await;
        let before = zoe.get(ACCOUNT).await.json();
        assert_eq!((&before["full_name"], &before["username"]), (&json!("Zoe Quin"), &json!("zoe")));
        let after = rename(&mut zoe, "  Zoë   Quinn ", before["version"].as_i64().unwrap()).await;
        assert_eq!((after.status, &after.json()["full_name"]), (200, &json!("Zoë Quinn")));
        assert_eq!(app.texts("select details from audit where action = 'person.profile_changed'").await, [r#"{"changes":{"full_name":{"after":"Zoë Quinn","before":"Zoe Quin"}}}"#]);
        let found = app.client_of("alice").await.get("/api/v1/users?search=quinn").await.json();
        assert_eq!(found["items"][0]["username"], "zoe", "the search still knows the old name alone");
    }

    async fn u3_nothing_changed_is_said_and_nothing_is_written(app) {
        app.add("zoe", "Zoe Quinn", &["PIN"]).await;
        let mut zoe = app.client_of("zoe").await;
        for body in [json!({ "version": 1 }), json!({ "full_name": " Zoe  Quinn", "version": 1 })] {
            let reply = zoe.send_json("PATCH", ACCOUNT, &body).await;
            assert_eq!(problem(&reply, 400), ("malformed".into(), "No fields to update".into()));
        }
        assert_eq!(wrong_field(&rename(&mut zoe, "  ", 1).await, "full_name"), "Enter a full name");
        assert_eq!(wrong_field(&rename(&mut zoe, &"x".repeat(201), 1).await, "full_name"), "Use at most 200 characters");
        assert_eq!(wrong_field(&rename(&mut zoe, "Zoe\u{202E}", 1).await, "full_name"), "Remove characters that cannot be seen");
        assert_eq!(problem(&zoe.send_json("PATCH", ACCOUNT, &json!({ "username": "zed", "version": 1 })).await, 400).0, "malformed");
        assert_eq!(audited(app, "person.profile_changed").await, 0);
    }

    async fn u3_the_second_of_two_changes_overwrites_nothing(app) {
        app.add("zoe", "Zoe Quinn", &["PIN"]).await;
        let mut zoe = app.client_of("zoe").await;
        let version = zoe.get(ACCOUNT).await.json()["version"].as_i64().unwrap();
        assert_eq!(rename(&mut zoe, "Zoe One", version).await.status, 200);
        assert_eq!(problem(&rename(&mut zoe, "Zoe Two", version).await, 409).0, "conflict");
        assert_eq!(zoe.get(ACCOUNT).await.json()["full_name"], "Zoe One");
    }

    async fn a6_one_sees_where_one_is_signed_in(app) {
        app.add("zoe", "Zoe Quinn", &["PIN"]).await;
        app.add("bob", "Bob Hale", &["PIN"]).await;
        browser_of(app, "zoe", false).await;
        app.client_of("bob").await;
        app.clock.advance(Duration::from_secs(60));
        let mut zoe = app.anyone();
        zoe.headers.push(("user-agent".into(), "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0".into()));
        let body = json!({ "identifier": "zoe", "password": server::testing::PASSWORD });
        zoe.bearer = Some(zoe.post_json(crate::support::LOGIN, &body).await.json()["access_token"].as_str().unwrap().into());
        let listed = sessions(&mut zoe).await;
        assert_eq!(listed.len(), 2, "{listed:?}");
        assert_eq!((&listed[0]["this_session"], &listed[0]["kind"], &listed[0]["device"]), (&json!(true), &json!("api"), &json!("Firefox on Linux")));
        assert_eq!((&listed[0]["ip"], &listed[0]["role_name"]), (&json!("127.0.0.1"), &json!("Person in need")));
        assert_eq!((&listed[1]["this_session"], &listed[1]["kind"], &listed[1]["device"]), (&json!(false), &json!("browser"), &json!("Unknown device")));
    }

    async fn a6_sessions_that_are_over_are_not_listed(app) {
        app.add("zoe", "Zoe Quinn", &["PIN"]).await;
        for remember in [false, true] {
            browser_of(app, "zoe", remember).await;
        }
        app.client_of("zoe").await;
        app.clock.advance(Duration::from_secs(25 * 3600));
        // Of the three, the browser that was not remembered has idled away; the program may still refresh.
        assert_eq!(sessions(&mut app.client_of("zoe").await).await.len(), 3);
        app.clock.advance(Duration::from_secs(7 * 86_400));
        assert_eq!(sessions(&mut app.client_of("zoe").await).await.len(), 2);
    }

    async fn a6_ending_one_session_acts_on_its_next_request(app) {
        app.add("zoe", "Zoe Quinn", &["PIN"]).await;
        let mut other = browser_of(app, "zoe", true).await;
        let mut zoe = app.client_of("zoe").await;
        let id = sessions(&mut zoe).await.into_iter().find(|one| one["kind"] == "browser").unwrap()["id"].as_str().unwrap().to_owned();
        assert_eq!(other.get(ME).await.status, 200);
        assert_eq!(zoe.delete(&format!("{SESSIONS}/{id}")).await.status, 204);
        assert_eq!((other.get(ME).await.status, zoe.get(ME).await.status), (401, 200));
        assert_eq!(problem(&zoe.delete(&format!("{SESSIONS}/{id}")).await, 404).1, "This session has ended already");
        for nobodys in ["x", "0198c0de-0000-7000-8000-000000000000", "%00", "%ff"] {
            assert_eq!(zoe.delete(&format!("{SESSIONS}/{nobodys}")).await.status, 404, "{nobodys}");
        }
        assert_eq!(audited(app, "session.ended").await, 1);
    }

    async fn a6_nobody_ends_the_session_of_another(app) {
        app.add("zoe", "Zoe Quinn", &["PIN"]).await;
        app.add("eve", "Eve Moss", &["SUPER_ADMIN"]).await;
        let mut zoe = app.client_of("zoe").await;
        let id = sessions(&mut zoe).await[0]["id"].as_str().unwrap().to_owned();
        let mut eve = app.client_of("eve").await;
        assert_eq!(eve.delete(&format!("{SESSIONS}/{id}")).await.status, 404);
        assert_eq!(eve.delete(&format!("{SESSIONS}/others")).await.status, 204);
        assert_eq!(eve.delete(SESSIONS).await.status, 204);
        assert_eq!(zoe.get(ME).await.status, 200);
    }

    async fn a6_ending_all_others_leaves_this_one(app) {
        app.add("zoe", "Zoe Quinn", &["PIN"]).await;
        let mut others = [browser_of(app, "zoe", true).await, app.client_of("zoe").await];
        let mut zoe = app.client_of("zoe").await;
        assert_eq!(zoe.delete(&format!("{SESSIONS}/others")).await.status, 204);
        for other in &mut others {
            assert_eq!(other.get(ME).await.status, 401);
        }
        assert_eq!(sessions(&mut zoe).await.len(), 1);
        assert_eq!(app.texts("select details from audit where action = 'session.others_ended'").await, [r#"{"number":2}"#]);
    }

    async fn a6_signing_out_everywhere_ends_tokens_and_refresh_tokens(app) {
        app.add("zoe", "Zoe Quinn", &["PIN"]).await;
        let body = json!({ "identifier": "zoe", "password": server::testing::PASSWORD });
        let tokens = app.anyone().post_json(crate::support::LOGIN, &body).await.json();
        let mut browser = browser_of(app, "zoe", true).await;
        let mut zoe = app.client_of("zoe").await;
        assert_eq!(zoe.delete(SESSIONS).await.status, 204);
        assert_eq!((zoe.get(ME).await.status, browser.get(ME).await.status), (401, 401));
        let reply = app.anyone().post_json("/api/v1/auth/refresh", &json!({ "refresh_token": tokens["refresh_token"] })).await;
        assert_eq!(reply.status, 401, "{}", reply.body);
        assert_eq!(audited(app, "session.all_ended").await, 1);
    }
}
