//! Roles: what each may do is changed by Super Admins alone, acts at once on everybody it reaches, and never leaves an
//! installation without somebody who can manage accounts.

use crate::link_support::{letter, letters};
use crate::support::{LOGIN, ME, USERS, log_in, log_in_as, problem, routes, wrong_field};
use domain::{Permission, RoleCode, role::built_in};
use futures::future::join_all;
use serde_json::{Value, json};
use server::{
    Origin,
    permit::{ManageRole, Operator, Permit},
    roles::RoleForm,
    testing::{Agent, PASSWORD, TestApp},
};
use std::time::Duration;

const ROLES: &str = "/api/v1/roles";
const KEYS: &str = "/api/v1/account/api-keys";
const QUARTER: Duration = Duration::from_secs(15 * 60);

fn codes(role: &str, without: &[&str], with: &[&str]) -> Vec<String> {
    let held = built_in(role).unwrap().permissions.iter().map(|permission| permission.code());
    held.filter(|code| !without.contains(code)).chain(with.iter().copied()).map(str::to_owned).collect()
}

async fn role(client: &mut Agent, code: &str) -> Value {
    let reply = client.get(&format!("{ROLES}/{code}")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

/// Gives the role these permissions and leaves the rest of it as it is.
async fn permit(client: &mut Agent, code: &str, permissions: &[String]) -> server::testing::Reply {
    let now = role(client, code).await["role"].clone();
    let body = json!({ "name": now["name"], "dashboard": now["dashboard"], "version": now["version"], "permissions": permissions });
    client.send_json("PUT", &format!("{ROLES}/{code}"), &body).await
}

async fn root(app: &TestApp) -> Agent {
    app.add("root", "Root Admin", &["SUPER_ADMIN"]).await;
    app.client_of("root").await
}

fn by_hand(code: &str) -> Permit<ManageRole> {
    Operator::of_this_machine().permit(RoleCode::parse(code).unwrap())
}

fn form(role: &str, without: &[&str]) -> RoleForm {
    let known = built_in(role).unwrap();
    RoleForm {
        name: known.name.into(),
        dashboard: known.dashboard.code().into(),
        permissions: codes(role, without, &[]),
    }
}

server::both_engines! { routes;
    async fn r4_what_a_role_may_do_acts_on_the_next_request(app) {
        let mut root = root(app).await;
        app.add("sofia", "Sofia Marchetti", &["STAFF"]).await;
        let mut sofia = app.client_of("sofia").await;
        let key = sofia.post_json(KEYS, &json!({ "name": "Test", "scopes": ["products.view", "users.view_own"] })).await.json();
        let mut program = app.anyone();
        program.bearer = key["key"].as_str().map(str::to_owned);
        assert_eq!(sofia.get(USERS).await.status, 403);

        let reply = permit(&mut root, "STAFF", &codes("STAFF", &["products.view", "chat.use"], &["users.view"])).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(reply.json()["role"]["version"], 2);
        assert_eq!(sofia.get(USERS).await.status, 200, "the session that is open does not know of it");
        assert_eq!(program.get(USERS).await.status, 403, "a key got more than it was made with");
        assert_eq!(program.get(ME).await.json()["permissions"], json!(["users.view_own"]), "the key kept what the role lost");

        // What happens at one moment has no order in the trail.
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(permit(&mut root, "STAFF", &codes("STAFF", &[], &[])).await.status, 200);
        assert_eq!(sofia.get(USERS).await.status, 403);
        assert_eq!(program.get(ME).await.json()["permissions"], json!(["users.view_own", "products.view"]));

        let told = app.texts("select details from audit where action = 'role.changed' order by at, id").await;
        let told: Vec<Value> = told.iter().map(|details| serde_json::from_str(details).unwrap()).collect();
        assert_eq!(told[0], json!({ "name": "Staff", "changes": {
            "users.view": { "before": false, "after": true },
            "products.view": { "before": true, "after": false },
            "chat.use": { "before": true, "after": false },
        }}));
        assert_eq!(app.count("select count(*) from audit where subject_kind = 'role' and subject_id = 'STAFF' and actor_id is not null").await, 2);
    }

    async fn r4_super_admins_have_everything_and_only_they_change_roles(app) {
        let mut root = root(app).await;
        let every: Vec<String> = Permission::ALL.iter().map(|one| one.code().to_owned()).collect();
        let words = wrong_field(&permit(&mut root, "SUPER_ADMIN", &every[1..]).await, "permissions");
        assert!(words.starts_with("Super Admins have every permission"), "{words}");
        let words = wrong_field(&permit(&mut root, "ADMIN", &codes("ADMIN", &[], &["roles.manage"])).await, "permissions");
        assert!(words.starts_with("Only Super Admins change what roles may do"), "{words}");
        assert_eq!(wrong_field(&permit(&mut root, "ADMIN", &[]).await, "permissions"), "Choose at least one permission");
        assert_eq!(wrong_field(&permit(&mut root, "ADMIN", &["users.everything".into()]).await, "permissions"), "Choose permissions from the list");
        app.add("ada", "Ada Ng", &["ADMIN"]).await;
        let mut ada = app.client_of("ada").await;
        assert_eq!(ada.get(ROLES).await.status, 200, "whoever gives people roles may see them");
        assert_eq!(problem(&permit(&mut ada, "STAFF", &codes("STAFF", &[], &["users.manage"])).await, 403).0, "forbidden");
        assert_eq!(ada.post_json(ROLES, &json!({ "code": "MINE", "name": "Mine", "permissions": ["users.manage"] })).await.status, 403);
        assert_eq!(ada.delete(&format!("{ROLES}/STAFF")).await.status, 403);
        assert_eq!(app.count("select count(*) from audit where action like 'role.%'").await, 0);
    }

    async fn r4_a_newer_program_gives_super_admins_its_permissions_and_nobody_else(app) {
        let mut root = root(app).await;
        assert_eq!(permit(&mut root, "ADMIN", &codes("ADMIN", &["audit.view"], &[])).await.status, 200);
        app.change("delete from role_permissions where permission in ('settings.update', 'chat.use', 'audit.view')").await;
        app.backend.roles.add_built_in().await.unwrap();
        assert_eq!(app.count("select count(*) from role_permissions where role_code = 'SUPER_ADMIN'").await, i64::try_from(Permission::ALL.len()).unwrap());
        assert_eq!(app.count("select count(*) from role_permissions where permission in ('settings.update', 'chat.use', 'audit.view')").await, 3);
    }

    async fn r4_the_second_of_two_editors_is_shown_the_role_as_it_is(app) {
        let mut root = root(app).await;
        let seen = role(&mut root, "STAFF").await["role"].clone();
        let body = |name: &str| json!({ "name": name, "dashboard": "member", "permissions": seen["permissions"], "version": seen["version"] });
        assert_eq!(root.send_json("PUT", &format!("{ROLES}/STAFF"), &body("Crew")).await.status, 200);
        let late = root.send_json("PUT", &format!("{ROLES}/STAFF"), &body("Hands")).await;
        let (code, words) = problem(&late, 409);
        assert_eq!(code, "conflict");
        assert!(words.starts_with("This role was changed in the meantime"), "{words}");
        assert_eq!((&late.json()["current"]["name"], &late.json()["current"]["version"]), (&json!("Crew"), &json!(2)));
        let same = json!({ "name": "Crew", "dashboard": "member", "permissions": seen["permissions"], "version": 2 });
        assert_eq!(problem(&root.send_json("PUT", &format!("{ROLES}/STAFF"), &same).await, 400).1, "No fields to update");
        let at_once = join_all((0..6).map(|number| {
            let (mut root, body) = (root.clone(), json!({ "name": format!("Name {number}"), "dashboard": "member", "permissions": seen["permissions"], "version": 2 }));
            async move { root.send_json("PUT", &format!("{ROLES}/STAFF"), &body).await.status }
        })).await;
        assert_eq!(at_once.iter().filter(|status| **status == 200).count(), 1, "{at_once:?}");
        assert_eq!(at_once.iter().filter(|status| **status == 409).count(), 5, "{at_once:?}");
    }

    async fn r4_the_last_who_can_manage_accounts_is_not_locked_out(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("bob", "Bob Ray", &["PIN"]).await;
        let taken = app.backend.roles.change(&by_hand("USER_ADMIN"), &form("USER_ADMIN", &["users.manage"]), 1, &Origin::operator()).await;
        let told = taken.unwrap_err().told();
        assert_eq!(told.status, 409);
        assert!(told.message.starts_with("Nobody could manage accounts after this"), "{}", told.message);
        assert_eq!(app.client_of("alice").await.get(USERS).await.status, 200);
        app.add("carl", "Carl Stone", &["ADMIN"]).await;
        app.backend.roles.change(&by_hand("USER_ADMIN"), &form("USER_ADMIN", &["users.manage"]), 1, &Origin::operator()).await.unwrap();
    }

    async fn r4_of_two_at_once_one_leaves_somebody_who_manages(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("carl", "Carl Stone", &["ADMIN"]).await;
        let take = |code: &'static str, version: i64| async move {
            app.backend.roles.change(&by_hand(code), &form(code, &["users.manage"]), version, &Origin::operator()).await
        };
        let give = |code: &'static str, version: i64| async move {
            app.backend.roles.change(&by_hand(code), &form(code, &[]), version, &Origin::operator()).await
        };
        let version = |code: &'static str| async move { app.count(&format!("select version from roles where code = '{code}'")).await };
        for _ in 0..8 {
            let (one, other) = (version("USER_ADMIN").await, version("ADMIN").await);
            let (first, second) = tokio::join!(take("USER_ADMIN", one), take("ADMIN", other));
            assert_eq!([&first, &second].iter().filter(|outcome| outcome.is_ok()).count(), 1, "{first:?} {second:?}");
            if first.is_ok() { give("USER_ADMIN", one + 1).await.unwrap() } else { give("ADMIN", other + 1).await.unwrap() }
        }
    }

    async fn r4_own_roles_are_made_copied_renamed_and_deleted(app) {
        let mut root = root(app).await;
        let made = root.post_json(ROLES, &json!({ "code": "case_worker", "name": " Case  worker ", "copy_of": "STAFF" })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let made = made.json()["role"].clone();
        assert_eq!((&made["code"], &made["name"], &made["built_in"]), (&json!("CASE_WORKER"), &json!("Case worker"), &json!(false)));
        assert_eq!((&made["dashboard"], &made["permissions"]), (&json!("product_manager"), &role(&mut root, "STAFF").await["role"]["permissions"]));
        assert_eq!(problem(&root.post_json(ROLES, &json!({ "code": "CASE_WORKER", "name": "x", "permissions": ["chat.use"] })).await, 409).1, "A role with this code exists already");
        for (body, field) in [
            (json!({ "code": "1ST", "name": "x", "permissions": ["chat.use"] }), "code"),
            (json!({ "code": "NEW_ONE", "name": "a;b", "permissions": ["chat.use"] }), "name"),
            (json!({ "code": "NEW_ONE", "name": "x", "permissions": [] }), "permissions"),
            (json!({ "code": "NEW_ONE", "name": "x", "dashboard": "moon", "permissions": ["chat.use"] }), "dashboard"),
            (json!({ "code": "NEW_ONE", "name": "x", "copy_of": "NOBODY" }), "copy_of"),
            (json!({ "code": "NEW_ONE", "name": "x", "copy_of": "SUPER_ADMIN" }), "permissions"),
        ] {
            assert!(!wrong_field(&root.post_json(ROLES, &body).await, field).is_empty(), "{body}");
        }
        let least = root.post_json(ROLES, &json!({ "code": "GUEST", "name": "Guest" })).await.json();
        assert_eq!((&least["role"]["dashboard"], &least["role"]["permissions"]), (&json!("member"), &json!(["users.view_own", "users.update_own"])));
        let all_wrong = root.post_json(ROLES, &json!({ "code": "?", "name": "", "permissions": [] })).await;
        for field in ["code", "name", "permissions"] {
            assert!(!wrong_field(&all_wrong, field).is_empty(), "{field} is told only after the others");
        }
        app.add("carla", "Carla Diaz", &["CASE_WORKER"]).await;
        let renamed = json!({ "name": "Counsellor", "dashboard": "approver", "permissions": ["chat.use"], "version": 1 });
        assert_eq!(root.send_json("PUT", &format!("{ROLES}/CASE_WORKER"), &renamed).await.status, 200);
        assert_eq!(app.client_of("carla").await.get(ME).await.json()["role_name"], "Counsellor");
        assert_eq!(problem(&root.delete(&format!("{ROLES}/STAFF")).await, 403).1, "This role came with Countersign and cannot be deleted. Nobody has to have it.");
        assert_eq!(problem(&root.delete(&format!("{ROLES}/NOBODY")).await, 404).1, "There is no role with this code");
    }

    async fn r4_a_role_that_people_have_is_deleted_when_they_get_another(app) {
        let mut root = root(app).await;
        root.post_json(ROLES, &json!({ "code": "CASE_WORKER", "name": "Case worker", "copy_of": "STAFF" })).await;
        let carla = app.add("carla", "Carla Diaz", &["CASE_WORKER", "PIN"]).await;
        app.add("dora", "Dora Lund", &["STAFF", "CASE_WORKER"]).await;
        let mut session = app.client_of("carla").await;
        let key = session.post_json(KEYS, &json!({ "name": "Nightly", "scopes": ["users.view_own"] })).await;
        assert_eq!(key.status, 201);
        let address = format!("{ROLES}/CASE_WORKER");
        assert_eq!(problem(&root.delete(&address).await, 409).0, "conflict");
        for wrong in ["CASE_WORKER", "NOBODY", "%20"] {
            assert!(!wrong_field(&root.delete(&format!("{address}?move_to={wrong}")).await, "move_to").is_empty());
        }
        assert_eq!(session.get(ME).await.status, 200);
        assert_eq!(root.delete(&format!("{address}?move_to=STAFF")).await.status, 204);

        assert_eq!(session.get(ME).await.status, 401, "a session outlives its role");
        let mut carla_again = app.client_of("carla").await;
        let (me, own) = (carla_again.get(ME).await.json(), carla_again.get("/api/v1/account").await.json());
        assert_eq!((&me["role"], &own["roles"]), (&json!("STAFF"), &json!([{ "code": "STAFF", "name": "Staff" }, { "code": "PIN", "name": "Person in need" }])));
        assert_eq!(app.texts("select role_code from person_roles h join people p on p.id = h.person_id where p.username = 'dora'").await, ["STAFF"]);
        assert_eq!(problem(&log_in_as(app, "carla", PASSWORD, "CASE_WORKER").await, 401).0, "invalid_credentials");
        assert_eq!(root.get(&address).await.status, 404);
        let listed = root.get(ROLES).await.json();
        assert!(!listed.as_array().unwrap().iter().any(|one| one["code"] == "CASE_WORKER"));
        let told = app.texts(&format!("select details from audit where action = 'person.role_handed_over' and subject_id = '{carla}'")).await;
        assert_eq!(serde_json::from_str::<Value>(&told[0]).unwrap()["changes"]["roles"], json!({ "before": ["CASE_WORKER", "PIN"], "after": ["STAFF", "PIN"] }));
        assert_eq!(app.count("select count(*) from audit where action = 'person.role_handed_over'").await, 2);
        assert_eq!(app.count("select count(*) from audit where action = 'api_key.revoked'").await, 1);
        assert_eq!(letters(app, "roles_changed").await, 2, "they are not told");
        let told = letter(app, "roles_changed", "carla@example.com").await.unwrap();
        assert_eq!(told["roles"], json!(["Staff", "Person in need"]));
        assert_eq!(app.count("select count(*) from people where version = 2").await, 2, "an editor of them would not learn of it");

        // The code may be taken again, and wakes nothing of what was.
        let again = root.post_json(ROLES, &json!({ "code": "CASE_WORKER", "name": "New worker", "permissions": ["chat.use"] })).await;
        assert_eq!(again.status, 201, "{}", again.body);
        assert_eq!(again.json()["role"]["permissions"], json!(["chat.use"]));
        assert_eq!((session.get(ME).await.status, again.json()["reach"]["people"].as_i64()), (401, Some(0)));
        assert_eq!(root.delete(&address).await.status, 204, "nobody has it");
    }

    async fn r4_deleting_a_role_leaves_somebody_who_manages(app) {
        let form = RoleForm { name: "Keeper".into(), dashboard: "user_admin".into(), permissions: vec!["users.view".into(), "users.manage".into()] };
        app.backend.roles.make(&by_hand("KEEPER"), &form, None, &Origin::operator()).await.unwrap();
        app.add("alice", "Alice Ng", &["KEEPER"]).await;
        let pin = || Some(RoleCode::parse("PIN").unwrap());
        let refused = app.backend.roles.delete(&by_hand("KEEPER"), pin(), &Origin::operator()).await.unwrap_err();
        assert_eq!(refused.told().status, 409);
        assert_eq!(app.client_of("alice").await.get(USERS).await.status, 200, "what was refused was done in part");
        app.add("carl", "Carl Stone", &["ADMIN"]).await;
        assert_eq!(app.backend.roles.delete(&by_hand("KEEPER"), pin(), &Origin::operator()).await.unwrap(), 1);
    }

    async fn r4_a_deleted_role_is_given_to_nobody(app) {
        let mut root = root(app).await;
        root.post_json(ROLES, &json!({ "code": "CASE_WORKER", "name": "Case worker", "copy_of": "STAFF" })).await;
        assert_eq!(root.delete(&format!("{ROLES}/CASE_WORKER")).await.status, 204);
        let form = server::people::NewPersonForm {
            username: "dora".into(), full_name: "Dora Lund".into(), email: "dora@example.com".into(), roles: vec!["CASE_WORKER".into()], password: PASSWORD.into(),
        };
        let person = form.parse(&app.backend.passwords).unwrap();
        let refused = app.backend.people.create(&Operator::of_this_machine().permit(()), person, &Origin::operator()).await.unwrap_err();
        assert_eq!(refused.told().status, 422);
    }

    async fn r4_roles_are_changed_after_a_fresh_proof_and_never_by_a_key(app) {
        let mut root = root(app).await;
        let every: Vec<&str> = Permission::ALL.iter().map(|permission| permission.code()).collect();
        let key = root.post_json(KEYS, &json!({ "name": "All", "scopes": every })).await.json();
        let mut program = app.anyone();
        program.bearer = key["key"].as_str().map(str::to_owned);
        assert_eq!(program.get(ROLES).await.status, 200);
        assert_eq!(permit(&mut program, "STAFF", &codes("STAFF", &["chat.use"], &[])).await.status, 403);
        assert_eq!(program.post_json(ROLES, &json!({ "code": "MINE", "name": "Mine", "permissions": ["chat.use"] })).await.status, 403);
        app.clock.advance(QUARTER);
        assert_eq!(root.get(ROLES).await.status, 200, "a mere look was held up");
        assert_eq!(problem(&permit(&mut root, "STAFF", &codes("STAFF", &["chat.use"], &[])).await, 403).0, "step_up_required");
        assert_eq!(problem(&root.delete(&format!("{ROLES}/STAFF")).await, 403).0, "step_up_required");
        assert_eq!(app.count("select version from roles where code = 'STAFF'").await, 1);
    }

    async fn r4_whom_a_change_reaches_is_counted(app) {
        let mut root = root(app).await;
        for name in ["anna", "bert", "cleo"] {
            app.add(name, "Test Person", &["STAFF", "PIN"]).await;
        }
        let mut anna = app.client_of("anna").await;
        app.client_of("anna").await;
        log_in_as(app, "bert", PASSWORD, "PIN").await;
        assert_eq!(anna.post_json(KEYS, &json!({ "name": "x", "scopes": ["chat.use"] })).await.status, 201);
        assert_eq!(role(&mut root, "STAFF").await["reach"], json!({ "people": 3, "acting_now": 1, "api_keys": 1 }));
        assert_eq!(role(&mut root, "PIN").await["reach"], json!({ "people": 3, "acting_now": 1, "api_keys": 0 }));
        app.change("update people set status = 'suspended' where username = 'anna'").await;
        assert_eq!(role(&mut root, "STAFF").await["reach"], json!({ "people": 3, "acting_now": 0, "api_keys": 0 }));
        let listed = root.get(ROLES).await.json();
        let staff = listed.as_array().unwrap().iter().find(|one| one["code"] == "STAFF").unwrap().clone();
        assert_eq!((&staff["people"], &staff["people_exact"]), (&json!(3), &json!(true)));
    }

    async fn r4_bad_input_about_roles_is_told_plainly(app) {
        let mut root = root(app).await;
        for code in ["NOBODY", "a%20b", "%F0%9F%98%80", &"X".repeat(2_000)] {
            assert_eq!(problem(&root.get(&format!("{ROLES}/{code}")).await, 404).1, "There is no role with this code");
        }
        let address = format!("{ROLES}/STAFF");
        for (body, status) in [
            (json!({}), 422), (json!([]), 400), (json!({ "name": "x", "dashboard": "member", "permissions": "all", "version": 1 }), 422),
            (json!({ "name": "x", "dashboard": "member", "permissions": ["chat.use"], "version": 1, "built_in": false }), 400),
        ] {
            assert!(!problem(&root.send_json("PUT", &address, &body).await, status).0.is_empty(), "{body}");
        }
        let long = json!({ "name": "x".repeat(61), "dashboard": "member", "permissions": ["chat.use"], "version": 1 });
        assert_eq!(wrong_field(&root.send_json("PUT", &address, &long).await, "name"), "Use at most 60 characters");
        assert_eq!(problem(&root.delete(&format!("{address}?colour=red")).await, 400).0, "malformed");
        assert_eq!(log_in(app, "root", PASSWORD).await.status, 200, "{LOGIN}");
    }

    async fn r4_a_permission_of_a_newer_program_survives_a_change(app) {
        let mut root = root(app).await;
        app.change("insert into role_permissions (role_code, permission) values ('STAFF', 'comets.launch')").await;
        assert_eq!(permit(&mut root, "STAFF", &codes("STAFF", &["chat.use"], &[])).await.status, 200);
        assert_eq!(app.count("select count(*) from role_permissions where permission = 'comets.launch'").await, 1);
    }
}
