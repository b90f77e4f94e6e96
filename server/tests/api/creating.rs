//! UC-003: making accounts, with a password or by invitation, and what is refused.

use crate::{
    link_support::{letter, token},
    person_support::{admin, details, newcomer, with},
    support::{ME, USERS, log_in, problem, routes, wrong_field},
};
use serde_json::{Value, json};
use server::{Origin, testing::PASSWORD};
use std::time::Duration;

server::both_engines! { routes;
    async fn uc003_1_to_19_an_account_is_made_and_can_be_used_at_once(app) {
        let mut root = admin(app).await;
        let reply = root.post_json(USERS, &with(newcomer("Nora.Q"), &json!({ "roles": ["PIN", "STAFF"] }))).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        let person = reply.json();
        assert_eq!(reply.header("location"), format!("{USERS}/{}", person["id"].as_str().unwrap()));
        assert_eq!((&person["username"], &person["email"], &person["status"]), (&json!("nora.q"), &json!("nora.q@example.com"), &json!("active")));
        assert_eq!(person["roles"][0], json!({ "code": "PIN", "name": "Person in need" }));
        assert_eq!((&person["last_login_at"], &person["login_count"], &person["mfa"]), (&Value::Null, &json!(0), &json!([])));
        assert!(!reply.body.contains("hash") && !reply.body.contains("password"), "{}", reply.body);
        let listed = root.get(&format!("{USERS}?search=quist")).await.json();
        assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(1), &person["id"]), "step 19");
        assert_eq!(log_in(app, "nora.q", "a walk in the mountains").await.status, 200);
        let stored = app.texts("select password_hash from people where username = 'nora.q'").await;
        assert!(stored[0].starts_with("$argon2id$"), "step 15");
        let changes = details(app, "person.created").await["changes"].clone();
        assert_eq!((&changes["username"]["after"], &changes["roles"]["after"]), (&json!("nora.q"), &json!(["PIN", "STAFF"])));
        assert!(letter(app, "account_created", "nora.q@example.com").await.is_some());
    }

    async fn uc003_14a_a_username_that_is_taken_is_refused(app) {
        let mut root = admin(app).await;
        app.add("nora", "Nora Quist", &["PIN"]).await;
        for username in ["nora", " NORA "] {
            let body = with(newcomer("other"), &json!({ "username": username }));
            assert_eq!(problem(&root.post_json(USERS, &body).await, 409), ("conflict".into(), "Username already exists".into()));
        }
        let body = with(newcomer("other"), &json!({ "email": "Nora@Example.com" }));
        assert_eq!(problem(&root.post_json(USERS, &body).await, 409).1, "E-mail address already exists");
        let invited = with(newcomer("nora"), &json!({ "password": null, "invite": true }));
        assert_eq!(problem(&root.post_json(USERS, &invited).await, 409).1, "Username already exists");
        assert_eq!(app.count("select count(*) from people").await, 2);
    }

    async fn uc003_14a_of_two_at_the_same_moment_one_gets_the_name(app) {
        let root = admin(app).await;
        let (mut one, mut other) = (root.clone(), root);
        let (body, same) = (newcomer("nora"), with(newcomer("nora"), &json!({ "email": "other@example.com" })));
        let (first, second) = tokio::join!(one.post_json(USERS, &body), other.post_json(USERS, &same));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{} {}", first.body, second.body);
    }

    async fn uc003_10a_11b_13a_without_token_or_role_nothing_is_made(app) {
        let reply = app.anyone().post_json(USERS, &newcomer("nora")).await;
        assert_eq!(problem(&reply, 401).0, "unauthenticated");
        let mut stranger = app.anyone();
        stranger.bearer = Some("not.a.token".into());
        assert_eq!(problem(&stranger.post_json(USERS, &newcomer("nora")).await, 401).0, "unauthenticated");
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let reply = app.client_of("petra").await.post_json(USERS, &newcomer("nora")).await;
        assert_eq!(problem(&reply, 403), ("forbidden".into(), "Forbidden: insufficient role".into()));
        assert_eq!(app.count("select count(*) from people").await, 1);
    }

    async fn uc003_every_wrong_field_is_named(app) {
        let mut root = admin(app).await;
        for (field, value, words) in [
            ("username", json!("ab"), "Use at least 3 characters"),
            ("username", json!("x".repeat(65)), "Use at most 64 characters"),
            ("username", json!("zoë"), "Use letters a to z, digits, dots, dashes and underscores"),
            ("full_name", json!(" "), "Enter a full name"),
            ("full_name", json!("x".repeat(201)), "Use at most 200 characters"),
            ("full_name", json!("a\u{202E}b"), "Remove characters that cannot be seen"),
            ("email", json!("nora@"), "Please enter a valid email address"),
            ("roles", json!([]), "Choose at least one role"),
            ("roles", json!(["nobody's role!"]), "Choose one of the roles in the list"),
            ("roles", json!(["NO_SUCH_ROLE"]), "Choose each role once, from the list of roles"),
            ("roles", json!(["PIN", "PIN"]), "Choose each role once, from the list of roles"),
            ("password", Value::Null, "Give a password, or set invite to true"),
        ] {
            let reply = root.post_json(USERS, &with(newcomer("nora"), &json!({ field: value }))).await;
            assert_eq!(wrong_field(&reply, field), words);
        }
        for password in ["short", "password1", "nora nora nora nora"] {
            let reply = root.post_json(USERS, &with(newcomer("nora"), &json!({ "password": password }))).await;
            assert!(!wrong_field(&reply, "password").is_empty());
            assert!(!reply.body.contains(password), "the password was repeated");
        }
        let both = with(newcomer("nora"), &json!({ "invite": true }));
        assert_eq!(wrong_field(&root.post_json(USERS, &both).await, "password"), "Leave the password out of an invitation");
        assert_eq!(app.count("select count(*) from people").await, 1);
        assert_eq!(app.count("select count(*) from audit where action = 'person.created'").await, 1, "root's own");
    }

    async fn uc003_bodies_that_no_client_of_ours_sends_are_refused(app) {
        let mut root = admin(app).await;
        for (name, value) in [("is_admin", json!(true)), ("id", json!("x")), ("status", json!("active")), ("password_hash", json!("x"))] {
            assert_eq!(problem(&root.post_json(USERS, &with(newcomer("nora"), &json!({ name: value }))).await, 400).0, "malformed", "{name}");
        }
        for (name, value) in [("username", json!(7)), ("full_name", json!(["x"])), ("roles", json!("PIN")), ("invite", json!("yes")), ("email", json!({}))] {
            let reply = root.post_json(USERS, &with(newcomer("nora"), &json!({ name: value }))).await;
            assert!(matches!(reply.status, 400 | 422), "{name}: {}", reply.body);
        }
        for name in ["username", "full_name", "email", "roles"] {
            let reply = root.post_json(USERS, &with(newcomer("nora"), &json!({ name: null }))).await;
            assert_eq!(wrong_field(&reply, name), "This field is missing");
        }
        let huge = with(newcomer("nora"), &json!({ "full_name": "x".repeat(2 << 20) }));
        assert_eq!(root.post_json(USERS, &huge).await.status, 413);
        assert_eq!(app.count("select count(*) from people").await, 1);
    }

    async fn u1_whoever_is_invited_chooses_the_password(app) {
        let mut root = admin(app).await;
        let body = with(newcomer("nora"), &json!({ "password": null, "invite": true }));
        let reply = root.post_json(USERS, &body).await;
        assert_eq!((reply.status, &reply.json()["status"]), (201, &json!("invited")), "{}", reply.body);
        let path = format!("{USERS}/{}/invitation", reply.json()["id"].as_str().unwrap());
        let first = token(app, "invitation", "nora@example.com").await;
        assert_eq!(letter(app, "invitation", "nora@example.com").await.unwrap()["invited_by"], "Root Admin");
        app.clock.advance(Duration::from_secs(60));
        assert_eq!(root.post_json(&path, &json!({})).await.status, 204);
        let second = token(app, "invitation", "nora@example.com").await;
        let links = &app.backend.links;
        assert!(links.accept_invitation(&first, PASSWORD, &Origin::default()).await.is_err(), "the old link works still");
        links.accept_invitation(&second, PASSWORD, &Origin::default()).await.unwrap();
        assert_eq!(log_in(app, "nora", PASSWORD).await.status, 200);
        assert_eq!(problem(&root.post_json(&path, &json!({})).await, 409).0, "conflict");
        assert_eq!(problem(&root.delete(&path).await, 409).0, "conflict");
    }

    async fn u1_an_invitation_can_be_taken_back(app) {
        let mut root = admin(app).await;
        let body = with(newcomer("nora"), &json!({ "password": null, "invite": true }));
        let id = root.post_json(USERS, &body).await.json()["id"].as_str().unwrap().to_owned();
        let token = token(app, "invitation", "nora@example.com").await;
        let note = json!({ "text": "Begins in May." });
        assert_eq!(root.post_json(&format!("{USERS}/{id}/notes"), &note).await.status, 201);
        assert_eq!(root.delete(&format!("{USERS}/{id}/invitation")).await.status, 204);
        assert_eq!(root.get(&format!("{USERS}/{id}")).await.status, 404);
        assert!(app.backend.links.accept_invitation(&token, PASSWORD, &Origin::default()).await.is_err());
        assert_eq!(root.post_json(USERS, &newcomer("nora")).await.status, 201, "the name is not free again");
    }

    async fn uc003_administration_wants_a_fresh_proof(app) {
        let mut root = admin(app).await;
        app.clock.advance(Duration::from_secs(15 * 60));
        assert_eq!(problem(&root.post_json(USERS, &newcomer("nora")).await, 403).0, "step_up_required");
        assert_eq!(root.get(ME).await.status, 200);
        let reply = root.post_json("/api/v1/auth/step-up", &json!({ "password": PASSWORD })).await;
        root.bearer = Some(reply.json()["access_token"].as_str().unwrap().to_owned());
        assert_eq!(root.post_json(USERS, &newcomer("nora")).await.status, 201);
    }

    async fn u1_what_is_taken_is_told_while_one_types(app) {
        let mut root = admin(app).await;
        let taken = format!("{USERS}/taken");
        let ask = async |client: &mut server::testing::Agent, query: &str| client.get(&format!("{taken}?{query}")).await;
        assert_eq!(ask(&mut root, "username=ROOT&email=free@example.com").await.json(), json!({ "username": true, "email": false }));
        assert_eq!(ask(&mut root, "email=root@example.com").await.json(), json!({ "username": null, "email": true }));
        assert_eq!(wrong_field(&ask(&mut root, "username=a%20b").await, "username"), "Use letters a to z, digits, dots, dashes and underscores");
        assert_eq!(problem(&ask(&mut root, "phone=1").await, 400).0, "malformed");
        app.add("petra", "Petra Holm", &["PIN"]).await;
        assert_eq!(ask(&mut app.client_of("petra").await, "username=root").await.status, 403);
        assert_eq!(ask(&mut app.anyone(), "username=root").await.status, 401);
    }

    async fn r4_nobody_gives_a_role_above_their_own(app) {
        let mut root = admin(app).await;
        let reply = root.post_json(USERS, &with(newcomer("nora"), &json!({ "roles": ["PIN", "SUPER_ADMIN"] }))).await;
        let words = "A role that may change roles or settings is given only by somebody whose role may do that too.";
        assert_eq!(problem(&reply, 403).1, words);
        let invited = with(newcomer("nora"), &json!({ "roles": ["SUPER_ADMIN"], "password": null, "invite": true }));
        assert_eq!(problem(&root.post_json(USERS, &invited).await, 403).1, words);
        app.add("super", "Super Admin", &["SUPER_ADMIN"]).await;
        let mut above = app.client_of("super").await;
        assert_eq!(above.post_json(USERS, &with(newcomer("nora"), &json!({ "roles": ["SUPER_ADMIN"] }))).await.status, 201);
    }
}
