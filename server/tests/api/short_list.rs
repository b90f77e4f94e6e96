//! Everybody at the short addresses: UC-008 lists them, UC-007 searches.

use crate::support::{problem, routes};
use serde_json::{Value, json};
use server::testing::{Agent, TestApp};

const USERS: &str = "/api/users";
const SEARCH: &str = "/api/users/search";

async fn crowd(app: &TestApp) -> Agent {
    app.add("zoe", "Zoë Quinn", &["USER_ADMIN", "STAFF"]).await;
    app.clock.advance(std::time::Duration::from_secs(60));
    app.add("ben", "Ben Achterberg", &["PIN"]).await;
    app.clock.advance(std::time::Duration::from_secs(60));
    app.add("amal", "Amal Haddad", &["STAFF"]).await;
    app.change("update people set status = 'suspended' where username = 'amal'").await;
    app.client_of("zoe").await
}

fn names(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|row| row["username"].as_str().unwrap()).collect()
}

async fn search(client: &mut Agent, text: &str) -> Value {
    let reply = client.post_json(SEARCH, &json!({ "query": text })).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

server::both_engines! { routes;
    async fn uc008_6_everybody_is_listed_by_id_with_role_and_state(app) {
        let mut client = crowd(app).await;
        let reply = client.get(USERS).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
        let rows = reply.json();
        assert_eq!(names(&rows), ["zoe", "ben", "amal"]);
        let (zoe, amal) = (&rows[0], &rows[2]);
        assert_eq!((&zoe["role_code"], &zoe["role_name"]), (&json!("USER_ADMIN"), &json!("User Admin")), "the usual role");
        assert_eq!((&zoe["dashboard_route"], &zoe["is_active"], &zoe["full_name"]), (&json!("/"), &json!(true), &json!("Zoë Quinn")));
        assert!(zoe["last_login"].is_string() && zoe["email"] == "zoe@example.com" && zoe["id"].is_string());
        assert_eq!((&amal["is_active"], &amal["last_login"]), (&json!(false), &Value::Null));
        assert!(!reply.body.contains("argon2") && !reply.body.contains("hash"));
    }

    async fn uc008_br042_all_of_them_come_however_many(app) {
        app.add("zoe", "Zoë Quinn", &["USER_ADMIN"]).await;
        app.add_crowd(2_500).await;
        let rows = app.client_of("zoe").await.get(USERS).await.json();
        let ids: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), 2_501);
        assert!(ids.is_sorted(), "they are not ordered by id");
    }

    async fn uc008_2a_3a_4a_whoever_may_not_is_told_so(app) {
        let mut client = crowd(app).await;
        problem(&app.anyone().get(USERS).await, 401);
        let forbidden = problem(&app.client_of("ben").await.get(USERS).await, 403);
        assert_eq!(forbidden, ("forbidden".into(), "Forbidden: insufficient role".into()));
        app.clock.advance(std::time::Duration::from_secs(2 * 3_600));
        assert_eq!(problem(&client.get(USERS).await, 401).0, "token_expired");
    }

    async fn uc007_7_a_search_looks_through_name_username_and_address(app) {
        let mut client = crowd(app).await;
        for (text, expected) in [
            ("ACHTER", &["ben"][..]), ("zoe quinn", &["zoe"]), ("quínn", &["zoe"]), ("ama", &["amal"]),
            ("example.com", &["zoe", "ben", "amal"]), ("a", &["zoe", "ben", "amal"]), ("n@e", &["ben"]),
        ] {
            assert_eq!(names(&search(&mut client, text).await), expected, "{text}");
        }
        assert_eq!(search(&mut client, "ben").await[0]["role_code"], "PIN");
    }

    async fn uc007_3a_an_empty_query_finds_everybody(app) {
        let mut client = crowd(app).await;
        for text in ["", "  ", "\t\n"] {
            assert_eq!(names(&search(&mut client, text).await), ["zoe", "ben", "amal"], "{text:?}");
        }
    }

    async fn u7_that_everybody_left_is_recorded_and_a_few_are_not(app) {
        let mut client = crowd(app).await;
        let recorded = async || app.texts("select details from audit where action = 'people.listed_at_once' and actor_id is not null").await;
        search(&mut client, "ben").await;
        app.client_of("ben").await.get(USERS).await;
        assert_eq!(recorded().await, [""; 0]);
        client.get(USERS).await;
        search(&mut client, " ").await;
        assert_eq!(recorded().await, ["{\"everybody\":true}"; 2]);
    }

    async fn u7_that_a_search_found_very_many_is_recorded_without_what_was_searched_for(app) {
        app.add("zoe", "Zoë Quinn", &["USER_ADMIN"]).await;
        app.add_crowd(1_500).await;
        let mut client = app.client_of("zoe").await;
        let found = search(&mut client, "example").await;
        assert!(found.as_array().unwrap().len() > 1_000, "{} are too few for this test", found.as_array().unwrap().len());
        assert_eq!(app.texts("select details from audit where action = 'people.listed_at_once'").await, ["{\"everybody\":false}"]);
    }

    async fn uc007_9a_no_match_is_an_empty_list(app) {
        assert_eq!(search(&mut crowd(app).await, "nobody-has-this").await, json!([]));
    }

    async fn uc007_5_what_is_wrong_with_the_query_is_a_bad_request(app) {
        let mut client = crowd(app).await;
        let too_long = client.post_json(SEARCH, &json!({ "query": "a".repeat(101) })).await;
        assert_eq!(problem(&too_long, 400).0, "validation_error");
        assert_eq!(too_long.json()["fields"]["query"], "Search for at most 100 characters");
        for body in [json!({}), json!({ "query": 7 }), json!({ "query": null }), json!({ "query": "a", "limit": 1 }), json!([])] {
            problem(&client.post_json(SEARCH, &body).await, 400);
        }
        problem(&app.anyone().post_json(SEARCH, &json!({})).await, 401);
        problem(&app.client_of("ben").await.post_json(SEARCH, &json!({ "query": "" })).await, 403);
    }
}
