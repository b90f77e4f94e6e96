//! U-6: how a directory looks for people, a page at a time, and which questions it is refused.

use crate::{
    scim_support::{PEOPLE, directory, look, make, newcomer, patch, refused, send, send_raw},
    support::{query, routes},
};
use serde_json::{Value, json};
use server::testing::{Agent, TestApp};
use std::time::Duration;

/// Root, Ada, Zoë (suspended) and Bob (whom nobody's directory knows), an hour apart from each other.
async fn four(app: &TestApp) -> Agent {
    let mut directory = directory(app).await;
    for (username, name, external_id, email) in [
        ("ada", "Ada Lovelace", Some("A-1"), "ada@example.com"),
        ("zoe", "Zoë Quinn", Some("z%_1"), "zoe@example.org"),
        ("bob", "Bob \"The\" Builder", None, "bob@example.com"),
    ] {
        app.clock.advance(Duration::from_secs(3_600));
        let mut body = newcomer(username);
        body["displayName"] = json!(name);
        body["externalId"] = json!(external_id);
        body["emails"][0]["value"] = json!(email);
        body["roles"] = json!([if username == "bob" { "STAFF" } else { "CUSTOMER" }]);
        body["active"] = json!(username != "zoe");
        make(&mut directory, &body).await;
    }
    directory
}

fn usernames(listed: &Value) -> Vec<&str> {
    listed["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|person| person["userName"].as_str().unwrap())
        .collect()
}

async fn found(directory: &mut Agent, filter: &str) -> String {
    let listed = look(directory, &query(PEOPLE, &[("filter", filter)])).await;
    let names = usernames(&listed);
    assert_eq!(listed["totalResults"], json!(names.len()), "{filter}");
    names.join(" ")
}

server::both_engines! { routes;
    async fn u6_scim_filters_find_whom_they_mean(app) {
        let mut directory = four(app).await;
        let ada = look(&mut directory, &query(PEOPLE, &[("filter", "userName eq \"ada\"")])).await["Resources"][0]["id"].clone();
        let by_id = format!("id eq {ada}");
        for (filter, expected) in [
            ("userName eq \"ADA\"", "ada"),
            ("userName eq \"ad\"", ""),
            ("userName ne \"ada\"", "root zoe bob"),
            ("userName co \"O\"", "root zoe bob"),
            ("userName sw \"b\"", "bob"),
            ("userName ew \"b\"", "bob"),
            ("userName ew \"somebody-bob\"", ""),
            ("userName pr", "root ada zoe bob"),
            ("userName sw \"\"", "root ada zoe bob"),
            ("displayName eq \"zoe quinn\"", "zoe"),
            ("name.formatted co \"The\\\" B\"", "bob"),
            ("displayName ew \"e\" or displayName sw \"bob\"", "ada bob"),
            ("emails eq \"ADA@example.com\"", "ada"),
            ("emails.value ew \"@example.com\"", "root ada bob"),
            ("emails[type eq \"work\" and value ew \".org\"]", "zoe"),
            ("emails[type eq \"home\"]", ""),
            ("emails[not (value co \"example.com\")]", "zoe"),
            ("emails.type eq \"work\" and emails.primary eq true", "root ada zoe bob"),
            ("externalId eq \"A-1\"", "ada"),
            ("externalId eq \"a-1\"", ""),
            ("externalId ne \"A-1\"", "root zoe bob"),
            ("not (externalId eq \"A-1\")", "root zoe bob"),
            ("externalId pr", "ada zoe"),
            ("not (externalId pr)", "root bob"),
            ("externalId eq null", "root bob"),
            ("externalId ne null", "ada zoe"),
            ("externalId sw \"z\"", "zoe"),
            ("externalId co \"\"", "ada zoe"),
            ("active eq true", "root ada bob"),
            ("active eq \"False\"", "zoe"),
            ("active ne true", "zoe"),
            (&by_id, "ada"),
            ("id eq \"nonsense\"", ""),
            ("id ne \"nonsense\"", "root ada zoe bob"),
            ("roles eq \"staff\"", "bob"),
            ("roles[value eq \"STAFF\"]", "bob"),
            ("roles.value ne \"CUSTOMER\"", "root bob"),
            ("roles eq \"NO_SUCH_ROLE\"", ""),
            ("meta.created eq \"2026-09-21T15:13:20Z\"", "ada"),
            ("meta.created gt \"2026-09-21T15:13:20Z\"", "zoe bob"),
            ("meta.created ge \"2026-09-21T17:13:20+02:00\"", "ada zoe bob"),
            ("meta.created lt \"2026-09-21T15:13:20Z\"", "root"),
            ("meta.created le \"2026-09-21T15:13:20.000001Z\"", "root ada"),
            ("meta.lastModified pr and meta.resourceType eq \"User\"", "root ada zoe bob"),
            ("userName eq \"ada\" or userName eq \"bob\" and active eq false", "ada"),
            ("(userName eq \"ada\" or userName eq \"zoe\") and not (active eq true)", "zoe"),
            ("URN:ietf:params:scim:schemas:core:2.0:User:userName eq \"ada\" AND active EQ TRUE", "ada"),
        ] {
            assert_eq!(found(&mut directory, filter).await, expected, "{filter}");
        }
    }

    async fn u6_scim_a_filter_that_cannot_be_answered_is_refused(app) {
        let mut directory = four(app).await;
        let (deep, long) = (format!("{}active eq true{}", "(".repeat(10), ")".repeat(10)), format!("userName eq \"{}\"", "x".repeat(2_000)));
        let many = vec!["active eq true"; 51].join(" or ");
        for filter in [
            "", "userName", "userName eq", "userName eq ada", "userName == \"ada\"", "userName eq \"ada", "userName eq \"ada\" or", "(active eq true",
            "title pr", "title eq \"x\"", "password co \"a\"", "passwordHash pr", "name.familyName eq \"x\"", "groups pr", "meta pr eq 1", "schemas eq \"x\"",
            "userName gt \"a\"", "userName eq true", "userName eq 7", "active eq \"yes\"", "active co \"t\"", "active gt false", "id co \"a\"", "id eq 7",
            "roles co \"A\"", "roles[primary eq true]", "roles[value eq \"A\" and primary eq true]", "emails[value.x eq \"a\"]", "emails[emails[value pr]]",
            "emails[domain eq \"x\"]", "addresses[type eq \"work\"]", "meta.created eq \"yesterday\"", "meta.created co \"2026\"", "userName co null",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"x\"", "userName eq \"a\\u0000\"",
            &deep, &long, &many,
        ] {
            let reply = directory.get(&query(PEOPLE, &[("filter", filter)])).await;
            assert_eq!(refused(&reply, 400).0, "invalidFilter", "{filter}");
            let reply = send(&mut directory, "POST", "/scim/v2/Users/.search", &json!({ "filter": filter })).await;
            assert_eq!(refused(&reply, 400).0, "invalidFilter", "{filter}");
        }
    }

    async fn u6_scim_what_is_looked_for_is_never_a_statement_nor_a_pattern(app) {
        let mut directory = four(app).await;
        for value in [
            "' or 1=1 --", "'; drop table people; --", "$1", "?", "%", "_", "a%", "\\", "\\\\", "\"", "') or ('1'='1", "{0}", "z%%_1", "a\u{301}da", "\u{10FFFF}",
        ] {
            for attribute in ["userName", "emails", "externalId", "displayName"] {
                for operator in ["eq", "sw", "ew", "co"] {
                    let expected = match (attribute, operator, value) {
                        ("externalId", "co", "%" | "_") => "zoe",
                        ("displayName", "co", "\"") => "bob",
                        // Names are compared without their accents.
                        ("displayName", "sw" | "co", "a\u{301}da") => "ada",
                        _ => "",
                    };
                    let filter = format!("{attribute} {operator} {}", json!(value));
                    assert_eq!(found(&mut directory, &filter).await, expected, "{filter}");
                }
            }
        }
        assert_eq!(found(&mut directory, "externalId eq \"z%_1\"").await, "zoe");
        assert_eq!(app.count("select count(*) from people").await, 4);
    }

    async fn u6_scim_a_list_comes_in_pages(app) {
        let mut directory = four(app).await;
        for (parameters, expected, start) in [
            (&[][..], "root ada zoe bob", 1),
            (&[("startIndex", "2"), ("count", "2")], "ada zoe", 2),
            (&[("STARTINDEX", "4"), ("Count", "2")], "bob", 4),
            (&[("startIndex", "5")], "", 5),
            (&[("startIndex", "9223372036854775807")], "", i64::MAX),
            (&[("startIndex", "0"), ("count", "1")], "root", 1),
            (&[("startIndex", "-7"), ("count", "1")], "root", 1),
            (&[("count", "0")], "", 1),
            (&[("count", "-1")], "", 1),
            (&[("count", "100000")], "root ada zoe bob", 1),
            (&[("sortBy", "userName"), ("sortOrder", "descending"), ("nonsense", "1")], "root ada zoe bob", 1),
        ] {
            let listed = look(&mut directory, &query(PEOPLE, parameters)).await;
            assert_eq!(usernames(&listed).join(" "), expected, "{parameters:?}");
            assert_eq!((&listed["totalResults"], &listed["startIndex"]), (&json!(4), &json!(start)), "{parameters:?}");
            assert_eq!(listed["itemsPerPage"], json!(usernames(&listed).len()));
            assert_eq!(listed["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]));
        }
        for wrong in ["startIndex=a", "count=1.5", "count=", "startIndex=99999999999999999999", "count=%FF"] {
            assert_eq!(refused(&directory.get(&format!("{PEOPLE}?{wrong}")).await, 400).0, "invalidValue", "{wrong}");
        }
    }

    async fn u6_scim_a_page_is_never_larger_than_two_hundred(app) {
        let mut directory = directory(app).await;
        app.backend.demo.load_people(&server::permit::Operator::of_this_machine(), 230).await.unwrap();
        let listed = look(&mut directory, &query(PEOPLE, &[("count", "1000")])).await;
        assert_eq!((usernames(&listed).len(), &listed["totalResults"]), (200, &json!(231)));
        let rest = look(&mut directory, &query(PEOPLE, &[("count", "1000"), ("startIndex", "201")])).await;
        assert_eq!(usernames(&rest).len(), 31);
        assert_eq!(usernames(&look(&mut directory, PEOPLE).await).len(), 100);
    }

    async fn u6_scim_a_question_can_come_in_a_body(app) {
        let mut directory = four(app).await;
        let ask = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "active eq true", "startIndex": 2, "count": 1, "attributes": ["userName"],
        });
        let reply = send(&mut directory, "POST", "/scim/v2/Users/.search", &ask).await;
        let listed = reply.json();
        assert_eq!((reply.status, &listed["totalResults"], &listed["itemsPerPage"]), (200, &json!(3), &json!(1)), "{}", reply.body);
        assert_eq!((usernames(&listed), &listed["Resources"][0]["emails"]), (vec!["ada"], &Value::Null));
        for wrong in [json!({ "count": "1" }), json!({ "startIndex": 1.5 }), json!({ "filter": 7 }), json!({ "attributes": [7] })] {
            assert_eq!(refused(&send(&mut directory, "POST", "/scim/v2/Users/.search", &wrong).await, 400).0, "invalidValue", "{wrong}");
        }
        let reply = send_raw(&mut directory, "POST", "/scim/v2/Users/.search", "application/json", "{}").await;
        assert_eq!(reply.json()["totalResults"], json!(4));
    }

    async fn u6_scim_somebody_who_was_changed_is_found_by_when(app) {
        let mut directory = four(app).await;
        app.clock.advance(Duration::from_secs(3_600));
        let ada = look(&mut directory, &query(PEOPLE, &[("filter", "userName eq \"ada\"")])).await["Resources"][0]["id"].as_str().unwrap().to_owned();
        let reply = patch(&mut directory, &format!("{PEOPLE}/{ada}"), json!({ "op": "add", "path": "displayName", "value": "Ada King" })).await;
        assert_eq!(reply.json()["meta"]["lastModified"], json!("2026-09-21T18:13:20Z"));
        assert_eq!(found(&mut directory, "meta.lastModified ge \"2026-09-21T18:00:00Z\"").await, "ada");
    }
}
