//! The list of people: its order, its pages and its limits.

use crate::support::{USERS, problem, query, routes, usernames, walk, wrong_field};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::folding::fold;
use serde_json::{Value, json};
use server::testing::TestApp;
use std::collections::BTreeSet;

const COLUMNS: [&str; 7] =
    ["full_name", "username", "email", "status", "last_login_at", "login_count", "created_at"];

/// A company of two hundred, and a User Admin who looks at it.
async fn company(app: &TestApp) -> server::testing::Agent {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.add_crowd(200).await;
    // Some never came, some came at the same moment.
    app.change(
        "update people set last_login_at = created_at + (number % 40) * 3600000000, login_count = number % 5
         where number % 7 <> 0",
    )
    .await;
    app.client_of("alice").await
}

/// What a row is ordered by, as something that can be compared.
fn key(row: &Value, column: &str) -> String {
    let text = row[column].as_str().unwrap_or_default();
    match column {
        "full_name" => fold(text),
        // Whoever never signed in comes before everyone who did.
        "last_login_at" if text.is_empty() => String::new(),
        "last_login_at" => format!("{:020}", text.parse::<jiff::Timestamp>().unwrap().as_microsecond()),
        "login_count" => format!("{:020}", row[column].as_i64().unwrap()),
        // Ids begin with the time at which they were made.
        "created_at" => row["id"].as_str().unwrap().to_owned(),
        _ => text.to_owned(),
    }
}

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

server::both_engines! { routes;
    async fn u5b_the_list_begins_with_the_first_account(app) {
        for username in ["zoe", "alice", "mike"] {
            app.add(username, "Somebody New", &["USER_ADMIN"]).await;
            app.clock.advance(std::time::Duration::from_secs(1));
        }
        let reply = app.client_of("alice").await.get(USERS).await;
        assert_eq!(usernames(&reply), ["zoe", "alice", "mike"]);
        let body = reply.json();
        assert_eq!((&body["total"], &body["total_exact"], &body["next_cursor"]), (&json!(3), &json!(true), &json!(null)));
    }

    async fn u2_a_row_shows_the_account_and_nothing_secret(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF"]).await;
        let reply = app.client_of("alice").await.get(USERS).await;
        let row = &reply.json()["items"][0];
        assert_eq!(row["roles"], json!([{ "code": "USER_ADMIN", "name": "User Admin" }, { "code": "STAFF", "name": "Staff" }]));
        assert_eq!((&row["status"], &row["login_count"], &row["version"]), (&json!("active"), &json!(1), &json!(1)));
        assert_eq!(row["last_login_at"], row["created_at"]);
        for secret in ["password", "hash", "argon2"] {
            assert!(!reply.body.contains(secret), "the list holds {secret}");
        }
    }

    async fn u5_every_column_sorts_both_ways_and_every_row_comes_once(app) {
        let mut client = company(app).await;
        let all: BTreeSet<String> = ids(&walk(&mut client, &[("limit", "200")]).await).into_iter().collect();
        assert_eq!(all.len(), 201);
        for column in COLUMNS {
            for (sort, descending) in [(column.to_owned(), false), (format!("-{column}"), true)] {
                let rows = walk(&mut client, &[("sort", &sort), ("limit", "7")]).await;
                let keys: Vec<(String, &str)> = rows.iter().map(|row| (key(row, column), row["id"].as_str().unwrap())).collect();
                let mut sorted = keys.clone();
                sorted.sort();
                if descending {
                    sorted.reverse();
                }
                assert_eq!(keys, sorted, "the order of {sort}");
                assert_eq!(ids(&rows).into_iter().collect::<BTreeSet<_>>(), all, "the rows of {sort}");
                assert_eq!(rows.len(), all.len(), "a row came twice in {sort}");
            }
        }
    }

    async fn u5_leafing_misses_nobody_while_people_are_added(app) {
        let mut client = company(app).await;
        let before = ids(&walk(&mut client, &[("limit", "200")]).await);
        for sort in ["full_name", "-full_name", "created_at", "-created_at", "email", "-last_login_at"] {
            let mut seen = Vec::new();
            let mut cursor = String::new();
            loop {
                let mut parameters = vec![("sort", sort), ("limit", "23")];
                if !cursor.is_empty() {
                    parameters.push(("cursor", cursor.as_str()));
                }
                let body = client.get(&query(USERS, &parameters)).await.json();
                seen.extend(ids(body["items"].as_array().unwrap()));
                app.add_crowd(3).await;
                match body["next_cursor"].as_str() {
                    Some(next) => cursor = next.to_owned(),
                    None => break,
                }
            }
            let once: BTreeSet<&String> = seen.iter().collect();
            assert_eq!(once.len(), seen.len(), "a row came twice in {sort}");
            assert!(before.iter().all(|id| once.contains(id)), "a row was left out in {sort}");
        }
    }

    async fn u5_a_page_holds_what_was_asked_for(app) {
        let mut client = company(app).await;
        for (limit, expected) in [("1", 1), ("200", 200)] {
            assert_eq!(usernames(&client.get(&query(USERS, &[("limit", limit)])).await).len(), expected);
        }
        assert_eq!(usernames(&client.get(USERS).await).len(), 50, "without a word about it");
    }

    async fn u5b_wrong_parameters_are_named(app) {
        let mut client = company(app).await;
        for (name, value) in [
            ("limit", "0"), ("limit", "201"), ("sort", "password_hash"), ("sort", "--email"), ("sort", "full_name;"),
            ("cursor", "nonsense"), ("cursor", "!"), ("cursor", "e30"), ("search", &"a".repeat(101)),
            ("role", "no role"), ("role", "NOBODY_HAS_THIS"), ("status", "Active"), ("status", "gone"), ("mfa", "recovery"),
            ("mfa", "yes"), ("last_login", "yesterday"), ("last_login", "within_0_days"), ("created_from", "2025-02-29"),
            ("created_to", "21.11.2026"), ("created_to", "2026-1-1"),
        ] {
            wrong_field(&client.get(&query(USERS, &[(name, value)])).await, name);
        }
        let several = client.get(&query(USERS, &[("limit", "0"), ("sort", "x"), ("cursor", "y")])).await.json();
        assert_eq!(several["fields"].as_object().unwrap().len(), 3, "{several}");
    }

    async fn u5b_what_was_left_empty_was_left_out(app) {
        let mut client = company(app).await;
        let plain = usernames(&client.get(USERS).await);
        for name in ["limit", "cursor", "sort", "search", "role", "status", "mfa", "last_login", "created_from", "created_to"] {
            assert_eq!(usernames(&client.get(&query(USERS, &[(name, "")])).await), plain, "{name}");
        }
        for path in [
            "/api/v1/users?limit=&cursor=&sort=", "/api/v1/audit?limit=&cursor=&actor=&from=", "/api/v1/export/users.csv?search=&bom=",
            "/api/v1/export/users.json?role=&bom=", "/api/v1/export/audit.csv?actor=&to=",
        ] {
            let reply = client.get(path).await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        }
        let wrong = "Send a whole number";
        for path in [USERS, "/api/v1/audit"] {
            assert_eq!(wrong_field(&client.get(&query(path, &[("limit", "ten")])).await, "limit"), wrong);
        }
    }

    async fn u5_a_forged_cursor_is_refused_or_harmless(app) {
        let mut client = company(app).await;
        let id = "0198c0de-0000-7000-8000-000000000000";
        for forged in [
            json!({ "key": "\u{0}", "id": id, "backwards": false }),
            json!({ "key": "a\u{0}b", "id": id, "backwards": true }),
            json!({ "key": "' or 1=1 --", "id": id, "backwards": false }),
            json!({ "key": i64::MAX, "id": id, "backwards": false }),
            json!({ "key": i64::MIN, "id": id, "backwards": true }),
            json!({ "key": "x".repeat(5_000), "id": id, "backwards": false }),
        ] {
            let cursor = URL_SAFE_NO_PAD.encode(forged.to_string());
            for sort in COLUMNS {
                let reply = client.get(&query(USERS, &[("sort", sort), ("cursor", &cursor)])).await;
                assert!(matches!(reply.status, 200 | 422), "{sort} with {forged} was answered with {}: {}", reply.status, reply.body);
            }
        }
    }

    async fn u5_a_cursor_of_another_order_is_refused(app) {
        let mut client = company(app).await;
        let by_date = client.get(&query(USERS, &[("sort", "last_login_at"), ("limit", "5")])).await.json();
        let cursor = by_date["next_cursor"].as_str().unwrap();
        wrong_field(&client.get(&query(USERS, &[("sort", "full_name"), ("cursor", cursor)])).await, "cursor");
        let filtered = [("sort", "last_login_at"), ("status", "active"), ("cursor", cursor)];
        wrong_field(&client.get(&query(USERS, &filtered)).await, "cursor");
    }

    async fn u2_a_person_is_found_by_id_by_those_who_may(app) {
        let alice = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let petra = app.add("petra", "Petra Holm", &["PIN"]).await;
        let path = |id: &domain::PersonId| format!("{USERS}/{id}");
        let mut admin = app.client_of("alice").await;
        assert_eq!(admin.get(&path(&petra)).await.json()["username"], "petra");
        let mut member = app.client_of("petra").await;
        assert_eq!(member.get(&path(&petra)).await.json()["username"], "petra", "her own account");
        let hidden = problem(&member.get(&path(&alice)).await, 404);
        assert_eq!(hidden, ("not_found".into(), "User not found".into()));
        let unknown = "/api/v1/users/0198c0de-0000-7000-8000-000000000000";
        assert_eq!(problem(&member.get(unknown).await, 404), hidden, "what is hidden and what is not there differ");
        assert_eq!(problem(&admin.get(unknown).await, 404), hidden);
    }
}
