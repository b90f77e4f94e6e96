//! UC-006: suspending and restoring; what it ends; and that somebody is always left who can manage accounts.

use crate::{
    link_support::letter,
    person_support::{admin, change, details, look, page_of},
    support::{ME, USERS, browser_of, log_in, problem, routes},
};
use domain::PersonId;
use serde_json::{Value, json};
use server::{
    people::keep_a_manager,
    permit::Operator,
    testing::{Agent, PASSWORD, TestApp},
};

async fn id_of(client: &mut Agent) -> PersonId {
    client.get(ME).await.json()["id"].as_str().unwrap().parse().unwrap()
}

async fn restore(client: &mut Agent, id: PersonId) -> Value {
    let reply = client.post_json(&format!("{}/restore", page_of(id)), &json!({})).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

/// A program with a key of this person.
async fn program_of(app: &TestApp, client: &mut Agent) -> Agent {
    let body = json!({ "name": "Nightly", "scopes": ["users.view_own"] });
    let reply = client.post_json("/api/v1/account/api-keys", &body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let mut program = app.anyone();
    program.bearer = Some(reply.json()["key"].as_str().unwrap().to_owned());
    program
}

server::both_engines! { routes;
    async fn uc006_1_to_10_a_suspended_account_is_closed_and_kept(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let reply = root.delete(&page_of(id)).await;
        assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("suspended")), "{}", reply.body);
        assert_eq!(problem(&log_in(app, "petra", PASSWORD).await, 403).1, "Your account has been suspended. Contact support for assistance.");
        let listed = root.get(&format!("{USERS}?search=petra")).await.json();
        assert_eq!(listed["items"][0]["status"], "suspended", "SR-024");
        assert_eq!(details(app, "person.suspended").await["changes"]["status"], json!({ "before": "active", "after": "suspended" }));
        assert!(letter(app, "account_suspended", "petra@example.com").await.is_some());
        let restored = restore(&mut root, id).await;
        assert_eq!((&restored["status"], &restored["roles"][0]["code"]), (&json!("active"), &json!("PIN")), "SR-025");
        assert_eq!(log_in(app, "petra", PASSWORD).await.status, 200);
        assert!(letter(app, "account_restored", "petra@example.com").await.is_some());
        assert_eq!(details(app, "person.restored").await["changes"]["status"], json!({ "before": "suspended", "after": "active" }));
    }

    async fn uc006_7a_suspending_twice_changes_nothing_more(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        assert_eq!(restore(&mut root, id).await["version"], 1, "restoring whoever is not suspended changed something");
        for _ in 0..3 {
            let reply = root.delete(&page_of(id)).await;
            assert_eq!((reply.status, &reply.json()["version"]), (200, &json!(2)), "{}", reply.body);
        }
        assert_eq!(app.count("select count(*) from audit where action = 'person.suspended'").await, 1);
    }

    async fn uc006_8a_nobody_cannot_be_suspended(app) {
        let mut root = admin(app).await;
        let reply = root.delete(&format!("{USERS}/0198c0de-0000-7000-8000-000000000000")).await;
        assert_eq!(problem(&reply, 404), ("not_found".into(), "User not found or suspend failed".into()));
        assert_eq!(root.post_json(&format!("{USERS}/0198c0de-0000-7000-8000-000000000000/restore"), &json!({})).await.status, 404);
    }

    async fn uc006_5a_6a_without_token_or_role_nobody_is_suspended(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let own = id_of(&mut root).await;
        let mut petra = app.client_of("petra").await;
        assert_eq!(problem(&petra.delete(&page_of(own)).await, 403).0, "forbidden");
        assert_eq!(problem(&petra.post_json(&format!("{}/restore", page_of(id)), &json!({})).await, 403).0, "forbidden");
        assert_eq!(problem(&app.anyone().delete(&page_of(id)).await, 401).0, "unauthenticated");
    }

    async fn uc006_sr026_sessions_tokens_and_keys_end_at_once(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let reply = log_in(app, "petra", PASSWORD).await;
        let mut client = app.anyone();
        client.bearer = Some(reply.json()["access_token"].as_str().unwrap().to_owned());
        let refresh = json!({ "refresh_token": reply.json()["refresh_token"] });
        let mut browser = browser_of(app, "petra", true).await;
        let mut program = program_of(app, &mut client).await;
        for caller in [&mut client, &mut browser, &mut program] {
            assert_eq!(caller.get(ME).await.status, 200);
        }
        assert_eq!(root.delete(&page_of(id)).await.status, 200);
        for caller in [&mut client, &mut browser, &mut program] {
            assert_eq!(caller.get(ME).await.status, 401);
        }
        assert_eq!(app.anyone().post_json("/api/v1/auth/refresh", &refresh).await.status, 401);
        restore(&mut root, id).await;
        assert_eq!((client.get(ME).await.status, browser.get(ME).await.status), (401, 401), "a session came back to life");
        assert_eq!(app.anyone().post_json("/api/v1/auth/refresh", &refresh).await.status, 401);
        assert_eq!(program.get(ME).await.status, 200, "a key is as it was");
    }

    async fn u4_whoever_was_invited_is_invited_again_after_it(app) {
        let mut root = admin(app).await;
        let body = json!({ "username": "nora", "full_name": "Nora Quist", "email": "nora@example.com", "roles": ["PIN"], "invite": true });
        let id: PersonId = root.post_json(USERS, &body).await.json()["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(root.delete(&page_of(id)).await.json()["status"], "suspended");
        assert_eq!(restore(&mut root, id).await["status"], "invited", "an account without a password is active");
    }

    async fn u4_nobody_suspends_themselves(app) {
        let mut root = admin(app).await;
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let own = id_of(&mut root).await;
        let words = "You cannot suspend your own account. Ask somebody else who looks after accounts.";
        assert_eq!(problem(&root.delete(&page_of(own)).await, 403).1, words);
        assert_eq!(problem(&change(&mut root, own, &json!({ "status": "suspended" })).await, 403).1, words);
        assert_eq!(root.get(ME).await.status, 200);
    }

    async fn uc006_br032_a_user_admin_can_be_suspended(app) {
        let mut root = admin(app).await;
        let id = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        assert_eq!(root.delete(&page_of(id)).await.status, 200);
    }

    async fn uc005_sr025_the_status_can_be_changed_like_any_field(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut petra = app.client_of("petra").await;
        let reply = change(&mut root, id, &json!({ "status": "suspended", "full_name": "Petra Berg" })).await;
        assert_eq!((reply.status, &reply.json()["status"], &reply.json()["full_name"]), (200, &json!("suspended"), &json!("Petra Berg")));
        assert_eq!(petra.get(ME).await.status, 401);
        for action in ["person.updated", "person.suspended"] {
            assert_eq!(app.count(&format!("select count(*) from audit where action = '{action}'")).await, 1, "{action}");
        }
        assert_eq!(change(&mut root, id, &json!({ "status": "active" })).await.json()["status"], "active");
    }

    async fn r4_the_last_who_can_manage_accounts_stays(app) {
        let mut root = admin(app).await;
        let own = id_of(&mut root).await;
        let locked_out = "Nobody could manage accounts after this. Give another active account a role that can, then try again.";
        assert_eq!(problem(&change(&mut root, own, &json!({ "roles": ["PIN"] })).await, 409), ("conflict".into(), locked_out.into()));
        // Whoever has the machine is bound by it too.
        let permit = Operator::of_this_machine().permit(own);
        assert!(app.backend.people.suspend(&permit, &server::Origin::operator()).await.is_err());
        assert_eq!(look(&mut root, own).await["roles"][0]["code"], "USER_ADMIN");
        let other = app.add("alice", "Alice Ng", &["ADMIN"]).await;
        app.change("update people set status = 'suspended' where username = 'alice'").await;
        assert_eq!(change(&mut root, own, &json!({ "roles": ["PIN"] })).await.status, 409, "a suspended one counted");
        restore(&mut root, other).await;
        assert_eq!(change(&mut root, own, &json!({ "roles": ["PIN"] })).await.status, 200);
        assert_eq!(root.get(USERS).await.status, 401, "the role is gone, and the session with it");
    }

    async fn r4_two_who_suspend_each_other_at_once_leave_one(app) {
        for round in 0..8 {
            let names = [format!("one{round}"), format!("two{round}")];
            let one = app.add(&names[0], "One Admin", &["USER_ADMIN"]).await;
            let two = app.add(&names[1], "Two Admin", &["USER_ADMIN"]).await;
            let (mut first, mut second) = (app.client_of(&names[0]).await, app.client_of(&names[1]).await);
            let (path_two, path_one) = (page_of(two), page_of(one));
            let (a, b) = tokio::join!(first.delete(&path_two), second.delete(&path_one));
            let done = [&a, &b].iter().filter(|reply| reply.status == 200).count();
            assert_eq!(done, 1, "{} {}: {} {}", a.status, b.status, a.body, b.body);
            assert!([&a, &b].iter().any(|reply| matches!(reply.status, 401 | 409)), "{} {}", a.body, b.body);
            app.change("update people set status = 'suspended'").await;
        }
    }

    async fn r4_a_role_that_loses_the_permission_is_looked_at_like_its_last_holder(app) {
        let mut root = admin(app).await;
        let id = id_of(&mut root).await;
        app.add("alice", "Alice Ng", &["ADMIN"]).await;
        // As somebody who edits roles does it: in one transaction that then asks.
        let mut tx = app.backend.ground.begin(&server::Origin::program()).await.unwrap();
        assert!(keep_a_manager(&mut tx).await.is_ok());
        drop(tx);
        app.change("update people set status = 'suspended' where username = 'alice'").await;
        app.change("delete from role_permissions where role_code = 'USER_ADMIN' and permission = 'users.manage'").await;
        let mut tx = app.backend.ground.begin(&server::Origin::program()).await.unwrap();
        assert!(keep_a_manager(&mut tx).await.is_err(), "{id} cannot manage accounts any more");
    }
}
