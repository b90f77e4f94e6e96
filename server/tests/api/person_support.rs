//! What the tests of user administration share: an admin at work, and what the trail says of a change.

use crate::support::USERS;
use domain::PersonId;
use serde_json::{Value, json};
use server::testing::{Agent, Reply, TestApp};

/// A User Admin called root, with a token.
pub async fn admin(app: &TestApp) -> Agent {
    app.add("root", "Root Admin", &["USER_ADMIN"]).await;
    app.client_of("root").await
}

pub fn page_of(person: PersonId) -> String {
    format!("{USERS}/{person}")
}

/// The person as the API shows them.
pub async fn look(client: &mut Agent, person: PersonId) -> Value {
    let reply = client.get(&page_of(person)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

/// Changes somebody, in the version that they have now.
pub async fn change(client: &mut Agent, person: PersonId, fields: &Value) -> Reply {
    let mut body = fields.clone();
    body["version"] = look(client, person).await["version"].clone();
    client.send_json("PUT", &page_of(person), &body).await
}

/// What the newest entry of this action says.
pub async fn details(app: &TestApp, action: &str) -> Value {
    let sql =
        format!("select details from audit where action = '{action}' order by at desc, id desc limit 1");
    let found = app.texts(&sql).await.pop().unwrap_or_else(|| panic!("no {action} in the trail"));
    serde_json::from_str(&found).unwrap()
}

/// A form for a new account that is right in every field.
pub fn newcomer(username: &str) -> Value {
    json!({
        "username": username, "full_name": "Nora Quist", "email": format!("{username}@example.com"),
        "roles": ["PIN"], "password": "a walk in the mountains",
    })
}

/// The same with other values; null leaves a field out.
pub fn with(mut body: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().unwrap() {
        if value.is_null() {
            body.as_object_mut().unwrap().remove(name);
        } else {
            body[name] = value.clone();
        }
    }
    body
}

/// Gives somebody an authenticator app, past every service.
pub async fn give_app(app: &TestApp, username: &str) {
    let sql = format!(
        "insert into app_factors (person_id, secret, last_step, enrolled_at) select id, 'x', 0, 1 from people where username = '{username}'"
    );
    app.change(&sql).await;
}
