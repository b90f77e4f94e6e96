//! Export: everybody whom a list finds, as a file that no spreadsheet reckons with, for those who may, five times an hour.

use crate::support::{browser_of, problem, query, routes, walk, wrong_field};
use serde_json::{Value, json};
use server::{
    config::AdminSecondFactor,
    testing::{Agent, Reply, TestApp},
};
use std::{collections::BTreeSet, time::Duration};

const CSV: &str = "/api/v1/export/users.csv";
const JSON: &str = "/api/v1/export/users.json";

async fn admin(app: &TestApp) -> Agent {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.client_of("alice").await
}

#[track_caller]
fn rows(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert!(reply.body.ends_with("\r\n"), "the last row has no end");
    reply.body.trim_end().split("\r\n").skip(1).map(str::to_owned).collect()
}

server::both_engines! { routes;
    async fn u6_the_file_holds_everybody_once_in_the_order_in_which_they_joined(app) {
        let mut client = admin(app).await;
        app.clock.advance(Duration::from_secs(1));
        let zoe = app.add("zoe", "Zoë \"Z\" O'Hara, PhD", &["STAFF", "PIN"]).await;
        let reply = client.get(CSV).await;
        assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8; header=present");
        assert_eq!(reply.header("content-disposition"), "attachment; filename=\"users.csv\"");
        assert_eq!(reply.header("cache-control"), "no-store");
        let head = reply.body.lines().next().unwrap();
        assert_eq!(head, "id,username,full_name,email,roles,status,mfa,last_login_at,login_count,created_at,version");
        let rows = rows(&reply);
        assert!(rows[0].contains(",alice,Alice Ng,alice@example.com,USER_ADMIN,active,,2026-09-"), "{rows:?}");
        let expected = format!("{zoe},zoe,\"Zoë \"\"Z\"\" O'Hara, PhD\",zoe@example.com,STAFF PIN,active,,,0,2026-09-");
        assert!(rows[1].starts_with(&expected) && rows.len() == 2, "{rows:?}");
    }

    async fn u6_thousands_come_in_several_stretches_and_json_tells_the_same_people(app) {
        let mut client = admin(app).await;
        app.add_crowd(4_500).await;
        let rows = rows(&client.get(CSV).await);
        let ids: BTreeSet<&str> = rows.iter().map(|row| row.split(',').next().unwrap()).collect();
        assert_eq!((rows.len(), ids.len()), (4_501, 4_501));
        let people = client.get(JSON).await.json();
        let people = people.as_array().unwrap();
        assert_eq!(people.len(), 4_501);
        for (row, person) in rows.iter().zip(people) {
            assert!(row.starts_with(person["id"].as_str().unwrap()), "{row} is not {person}");
        }
        let one = client.get(&format!("/api/v1/users/{}", people[7]["id"].as_str().unwrap())).await.json();
        for field in people[7].as_object().unwrap().keys() {
            assert_eq!(one[field], people[7][field], "{field} differs from the API");
        }
        let of_trail = app.texts("select details from audit where action = 'people.export_finished' order by details").await;
        let of_trail: Vec<Value> = of_trail.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        assert_eq!(of_trail, [json!({ "format": "csv", "people": 4_501 }), json!({ "format": "json", "people": 4_501 })]);
    }

    async fn u6_a_stretch_that_ends_with_the_last_person_ends_the_file(app) {
        let mut client = admin(app).await;
        app.add_crowd(1_999).await;
        assert_eq!(rows(&client.get(CSV).await).len(), 2_000);
        assert_eq!(client.get(JSON).await.json().as_array().unwrap().len(), 2_000);
    }

    async fn u6_no_cell_is_a_formula(app) {
        let mut client = admin(app).await;
        app.add("eve", "=HYPERLINK(\"http://evil.example\";\"Click\")", &["PIN"]).await;
        app.add("mallory", "@SUM(1+1)*cmd|' /C calc'!A0", &["PIN"]).await;
        app.change("update people set email = '+eve@example.com' where username = 'eve'").await;
        let file = client.get(CSV).await.body;
        assert!(file.contains(",\"'=HYPERLINK(\"\"http://evil.example\"\";\"\"Click\"\")\",'+eve@example.com,"), "{file}");
        assert!(file.contains(",'@SUM(1+1)*cmd|' /C calc'!A0,"), "{file}");
        let people = client.get(JSON).await.json();
        let eve = people.as_array().unwrap().iter().find(|person| person["username"] == "eve").unwrap();
        assert_eq!(eve["full_name"], "=HYPERLINK(\"http://evil.example\";\"Click\")", "JSON is no spreadsheet");
    }

    async fn u6_the_search_of_the_list_bounds_the_file_and_excel_gets_its_mark(app) {
        let mut client = admin(app).await;
        app.add("zoe", "Zoë Almeida", &["PIN"]).await;
        let found = client.get(&query(CSV, &[("search", "ZOE"), ("bom", "true")])).await;
        assert!(found.body.starts_with("\u{FEFF}id,"), "{}", found.body);
        assert_eq!(rows(&found).len(), 1);
        assert_eq!(rows(&client.get(&query(CSV, &[("search", "nobody like that")])).await), [""; 0]);
        assert_eq!(client.get(&query(JSON, &[("search", "nobody like that")])).await.json(), json!([]));
        wrong_field(&client.get(&query(CSV, &[("search", &"a".repeat(101))])).await, "search");
    }

    async fn u6_an_export_is_recorded_before_the_first_row_leaves(app) {
        let mut client = admin(app).await;
        client.get(&query(CSV, &[("search", "ali"), ("status", "active")])).await;
        let begun = app.texts("select details from audit where action = 'people.exported' and actor_id is not null").await;
        assert_eq!(begun.len(), 1);
        let begun: Value = serde_json::from_str(&begun[0]).unwrap();
        assert_eq!((&begun["format"], &begun["search"]), (&json!("csv"), &json!("ali")));
        assert_eq!(begun["filters"], json!({ "status": "active" }));
    }

    async fn t5_five_exports_an_hour_and_no_more(app) {
        let mut client = admin(app).await;
        for left in (0..5).rev() {
            let reply = client.get(if left % 2 == 0 { CSV } else { JSON }).await;
            assert_eq!((reply.status, reply.header("ratelimit-limit")), (200, "5"));
            assert_eq!(reply.header("ratelimit-remaining"), left.to_string());
        }
        let refused = client.get(CSV).await;
        assert_eq!(problem(&refused, 429).0, "too_many_requests");
        assert!(refused.header("retry-after").parse::<u32>().unwrap() > 3_500);
        app.add("bert", "Bert Ng", &["USER_ADMIN"]).await;
        assert_eq!(app.client_of("bert").await.get(CSV).await.status, 200, "somebody else is counted apart");
        app.clock.advance(Duration::from_secs(3_600));
        assert_eq!(app.client_of("alice").await.get(CSV).await.status, 200, "an hour later");
    }

    async fn u6_whoever_may_look_people_up_may_not_take_everyone_along(app) {
        app.add("petra", "Petra Holm", &["USER_ADMIN"]).await;
        app.change("delete from role_permissions where role_code = 'USER_ADMIN' and permission = 'users.manage'").await;
        let mut client = app.client_of("petra").await;
        assert_eq!(client.get("/api/v1/users").await.status, 200);
        assert_eq!(problem(&client.get(CSV).await, 403).0, "forbidden");
    }

    async fn u6_a_session_that_was_left_open_takes_nobody_along_and_a_key_that_was_made_for_it_does(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.client_of("alice").await;
        let mut keys = Vec::new();
        for scopes in [["users.view", "users.manage"], ["users.view", "users.view_own"]] {
            let made = client.post_json("/api/v1/account/api-keys", &json!({ "name": "Nightly export", "scopes": scopes })).await;
            keys.push(made.json()["key"].as_str().unwrap().to_owned());
        }
        app.clock.advance(Duration::from_secs(16 * 60));
        assert_eq!(problem(&client.get(CSV).await, 403).0, "step_up_required");
        let mut browser = browser_of(app, "alice", true).await;
        app.clock.advance(Duration::from_secs(16 * 60));
        assert_eq!(problem(&browser.get(CSV).await, 403).0, "step_up_required");
        let mut program = app.anyone();
        program.bearer = Some(keys.remove(0));
        assert_eq!(rows(&program.get(CSV).await).len(), 1);
        program.bearer = Some(keys.remove(0));
        assert_eq!(problem(&program.get(CSV).await, 403).0, "forbidden");
    }
}

server::both_engines! { routes, |config: &mut server::config::Config| config.security.admin_second_factor = Some(AdminSecondFactor::Required);
    async fn u6_where_administration_wants_a_second_factor_so_does_an_export(app) {
        let mut client = admin(app).await;
        assert_eq!(problem(&client.get(CSV).await, 403).0, "step_up_required");
    }
}

server::both_engines! { routes, |config: &mut server::config::Config| config.limits.export_per_hour = 1_000;
    async fn u6_the_filters_of_the_list_bound_the_file_as_they_bound_the_list(app) {
        let mut client = admin(app).await;
        app.add_crowd(3_000).await;
        for filter in [
            ("role", "STAFF"), ("status", "suspended"), ("status", "active"), ("mfa", "none"), ("mfa", "totp"), ("last_login", "never"),
            ("last_login", "within_30_days"), ("created_from", "2026-01-01"), ("created_to", "2025-06-30"),
        ] {
            for search in ["", "an"] {
                let asked = [filter, ("search", search)];
                let listed: BTreeSet<String> = walk(&mut client, &asked).await.iter().map(|person| person["id"].as_str().unwrap().to_owned()).collect();
                let exported = client.get(&query(JSON, &asked)).await.json();
                let exported: BTreeSet<String> = exported.as_array().unwrap().iter().map(|person| person["id"].as_str().unwrap().to_owned()).collect();
                assert_eq!(exported, listed, "{asked:?}");
            }
        }
        wrong_field(&client.get(&query(CSV, &[("role", "NOBODY")])).await, "role");
    }
}
