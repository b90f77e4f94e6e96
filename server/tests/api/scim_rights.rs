//! Who may ask as a directory does: a table of every route and every built-in role, by key; and all who have no such key.

use crate::{
    scim_support::{BOTH, PEOPLE, USER, directory, key_of, look, make, newcomer, patch, refused, send},
    support::{USERS, browser_of, problem, routes},
};
use domain::role::BUILT_IN;
use serde_json::{Value, json};
use server::testing::{Agent, PASSWORD, Reply};
use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

/// What a key of each role is answered that has all the permissions of its role. The description of the REST API has no row for
/// these: `GET /scim/v2/Schemas` is their description. A new route fails the tests until it stands here.
const TABLE: &str = "
    route                                anonymous USER_ADMIN PIN CSR_REP PLATFORM_MGMT CUSTOMER STAFF ADMIN SUPER_ADMIN
    GET    /scim/v2/Users                401       200        403 403     403           403      403   200   200
    POST   /scim/v2/Users                401       201        403 403     403           403      403   201   201
    POST   /scim/v2/Users/.search        401       200        403 403     403           403      403   200   200
    GET    /scim/v2/Users/{id}           401       200        403 403     403           403      403   200   200
    PUT    /scim/v2/Users/{id}           401       200        403 403     403           403      403   200   200
    PATCH  /scim/v2/Users/{id}           401       200        403 403     403           403      403   200   200
    DELETE /scim/v2/Users/{id}           401       204        403 403     403           403      403   204   204
    GET    /scim/v2/ServiceProviderConfig 401      200        403 403     403           403      403   200   200
    GET    /scim/v2/ResourceTypes        401       200        403 403     403           403      403   200   200
    GET    /scim/v2/ResourceTypes/{name} 401       200        403 403     403           403      403   200   200
    GET    /scim/v2/Schemas              401       200        403 403     403           403      403   200   200
    GET    /scim/v2/Schemas/{name}       401       200        403 403     403           403      403   200   200
";

struct Row {
    method: &'static str,
    path: &'static str,
    expected: Vec<u16>,
}

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().skip(2).filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let expected = words[2..].iter().map(|status| status.parse().unwrap()).collect();
            Row { method: words[0], path: words[1], expected }
        })
        .collect()
}

fn roles() -> Vec<&'static str> {
    TABLE.lines().nth(1).unwrap().split_whitespace().skip(1).collect()
}

/// The address of this person, and of what there is one of.
fn filled_in(path: &str, person: &str) -> String {
    let name = if path.contains("/Schemas/") { USER } else { "User" };
    path.replace("{id}", person).replace("{name}", name)
}

async fn ask(client: &mut Agent, method: &str, path: &str, person: &str) -> Reply {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let path = filled_in(path, person);
    match method {
        "GET" => client.get(&path).await,
        "DELETE" => client.delete(&path).await,
        "PATCH" => patch(client, &path, json!({ "op": "replace", "path": "active", "value": true })).await,
        "PUT" => send(client, "PUT", &path, &json!({ "userName": "other" })).await,
        _ if path.ends_with(".search") => send(client, "POST", &path, &json!({})).await,
        _ => {
            let body = newcomer(&format!("made{}", NEXT.fetch_add(1, Ordering::Relaxed)));
            send(client, "POST", &path, &body).await
        }
    }
}

/// Every route, for somebody who is refused everywhere; gives back the sentences.
async fn all_refused(client: &mut Agent, status: u16) -> Vec<String> {
    let mut words = Vec::new();
    for row in rows() {
        let reply = ask(client, row.method, row.path, "0198c0de-0000-7000-8000-000000000000").await;
        words.push(refused(&reply, status).1);
    }
    words.dedup();
    words
}

server::both_engines! { routes;
    async fn r4_scim_every_key_is_answered_as_the_table_says(app) {
        let other = app.add("other", "Somebody Else", &["PIN"]).await.to_string();
        for (column, role) in roles().into_iter().enumerate() {
            let mut client = match BUILT_IN.iter().find(|built_in| built_in.code == role) {
                Some(built_in) => {
                    app.add(&role.to_lowercase(), "Test Person", &[role]).await;
                    let scopes: Vec<&str> = built_in.permissions.iter().map(|permission| permission.code()).collect();
                    key_of(app, &role.to_lowercase(), &scopes).await
                }
                None => app.anyone(),
            };
            for row in rows() {
                let reply = ask(&mut client, row.method, row.path, &other).await;
                assert_eq!(reply.status, row.expected[column], "{} {} as {role}: {}", row.method, row.path, reply.body);
                if reply.status >= 400 {
                    refused(&reply, reply.status);
                }
            }
        }
    }

    async fn u6_scim_other_methods_are_refused(app) {
        let mut directory = directory(app).await;
        for path in rows().iter().map(|row| row.path) {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"] {
                if !rows().iter().any(|row| row.path == path && row.method == method) {
                    let reply = send(&mut directory, method, &filled_in(path, "1"), &json!({})).await;
                    refused(&reply, 405);
                }
            }
        }
    }

    async fn u6_scim_a_key_needs_both_to_see_and_to_manage(app) {
        let (path, _) = make(&mut directory(app).await, &newcomer("nora")).await;
        let mut reader = key_of(app, "root", &["users.view"]).await;
        look(&mut reader, PEOPLE).await;
        look(&mut reader, &path).await;
        refused(&send(&mut reader, "POST", PEOPLE, &newcomer("third")).await, 403);
        refused(&send(&mut reader, "PUT", &path, &newcomer("nora")).await, 403);
        refused(&patch(&mut reader, &path, json!("nonsense")).await, 403);
        refused(&reader.delete(&path).await, 403);
        for scopes in [&["users.manage"][..], &["products.view"], &["users.view_own", "users.update_own"]] {
            all_refused(&mut key_of(app, "root", scopes).await, 403).await;
        }
        assert_eq!(app.count("select count(*) from people").await, 2);
    }

    async fn u6_scim_a_key_dies_with_its_owner_its_role_and_its_time(app) {
        let mut directory = directory(app).await;
        app.change("update people set status = 'suspended'").await;
        assert_eq!(all_refused(&mut directory, 401).await, ["Send an API key as bearer token"]);
        app.change("update people set status = 'active'").await;
        look(&mut directory, PEOPLE).await;
        app.change("delete from role_permissions where permission = 'users.manage'").await;
        refused(&send(&mut directory, "POST", PEOPLE, &newcomer("nora")).await, 403);
        app.clock.advance(Duration::from_secs(90 * 86_400));
        all_refused(&mut directory, 401).await;
        let mut stranger = app.anyone();
        for bearer in ["cs_nonsense", "nonsense", "", &format!("cs_{}", "x".repeat(10_000))] {
            stranger.bearer = Some(bearer.to_owned());
            assert_eq!(stranger.get(PEOPLE).await.header("www-authenticate"), "Bearer");
            all_refused(&mut stranger, 401).await;
        }
    }

    async fn u6_scim_a_cookie_opens_nothing(app) {
        app.add("root", "Root Admin", &["USER_ADMIN"]).await;
        let mut browser = browser_of(app, "root", false).await;
        assert_eq!(browser.get(USERS).await.status, 200);
        all_refused(&mut browser, 401).await;
        // Nor does one help another site.
        browser.headers = vec![("sec-fetch-site".into(), "cross-site".into())];
        browser.cookies.clear();
        refused(&send(&mut browser, "POST", PEOPLE, &newcomer("nora")).await, 403);
    }

    async fn u6_scim_a_token_counts_while_its_proof_is_fresh(app) {
        app.add("root", "Root Admin", &["USER_ADMIN"]).await;
        let mut root = app.client_of("root").await;
        let (path, _) = make(&mut root, &newcomer("nora")).await;
        app.clock.advance(Duration::from_secs(15 * 60));
        look(&mut root, &path).await;
        refused(&send(&mut root, "POST", PEOPLE, &newcomer("third")).await, 403);
        refused(&root.delete(&path).await, 403);
        let reply = root.post_json("/api/v1/auth/step-up", &json!({ "password": PASSWORD })).await;
        root.bearer = Some(reply.json()["access_token"].as_str().unwrap().to_owned());
        assert_eq!(root.delete(&path).await.status, 204);
    }

    async fn u6_scim_what_a_directory_may_its_key_may_nowhere_else(app) {
        let mut directory = directory(app).await;
        let (path, _) = make(&mut directory, &newcomer("nora")).await;
        let person = path.replace(PEOPLE, USERS);
        let body = json!({ "username": "third", "full_name": "T", "email": "t@example.com", "roles": ["PIN"], "invite": true });
        problem(&directory.post_json(USERS, &body).await, 403);
        problem(&send(&mut directory, "PUT", &person, &json!({ "full_name": "X", "version": 1 })).await, 403);
        problem(&directory.delete(&person).await, 403);
        for rest in ["restore", "unlock", "invitation", "notes"] {
            problem(&directory.post_json(&format!("{person}/{rest}"), &json!({ "text": "x" })).await, 403);
        }
        problem(&directory.post_json("/api/v1/account/api-keys", &json!({ "name": "x", "scopes": BOTH })).await, 403);
    }

    async fn u6_scim_a_directory_finds_out_what_there_is(app) {
        let mut directory = directory(app).await;
        let config = look(&mut directory, "/scim/v2/ServiceProviderConfig").await;
        assert_eq!((&config["patch"]["supported"], &config["etag"]["supported"], &config["bulk"]["supported"]), (&json!(true), &json!(true), &json!(false)));
        assert_eq!(config["filter"], json!({ "supported": true, "maxResults": 200 }));
        let types = look(&mut directory, "/scim/v2/ResourceTypes").await;
        assert_eq!((&types["totalResults"], &types["Resources"][0]["endpoint"]), (&json!(1), &json!("/Users")));
        assert_eq!(types["Resources"][0], look(&mut directory, "/scim/v2/ResourceTypes/User").await);
        let schemas = look(&mut directory, "/scim/v2/Schemas").await;
        let schema = look(&mut directory, &format!("/scim/v2/Schemas/{USER}")).await;
        assert_eq!(schemas["Resources"][0], schema);
        for resource in [&config, &types["Resources"][0], &schema] {
            let location = resource["meta"]["location"].as_str().unwrap();
            assert_eq!(look(&mut directory, location.strip_prefix("http://127.0.0.1:3000").unwrap()).await, *resource);
        }
        for nobody in ["/scim/v2/Schemas/urn:x", "/scim/v2/ResourceTypes/Group"] {
            refused(&directory.get(nobody).await, 404);
        }
        // What is told of somebody is what the schema says, and what it says is told.
        let (path, _) = make(&mut directory, &newcomer("nora")).await;
        let person = look(&mut directory, &path).await;
        conforms(&schema["attributes"], &person, &["schemas", "id", "meta"]);
    }
}

fn conforms(attributes: &Value, value: &Value, others: &[&str]) {
    let attributes = attributes.as_array().unwrap();
    let named = |name: &str| attributes.iter().find(|attribute| attribute["name"] == name);
    for name in value.as_object().unwrap().keys().filter(|name| !others.contains(&name.as_str())) {
        assert!(named(name).is_some(), "{name} is told and not described");
    }
    for attribute in attributes {
        let name = attribute["name"].as_str().unwrap();
        let value = value.get(name).unwrap_or_else(|| panic!("{name} is described and not told"));
        assert_eq!(value.is_array(), attribute["multiValued"] == true, "{name}");
        let value = if value.is_array() { &value[0] } else { value };
        match attribute["type"].as_str().unwrap() {
            "string" => assert!(value.is_string(), "{name} is {value}"),
            "boolean" => assert!(value.is_boolean(), "{name} is {value}"),
            "complex" => conforms(&attribute["subAttributes"], value, &[]),
            other => panic!("{name} is of the kind {other}"),
        }
    }
}

#[test]
fn the_table_of_scim_has_a_column_for_every_built_in_role() {
    let expected: Vec<&str> =
        ["anonymous"].into_iter().chain(BUILT_IN.iter().map(|role| role.code)).collect();
    assert_eq!(roles(), expected);
    assert!(rows().iter().all(|row| row.expected.len() == expected.len()));
}

/// What stands between a bracket that was just opened and the one that closes it.
fn until_closed(text: &str) -> &str {
    let mut depth = 1;
    let end = text.find(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    });
    &text[..end.unwrap()]
}

#[test]
fn every_route_of_scim_stands_in_the_table_and_the_other_way_round() {
    let mut served = BTreeSet::new();
    for route in include_str!("../../src/scim/mod.rs").split(".route(").skip(1) {
        let route = until_closed(route);
        let path = route.split('"').nth(1).unwrap();
        let methods = ["get", "post", "put", "patch", "delete"];
        let taken: Vec<&str> =
            methods.into_iter().filter(|method| route.contains(&format!("{method}("))).collect();
        assert!(!taken.is_empty() || path == "/scim/{*rest}", "this test cannot read the route of {path}");
        served.extend(taken.into_iter().map(|method| format!("{} {path}", method.to_uppercase())));
    }
    let in_table: BTreeSet<String> =
        rows().iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    assert_eq!(in_table, served);
}
