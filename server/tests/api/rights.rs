//! Who may do what: a table of every REST route and every built-in role, and the permissions behind it as a snapshot.

use crate::{
    person_support::{newcomer, with},
    support::{LOGIN, LOGOUT, ME, USERS, problem, routes},
};
use domain::{Permission, role::BUILT_IN};
use serde_json::{Value, json};
use server::testing::{Agent, Engine, PASSWORD, Reply, TestApp};
use std::{
    collections::BTreeSet,
    fmt::Write,
    sync::atomic::{AtomicUsize, Ordering},
};

/// What each role is answered. A new route fails the tests until it stands here.
const TABLE: &str = "
    route                          anonymous USER_ADMIN PIN CSR_REP PLATFORM_MGMT CUSTOMER STAFF ADMIN SUPER_ADMIN
    POST /api/v1/auth/login        200       200        200 200     200           200      200   200   200
    POST /api/v1/auth/logout       401       204        204 204     204           204      204   204   204
    POST /api/v1/auth/mfa          401       401        401 401     401           401      401   401   401
    POST /api/v1/auth/mfa/code     401       401        401 401     401           401      401   401   401
    POST /api/v1/auth/mfa/passkey  401       401        401 401     401           401      401   401   401
    POST /api/v1/auth/step-up      401       200        200 200     200           200      200   200   200
    POST /api/v1/auth/step-up/code 401       404        404 404     404           404      404   404   404
    POST /api/v1/auth/step-up/passkey 401    409        409 409     409           409      409   409   409
    POST /api/v1/auth/refresh      401       401        401 401     401           401      401   401   401
    POST /api/v1/auth/register     422       422        422 422     422           422      422   422   422
    POST /api/v1/auth/password/forgot 202    202        202 202     202           202      202   202   202
    POST /api/v1/auth/password/reset 410     410        410 410     410           410      410   410   410
    POST /api/login                200       200        200 200     200           200      200   200   200
    POST /api/refresh              401       401        401 401     401           401      401   401   401
    GET  /api/v1/auth/me           401       200        200 200     200           200      200   200   200
    GET  /api/v1/account           401       200        200 200     200           200      200   200   200
    PATCH /api/v1/account          401       200        200 200     200           200      200   200   200
    GET  /api/v1/account/preferences 401 200        200 200     200           200      200   200   200
    PATCH /api/v1/account/preferences 401 200       200 200     200           200      200   200   200
    GET  /api/v1/account/email-change 401 404       404 404     404           404      404   404   404
    POST /api/v1/account/email-change 401 202       202 202     202           202      202   202   202
    DELETE /api/v1/account/email-change 401 204     204 204     204           204      204   204   204
    POST /api/v1/account/email-change/confirm 410 410 410 410   410           410      410   410   410
    POST /api/v1/account/email-change/approve 410 410 410 410   410           410      410   410   410
    POST /api/v1/account/email-change/stop 410 410  410 410     410           410      410   410   410
    POST /api/v1/account/password  401       422        422 422     422           422      422   422   422
    GET  /api/v1/account/sessions  401       200        200 200     200           200      200   200   200
    DELETE /api/v1/account/sessions 401      204        204 204     204           204      204   204   204
    DELETE /api/v1/account/sessions/others 401 204      204 204     204           204      204   204   204
    DELETE /api/v1/account/sessions/{id} 401 404        404 404     404           404      404   404   404
    GET  /api/v1/account/data      401       200        200 200     200           200      200   200   200
    GET  /api/v1/account/api-keys  401       200        200 200     200           200      200   200   200
    POST /api/v1/account/api-keys  401       201        201 201     201           201      201   201   201
    DELETE /api/v1/account/api-keys/{id} 401 404        404 404     404           404      404   404   404
    GET  /api/users                401       200        403 403     403           403      403   200   200
    POST /api/users/search         401       200        403 403     403           403      403   200   200
    GET  /api/v1/users             401       200        403 403     403           403      403   200   200
    GET  /api/v1/users/{id}        401       200        404 404     404           404      404   200   200
    GET  /api/v1/users/{id}:own    401       200        200 200     200           200      200   200   200
    POST /api/v1/users/import      401       422        403 403     403           403      403   422   422
    GET  /api/v1/users/import/{id} 401       404        403 403     403           403      403   404   404
    POST /api/v1/users/import/{id}/start 401 404        403 403     403           403      403   404   404
    POST /api/v1/users/import/{id}/cancel 401 404       403 403     403           403      403   404   404
    GET  /api/v1/users/import/{id}/errors.csv 401 404   403 403     403           403      403   404   404
    GET  /api/v1/export/users.csv  401       200        403 403     403           403      403   200   200
    GET  /api/v1/export/users.json 401       200        403 403     403           403      403   200   200
    GET  /api/v1/roles             401       200        403 403     403           403      403   200   200
    POST /api/v1/roles             401       403        403 403     403           403      403   403   201
    GET  /api/v1/roles/{code}      401       200        403 403     403           403      403   200   200
    PUT  /api/v1/roles/{code}      401       403        403 403     403           403      403   403   200
    DELETE /api/v1/roles/{code}    401       403        403 403     403           403      403   403   404
    POST /api/v1/users 401 201 403 403 403 403 403 201 201
    GET  /api/v1/users/taken 401 200 403 403 403 403 403 200 200
    PUT  /api/v1/users/{id} 401 409 403 403 403 403 403 409 409
    DELETE /api/v1/users/{id} 401 200 403 403 403 403 403 200 200
    DELETE /api/users/{id} 401 200 403 403 403 403 403 200 200
    POST /api/v1/users/{id}/restore 401 200 403 403 403 403 403 200 200
    POST /api/v1/users/{id}/unlock 401 200 403 403 403 403 403 200 200
    POST /api/v1/users/{id}/invitation 401 409 403 403 403 403 403 409 409
    DELETE /api/v1/users/{id}/invitation 401 409 403 403 403 403 403 409 409
    GET  /api/v1/users/{id}/sessions 401 200 403 403 403 403 403 200 200
    DELETE /api/v1/users/{id}/sessions 401 204 403 403 403 403 403 204 204
    DELETE /api/v1/users/{id}/sessions/{session} 401 404 403 403 403 403 403 404 404
    GET  /api/v1/users/{id}/api-keys 401 200 403 403 403 403 403 200 200
    DELETE /api/v1/users/{id}/api-keys/{key} 401 404 403 403 403 403 403 404 404
    DELETE /api/v1/users/{id}/second-factors 401 409 403 403 403 403 403 409 409
    GET  /api/v1/users/{id}/data 401 200 403 403 403 403 403 200 200
    POST /api/v1/users/{id}/erase 401 422 403 403 403 403 403 422 422
    GET  /api/v1/users/{id}/notes 401 200 403 403 403 403 403 200 200
    POST /api/v1/users/{id}/notes 401 201 403 403 403 403 403 201 201
    POST /api/users 401 201 403 403 403 403 403 201 201
    GET  /api/users/{id} 401 200 403 403 403 403 403 200 200
    PUT  /api/users/{id} 401 200 403 403 403 403 403 200 200
    GET  /api/v1/audit             401       200        403 403     403           403      403   200   200
    GET  /api/v1/export/audit.csv  401       200        403 403     403           403      403   200   200
    GET  /api/v1/export/audit.json 401       200        403 403     403           403      403   200   200
";

pub struct Row {
    pub method: String,
    /// The path as the description writes it; behind a colon the case that the row is about.
    pub path: String,
    pub expected: Vec<u16>,
}

pub fn roles() -> Vec<String> {
    TABLE.lines().nth(1).unwrap().split_whitespace().skip(1).map(str::to_owned).collect()
}

pub fn rows() -> Vec<Row> {
    let lines = TABLE.lines().skip(2).filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let expected = words[2..].iter().map(|status| status.parse().unwrap()).collect();
            Row { method: words[0].into(), path: words[1].into(), expected }
        })
        .collect()
}

pub async fn ask(client: &mut Agent, row: &Row, own: &str, other: &str) -> Reply {
    let (path, case) = row.path.split_once(':').unwrap_or((&row.path, ""));
    let path = path.replace("{id}", if case == "own" { own } else { other });
    // Deleting is tried on a role that is not there, so that no answer is that of a built-in one.
    let path = path.replace("{code}", if row.method == "DELETE" { "NOBODY" } else { "STAFF" });
    // Nobody has such a thing.
    let path = path.replace("{session}", own).replace("{key}", own);
    match row.method.as_str() {
        "GET" => client.get(&path).await,
        "DELETE" => client.delete(&path).await,
        "PATCH" if path.ends_with("/preferences") => {
            client.send_json("PATCH", &path, &json!({ "theme": "dark" })).await
        }
        "PUT" if path.starts_with("/api/v1/roles/") => {
            let body = json!({ "name": "Crew", "dashboard": "member", "permissions": ["products.view"], "version": 1 });
            client.send_json("PUT", &path, &body).await
        }
        "PUT" if path.starts_with(USERS) => {
            // Nobody has ever looked at this version.
            client.send_json("PUT", &path, &json!({ "full_name": "Another Name", "version": 0 })).await
        }
        "PUT" => {
            let name = format!("Name {}", a_number());
            client.send_json("PUT", &path, &json!({ "full_name": name })).await
        }
        "PATCH" => {
            client.send_json("PATCH", &path, &json!({ "full_name": "Another Name", "version": 1 })).await
        }
        _ if path == "/api/v1/roles" => {
            client.post_json(&path, &json!({ "code": "CREW", "name": "Crew", "copy_of": "STAFF" })).await
        }
        _ if path.ends_with("/password") => {
            client
                .post_json(
                    &path,
                    &json!({ "current_password": "wrong", "password": "another horse battery" }),
                )
                .await
        }
        _ if path.ends_with("/start") => client.post_json(&path, &json!({ "bad_rows": "skip" })).await,
        _ if path == "/api/users/search" => client.post_json(&path, &json!({ "query": "test" })).await,
        // Each asks for an address of their own: too many letters to one are refused.
        _ if path.ends_with("/email-change") => {
            client.post_json(&path, &json!({ "email": format!("{own}@example.org") })).await
        }
        _ if path.contains("/email-change/") => {
            client.post_json(&path, &json!({ "token": "nobody's" })).await
        }
        _ if path.ends_with("/api-keys") => {
            client.post_json(&path, &json!({ "name": "Test", "scopes": ["users.view_own"] })).await
        }
        _ if path == USERS => client.post_json(&path, &newcomer(&format!("made{}", a_number()))).await,
        _ if path == "/api/users" => {
            let body = newcomer(&format!("made{}", a_number()));
            client.post_json(&path, &with(body, &json!({ "roles": null, "role_code": "PIN" }))).await
        }
        // Nobody is erased under another name.
        _ if path.ends_with("/erase") => {
            client.post_json(&path, &json!({ "username": "nobody", "version": 1 })).await
        }
        _ if path.ends_with("/notes") => client.post_json(&path, &json!({ "text": "Called." })).await,
        _ if path == LOGIN => {
            client.post_json(LOGIN, &json!({ "identifier": "other", "password": PASSWORD })).await
        }
        _ if path == "/api/login" => {
            client.post_json(&path, &json!({ "username": "other", "password": PASSWORD })).await
        }
        // Nobody's sign-in waits under this name.
        _ if path == "/api/v1/auth/mfa" => {
            let body = json!({ "challenge": "nobody's", "method": "totp", "code": "123456" });
            client.post_json(&path, &body).await
        }
        _ if path == "/api/v1/auth/mfa/code" => {
            client.post_json(&path, &json!({ "challenge": "nobody's", "method": "email" })).await
        }
        _ if path == "/api/v1/auth/mfa/passkey" => {
            client.post_json(&path, &json!({ "challenge": "nobody's" })).await
        }
        _ if path == "/api/v1/auth/step-up" => {
            client.post_json(&path, &json!({ "password": PASSWORD })).await
        }
        _ if path == "/api/v1/auth/step-up/code" => {
            client.post_json(&path, &json!({ "method": "email" })).await
        }
        // Whose token it is counts, not who sends it; nobody has this one.
        _ if path.ends_with("/refresh") => {
            client.post_json(&path, &json!({ "refresh_token": "nobody's" })).await
        }
        _ if path.ends_with("/forgot") => {
            client.post_json(&path, &json!({ "email": "nobody@example.com" })).await
        }
        _ if path.ends_with("/password/reset") => {
            client.post_json(&path, &json!({ "token": "nobody's", "password": PASSWORD })).await
        }
        _ => client.post_json(&path, &json!({})).await,
    }
}

/// A number that no request before had.
fn a_number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Every operation that the API describes, as `METHOD /path`.
async fn described(app: &TestApp) -> BTreeSet<String> {
    let description = app.anyone().get("/api/openapi.json").await.json();
    let paths = description["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    operations.collect()
}

server::both_engines! { routes, |config: &mut server::config::Config| config.limits.export_per_hour = 1_000;
    async fn r4_every_role_is_answered_as_the_table_says(app) {
        let other = app.add("other", "Somebody Else", &["PIN"]).await.to_string();
        for (column, role) in roles().iter().enumerate() {
            let own = match role.as_str() {
                "anonymous" => String::from("0198c0de-0000-7000-8000-000000000000"),
                code => app.add(&code.to_lowercase(), "Test Person", &[code]).await.to_string(),
            };
            for row in rows() {
                // Each question has a session of its own, since one of them is to sign out.
                let mut client = if role == "anonymous" { app.anyone() } else { app.client_of(&role.to_lowercase()).await };
                let reply = ask(&mut client, &row, &own, &other).await;
                assert_eq!(reply.status, row.expected[column], "{} {} as {role}: {}", row.method, row.path, reply.body);
                if reply.status >= 400 {
                    problem(&reply, reply.status);
                }
            }
        }
    }

    async fn t4_the_wrong_role_is_told_so(app) {
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let reply = app.client_of("petra").await.get(USERS).await;
        assert_eq!(problem(&reply, 403), ("forbidden".into(), "Forbidden: insufficient role".into()));
    }

    async fn r1_me_lists_the_permissions_of_the_role(app) {
        for role in BUILT_IN {
            app.add(&role.code.to_lowercase(), "Test Person", &[role.code]).await;
            let me = app.client_of(&role.code.to_lowercase()).await.get(ME).await.json();
            let told: BTreeSet<String> = me["permissions"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
            let expected: BTreeSet<String> = role.permissions.iter().map(|permission| permission.code().to_owned()).collect();
            assert_eq!(told, expected, "{}", role.code);
            assert_eq!((&me["role"], &me["role_name"]), (&json!(role.code), &json!(role.name)));
        }
    }
}

#[test]
fn the_table_has_a_column_for_every_built_in_role() {
    let expected: Vec<&str> =
        ["anonymous"].into_iter().chain(BUILT_IN.iter().map(|role| role.code)).collect();
    assert_eq!(roles(), expected);
    assert!(rows().iter().all(|row| row.expected.len() == expected.len()));
}

#[tokio::test]
async fn every_described_route_stands_in_the_table_and_the_other_way_round() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    let in_table: BTreeSet<String> =
        rows().iter().map(|row| format!("{} {}", row.method, row.path.split(':').next().unwrap())).collect();
    assert_eq!(in_table, described(&app).await);
    app.finish().await;
}

#[test]
fn r2_what_each_role_may_do() {
    let mut table = format!("{:<18}", "");
    BUILT_IN.iter().for_each(|role| write!(table, " {}", role.code).unwrap());
    for permission in Permission::ALL {
        write!(table, "\n{:<18}", permission.code()).unwrap();
        for role in BUILT_IN {
            let sign = if role.permissions().contains(*permission) { "x" } else { "." };
            write!(table, " {sign:^width$}", width = role.code.len()).unwrap();
        }
    }
    let table: Vec<&str> = table.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[tokio::test]
async fn t6_the_description_of_the_api() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    let description = app.anyone().get("/api/openapi.json").await.json();
    let mut outline = String::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let statuses: Vec<&String> = operation["responses"].as_object().unwrap().keys().collect();
            let guarded = if operation["security"].is_array() { ", with a token" } else { "" };
            writeln!(
                outline,
                "{} {path}: {}{guarded} -> {statuses:?}",
                method.to_uppercase(),
                operation["summary"]
            )
            .unwrap();
        }
    }
    insta::assert_snapshot!(outline);
    assert!(description["components"]["securitySchemes"]["bearer"].is_object());
    let server = Value::from(LOGOUT);
    assert!(description["paths"][server.as_str().unwrap()]["post"]["security"].is_array());
    app.finish().await;
}
