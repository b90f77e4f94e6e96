//! Import: a file is looked at first, then written in the background, all at one moment or batch by batch, and never twice.

use crate::import_support::{IMPORT, admin, check, file, finish, hash_of, start, usernames_like};
use crate::support::{log_in, problem, query, routes, wrong_field};
use serde_json::json;
use server::{permit::Operator, testing::PASSWORD};
use std::time::Duration;

server::both_engines! { routes;
    async fn u6_a_check_says_what_a_file_would_do_and_does_nothing(app) {
        let mut client = admin(app).await;
        app.add("zoe", "Zoë Almeida", &["PIN"]).await;
        app.add("ben", "Ben Okafor", &["PIN"]).await;
        let found = check(&mut client, "username;full_name;e-mail;Roles;Department\r\n\
             zoe;Zoë Almeida;zoe@example.com;PIN;Sales\r\n\
             ben;Ben A. Okafor;ben@example.com;PIN;Sales\r\n\
             cleo;\"Cleo\r\nNaughton\";cleo@example.com;STAFF, PIN;Sales\r\n\
             d;Dora;dora@example.com;PIN;Sales\r\n").await;
        assert_eq!(found["state"], "checked");
        assert_eq!((&found["people"], &found["new"], &found["changed"], &found["unchanged"], &found["wrong"]),
            (&json!(4), &json!(1), &json!(1), &json!(1), &json!(1)));
        assert_eq!(found["ignored_columns"], json!(["Department"]));
        assert_eq!(app.count("select count(*) from people").await, 3, "a check made somebody");
        assert_eq!(app.texts("select full_name from people where username = 'ben'").await, ["Ben Okafor"]);
        let of_trail = app.texts("select details from audit where action = 'people.import_checked'").await;
        assert!(of_trail.len() == 1 && of_trail[0].contains("\"new\":1"), "{of_trail:?}");
    }

    async fn u6_everybody_is_written_with_roles_and_hash_and_an_entry_each(app) {
        let mut client = admin(app).await;
        let hash = hash_of(app).await;
        let rows = file(1_200, |row| format!("STAFF PIN,{hash},{}", if row == 7 { "suspended" } else { "" }));
        let found = check(&mut client, &format!("username,full_name,email,roles,password_hash,status\n{rows}")).await;
        assert_eq!((&found["new"], &found["wrong"]), (&json!(1_200), &json!(0)));
        let begun = start(&mut client, &found, "refuse").await;
        let ended = finish(app, &mut client, begun).await;
        assert_eq!((&ended["state"], &ended["made"], &ended["skipped"]), (&json!("done"), &json!(1_200), &json!(0)));
        assert_eq!(usernames_like(app, "import%").await, 1_200);
        assert_eq!(app.count("select count(*) from person_roles h join people p on p.id = h.person_id where p.username like 'import%'").await, 2_400);
        assert_eq!(app.count("select count(*) from audit where action = 'person.created' and details like '%import%' and actor_kind = 'person'").await, 1_200);
        assert_eq!(app.count("select count(*) from audit where action = 'people.imported'").await, 1);
        assert_eq!(app.count("select count(*) from import_rows").await, 0, "what was uploaded is still there");
        assert_eq!(app.count("select count(*) from outbox").await, app.count("select count(*) from outbox where letter = 'account_created' and recipient = 'alice@example.com'").await, "somebody got a letter");
        assert_eq!(log_in(app, "import00003", PASSWORD).await.status, 200);
        assert_eq!(problem(&log_in(app, "import00007", PASSWORD).await, 403).0, "suspended");
        let searched = client.get(&query("/api/v1/users", &[("search", "person number 1199")])).await.json();
        assert_eq!(searched["items"][0]["roles"][0]["code"], "STAFF", "{searched}");
    }

    async fn u6_the_same_file_a_second_time_changes_nothing(app) {
        let mut client = admin(app).await;
        let rows = file(30, |_| "PIN,a horse of another kind".into());
        let table = format!("username,full_name,email,roles,password\n{rows}");
        let first = check(&mut client, &table).await;
        let begun = start(&mut client, &first, "skip").await;
        finish(app, &mut client, begun).await;
        let again = check(&mut client, &table).await;
        assert_eq!((&again["new"], &again["changed"], &again["unchanged"]), (&json!(0), &json!(0), &json!(30)));
    }

    async fn u6_what_was_exported_reads_back_and_changes_nothing(app) {
        let mut client = admin(app).await;
        app.add_crowd(300).await;
        app.add("eve", "=HYPERLINK(\"http://evil.example\";'x')", &["STAFF", "PIN"]).await;
        app.add("oneill", "Ann-Marie O'Neill, PhD", &["PIN"]).await;
        for parameters in [vec![], vec![("bom", "true")]] {
            let exported = client.get(&query("/api/v1/export/users.csv", &parameters)).await.body;
            let found = check(&mut client, &exported).await;
            assert_eq!((&found["people"], &found["unchanged"], &found["wrong"]), (&json!(303), &json!(303), &json!(0)), "{found}");
        }
    }

    async fn u6_what_was_exported_makes_the_same_people_elsewhere(app) {
        let mut client = admin(app).await;
        app.add("eve", "=1+1", &["STAFF", "PIN"]).await;
        let exported = client.get("/api/v1/export/users.csv").await.body;
        app.change("delete from person_roles where person_id in (select id from people where username = 'eve')").await;
        app.change("delete from people where username = 'eve'").await;
        let found = check(&mut client, &exported).await;
        assert_eq!((&found["new"], &found["unchanged"]), (&json!(1), &json!(1)));
        let begun = start(&mut client, &found, "refuse").await;
        finish(app, &mut client, begun).await;
        let eve = app.texts("select full_name || ' ' || email || ' ' || status from people where username = 'eve'").await;
        assert_eq!(eve, ["=1+1 eve@example.com invited"], "no password came along");
    }

    async fn u6_a_plain_password_is_hashed_and_stands_nowhere_as_it_is(app) {
        const SECRET: &str = "'=a quiet \"horse\", here";
        let mut client = admin(app).await;
        let table = format!("username,full_name,email,roles,password\nzoe,Zoë Almeida,zoe@example.com,PIN,\"{}\"\n", SECRET.replace('"', "\"\""));
        let found = check(&mut client, &table).await;
        assert_eq!((&found["new"], &found["to_hash"]), (&json!(1), &json!(1)), "{found}");
        let staged = app.texts("select coalesce(hash, '') || coalesce(sealed, '') from import_rows").await.join("");
        assert!(!staged.is_empty() && !staged.contains("horse"), "{staged}");
        let begun = start(&mut client, &found, "refuse").await;
        let ended = finish(app, &mut client, begun).await;
        assert_eq!(ended["made"], 1);
        assert!(app.texts("select password_hash from people where username = 'zoe'").await[0].starts_with("$argon2id$"));
        assert_eq!(log_in(app, "zoe", SECRET).await.status, 200);
    }

    async fn u6_whoever_has_no_password_is_invited_a_few_at_a_time(app) {
        let mut client = admin(app).await;
        let rows = file(12, |_| "PIN".into());
        let found = check(&mut client, &format!("username,full_name,email,roles\n{rows}")).await;
        start(&mut client, &found, "refuse").await;
        assert!(app.backend.imports.work_once().await.unwrap(), "it was not written");
        let letters = "select count(*) from outbox where letter = 'invitation'";
        assert_eq!(app.count("select count(*) from people where status = 'invited'").await, 12);
        for expected in [5, 10, 12] {
            assert!(app.backend.imports.work_once().await.unwrap());
            assert_eq!(app.count(letters).await, expected);
            assert!(!app.backend.imports.work_once().await.unwrap(), "letters leave faster than they may");
            app.clock.advance(Duration::from_secs(1));
        }
        let ended = finish(app, &mut client, found["id"].as_str().unwrap().to_owned()).await;
        assert_eq!((&ended["state"], &ended["to_invite"]), (&json!("done"), &json!(0)));
        assert_eq!(app.count("select count(*) from links where purpose = 'invitation'").await, 12);
    }

    async fn u6_whoever_should_wait_gets_no_letter_and_may_ask_for_one(app) {
        let mut client = admin(app).await;
        let path = query(IMPORT, &[("without_password", "wait"), ("file_name", "people.csv")]);
        let reply = client.post_raw(&path, "text/csv", "username,full_name,email,roles\nzoe,Zoë,zoe@example.com,PIN\n").await;
        assert_eq!((reply.status, &reply.json()["file_name"]), (201, &json!("people.csv")), "{}", reply.body);
        let begun = start(&mut client, &reply.json(), "refuse").await;
        finish(app, &mut client, begun).await;
        assert_eq!(app.texts("select status from people where username = 'zoe'").await, ["active"]);
        assert_eq!(app.count("select count(*) from outbox where recipient = 'zoe@example.com'").await, 0);
    }

    async fn u6_what_is_written_at_one_moment_tells_how_far_it_is_meanwhile(app) {
        let mut client = admin(app).await;
        let rows = file(5_000, |_| "PIN".into());
        let path = query(IMPORT, &[("without_password", "wait")]);
        let found = client.post_raw(&path, "text/csv", format!("username,full_name,email,roles\n{rows}")).await.json();
        let id = start(&mut client, &found, "refuse").await;
        assert_eq!(client.get(&format!("{IMPORT}/{id}")).await.json().get("written_so_far"), Some(&json!(null)));
        let (import, visible) = (id.parse().unwrap(), Operator::of_this_machine().sees_imports());
        let watch = async {
            let mut seen = Vec::new();
            loop {
                let now = app.backend.imports.find(&visible, import).await.unwrap();
                if !now.import.state.is_under_way() {
                    return seen;
                }
                seen.extend(now.written_so_far.map(|so_far| (so_far, now.import.made)));
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let (worked, seen) = tokio::join!(app.backend.imports.work_once(), watch);
        assert!(worked.unwrap());
        let in_between = |(so_far, made): &(i64, i64)| (1..5_000).contains(so_far) && *made == 0;
        assert!(seen.iter().any(in_between), "{seen:?}");
        assert!(seen.is_sorted(), "{seen:?}");
        let ended = client.get(&format!("{IMPORT}/{id}")).await.json();
        assert_eq!((&ended["state"], &ended["made"], &ended["written_so_far"]), (&json!("done"), &json!(5_000), &json!(null)));
    }

    async fn u6_a_cancelled_import_writes_nobody(app) {
        let mut client = admin(app).await;
        let found = check(&mut client, "username,full_name,email,roles\nzoe,Zoë,zoe@example.com,PIN\n").await;
        let path = format!("{IMPORT}/{}/cancel", start(&mut client, &found, "refuse").await);
        assert_eq!(client.post_json(&path, &json!({})).await.json()["state"], "cancelled");
        assert!(!app.backend.imports.work_once().await.unwrap());
        assert_eq!(usernames_like(app, "zoe").await + app.count("select count(*) from import_rows").await, 0);
        assert_eq!(problem(&client.post_json(&path, &json!({})).await, 409).0, "conflict");
        let again = client.post_json(&format!("{IMPORT}/{}/start", found["id"].as_str().unwrap()), &json!({ "bad_rows": "skip" })).await;
        assert_eq!(problem(&again, 409).0, "conflict");
    }

    async fn u6_wrong_rows_stop_all_or_are_skipped(app) {
        let mut client = admin(app).await;
        let found = check(&mut client, "username,full_name,email,roles\nzoe,Zoë,zoe@example.com,PIN\nx,Xaver,x@example.com,PIN\n").await;
        let path = format!("{IMPORT}/{}/start", found["id"].as_str().unwrap());
        assert!(problem(&client.post_json(&path, &json!({ "bad_rows": "refuse" })).await, 409).1.contains("Skip those rows"));
        wrong_field(&client.post_json(&path, &json!({ "bad_rows": "both" })).await, "bad_rows");
        let begun = start(&mut client, &found, "skip").await;
        let ended = finish(app, &mut client, begun).await;
        assert_eq!((&ended["state"], &ended["made"], &ended["wrong"]), (&json!("done"), &json!(1), &json!(1)));
        assert!(app.texts("select details from audit where action = 'people.imported'").await[0].contains("\"skipped\":1"));
    }

    async fn u6_somebody_who_came_in_between_stops_all_or_is_skipped(app) {
        let mut client = admin(app).await;
        let rows = file(3, |_| "PIN".into());
        let table = format!("username,full_name,email,roles\n{rows}");
        for (mode, state, made) in [("refuse", "failed", 0), ("skip", "inviting", 2)] {
            let found = check(&mut client, &table).await;
            if mode == "refuse" {
                app.add("other", "Other Person", &["PIN"]).await;
                app.change("update people set email = 'import00001@example.com' where username = 'other'").await;
            }
            let id = start(&mut client, &found, mode).await;
            if mode == "skip" { assert_eq!(found["wrong"], 1, "the next check knows"); }
            assert!(app.backend.imports.work_once().await.unwrap());
            let now = client.get(&format!("{IMPORT}/{id}")).await.json();
            assert_eq!((&now["state"], &now["made"]), (&json!(state), &json!(made)), "{mode}: {now}");
            assert_eq!(usernames_like(app, "import%").await, made);
            let errors = client.get(&format!("{IMPORT}/{id}/errors.csv")).await.body;
            assert!(errors.contains("3,email,import00001@example.com,E-mail address already exists: it belongs to other"), "{errors}");
        }
    }

    async fn u6_a_worker_that_died_is_followed_by_one_that_goes_on(app) {
        let mut client = admin(app).await;
        let rows = file(600, |_| "PIN".into());
        let path = query(IMPORT, &[("without_password", "wait")]);
        let file = format!("username,full_name,email,roles\n{rows}");
        let found = client.post_raw(&path, "text/csv", file).await.json();
        let id = start(&mut client, &found, "skip").await;
        // As if a worker had written the first batch and died: its lease runs on, and nobody touches the import.
        app.change("update imports set state = 'running', claim = 1, leased_until = 1790000020000000").await;
        assert!(!app.backend.imports.work_once().await.unwrap());
        app.clock.advance(Duration::from_secs(21));
        let mut client = app.client_of("alice").await;
        let ended = finish(app, &mut client, id).await;
        assert_eq!((&ended["state"], &ended["made"]), (&json!("done"), &json!(600)));
        assert_eq!(usernames_like(app, "import%").await, 600);
    }

    async fn u6_nobody_hands_out_or_touches_power_that_they_lack(app) {
        let mut client = admin(app).await;
        app.add("ingrid", "Ingrid Solheim", &["SUPER_ADMIN"]).await;
        let found = check(&mut client, "username,full_name,email,roles\nzoe,Zoë,zoe@example.com,SUPER_ADMIN\ningrid,Another Name,ingrid@example.com,\nalice,Alice Ng,alice@example.com,PIN\n").await;
        assert_eq!(found["wrong"], 3, "{found}");
        let errors = client.get(&format!("{IMPORT}/{}/errors.csv", found["id"].as_str().unwrap())).await.body;
        assert!(errors.contains("2,roles,SUPER_ADMIN,") && errors.contains("3,roles,SUPER_ADMIN,") && errors.contains("4,username,alice,This is your own account"), "{errors}");
    }

    async fn u6_old_imports_are_forgotten(app) {
        let mut client = admin(app).await;
        check(&mut client, "username,full_name,email,roles\nzoe,Zoë,zoe@example.com,PIN\nx,X,x,x\n").await;
        app.backend.imports.forget_old().await.unwrap();
        assert_eq!(app.count("select count(*) from import_rows").await, 1);
        app.clock.advance(Duration::from_secs(25 * 3_600));
        app.backend.imports.forget_old().await.unwrap();
        for table in ["imports", "import_rows", "import_errors"] {
            assert_eq!(app.count(&format!("select count(*) from {table}")).await, 0, "{table}");
        }
    }
}
