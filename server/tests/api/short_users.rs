//! UC-003 to UC-006 at the addresses, in the shape and with the words and codes that their document gives.

use crate::{
    person_support::{admin, with},
    support::{ME, log_in, problem, routes},
};
use serde_json::{Value, json};
use server::testing::PASSWORD;

const SHORT: &str = "/api/users";
const NOBODY: &str = "0198c0de-0000-7000-8000-000000000000";

fn nora() -> Value {
    json!({ "username": "nora", "password": "a walk in the mountains", "full_name": "Nora Quist", "email": "nora@example.com", "role_code": "CSR_REP" })
}

server::both_engines! { routes;
    async fn uc003_16_17_the_old_path_makes_accounts(app) {
        let mut root = admin(app).await;
        let reply = root.post_json(SHORT, &nora()).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        let id = reply.json()["id"].clone();
        assert_eq!(reply.json(), json!({
            "id": id, "username": "nora", "full_name": "Nora Quist", "email": "nora@example.com", "role_code": "CSR_REP", "role_name": "CSR representative",
            "dashboard_route": "/", "is_active": true, "last_login": null,
        }));
        assert_eq!(root.get(&format!("{SHORT}/{}", id.as_str().unwrap())).await.json(), reply.json(), "UC-004");
        assert_eq!(log_in(app, "nora", "a walk in the mountains").await.status, 200);
    }

    async fn uc003_14a_15a_the_old_path_has_codes_of_its_own(app) {
        let mut root = admin(app).await;
        for (field, value) in [("role_code", json!("NO_SUCH_ROLE")), ("email", json!("x")), ("password", json!("short")), ("full_name", json!("")), ("username", json!("a b")), ("email", Value::Null), ("username", json!(7))] {
            let reply = root.post_json(SHORT, &with(nora(), &json!({ field: value }))).await;
            assert_eq!(problem(&reply, 400).0, "validation_error", "{field}");
        }
        assert_eq!(problem(&root.post_json(SHORT, &with(nora(), &json!({ "is_admin": true }))).await, 400).0, "malformed");
        assert_eq!(root.post_json(SHORT, &nora()).await.status, 201);
        assert_eq!(problem(&root.post_json(SHORT, &nora()).await, 409).1, "Username already exists");
    }

    async fn uc003_13a_uc004_5a_uc005_7a_uc006_6a_the_wrong_role_is_told_in_their_words(app) {
        admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut petra = app.client_of("petra").await;
        let path = format!("{SHORT}/{id}");
        assert_eq!(problem(&petra.post_json(SHORT, &nora()).await, 403).1, "Forbidden: insufficient role");
        assert_eq!(problem(&petra.get(&path).await, 403).1, "Insufficient permissions");
        assert_eq!(problem(&petra.send_json("PUT", &path, &json!({ "full_name": "X" })).await, 403).1, "Insufficient permissions");
        assert_eq!(problem(&petra.delete(&path).await, 403).1, "Insufficient permissions");
        let mut stranger = app.anyone();
        for reply in [stranger.post_json(SHORT, &nora()).await, stranger.get(&path).await, stranger.send_json("PUT", &path, &json!({})).await, stranger.delete(&path).await] {
            problem(&reply, 401);
        }
    }

    async fn uc004_6a_uc006_8a_nobody_is_told_in_their_words(app) {
        let mut root = admin(app).await;
        for id in [NOBODY, "7", "nora"] {
            let path = format!("{SHORT}/{id}");
            assert_eq!(problem(&root.get(&path).await, 404).1, "User not found");
            assert_eq!(problem(&root.send_json("PUT", &path, &json!({ "full_name": "X Y" })).await, 404).1, "User not found");
            assert_eq!(problem(&root.delete(&path).await, 404).1, "User not found or suspend failed");
        }
    }

    async fn uc005_8a_9a_the_old_path_changes_what_is_given(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN", "STAFF"]).await;
        let path = format!("{SHORT}/{id}");
        let reply = root.send_json("PUT", &path, &json!({ "full_name": "Petra Berg", "role_code": "CSR_REP" })).await;
        assert_eq!((reply.status, &reply.json()["full_name"], &reply.json()["role_code"]), (200, &json!("Petra Berg"), &json!("CSR_REP")), "{}", reply.body);
        let roles = root.get(&format!("/api/v1/users/{id}")).await.json()["roles"].clone();
        assert_eq!((&roles[0]["code"], &roles[1]["code"], roles.as_array().unwrap().len()), (&json!("CSR_REP"), &json!("STAFF"), 2));
        for same in [json!({}), json!({ "full_name": "Petra Berg", "email": "petra@example.com", "role_code": "CSR_REP", "is_active": true })] {
            assert_eq!(problem(&root.send_json("PUT", &path, &same).await, 400).1, "No fields to update");
        }
        for (field, value) in [("role_code", json!("NO_SUCH_ROLE")), ("email", json!("x")), ("is_active", json!("yes"))] {
            assert_eq!(problem(&root.send_json("PUT", &path, &json!({ field: value })).await, 400).0, "validation_error", "{field}");
        }
        assert_eq!(problem(&root.send_json("PUT", &path, &json!({ "email": "root@example.com" })).await, 409).1, "E-mail address already exists");
    }

    async fn uc006_1_to_10_7a_the_old_path_suspends_and_restores(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut petra = app.client_of("petra").await;
        let path = format!("{SHORT}/{id}");
        let first = root.delete(&path).await;
        assert_eq!((first.status, first.json()), (200, json!({ "message": "User suspended" })));
        let again = root.delete(&path).await;
        assert_eq!((again.status, again.json()), (200, json!({ "message": "User was suspended already" })), "7a");
        assert_eq!(petra.get(ME).await.status, 401);
        assert_eq!(root.get(&path).await.json()["is_active"], false);
        let login = app.anyone().post_json("/api/login", &json!({ "username": "petra", "password": PASSWORD })).await;
        assert_eq!(problem(&login, 403).1, "Account has been suspended. Please contact administrator.");
        let reply = root.send_json("PUT", &path, &json!({ "is_active": true })).await;
        assert_eq!((reply.status, &reply.json()["is_active"]), (200, &json!(true)), "SR-025");
        assert_eq!(log_in(app, "petra", PASSWORD).await.status, 200);
    }
}
