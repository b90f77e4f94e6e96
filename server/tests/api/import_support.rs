//! What the tests of imports share: files of many people, and the way from a check to the end.

use serde_json::{Value, json};
use server::testing::{Agent, PASSWORD, TestApp};

pub const IMPORT: &str = "/api/v1/users/import";

pub async fn admin(app: &TestApp) -> Agent {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.client_of("alice").await
}

/// Rows for so many people, each with a username, a full name, an address and whatever `rest` says.
pub fn file(people: usize, rest: impl Fn(usize) -> String) -> String {
    let row =
        |row: usize| format!("import{row:05},Person Number {row},import{row:05}@example.com,{}\n", rest(row));
    (0..people).map(row).collect()
}

/// A hash of `PASSWORD` as another system would hand it over.
pub async fn hash_of(app: &TestApp) -> String {
    let owner = domain::password::Owner::default();
    let password = app.backend.passwords.accept(PASSWORD, &owner).unwrap();
    format!("\"{}\"", app.backend.passwords.hash(password).await.unwrap())
}

/// Sends a file and answers what it would do.
pub async fn check(client: &mut Agent, table: &str) -> Value {
    let reply = client.post_raw(IMPORT, "text/csv", table.to_owned()).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.json()
}

/// Starts an import; answers its id.
pub async fn start(client: &mut Agent, found: &Value, bad_rows: &str) -> String {
    let id = found["id"].as_str().unwrap().to_owned();
    let reply = client.post_json(&format!("{IMPORT}/{id}/start"), &json!({ "bad_rows": bad_rows })).await;
    assert_eq!((reply.status, &reply.json()["state"]), (202, &json!("waiting")), "{}", reply.body);
    id
}

/// Works, letters and all, until the import has ended; answers what came of it.
pub async fn finish(app: &TestApp, client: &mut Agent, id: String) -> Value {
    for _ in 0..1_000 {
        if !app.backend.imports.work_once().await.unwrap() {
            let status = client.get(&format!("{IMPORT}/{id}")).await.json();
            if status["state"] != "inviting" {
                return status;
            }
            app.clock.advance(std::time::Duration::from_secs(1));
        }
    }
    panic!("the import does not end");
}

/// How many people have such a username.
pub async fn usernames_like(app: &TestApp, pattern: &str) -> i64 {
    app.count(&format!("select count(*) from people where username like '{pattern}'")).await
}
