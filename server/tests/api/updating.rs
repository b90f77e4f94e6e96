//! UC-004 and UC-005: looking at somebody and changing them; two who do it at once.

use crate::{
    link_support::{forgot, letter, letters},
    person_support::{admin, change, details, give_app, look, page_of},
    support::{ME, USERS, log_in, problem, routes, wrong_field},
};
use domain::PersonId;
use serde_json::{Value, json};
use server::testing::{PASSWORD, TestApp};

async fn petra(app: &TestApp) -> PersonId {
    app.add("petra", "Petra Holm", &["PIN"]).await
}

server::both_engines! { routes;
    async fn uc004_1_to_9_everything_is_shown_and_nothing_secret(app) {
        let mut root = admin(app).await;
        let id = petra(app).await;
        app.client_of("petra").await;
        let person = look(&mut root, id).await;
        assert_eq!((&person["id"], &person["username"], &person["full_name"]), (&json!(id.to_string()), &json!("petra"), &json!("Petra Holm")));
        assert_eq!((&person["email"], &person["status"], &person["dashboard_route"]), (&json!("petra@example.com"), &json!("active"), &json!("/")));
        assert_eq!(person["roles"], json!([{ "code": "PIN", "name": "Person in need" }]), "SR-016");
        assert_eq!((&person["login_count"], person["last_login_at"].is_string()), (&json!(1), true));
        let names: Vec<&String> = person.as_object().unwrap().keys().collect();
        assert!(names.iter().all(|name| !name.contains("hash") && !name.contains("password") && !name.contains("secret")), "{names:?}");
    }

    async fn uc004_6a_nobody_is_not_found(app) {
        let mut root = admin(app).await;
        for id in ["0198c0de-0000-7000-8000-000000000000", "7", "petra", "'; drop table people; --", "%00", "..%2F..%2Fetc", "0198c0de-0000-7000-8000-00000000000g"] {
            let reply = root.get(&format!("{USERS}/{}", id.replace(' ', "%20").replace('\'', "%27"))).await;
            assert_eq!(problem(&reply, 404), ("not_found".into(), "User not found".into()), "{id}");
        }
    }

    async fn u2_second_factors_are_shown(app) {
        let mut root = admin(app).await;
        let id = petra(app).await;
        give_app(app, "petra").await;
        assert_eq!(look(&mut root, id).await["mfa"], json!(["totp"]));
    }

    async fn uc005_1_to_12_what_was_changed_is_changed_and_recorded(app) {
        let mut root = admin(app).await;
        let id = petra(app).await;
        let fields = json!({ "full_name": " Petra  Holm-Berg ", "email": "Petra.Berg@Example.com", "roles": ["STAFF", "PIN"] });
        let reply = change(&mut root, id, &fields).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let person = reply.json();
        assert_eq!((&person["full_name"], &person["email"]), (&json!("Petra Holm-Berg"), &json!("petra.berg@example.com")));
        assert_eq!((&person["roles"][0]["code"], &person["roles"][1]["code"], &person["version"]), (&json!("STAFF"), &json!("PIN"), &json!(2)));
        assert_eq!(look(&mut root, id).await, person, "step 12");
        assert_eq!(root.get(&format!("{USERS}?search=holm-b")).await.json()["total"], 1, "the search looks for the old name");
        assert_eq!(details(app, "person.updated").await["changes"], json!({
            "full_name": { "before": "Petra Holm", "after": "Petra Holm-Berg" },
            "email": { "before": "petra@example.com", "after": "petra.berg@example.com" },
            "roles": { "before": ["PIN"], "after": ["STAFF", "PIN"] },
        }), "SR-022");
        assert_eq!(app.count("select count(*) from audit where action = 'person.updated' and actor_kind = 'person' and role_code = 'USER_ADMIN'").await, 1);
        assert_eq!(log_in(app, "petra.berg@example.com", PASSWORD).await.status, 200);
        assert_eq!(log_in(app, "petra@example.com", PASSWORD).await.status, 401);
    }

    async fn u7_a_new_address_is_told_to_the_old_and_the_new_one(app) {
        let mut root = admin(app).await;
        let id = petra(app).await;
        forgot(app, "petra@example.com").await;
        app.do_jobs().await;
        assert_eq!(change(&mut root, id, &json!({ "email": "new@example.com" })).await.status, 200);
        for to in ["petra@example.com", "new@example.com"] {
            assert_eq!(letter(app, "email_changed", to).await.unwrap()["new_email"], "new@example.com", "{to}");
        }
        assert_eq!(letters(app, "roles_changed").await, 0);
        assert_eq!(change(&mut root, id, &json!({ "roles": ["STAFF"] })).await.status, 200);
        assert_eq!(letter(app, "roles_changed", "new@example.com").await.unwrap()["roles"], json!(["Staff"]));
    }

    async fn uc005_8a_without_a_change_nothing_is_written(app) {
        let mut root = admin(app).await;
        let id = petra(app).await;
        let same = json!({ "full_name": "Petra Holm", "email": " PETRA@example.com", "roles": ["PIN"], "status": "active" });
        for fields in [json!({}), same, json!({ "full_name": "Petra  Holm" })] {
            assert_eq!(problem(&change(&mut root, id, &fields).await, 400), ("malformed".into(), "No fields to update".into()), "{fields}");
        }
        assert_eq!(app.count("select count(*) from audit where action = 'person.updated'").await, 0);
        assert_eq!(look(&mut root, id).await["version"], 1);
    }

    async fn uc005_8a_what_was_told_of_a_lock_is_no_change_of_status(app) {
        let mut root = admin(app).await;
        let id = petra(app).await;
        for told in ["active", "locked"] {
            if told == "locked" {
                for _ in 0..5 {
                    log_in(app, "petra", "a wrong password").await;
                }
            }
            for sent in ["active", "locked"] {
                let fields = json!({ "full_name": format!("Petra {told} {sent}"), "status": sent });
                let reply = change(&mut root, id, &fields).await;
                assert_eq!((reply.status, &reply.json()["status"]), (200, &json!(told)), "{sent}: {}", reply.body);
                let nothing = change(&mut root, id, &json!({ "status": sent })).await;
                assert_eq!(problem(&nothing, 400).1, "No fields to update", "{sent} to somebody {told}");
            }
        }
        assert_eq!(change(&mut root, id, &json!({ "status": "suspended" })).await.json()["status"], "suspended");
        let words = "An account can be suspended, and made active again after that";
        assert_eq!(wrong_field(&change(&mut root, id, &json!({ "status": "locked" })).await, "status"), words);
        assert_eq!(look(&mut root, id).await["status"], "suspended");
    }

    async fn uc005_9a_a_role_that_is_none_is_refused(app) {
        let mut root = admin(app).await;
        let id = petra(app).await;
        for roles in [json!(["NO_SUCH_ROLE"]), json!(["PIN", "PIN"]), json!([]), json!(["?"])] {
            assert!(!wrong_field(&change(&mut root, id, &json!({ "roles": roles })).await, "roles").is_empty());
        }
        assert_eq!(look(&mut root, id).await["roles"][0]["code"], "PIN");
    }

    async fn uc005_br026_the_username_stays(app) {
        let mut root = admin(app).await;
        let id = petra(app).await;
        assert_eq!(problem(&change(&mut root, id, &json!({ "username": "other" })).await, 400).0, "malformed");
        assert_eq!(look(&mut root, id).await["username"], "petra");
    }

    async fn uc005_an_address_that_is_taken_is_refused(app) {
        let mut root = admin(app).await;
        let id = petra(app).await;
        let reply = change(&mut root, id, &json!({ "email": "root@example.com", "full_name": "Other Name" })).await;
        assert_eq!(problem(&reply, 409), ("conflict".into(), "E-mail address already exists".into()));
        assert_eq!(look(&mut root, id).await["full_name"], "Petra Holm", "half of it was done");
    }

    async fn u3_the_second_of_two_is_shown_what_the_first_made_of_it(app) {
        let mut root = admin(app).await;
        let id = petra(app).await;
        app.add("alice", "Alice Ng", &["ADMIN"]).await;
        let mut alice = app.client_of("alice").await;
        let seen = look(&mut alice, id).await["version"].clone();
        assert_eq!(change(&mut root, id, &json!({ "full_name": "Petra Berg" })).await.status, 200);
        let body = json!({ "full_name": "Petra Lind", "version": seen });
        let reply = alice.send_json("PUT", &page_of(id), &body).await;
        assert_eq!(problem(&reply, 409).0, "conflict");
        let current = reply.json()["current"].clone();
        assert_eq!((&current["full_name"], &current["version"]), (&json!("Petra Berg"), &json!(2)));
        assert_eq!(look(&mut root, id).await["full_name"], "Petra Berg", "it was overwritten silently");
        let again = json!({ "full_name": "Petra Lind", "version": current["version"] });
        assert_eq!(alice.send_json("PUT", &page_of(id), &again).await.status, 200);
    }

    async fn u3_of_two_at_the_same_moment_one_is_told(app) {
        let root = admin(app).await;
        let id = petra(app).await;
        let (mut one, mut other) = (root.clone(), root.clone());
        let (path, first, second) = (page_of(id), json!({ "full_name": "One Name", "version": 1 }), json!({ "full_name": "Other Name", "version": 1 }));
        let (first, second) = tokio::join!(one.send_json("PUT", &path, &first), other.send_json("PUT", &path, &second));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", first.body, second.body);
    }

    async fn uc005_what_cannot_be_read_is_refused(app) {
        let mut root = admin(app).await;
        let id = petra(app).await;
        for (body, status) in [
            (json!({ "full_name": "x" }), 422), (json!({ "version": "1", "full_name": "x" }), 422), (json!({ "version": 1, "full_name": 7 }), 422),
            (json!({ "version": 1, "roles": "PIN" }), 422), (json!({ "version": 1, "login_count": 9 }), 400), (json!({ "version": 1, "status": "invited" }), 422),
            (json!({ "version": 1, "status": "gone" }), 422), (json!({ "version": 1, "full_name": "x".repeat(201) }), 422), (json!([]), 422),
        ] {
            let reply = root.send_json("PUT", &page_of(id), &body).await;
            assert!(reply.status == status || (status == 422 && reply.status == 400 && body.is_array()), "{body}: {} {}", reply.status, reply.body);
        }
        let stranger = root.send_json("PUT", &format!("{USERS}/0198c0de-0000-7000-8000-000000000000"), &json!({ "version": 1, "full_name": "x" })).await;
        assert_eq!(problem(&stranger, 404).1, "User not found");
    }

    async fn uc005_7a_the_wrong_role_changes_nobody_not_even_themselves(app) {
        admin(app).await;
        let id = petra(app).await;
        let mut petra = app.client_of("petra").await;
        let body = json!({ "roles": ["USER_ADMIN"], "version": 1 });
        assert_eq!(problem(&petra.send_json("PUT", &page_of(id), &body).await, 403).0, "forbidden");
        assert_eq!(problem(&app.anyone().send_json("PUT", &page_of(id), &body).await, 401).0, "unauthenticated");
    }

    async fn a6_another_role_acts_on_the_next_request_of_every_token(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN", "STAFF"]).await;
        let mut petra = app.client_of("petra").await;
        assert_eq!(petra.get(ME).await.status, 200);
        assert_eq!(change(&mut root, id, &json!({ "roles": ["PIN"] })).await.status, 200);
        assert_eq!(petra.get(ME).await.status, 401, "a token of before lives on");
        assert_eq!(change(&mut root, id, &json!({ "full_name": "Petra Berg" })).await.status, 200);
        let mut petra = app.client_of("petra").await;
        assert_eq!(change(&mut root, id, &json!({ "full_name": "Petra Lind" })).await.status, 200);
        assert_eq!(petra.get(ME).await.status, 200, "another name ended a session");
    }

    async fn a6_a_key_of_a_role_that_was_taken_away_stays_dead_when_the_role_is_given_back(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN", "STAFF"]).await;
        let body = json!({ "name": "Nightly", "scopes": ["users.view_own"] });
        let made = app.client_of("petra").await.post_json("/api/v1/account/api-keys", &body).await.json();
        let mut program = app.anyone();
        program.bearer = Some(made["key"].as_str().unwrap().to_owned());
        assert_eq!(change(&mut root, id, &json!({ "roles": ["PIN"] })).await.status, 200);
        assert_eq!(program.get(ME).await.status, 200, "a key of a role that they keep was ended");
        assert_eq!(change(&mut root, id, &json!({ "roles": ["STAFF"] })).await.status, 200);
        assert_eq!(program.get(ME).await.status, 401);
        assert_eq!(details(app, "api_key.revoked").await, json!({ "name": "Nightly" }));
        assert_eq!(change(&mut root, id, &json!({ "roles": ["PIN", "STAFF"] })).await.status, 200);
        assert_eq!(program.get(ME).await.status, 401, "the role revived it");
        let recorded = "select count(*) from audit a join people p on p.id = a.person_id
            where a.action = 'api_key.revoked' and p.username = 'petra' and a.subject_kind = 'api key'";
        assert_eq!(app.count(recorded).await, 1);
    }

    async fn u3_changing_oneself_keeps_the_session_in_which_it_was_done(app) {
        let mut root = admin(app).await;
        let id: PersonId = root.get(ME).await.json()["id"].as_str().unwrap().parse().unwrap();
        let mut elsewhere = app.client_of("root").await;
        assert_eq!(change(&mut root, id, &json!({ "roles": ["USER_ADMIN", "STAFF"] })).await.status, 200);
        assert_eq!((root.get(ME).await.status, elsewhere.get(ME).await.status), (200, 401));
    }

    async fn r4_an_account_above_ones_own_cannot_be_changed(app) {
        let mut root = admin(app).await;
        let id = app.add("super", "Super Admin", &["SUPER_ADMIN"]).await;
        let words = "This account may change roles or settings. Only somebody whose role may do that too can change it.";
        for fields in [json!({ "email": "mine@example.com" }), json!({ "roles": ["PIN"] }), json!({ "status": "suspended" })] {
            assert_eq!(problem(&change(&mut root, id, &fields).await, 403).1, words, "{fields}");
        }
        assert_eq!(problem(&root.delete(&page_of(id)).await, 403).1, words);
        give_app(app, "super").await;
        assert_eq!(problem(&root.delete(&format!("{}/second-factors", page_of(id))).await, 403).1, words);
        let own: PersonId = root.get(ME).await.json()["id"].as_str().unwrap().parse().unwrap();
        let higher = change(&mut root, own, &json!({ "roles": ["USER_ADMIN", "SUPER_ADMIN"] })).await;
        assert_eq!(problem(&higher, 403).0, "forbidden");
        assert_eq!(look(&mut root, id).await["status"], Value::from("active"));
    }
}
