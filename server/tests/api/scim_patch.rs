//! U-6: PATCH as Entra ID, Okta and others send it, one operation after the other.

use crate::{
    scim_support::{PEOPLE, directory, key_of, look, make, newcomer, patch, refused, send},
    support::routes,
};
use serde_json::{Value, json};
use server::testing::TestApp;

/// The codes of somebody's roles, the usual one first.
fn roles(person: &Value) -> String {
    let codes = person["roles"].as_array().unwrap().iter().map(|role| role["value"].as_str().unwrap());
    codes.collect::<Vec<_>>().join(" ")
}

server::both_engines! { routes;
    async fn u6_scim_patches_as_entra_id_sends_them(app) {
        let mut directory = directory(app).await;
        let (path, _) = make(&mut directory, &newcomer("nora")).await;
        let reply = patch(&mut directory, &path, json!([
            { "op": "Replace", "path": "displayName", "value": "Nora Holm" },
            { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "Nora.Holm@example.com" },
            { "op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "Tours" },
            { "op": "Add", "path": "addresses[type eq \"work\"].locality", "value": "Oslo" },
            { "op": "Add", "path": "title", "value": "Guide" },
            { "op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+47" },
        ])).await;
        let person = reply.json();
        assert_eq!((reply.status, reply.header("etag")), (200, "W/\"2\""), "{}", reply.body);
        assert_eq!((&person["displayName"], &person["emails"][0]["value"]), (&json!("Nora Holm"), &json!("nora.holm@example.com")));
        for (active, expected) in [("False", false), ("True", true)] {
            let person = patch(&mut directory, &path, json!({ "op": "Replace", "path": "active", "value": active })).await.json();
            assert_eq!(person["active"], json!(expected));
        }
        let parts = json!([{ "op": "Replace", "path": "name.givenName", "value": "Eleonora" }, { "op": "Replace", "path": "name.familyName", "value": "van Holm" }]);
        assert_eq!(patch(&mut directory, &path, parts).await.json()["displayName"], json!("Eleonora van Holm"));
        let legacy = json!({ "op": "Add", "value": {
            "name.familyName": "Berg", "emails[type eq \"work\"].value": "berg@example.com", "urn:ietf:params:scim:schemas:core:2.0:User:externalId": "new",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager": { "value": "x" },
        } });
        let person = patch(&mut directory, &path, legacy).await.json();
        assert_eq!((&person["displayName"], &person["externalId"], &person["emails"][0]["value"]), (&json!("Eleonora van Berg"), &json!("new"), &json!("berg@example.com")));
        let role = json!({ "op": "Add", "path": "roles[primary eq \"True\"].value", "value": "STAFF" });
        assert_eq!(roles(&patch(&mut directory, &path, role).await.json()), "STAFF");
        let complex = json!({ "op": "Add", "path": "roles", "value": [{ "primary": false, "type": "WindowsAzureActiveDirectoryRole", "display": "Pin", "value": "PIN" }] });
        assert_eq!(roles(&patch(&mut directory, &path, complex).await.json()), "STAFF PIN");
    }

    async fn u6_scim_patches_as_okta_sends_them(app) {
        let mut directory = directory(app).await;
        let (path, _) = make(&mut directory, &newcomer("nora")).await;
        let reply = patch(&mut directory, &path, json!({ "op": "replace", "value": { "active": false } })).await;
        assert_eq!((reply.status, &reply.json()["active"]), (200, &json!(false)));
        let id = path.rsplit('/').next().unwrap();
        let whole = json!({ "op": "replace", "value": { "id": id, "active": true, "name": { "givenName": "Nora", "familyName": "Holm" }, "schemas": [], "meta": {} } });
        let person = patch(&mut directory, &path, whole).await.json();
        assert_eq!((&person["active"], &person["displayName"]), (&json!(true), &json!("Nora Holm")));
        // A whole resource, as it was got, with something new.
        let mut person = look(&mut directory, &path).await;
        person["displayName"] = json!("Nora Berg");
        person["name"] = json!({ "givenName": "Nora", "familyName": "Berg", "formatted": "Nora Berg" });
        let reply = send(&mut directory, "PUT", &path, &person).await;
        assert_eq!((reply.status, &reply.json()["displayName"]), (200, &json!("Nora Berg")), "{}", reply.body);
    }

    async fn u6_scim_what_is_added_replaced_and_removed(app) {
        let mut directory = directory(app).await;
        let (path, _) = make(&mut directory, &newcomer("nora")).await;
        for (operations, field, expected) in [
            (json!({ "op": "REMOVE", "path": "externalId" }), "/externalId", Value::Null),
            (json!({ "op": "add", "path": "externalId", "value": "x" }), "/externalId", json!("x")),
            (json!({ "op": "replace", "path": "externalId", "value": null }), "/externalId", Value::Null),
            (json!({ "op": "add", "value": { "externalId": "y", "displayName": "A B" } }), "/externalId", json!("y")),
            (json!({ "op": "replace", "value": { "externalId": null } }), "/externalId", Value::Null),
            (json!({ "op": "replace", "path": "name.formatted", "value": "C D" }), "/displayName", json!("C D")),
            (json!({ "op": "add", "path": "name", "value": { "formatted": "E F", "middleName": "x" } }), "/displayName", json!("E F")),
            (json!({ "op": "remove", "path": "name.givenName" }), "/displayName", json!("E F")),
            (json!({ "op": "remove", "path": "name.middleName" }), "/displayName", json!("E F")),
            (json!([{ "op": "add", "path": "displayName", "value": "One" }, { "op": "add", "path": "displayName", "value": "Two" }]), "/displayName", json!("Two")),
            (json!({ "op": "replace", "path": "emails", "value": [{ "value": "a@example.com" }] }), "/emails/0/value", json!("a@example.com")),
            (json!({ "op": "add", "path": "emails", "value": [{ "value": "home@example.com", "type": "home" }] }), "/emails/0/value", json!("a@example.com")),
            (json!({ "op": "add", "path": "emails", "value": [{ "value": "b@example.com", "type": "home", "primary": true }] }), "/emails/0/value", json!("b@example.com")),
            (json!({ "op": "add", "path": "emails[type eq \"home\"].value", "value": "c@example.com" }), "/emails/0/value", json!("b@example.com")),
            (json!({ "op": "remove", "path": "emails[type eq \"home\"]" }), "/emails/0/value", json!("b@example.com")),
            (json!({ "op": "remove", "path": "emails", "value": [{ "value": "other@example.com" }] }), "/emails/0/value", json!("b@example.com")),
            (
                json!([{ "op": "remove", "path": "emails" }, { "op": "add", "path": "emails", "value": { "value": "d@example.com", "type": "work" } }]),
                "/emails/0/value", json!("d@example.com"),
            ),
            (json!({ "op": "replace", "path": "emails[value eq \"D@example.com\"].value", "value": "e@example.com" }), "/emails/0/value", json!("e@example.com")),
            (json!({ "op": "replace", "path": "emails.value", "value": "f@example.com" }), "/emails/0/value", json!("f@example.com")),
            (json!({ "op": "replace", "path": "emails[type eq \"work\"].display", "value": "x" }), "/emails/0/value", json!("f@example.com")),
        ] {
            let reply = patch(&mut directory, &path, operations.clone()).await;
            assert_eq!(reply.status, 200, "{operations}: {}", reply.body);
            assert_eq!(*reply.json().pointer(field).unwrap_or(&Value::Null), expected, "{operations}");
        }
    }

    async fn u6_scim_roles_are_given_and_taken(app) {
        let mut directory = directory(app).await;
        let (path, _) = make(&mut directory, &newcomer("nora")).await;
        for (operations, expected) in [
            (json!({ "op": "add", "path": "roles", "value": "staff" }), "CUSTOMER STAFF"),
            (json!({ "op": "add", "path": "roles", "value": [{ "value": "STAFF" }, { "value": "PIN" }] }), "CUSTOMER STAFF PIN"),
            (json!({ "op": "add", "path": "roles", "value": [{ "value": "PIN", "primary": true }] }), "PIN CUSTOMER STAFF"),
            (json!({ "op": "remove", "path": "roles[value eq \"customer\"]" }), "PIN STAFF"),
            (json!({ "op": "remove", "path": "roles[value eq \"ADMIN\"]" }), "PIN STAFF"),
            (json!({ "op": "replace", "path": "roles[value eq \"PIN\"].value", "value": "CSR_REP" }), "CSR_REP STAFF"),
            (json!({ "op": "remove", "path": "roles", "value": [{ "value": "STAFF" }] }), "CSR_REP"),
            (json!({ "op": "replace", "path": "roles", "value": ["STAFF", "STAFF", "PIN"] }), "STAFF PIN"),
            (json!({ "op": "replace", "path": "roles", "value": ["PIN", "STAFF"] }), "STAFF PIN"),
            (json!({ "op": "replace", "path": "roles", "value": [{ "value": "STAFF" }, { "value": "PIN", "primary": "true" }] }), "PIN STAFF"),
            (json!([{ "op": "remove", "path": "roles" }, { "op": "add", "path": "roles", "value": "STAFF" }]), "STAFF"),
            (json!({ "op": "remove", "path": "roles" }), "CUSTOMER"),
            (json!({ "op": "replace", "path": "roles", "value": [] }), "CUSTOMER"),
        ] {
            let reply = patch(&mut directory, &path, operations.clone()).await;
            assert_eq!(reply.status, 200, "{operations}: {}", reply.body);
            assert_eq!(roles(&reply.json()), expected, "{operations}");
        }
    }

    async fn u6_scim_operations_that_cannot_be_done_change_nothing(app) {
        let mut directory = directory(app).await;
        let (path, before) = make(&mut directory, &newcomer("nora")).await;
        let first = json!({ "op": "replace", "path": "displayName", "value": "Changed" });
        for (operation, kind) in [
            (json!({ "path": "active", "value": false }), "invalidSyntax"),
            (json!({ "op": "delete", "path": "active" }), "invalidSyntax"),
            (json!({ "op": 7, "path": "active" }), "invalidValue"),
            (json!("replace"), "invalidValue"),
            (json!({ "op": "replace", "path": "emails[", "value": "x" }), "invalidPath"),
            (json!({ "op": "replace", "path": "a b", "value": "x" }), "invalidPath"),
            (json!({ "op": "replace", "path": 7, "value": "x" }), "invalidValue"),
            (json!({ "op": "replace", "value": { "a b": 1 } }), "invalidPath"),
            (json!({ "op": "replace", "value": "x" }), "invalidValue"),
            (json!({ "op": "replace" }), "invalidValue"),
            (json!({ "op": "remove" }), "noTarget"),
            (json!({ "op": "replace", "path": "emails[type eq \"home\"].value", "value": "x@example.com" }), "noTarget"),
            (json!({ "op": "replace", "path": "roles[value eq \"STAFF\"].value", "value": "PIN" }), "noTarget"),
            (json!({ "op": "replace", "path": "id", "value": "x" }), "mutability"),
            (json!({ "op": "replace", "path": "meta.created", "value": "x" }), "mutability"),
            (json!({ "op": "add", "path": "groups", "value": [] }), "mutability"),
            (json!({ "op": "replace", "path": "userName", "value": "other" }), "mutability"),
            (json!({ "op": "remove", "path": "userName" }), "mutability"),
            (json!({ "op": "remove", "path": "active" }), "mutability"),
            (json!({ "op": "remove", "path": "displayName" }), "mutability"),
            (json!({ "op": "remove", "path": "name" }), "mutability"),
            (json!({ "op": "remove", "path": "emails" }), "mutability"),
            (json!({ "op": "remove", "path": "emails[type eq \"work\"].value" }), "mutability"),
            (json!({ "op": "replace", "path": "active", "value": "maybe" }), "invalidValue"),
            (json!({ "op": "replace", "path": "active", "value": [true] }), "invalidValue"),
            (json!({ "op": "replace", "path": "displayName", "value": { "x": 1 } }), "invalidValue"),
            (json!({ "op": "replace", "path": "emails", "value": "nobody" }), "invalidValue"),
            (json!({ "op": "add", "path": "roles", "value": "NO_SUCH_ROLE" }), "invalidValue"),
            (json!({ "op": "add", "path": "roles", "value": vec!["STAFF"; 51] }), "invalidValue"),
        ] {
            let reply = patch(&mut directory, &path, json!([first, operation])).await;
            assert_eq!(refused(&reply, 400).0, kind, "{operation}");
        }
        for operations in [json!(vec![first.clone(); 101]), json!([])] {
            assert_eq!(refused(&patch(&mut directory, &path, operations).await, 400).0, "invalidValue");
        }
        assert_eq!(refused(&send(&mut directory, "PATCH", &path, &json!({ "op": "add" })).await, 400).0, "invalidSyntax");
        assert_eq!(look(&mut directory, &path).await, before);
        let hundred = json!(vec![first; 100]);
        assert_eq!(patch(&mut directory, &path, hundred).await.status, 200);
    }

    async fn u6_scim_somebody_who_manages_accounts_is_always_left(app) {
        let mut directory = directory(app).await;
        let root = look(&mut directory, &format!("{PEOPLE}?filter=userName%20eq%20%22root%22")).await["Resources"][0]["id"].clone();
        let path = format!("{PEOPLE}/{}", root.as_str().unwrap());
        let (kind, words) = refused(&patch(&mut directory, &path, json!({ "op": "replace", "path": "roles", "value": "CUSTOMER" })).await, 409);
        assert!(kind.is_empty() && words.starts_with("Nobody could manage accounts"), "{kind}: {words}");
        for reply in [patch(&mut directory, &path, json!({ "op": "replace", "path": "active", "value": false })).await, directory.delete(&path).await] {
            assert!(refused(&reply, 403).1.contains("your own account"));
        }
        app.add("second", "Second Admin", &["USER_ADMIN"]).await;
        let lost = patch(&mut directory, &path, json!({ "op": "replace", "path": "roles", "value": "CUSTOMER" })).await;
        // The key went with the role that it acted in, before the answer was put together.
        assert_eq!(lost.status, 200, "{}", lost.body);
        refused(&directory.get(&path).await, 401);
    }

    async fn u6_scim_a_directory_reaches_nobody_above_its_key(app) {
        let mut directory = directory(app).await;
        let above = app.add("above", "Super Admin", &["SUPER_ADMIN"]).await;
        let (path, _) = make(&mut directory, &newcomer("nora")).await;
        refused(&patch(&mut directory, &path, json!({ "op": "add", "path": "roles", "value": "SUPER_ADMIN" })).await, 403);
        let their = format!("{PEOPLE}/{above}");
        for operation in [
            json!({ "op": "replace", "path": "emails.value", "value": "mine@example.com" }), json!({ "op": "replace", "path": "active", "value": false }),
            json!({ "op": "replace", "path": "externalId", "value": "x" }),
        ] {
            refused(&patch(&mut directory, &their, operation).await, 403);
        }
        refused(&directory.delete(&their).await, 403);
        // Its scopes bound a key, whatever its owner may do.
        app.add("chief", "Chief Admin", &["SUPER_ADMIN"]).await;
        let mut narrow = key_of(app, "chief", &["users.view", "users.manage"]).await;
        refused(&patch(&mut narrow, &path, json!({ "op": "add", "path": "roles", "value": "SUPER_ADMIN" })).await, 403);
        refused(&narrow.delete(&their).await, 403);
        assert_eq!(untouched(app).await, ["above@example.com active"]);
    }
}

async fn untouched(app: &TestApp) -> Vec<String> {
    app.texts("select email || ' ' || status from people where username = 'above'").await
}
