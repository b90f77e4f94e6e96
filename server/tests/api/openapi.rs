//! The description of the API against the API: every body has a schema and an example, and real answers are as described.

use crate::support::{LOGIN, LOGOUT, ME, USERS, problem, query, routes, wrong_field};
use domain::role::BUILT_IN;
use serde_json::{Value, json};
use server::testing::{Agent, Engine, PASSWORD, TestApp};

/// Every operation, as method, path and what is said of it.
fn operations(description: &Value) -> Vec<(String, String, Value)> {
    let paths = description["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap();
        methods
            .iter()
            .map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
    });
    operations.collect()
}

fn resolve<'a>(description: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            description.pointer(reference.trim_start_matches('#')).expect("a reference that leads nowhere")
        }
        None => schema,
    }
}

fn is_of_kind(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("a kind that is not known: {other}"),
    }
}

/// Checks that the value is what the schema describes: no property more, none less, all of the right kind.
#[track_caller]
fn conforms(description: &Value, schema: &Value, value: &Value, place: &str) {
    let schema = resolve(description, schema);
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().map(|kind| kind.as_str().unwrap()).collect(),
        _ => panic!("{place} has no type: {schema}"),
    };
    assert!(kinds.iter().any(|kind| is_of_kind(value, kind)), "{place} is {value}, not {kinds:?}");
    if schema["format"] == "date-time" && value.is_string() {
        assert!(value.as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{place} is no moment: {value}");
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        match value.get(name) {
            Some(value) => conforms(description, property, value, &format!("{place}.{name}")),
            None => assert!(
                !schema["required"].as_array().is_some_and(|names| names.contains(&json!(name))),
                "{place} lacks {name}"
            ),
        }
    }
    if let (Some(known), Some(object)) = (schema["properties"].as_object(), value.as_object()) {
        let unknown: Vec<&String> = object.keys().filter(|name| !known.contains_key(*name)).collect();
        assert!(unknown.is_empty(), "{place} has what nobody described: {unknown:?}");
    }
    for item in value.as_array().into_iter().flatten() {
        conforms(description, &schema["items"], item, &format!("{place}[]"));
    }
}

async fn description(app: &TestApp) -> Value {
    app.anyone().get("/api/openapi.json").await.json()
}

#[tokio::test]
async fn t6_every_answer_and_every_body_has_a_schema_and_an_example_of_it() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    let description = description(&app).await;
    for (method, path, operation) in operations(&description) {
        let answers = operation["responses"].as_object().unwrap();
        let bodies = answers.iter().map(|(status, answer)| (status.as_str(), &answer["content"]));
        let sent = operation.get("requestBody").map(|body| ("request", &body["content"]));
        for (name, content) in bodies.chain(sent) {
            if name == "204" {
                assert!(content.is_null());
                continue;
            }
            let place = format!("{method} {path} {name}");
            let kinds = content.as_object().unwrap_or_else(|| panic!("{place} has no body"));
            assert_eq!(kinds.len(), 1, "{place} is written in one way");
            let (kind, body) = kinds.iter().next().unwrap();
            assert!(["application/json", "text/csv"].contains(&kind.as_str()), "{place} is {kind}");
            assert!(body["schema"].is_object(), "{place} has no schema");
            assert!(!body["example"].is_null(), "{place} has no example");
            conforms(&description, &body["schema"], &body["example"], &place);
        }
        for (status, answer) in answers {
            for (name, header) in answer["headers"].as_object().unwrap() {
                assert!(
                    resolve(&description, header)["description"].is_string(),
                    "{method} {path} {status}: {name}"
                );
            }
        }
        let takes = operation["requestBody"].is_object()
            || operation["parameters"]
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one["in"] == "query"));
        for (status, expected) in [
            ("400", takes),
            ("422", takes),
            ("401", operation["security"].is_array()),
            ("429", true),
            ("503", true),
        ] {
            assert!(answers.contains_key(status) || !expected, "{method} {path} does not speak of {status}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn t6_roles_defaults_bounds_and_moments_are_described() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    let description = description(&app).await;
    for (method, path, operation) in operations(&description) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let role = &resolve(&description, schema)["properties"]["role"];
        if role.is_null() {
            continue;
        }
        for known in BUILT_IN {
            assert!(
                role["description"].as_str().unwrap().contains(known.code),
                "{method} {path}: {} is not named",
                known.code
            );
            assert!(role["examples"].as_array().unwrap().contains(&json!(known.code)));
        }
        assert!(
            !resolve(&description, schema)["required"].as_array().unwrap().contains(&json!("role")),
            "{path}"
        );
    }
    let parameters = description["paths"][USERS]["get"]["parameters"].as_array().unwrap();
    let schema =
        |name: &str| &parameters.iter().find(|parameter| parameter["name"] == name).unwrap()["schema"];
    assert_eq!(schema("sort")["default"], "created_at");
    assert_eq!(
        (&schema("limit")["default"], &schema("limit")["minimum"], &schema("limit")["maximum"]),
        (&json!(50), &json!(1), &json!(200))
    );
    let person = &description["components"]["schemas"]["PersonBody"]["properties"];
    assert_eq!(
        (&person["created_at"]["format"], &person["last_login_at"]["format"]),
        (&json!("date-time"), &json!("date-time"))
    );
    assert!(description["info"]["description"].as_str().unwrap().contains("RFC 3339"));
    app.finish().await;
}

/// Asks, and checks the answer against what the description says of this status.
async fn as_described(
    client: &mut Agent,
    description: &Value,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> u16 {
    let reply = match body {
        Some(body) => client.post_json(path, body).await,
        None if method == "POST" => client.post_raw(path, "application/json", "").await,
        None => client.get(path).await,
    };
    let described = path.split('?').next().unwrap();
    let described = if described.starts_with("/api/v1/users/") { "/api/v1/users/{id}" } else { described };
    let answer =
        &description["paths"][described][method.to_lowercase()]["responses"][reply.status.to_string()];
    assert!(answer.is_object(), "{method} {path} answered {}, of which nothing is said", reply.status);
    if reply.status != 204 {
        let schema = &answer["content"]["application/json"]["schema"];
        conforms(description, schema, &reply.json(), &format!("{method} {path} {}", reply.status));
    }
    for name in answer["headers"].as_object().unwrap().keys() {
        // Only answers that end in time say when to come back.
        let is_there = reply.headers.contains_key(name.to_lowercase());
        assert!(is_there || name == "Retry-After", "{method} {path} {}: no {name}", reply.status);
    }
    reply.status
}

server::both_engines! { routes;
    async fn t6_real_answers_are_as_described(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF"]).await;
        let petra = app.add("petra", "Petra Holm", &["PIN"]).await;
        let description = description(app).await;
        let (mut admin, mut member, mut anyone) = (app.client_of("alice").await, app.client_of("petra").await, app.anyone());
        let login = json!({ "username": "alice", "password": PASSWORD, "role": "STAFF" });
        let wrong = json!({ "username": "alice", "password": "wrong" });
        let own = format!("{USERS}/{petra}");
        let nobody = format!("{USERS}/0198c0de-0000-7000-8000-000000000000");
        for path in [LOGIN, "/api/login"] {
            assert_eq!(as_described(&mut anyone, &description, "POST", path, Some(&login)).await, 200);
            assert_eq!(as_described(&mut anyone, &description, "POST", path, Some(&wrong)).await, 401);
            assert_eq!(as_described(&mut anyone, &description, "POST", path, Some(&json!({ "username": "alice" }))).await, 422);
            assert_eq!(as_described(&mut anyone, &description, "POST", path, Some(&json!([]))).await, 400);
        }
        let refresh = json!({ "refresh_token": anyone.post_json(LOGIN, &login).await.json()["refresh_token"] });
        assert_eq!(as_described(&mut anyone, &description, "POST", "/api/v1/auth/refresh", Some(&refresh)).await, 200);
        assert_eq!(as_described(&mut anyone, &description, "POST", "/api/refresh", Some(&json!({ "refresh_token": "x" }))).await, 401);
        assert_eq!(as_described(&mut admin, &description, "GET", ME, None).await, 200);
        assert_eq!(as_described(&mut anyone, &description, "GET", ME, None).await, 401);
        assert_eq!(as_described(&mut admin, &description, "GET", USERS, None).await, 200);
        assert_eq!(as_described(&mut member, &description, "GET", USERS, None).await, 403);
        assert_eq!(as_described(&mut admin, &description, "GET", &query(USERS, &[("limit", "abc")]), None).await, 422);
        assert_eq!(as_described(&mut admin, &description, "GET", &query(USERS, &[("colour", "red")]), None).await, 400);
        assert_eq!(as_described(&mut member, &description, "GET", &own, None).await, 200);
        assert_eq!(as_described(&mut member, &description, "GET", &nobody, None).await, 404);
        assert_eq!(as_described(&mut member, &description, "POST", LOGOUT, None).await, 204);
    }

    async fn u5b_a_parameter_that_cannot_be_read_is_named(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.client_of("alice").await;
        for value in ["abc", " ", "-1", "1.5", "1e2", "99999999999999999999"] {
            assert_eq!(wrong_field(&client.get(&query(USERS, &[("limit", value)])).await, "limit"), "Send a whole number", "{value:?}");
        }
        let twice = client.get(&format!("{USERS}?sort=email&sort=username")).await;
        assert_eq!(wrong_field(&twice, "sort"), "This parameter came twice");
        let (_, words) = problem(&client.get(&query(USERS, &[("s3cret", "x")])).await, 400);
        assert!(words.ends_with("It takes: search, role, status, mfa, last_login, created_from, created_to, sort, limit, cursor") && !words.contains("s3cret"), "{words}");
    }
}
