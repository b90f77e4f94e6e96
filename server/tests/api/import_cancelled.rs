//! Cancelling an import that is under way: what was written batch by batch stays, and while passwords are hashed nobody is there
//! yet. An index that lets no more of something in stops the worker in the middle, so that there is always something to cancel.

use crate::import_support::{IMPORT, admin, check, file, start, usernames_like};
use crate::support::{query, routes};
use serde_json::json;
use server::testing::ledger::try_to_change;

server::both_engines! { routes;
    async fn u6_what_was_written_before_an_import_was_cancelled_stays(app) {
        let mut client = admin(app).await;
        // A batch has five hundred rows; the second one fails.
        let rows = file(600, |row| String::from(if row < 500 { "PIN" } else { "CSR_REP" }));
        let only_one = "create unique index one_of_them on person_roles (role_code) where role_code = 'CSR_REP'";
        try_to_change(&app.backend.ground.db, only_one).await.unwrap();
        let path = query(IMPORT, &[("without_password", "wait")]);
        let found = client.post_raw(&path, "text/csv", format!("username,full_name,email,roles\n{rows}")).await.json();
        let id = start(&mut client, &found, "skip").await;
        assert!(app.backend.imports.work_once().await.unwrap());
        let now = client.get(&format!("{IMPORT}/{id}")).await.json();
        assert_eq!((&now["state"], &now["made"]), (&json!("running"), &json!(500)), "{now}");

        let reply = client.post_json(&format!("{IMPORT}/{id}/cancel"), &json!({})).await;
        let cancelled = reply.json();
        assert_eq!((&cancelled["state"], &cancelled["made"]), (&json!("cancelled"), &json!(500)), "{cancelled}");
        app.clock.advance(std::time::Duration::from_secs(60));
        assert!(!app.backend.imports.work_once().await.unwrap(), "it is gone on with");
        assert_eq!(usernames_like(app, "import%").await, 500);
        assert_eq!(app.count("select count(*) from audit where action = 'person.created' and actor_kind = 'person'").await, 500);
        assert_eq!(app.count("select count(*) from import_rows").await, 0, "what was uploaded is still there");
    }

    async fn u6_an_import_that_is_cancelled_while_passwords_are_hashed_writes_nobody(app) {
        let mut client = admin(app).await;
        let rows = file(6, |_| "PIN,a horse of another kind".into());
        let found = check(&mut client, &format!("username,full_name,email,roles,password\n{rows}")).await;
        assert_eq!(found["to_hash"], 6, "{found}");
        // Two are hashed at a time: the rows 2 and 3 of the file, and then no more.
        let only_two = "create unique index two_of_them on import_rows (import_id) where hash is not null and number > 3";
        try_to_change(&app.backend.ground.db, only_two).await.unwrap();
        let id = start(&mut client, &found, "refuse").await;
        assert!(app.backend.imports.work_once().await.unwrap());
        let now = client.get(&format!("{IMPORT}/{id}")).await.json();
        assert_eq!((&now["state"], &now["to_hash"], &now["made"]), (&json!("running"), &json!(4), &json!(0)), "{now}");

        let reply = client.post_json(&format!("{IMPORT}/{id}/cancel"), &json!({})).await;
        assert_eq!(reply.json()["state"], "cancelled", "{}", reply.body);
        app.clock.advance(std::time::Duration::from_secs(60));
        assert!(!app.backend.imports.work_once().await.unwrap(), "it is gone on with");
        assert_eq!(usernames_like(app, "import%").await, 0);
        assert_eq!(app.count("select count(*) from import_rows").await, 0, "passwords are still there");
    }
}
