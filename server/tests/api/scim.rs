//! U-6: a company's directory makes people, changes them and lets them go.

use crate::{
    link_support::{letter, token},
    person_support::details,
    scim_support::{PEOPLE, USER, directory, look, make, newcomer, patch, refused, send, send_raw},
    support::{USERS, log_in, routes},
};
use serde_json::{Value, json};
use server::{
    Origin,
    config::{Limits, Newcomers, RegistrationMode},
    testing::PASSWORD,
};

fn with(mut body: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

server::both_engines! { routes;
    async fn u6_scim_a_directory_makes_somebody_who_is_invited(app) {
        let mut directory = directory(app).await;
        let reply = send(&mut directory, "POST", PEOPLE, &newcomer("Nora.Q")).await;
        assert_eq!((reply.status, reply.header("content-type")), (201, "application/scim+json"), "{}", reply.body);
        let person = reply.json();
        let id = person["id"].as_str().unwrap();
        let location = format!("http://127.0.0.1:3000{PEOPLE}/{id}");
        assert_eq!((reply.header("location"), reply.header("etag")), (&*location, "W/\"1\""));
        let expected = json!({
            "schemas": [USER], "id": id, "externalId": "id of Nora.Q", "userName": "nora.q", "displayName": "Nora Quist", "active": true,
            "name": { "formatted": "Nora Quist", "givenName": "Nora", "familyName": "Quist" },
            "emails": [{ "value": "nora.q@example.com", "type": "work", "primary": true }],
            "roles": [{ "value": "CUSTOMER", "display": "Customer", "primary": true }],
            "meta": {
                "resourceType": "User", "created": "2026-09-21T14:13:20Z", "lastModified": "2026-09-21T14:13:20Z",
                "location": location, "version": "W/\"1\"",
            },
        });
        assert_eq!(person, expected);
        assert_eq!(look(&mut directory, &format!("{PEOPLE}/{id}")).await, expected);
        let mut root = app.client_of("root").await;
        assert_eq!(root.get(&format!("{USERS}/{id}")).await.json()["status"], json!("invited"));
        let changes = details(app, "person.invited").await["changes"].clone();
        assert_eq!((&changes["external_id"]["after"], &changes["roles"]["after"]), (&json!("id of Nora.Q"), &json!(["CUSTOMER"])));
        assert_eq!(app.texts("select actor_kind from audit where action = 'person.invited'").await, ["api key"]);
        let token = token(app, "invitation", "nora.q@example.com").await;
        app.backend.links.accept_invitation(&token, PASSWORD, &Origin::default()).await.unwrap();
        assert_eq!(log_in(app, "nora.q", PASSWORD).await.status, 200);
    }

    async fn u6_scim_what_is_not_kept_is_passed_over_and_names_have_any_case(app) {
        let mut directory = directory(app).await;
        let body = json!({
            "SCHEMAS": [USER], "USERNAME": "nora", "DisplayName": "Nora", "EMAILS": [{ "TYPE": "home", "VALUE": "home@example.com" }, { "Type": "work", "Value": "NORA@example.com" }],
            "password": "a walk in the mountains", "title": "Tour guide", "nickName": null, "phoneNumbers": [{ "value": "+1" }], "id": "my own", "groups": [],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "Tours", "manager": { "value": "x" } },
        });
        let (path, person) = make(&mut directory, &body).await;
        assert_eq!((&person["userName"], &person["displayName"], &person["emails"][0]["value"]), (&json!("nora"), &json!("Nora"), &json!("nora@example.com")));
        assert_eq!((&person["name"]["familyName"], &person["externalId"], &person["title"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_ne!(person["id"], json!("my own"));
        assert_eq!(app.texts("select coalesce(password_hash, '') from people where username = 'nora'").await, [""], "a password was kept");
        let reply = send_raw(&mut directory, "PUT", &path, "application/json", &body.to_string()).await;
        assert_eq!((reply.status, reply.header("etag")), (200, "W/\"1\""), "{}", reply.body);
        let least = json!({ "userName": "least", "emails": "least@example.com" });
        assert_eq!(make(&mut directory, &least).await.1["displayName"], json!("least"), "without a name, the username is one");
    }

    async fn u6_scim_what_somebody_has_already_is_told(app) {
        let mut directory = directory(app).await;
        let (path, _) = make(&mut directory, &newcomer("nora")).await;
        make(&mut directory, &newcomer("other")).await;
        let same = |field: &str, value: Value| with(newcomer("third"), &json!({ field: value }));
        for body in [
            same("userName", json!("NORA")), same("emails", json!([{ "value": "Nora@Example.com" }])), same("externalId", json!("id of nora")),
        ] {
            assert_eq!(refused(&send(&mut directory, "POST", PEOPLE, &body).await, 409).0, "uniqueness", "{body}");
        }
        for (field, value) in [("externalId", json!("id of other")), ("emails", json!([{ "value": "other@example.com" }]))] {
            let replaced = with(newcomer("nora"), &json!({ field: value }));
            assert_eq!(refused(&send(&mut directory, "PUT", &path, &replaced).await, 409).0, "uniqueness", "{field}");
            let operation = json!({ "op": "replace", "path": field, "value": value });
            assert_eq!(refused(&patch(&mut directory, &path, operation).await, 409).0, "uniqueness", "{field}");
        }
        // Somebody's own is nobody else's, and of the directory's ids every letter counts.
        assert_eq!(send(&mut directory, "PUT", &path, &newcomer("nora")).await.header("etag"), "W/\"1\"");
        assert_eq!(make(&mut directory, &same("externalId", json!("ID OF NORA"))).await.1["externalId"], json!("ID OF NORA"));
        assert_eq!(app.count("select count(*) from people").await, 4);
    }

    async fn u6_scim_of_two_at_the_same_moment_one_gets_the_id(app) {
        let mut one = directory(app).await;
        let mut other = one.clone();
        let (body, same) = (newcomer("nora"), with(newcomer("other"), &json!({ "externalId": "id of nora" })));
        let (first, second) = tokio::join!(send(&mut one, "POST", PEOPLE, &body), send(&mut other, "POST", PEOPLE, &same));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{} {}", first.body, second.body);
    }

    async fn u6_scim_what_is_wrong_is_refused_and_says_so(app) {
        let mut directory = directory(app).await;
        let (path, before) = make(&mut directory, &newcomer("nora")).await;
        for (fields, words) in [
            (json!({ "userName": "ab" }), "userName: Use at least 3 characters"),
            (json!({ "userName": null }), "userName: Enter a username"),
            (json!({ "userName": "new@example.com" }), "userName: A username has no @"),
            (json!({ "userName": 7 }), "Send userName as a text"),
            (json!({ "emails": [] }), "emails: Please enter"),
            (json!({ "emails": [{ "value": "new@" }] }), "emails: Please enter"),
            (json!({ "emails": [{ "value": 7 }] }), "as a text"),
            (json!({ "emails": 7 }), "as an object"),
            (json!({ "emails": vec!["a@b.cd"; 51] }), "at most 50"),
            (json!({ "name": { "formatted": "x".repeat(201) } }), "displayName: Use at most 200 characters"),
            (json!({ "name": "Nora" }), "Send name as an object"),
            (json!({ "displayName": "a\u{202E}b" }), "cannot be seen"),
            (json!({ "externalId": "x".repeat(257) }), "externalId: Use at most 256 characters"),
            (json!({ "externalId": "a\u{0}b" }), "externalId: Remove"),
            (json!({ "externalId": 7 }), "Send externalId as a text"),
            (json!({ "active": "yes" }), "Send active as true or false"),
            (json!({ "active": 1 }), "Send active as true or false"),
            (json!({ "roles": ["NO_SUCH_ROLE"] }), "roles: Choose each role once"),
            (json!({ "roles": ["nobody's role!"] }), "roles: Choose one of the roles"),
            (json!({ "roles": [{ "display": "x" }] }), "A role needs its code as value"),
            (json!({ "roles": [7] }), "as an object"),
        ] {
            let reply = send(&mut directory, "POST", PEOPLE, &with(newcomer("new"), &fields)).await;
            let (kind, detail) = refused(&reply, 400);
            assert!(kind == "invalidValue" && detail.contains(words), "{fields}: {kind}: {detail}");
            let reply = send(&mut directory, "PUT", &path, &with(newcomer("nora"), &fields)).await;
            assert!(matches!(reply.status, 400 | 200), "{fields}: {}", reply.body);
        }
        assert_eq!(look(&mut directory, &path).await["emails"], before["emails"]);
        assert_eq!(app.count("select count(*) from people").await, 2);
    }

    async fn u6_scim_bodies_that_cannot_be_read_are_refused(app) {
        let mut directory = directory(app).await;
        let (path, _) = make(&mut directory, &newcomer("nora")).await;
        let deep = format!(r#"{{"userName":{}"#, "[".repeat(100_000));
        let wide = json!((0..201).map(|number| (format!("a{number}"), json!(1))).collect::<serde_json::Map<_, _>>()).to_string();
        for (method, path) in [("POST", PEOPLE), ("PUT", &path), ("PATCH", &path), ("POST", "/scim/v2/Users/.search")] {
            for body in ["", "null", "[]", "\"text\"", "{", "{}{}", "{\"userName\":\"a\",\"USERNAME\":\"b\"}", &deep, &wide] {
                let shown: String = body.chars().take(40).collect();
                let reply = send_raw(&mut directory, method, path, "application/scim+json", body).await;
                assert_eq!(refused(&reply, 400).0, "invalidSyntax", "{method} {shown}");
            }
            for kind in ["text/plain", "application/x-www-form-urlencoded", "application/scim", ""] {
                refused(&send_raw(&mut directory, method, path, kind, "{}").await, 415);
            }
            for length in [300 << 10, 2 << 20] {
                let reply = send(&mut directory, method, path, &json!({ "userName": "x".repeat(length) })).await;
                refused(&reply, 413);
            }
        }
        assert_eq!(app.count("select count(*) from people").await, 2);
    }

    async fn u6_scim_put_brings_somebody_in_line(app) {
        let mut directory = directory(app).await;
        let (path, _) = make(&mut directory, &newcomer("nora")).await;
        let body = json!({
            "schemas": [USER], "userName": "NORA", "name": { "givenName": "Nora", "familyName": "Holm" },
            "emails": [{ "value": "holm@example.com", "primary": true }, { "value": "nora@example.com", "type": "work" }], "roles": [{ "value": "STAFF" }, { "value": "pin", "primary": "True" }],
        });
        let reply = send(&mut directory, "PUT", &path, &body).await;
        assert_eq!((reply.status, reply.header("etag")), (200, "W/\"2\""), "{}", reply.body);
        let person = reply.json();
        assert_eq!((&person["displayName"], &person["emails"][0]["value"]), (&json!("Nora Holm"), &json!("holm@example.com")));
        assert_eq!(person["roles"].as_array().unwrap().iter().map(|role| &role["value"]).collect::<Vec<_>>(), [&json!("PIN"), &json!("STAFF")]);
        assert!(person["externalId"].is_null(), "it was left out");
        let changes = details(app, "person.updated").await["changes"].clone();
        assert_eq!((&changes["external_id"]["before"], &changes["external_id"]["after"]), (&json!("id of nora"), &Value::Null));
        assert_eq!(changes["full_name"]["after"], json!("Nora Holm"));
        let entries = app.count("select count(*) from audit").await;
        // What is so already is written nowhere: directories say it again and again.
        for again in [body, json!({ "userName": "nora" }), json!({ "userName": "nora", "roles": ["STAFF", "PIN"], "active": "True" })] {
            assert_eq!(send(&mut directory, "PUT", &path, &again).await.header("etag"), "W/\"2\"", "{again}");
        }
        assert_eq!(app.count("select count(*) from audit").await, entries);
    }

    async fn u6_scim_a_username_stays(app) {
        let mut directory = directory(app).await;
        let (path, _) = make(&mut directory, &newcomer("nora")).await;
        for name in ["another", "no", "a@b.cd"] {
            let replaced = with(newcomer("nora"), &json!({ "userName": name }));
            assert_eq!(refused(&send(&mut directory, "PUT", &path, &replaced).await, 400).0, "mutability");
            let operation = json!({ "op": "replace", "path": "userName", "value": name });
            assert_eq!(refused(&patch(&mut directory, &path, operation).await, 400).0, "mutability");
        }
        assert_eq!(look(&mut directory, &path).await["meta"]["version"], json!("W/\"1\""));
    }

    async fn u6_scim_whom_a_directory_lets_go_is_suspended_and_can_come_back(app) {
        let mut directory = directory(app).await;
        let nora = app.add("nora", "Nora Quist", &["STAFF"]).await;
        let mut her = app.client_of("nora").await;
        let path = format!("{PEOPLE}/{nora}");
        let reply = directory.delete(&path).await;
        assert_eq!((reply.status, &*reply.body), (204, ""));
        assert_eq!(her.get("/api/v1/auth/me").await.status, 401, "she is signed in still");
        assert!(letter(app, "account_suspended", "nora@example.com").await.is_some());
        let person = look(&mut directory, &path).await;
        assert_eq!((&person["active"], &person["meta"]["version"]), (&json!(false), &json!("W/\"2\"")));
        assert_eq!(directory.delete(&path).await.status, 204, "twice is no mistake");
        assert_eq!(app.count("select count(*) from audit where action = 'person.suspended'").await, 1);
        let found = look(&mut directory, &format!("{PEOPLE}?filter=userName%20eq%20%22nora%22")).await;
        assert_eq!(found["Resources"][0]["id"], json!(nora.to_string()), "a directory that looks for her finds her");
        assert_eq!(refused(&send(&mut directory, "POST", PEOPLE, &newcomer("nora")).await, 409).0, "uniqueness");
        let reply = patch(&mut directory, &path, json!({ "op": "replace", "value": { "active": true } })).await;
        assert_eq!(reply.json()["active"], json!(true), "{}", reply.body);
        assert_eq!(log_in(app, "nora", PASSWORD).await.status, 200);
    }

    async fn u6_scim_nobody_is_where_nobody_is(app) {
        let mut directory = directory(app).await;
        for id in ["00000000-0000-0000-0000-000000000000", "not-an-id", "%00", "%FF", "'%20or%201=1", "1", ".."] {
            let path = format!("{PEOPLE}/{id}");
            refused(&directory.get(&path).await, 404);
            refused(&directory.delete(&path).await, 404);
            refused(&send(&mut directory, "PUT", &path, &newcomer("nora")).await, 404);
            refused(&patch(&mut directory, &path, json!({ "op": "replace", "path": "active", "value": false })).await, 404);
        }
        for path in ["/scim/v2/Groups", "/scim/v2/", "/scim/v1/Users", "/scim/v2/Users/a/b", "/scim/v2/Me", "/scim/v2/Bulk"] {
            refused(&directory.get(path).await, 404);
        }
    }

    async fn u6_scim_a_version_keeps_two_hands_apart(app) {
        let mut directory = directory(app).await;
        let (path, _) = make(&mut directory, &newcomer("nora")).await;
        let operation = |name: &str| json!([{ "op": "replace", "path": "displayName", "value": name }]);
        directory.headers = vec![("if-none-match".into(), "W/\"1\"".into())];
        let unchanged = directory.get(&path).await;
        assert_eq!((unchanged.status, unchanged.header("etag"), &*unchanged.body), (304, "W/\"1\"", ""));
        directory.headers = vec![("if-match".into(), "W/\"1\"".into())];
        assert_eq!(patch(&mut directory, &path, operation("One")).await.header("etag"), "W/\"2\"");
        refused(&patch(&mut directory, &path, operation("Two")).await, 412);
        refused(&send(&mut directory, "PUT", &path, &newcomer("nora")).await, 412);
        refused(&directory.delete(&path).await, 412);
        directory.headers = vec![("if-match".into(), "\"2\"".into())];
        assert_eq!(directory.delete(&path).await.status, 204);
        refused(&directory.delete(&path).await, 412);
        directory.headers = vec![("if-match".into(), "*".into())];
        assert_eq!(directory.delete(&path).await.status, 204);
        assert_eq!(look(&mut directory, &path).await["displayName"], json!("One"));
    }

    async fn u6_scim_changes_at_the_same_moment_all_come_to_pass(app) {
        let mut one = directory(app).await;
        let (path, _) = make(&mut one, &newcomer("nora")).await;
        let mut other = one.clone();
        let (first, second) = tokio::join!(
            patch(&mut one, &path, json!({ "op": "replace", "path": "displayName", "value": "Nora Holm" })),
            patch(&mut other, &path, json!({ "op": "replace", "path": "externalId", "value": "another" })),
        );
        assert_eq!((first.status, second.status), (200, 200), "{} {}", first.body, second.body);
        let person = look(&mut one, &path).await;
        assert_eq!((&person["displayName"], &person["externalId"], &person["meta"]["version"]), (&json!("Nora Holm"), &json!("another"), &json!("W/\"3\"")));
    }

    async fn u6_scim_whoever_may_not_come_in_yet_gets_no_letter(app) {
        let mut directory = directory(app).await;
        let (path, person) = make(&mut directory, &with(newcomer("nora"), &json!({ "active": "False" }))).await;
        assert_eq!(person["active"], json!(false));
        assert_eq!(app.count("select count(*) from outbox where payload like '%nora@example.com%'").await, 0);
        assert_eq!(details(app, "person.created").await["changes"]["status"]["after"], json!("suspended"));
        let reply = patch(&mut directory, &path, json!({ "op": "Replace", "path": "active", "value": "True" })).await;
        assert_eq!(reply.json()["active"], json!(true));
        assert!(letter(app, "account_restored", "nora@example.com").await.is_some());
    }

    async fn u6_scim_an_answer_has_the_attributes_that_were_asked_for(app) {
        let mut directory = directory(app).await;
        let (path, _) = make(&mut directory, &newcomer("nora")).await;
        let person = look(&mut directory, &format!("{path}?attributes=userName,{USER}:emails.value")).await;
        let id = path.rsplit('/').next().unwrap();
        assert_eq!(person, json!({ "schemas": [USER], "id": id, "userName": "nora", "emails": [{ "value": "nora@example.com" }] }));
        let listed = look(&mut directory, &format!("{PEOPLE}?excludedAttributes=emails,roles,meta,name&count=1")).await;
        let mut names: Vec<&String> = listed["Resources"][0].as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["active", "displayName", "id", "schemas", "userName"]);
        assert_eq!(refused(&directory.get(&format!("{path}?attributes=a%20b")).await, 400).0, "invalidValue");
    }
}

mod where_people_come_in_through_a_provider {
    use super::*;

    server::both_engines! { routes, |config: &mut server::config::Config| {
            config.scim.newcomers = Newcomers::Active;
            config.scim.role = "STAFF".into();
            config.registration.mode = RegistrationMode::Closed;
        };
        async fn u6_scim_nobody_is_invited_there(app) {
            let mut directory = directory(app).await;
            let (path, person) = make(&mut directory, &newcomer("nora")).await;
            assert_eq!(person["roles"][0]["value"], json!("STAFF"));
            let mut root = app.client_of("root").await;
            assert_eq!(root.get(&path.replace(PEOPLE, USERS)).await.json()["status"], json!("active"));
            assert!(letter(app, "invitation", "nora@example.com").await.is_none());
            assert_eq!(log_in(app, "nora", "").await.status, 422);
            assert_eq!(log_in(app, "nora", PASSWORD).await.status, 401);
            let above = with(newcomer("above"), &json!({ "roles": ["SUPER_ADMIN"] }));
            refused(&send(&mut directory, "POST", PEOPLE, &above).await, 403);
        }
    }
}

mod where_nobody_is_invited {
    use super::*;

    server::both_engines! { routes, |config: &mut server::config::Config| config.registration.mode = RegistrationMode::Closed;
        async fn u6_scim_that_is_said(app) {
            let mut directory = directory(app).await;
            let reply = send(&mut directory, "POST", PEOPLE, &newcomer("nora")).await;
            assert!(refused(&reply, 403).1.contains("registration.mode"));
        }
    }
}

mod where_it_is_turned_off {
    use super::*;

    server::both_engines! { routes, |config: &mut server::config::Config| config.scim.enabled = false;
        async fn u6_scim_there_is_nothing(app) {
            let mut directory = directory(app).await;
            for path in [PEOPLE, "/scim/v2/ServiceProviderConfig"] {
                assert!(refused(&directory.get(path).await, 404).1.contains("scim.enabled"));
            }
            refused(&send(&mut directory, "POST", PEOPLE, &newcomer("nora")).await, 404);
        }
    }
}

mod where_little_is_allowed {
    use super::*;

    server::both_engines! { routes, |config: &mut server::config::Config| config.limits = Limits { scim_per_minute: 2, ..config.limits };
        async fn u6_scim_one_request_too_many_is_told_when_to_come_back(app) {
            let mut directory = directory(app).await;
            look(&mut directory, PEOPLE).await;
            let last = directory.get(PEOPLE).await;
            assert_eq!((last.header("ratelimit-limit"), last.header("ratelimit-remaining")), ("2", "0"));
            let reply = directory.get(PEOPLE).await;
            refused(&reply, 429);
            assert_eq!((reply.header("retry-after"), reply.header("ratelimit-remaining")), ("60", "0"));
        }
    }
}
