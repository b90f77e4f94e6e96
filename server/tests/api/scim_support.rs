//! What the tests of SCIM share: a company's directory with its key, people as it sends them, and errors as SCIM tells them.

use serde_json::{Value, json};
use server::testing::{Agent, Reply, TestApp};

pub const PEOPLE: &str = "/scim/v2/Users";
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub const BOTH: [&str; 2] = ["users.view", "users.manage"];

/// A program with a new key of this person.
pub async fn key_of(app: &TestApp, username: &str, scopes: &[&str]) -> Agent {
    let body = json!({ "name": "Directory", "scopes": scopes });
    let reply = app.client_of(username).await.post_json("/api/v1/account/api-keys", &body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let mut program = app.anyone();
    program.bearer = Some(reply.json()["key"].as_str().unwrap().to_owned());
    program
}

/// A directory with a key of a User Admin called root.
pub async fn directory(app: &TestApp) -> Agent {
    app.add("root", "Root Admin", &["USER_ADMIN"]).await;
    key_of(app, "root", &BOTH).await
}

/// Somebody as Entra ID sends them.
pub fn newcomer(username: &str) -> Value {
    json!({
        "schemas": [USER, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "externalId": format!("id of {username}"),
        "userName": username,
        "active": true,
        "emails": [{ "primary": true, "type": "work", "value": format!("{username}@example.com") }],
        "meta": { "resourceType": "User" },
        "name": { "formatted": "Nora Quist", "familyName": "Quist", "givenName": "Nora" },
        "roles": [],
    })
}

/// Makes somebody; answers their address and themselves.
pub async fn make(directory: &mut Agent, body: &Value) -> (String, Value) {
    let reply = send(directory, "POST", PEOPLE, body).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let person = reply.json();
    (format!("{PEOPLE}/{}", person["id"].as_str().unwrap()), person)
}

pub async fn send(directory: &mut Agent, method: &str, path: &str, body: &Value) -> Reply {
    send_raw(directory, method, path, "application/scim+json; charset=utf-8", &body.to_string()).await
}

pub async fn send_raw(directory: &mut Agent, method: &str, path: &str, kind: &str, body: &str) -> Reply {
    let request = directory.request(method, path).header("content-type", kind);
    directory.send(request.body(body.to_owned().into()).unwrap()).await
}

/// Sends one operation of a PATCH, or several.
pub async fn patch(directory: &mut Agent, path: &str, operations: Value) -> Reply {
    let operations = if operations.is_array() { operations } else { json!([operations]) };
    let schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
    send(directory, "PATCH", path, &json!({ "schemas": schemas, "Operations": operations })).await
}

pub async fn look(directory: &mut Agent, path: &str) -> Value {
    let reply = directory.get(path).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.header("content-type"), "application/scim+json");
    reply.json()
}

/// Checks that the answer is an error as SCIM tells it, and gives back its kind (or nothing) and its sentence.
#[track_caller]
pub fn refused(reply: &Reply, status: u16) -> (String, String) {
    assert_eq!(reply.status, status, "{}", reply.body);
    assert_eq!(reply.header("content-type"), "application/scim+json");
    let body = reply.json();
    assert_eq!(body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]), "{body}");
    assert_eq!(body["status"], json!(status.to_string()), "{body}");
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    assert!(!text("detail").is_empty(), "{body}");
    (text("scimType"), text("detail"))
}
