//! Whose doing an import is: that of whoever starts it, with what they may do at the moment at which it is written.

use crate::import_support::{IMPORT, admin, check, finish, start, usernames_like};
use crate::support::routes;
use serde_json::json;
use server::testing::{Agent, TestApp};

const ROLES: &str = "/api/v1/roles";

async fn root(app: &TestApp) -> Agent {
    app.add("ingrid", "Ingrid Solheim", &["SUPER_ADMIN"]).await;
    app.client_of("ingrid").await
}

async fn roles(app: &TestApp, username: &str) -> Vec<String> {
    app.texts(&format!("select role_code from person_roles where person_id = (select id from people where username = '{username}') order by position")).await
}

server::both_engines! { routes;
    async fn r4_whoever_starts_an_import_gives_no_power_that_they_lack(app) {
        let (mut alice, mut ingrid) = (admin(app).await, root(app).await);
        let table = "username,full_name,email,roles\nalice,Alice Ng,alice@example.com,\"USER_ADMIN, SUPER_ADMIN\"\nbackdoor,Back Door,back@example.com,SUPER_ADMIN\nzoe,Zoë,zoe@example.com,PIN\n";
        for (bad_rows, state, made) in [("refuse", "failed", 0), ("skip", "done", 1)] {
            let found = check(&mut ingrid, table).await;
            assert_eq!(found["wrong"], 0, "{found}");
            let id = start(&mut alice, &found, bad_rows).await;
            let ended = finish(app, &mut alice, id).await;
            assert_eq!((&ended["state"], &ended["made"]), (&json!(state), &json!(made)), "{ended}");
        }
        assert_eq!((roles(app, "alice").await, usernames_like(app, "backdoor").await), (vec!["USER_ADMIN".to_owned()], 0));
        let doers = app.texts("select p.username from audit a join people p on p.id = a.actor_id where a.action = 'people.imported'").await;
        assert_eq!(doers, ["alice"], "it is the doing of whoever started it");
    }

    async fn u4_an_import_ends_with_the_powers_of_whoever_began_it(app) {
        let (mut alice, mut ingrid) = (admin(app).await, root(app).await);
        let table = "username,full_name,email,roles,password\nbackdoor,Back Door,back@example.com,SUPER_ADMIN,a long and quiet secret\n";
        for (bad_rows, lost) in [
            ("skip", "update people set status = 'suspended' where username = 'ingrid'"),
            ("refuse", "update people set status = 'suspended' where username = 'ingrid'"),
            ("skip", "update person_roles set role_code = 'USER_ADMIN' where person_id = (select id from people where username = 'ingrid')"),
        ] {
            let found = check(&mut ingrid, table).await;
            let id = start(&mut ingrid, &found, bad_rows).await;
            app.change(lost).await;
            let ended = finish(app, &mut alice, id).await;
            assert_eq!((&ended["state"], &ended["made"]), (&json!("failed"), &json!(0)), "{ended}");
            assert!(ended["trouble"].as_str().unwrap().contains("may not bring people in any more"), "{ended}");
            app.change("update people set status = 'active' where username = 'ingrid'").await;
            ingrid = app.client_of("ingrid").await;
        }
        assert_eq!(usernames_like(app, "backdoor").await, 0);
    }

    async fn r4_a_role_that_was_deleted_is_given_to_nobody(app) {
        let (mut alice, mut ingrid) = (admin(app).await, root(app).await);
        let role = json!({ "code": "CASE_WORKER", "name": "Case worker", "permissions": ["users.view_own"] });
        assert_eq!(ingrid.post_json(ROLES, &role).await.status, 201);
        let found = check(&mut alice, "username,full_name,email,roles\nghost,Gus Host,ghost@example.com,CASE_WORKER\n").await;
        assert_eq!(found["wrong"], 0, "{found}");
        assert_eq!(ingrid.delete(&format!("{ROLES}/CASE_WORKER")).await.status, 204);
        let id = start(&mut alice, &found, "skip").await;
        let ended = finish(app, &mut alice, id.clone()).await;
        assert_eq!((&ended["state"], &ended["made"], &ended["skipped"]), (&json!("done"), &json!(0), &json!(1)), "{ended}");
        let errors = alice.get(&format!("{IMPORT}/{id}/errors.csv")).await.body;
        assert!(errors.contains("2,roles,CASE_WORKER,There is no role CASE_WORKER"), "{errors}");
        // Nor does somebody who has it all the same come back with it.
        app.add("late", "Late Comer", &["PIN"]).await;
        app.change("insert into person_roles (person_id, role_code, position) select id, 'CASE_WORKER', 1 from people where username = 'late'").await;
        assert_eq!(ingrid.post_json(ROLES, &role).await.status, 201);
        assert_eq!(roles(app, "late").await, ["PIN"]);
    }
}
