//! Personal texts that are encrypted at rest: nothing of them stands in the database, and everything works as it does without,
//! but for what an order by name or address would tell.

use crate::{
    import_support::{check, finish, start},
    link_support::{NEW_PASSWORD, reset, reset_token},
    person_support::{admin, change, details, look, newcomer, page_of, with},
    privacy_erasure::everything,
    scim_support::{self, directory},
    support::{USERS, log_in, problem, query, routes, usernames, walk, wrong_field},
};
use serde_json::json;
use server::{
    audit::{Haste, Progress},
    config::Config,
    testing::{Agent, Engine, PASSWORD, TestApp},
};

const NAME: &str = "Zoë Quillon-Hartwig";
const EMAIL: &str = "zoe.quillon@example.com";

fn encrypted(config: &mut Config) {
    config.encrypt_personal_data = true;
}

/// Somebody of whom every table has something that could tell a name or an address.
async fn company(app: &TestApp) -> Agent {
    let mut root = admin(app).await;
    let wishes = json!({ "full_name": NAME, "email": EMAIL, "password": PASSWORD });
    let reply = root.post_json(USERS, &with(newcomer("zoe"), &wishes)).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    root
}

async fn found(client: &mut Agent, search: &str) -> Vec<String> {
    usernames(&client.get(&query(USERS, &[("search", search)])).await)
}

server::both_engines! { routes, encrypted;
    async fn q2_no_name_and_no_address_stands_in_the_database(app) {
        let mut root = company(app).await;
        let zoe = root.get(&query(USERS, &[("search", "quillon")])).await.json()["items"][0]["id"].as_str().unwrap().parse().unwrap();
        change(&mut root, zoe, &json!({ "full_name": "Zoë Quillon-Marsh", "email": "quillon.marsh@example.com" })).await;
        change(&mut root, zoe, &json!({ "full_name": NAME, "email": EMAIL })).await;
        let mut her = app.client_of("zoe").await;
        assert_eq!(her.post_json("/api/v1/account/email-change", &json!({ "email": "quillon.new@example.org" })).await.status, 202);
        let invited = json!({ "email": "quillon.guest@example.com", "full_name": "Gwen Quillon", "invite": true, "password": null });
        assert_eq!(root.post_json(USERS, &with(newcomer("gwen"), &invited)).await.status, 201);
        app.anyone().post_json("/api/v1/auth/password/forgot", &json!({ "email": EMAIL })).await;
        let note = json!({ "text": "Quillon asked for it by mail to quillon@example.com." });
        assert_eq!(root.post_json(&format!("{}/notes", page_of(zoe)), &note).await.status, 201);
        let rows = "username,full_name,email,roles\nhugo,Hugo Quillon,hugo.quillon@example.com,PIN\nx,Quillon Wrong,quillon at example,PIN\n";
        check(&mut root, rows).await;
        let all = everything(app).await;
        assert!(all.len() > 200, "{} values", all.len());
        // What is told is decrypted on its way; the same places as they stand there:
        for (table, column) in [
            ("person_notes", "text"), ("people", "full_name"), ("people", "email"), ("people", "name_key"), ("people", "search_text"), ("links", "email"),
            ("email_changes", "new_email"), ("import_rows", "full_name"), ("import_rows", "email"), ("import_errors", "value"),
            ("outbox", "payload"), ("outbox", "recipient"), ("audit", "details"),
        ] {
            let kept = server::testing::ledger::kept_texts(&app.backend.ground.db, &format!("select {column} from {table}")).await;
            assert!(!kept.is_empty(), "{table}.{column} was never written");
            for text in kept {
                let lower = text.to_lowercase();
                assert!(!lower.contains("quillon") && !lower.contains("example.com"), "{table}.{column}: {text}");
            }
        }
        app.do_jobs().await;
    }

    async fn u5_a_part_of_a_word_is_found_whatever_its_case_and_accents(app) {
        let mut root = company(app).await;
        app.add_crowd(300).await;
        for part in ["quillon", "UILL", "n-Hart", "ZOË Q", "zoe.q", "lon@exa", "zo", "qu", "q", NAME, EMAIL] {
            assert!(found(&mut root, part).await.contains(&"zoe".to_owned()), "{part}");
        }
        for other in ["quilloni", "uq", "artwigz", "zoe.quillon@example.org"] {
            assert!(!found(&mut root, other).await.contains(&"zoe".to_owned()), "{other}");
        }
        assert_eq!(found(&mut root, "quillon").await, ["zoe"]);
        let reply = root.get(&query(USERS, &[("search", "quillon"), ("role", "PIN"), ("status", "active")])).await;
        assert_eq!((usernames(&reply), &reply.json()["total"]), (vec!["zoe".to_owned()], &json!(1)));
        assert!(usernames(&root.get(&query(USERS, &[("search", "quillon"), ("role", "STAFF")])).await).is_empty());
        // A search that many hold is leafed through whole, whoever made which terms.
        let all = walk(&mut root, &[("search", "people.example"), ("limit", "40")]).await;
        assert_eq!(all.len(), 300);
    }

    async fn u5_nothing_is_sorted_by_what_is_encrypted_and_everything_else_is(app) {
        let mut root = company(app).await;
        app.add_crowd(60).await;
        for sort in ["full_name", "-full_name", "email", "-email"] {
            let reply = root.get(&query(USERS, &[("sort", sort)])).await;
            assert!(wrong_field(&reply, "sort").contains("encrypted"), "{sort}");
        }
        for sort in ["username", "-last_login_at", "status", "-created_at", "login_count"] {
            assert_eq!(walk(&mut root, &[("sort", sort), ("limit", "25")]).await.len(), 62, "{sort}");
        }
    }

    async fn a1_one_signs_in_with_an_address_and_resets_a_password_by_it(app) {
        let mut root = company(app).await;
        assert_eq!(log_in(app, &EMAIL.to_uppercase(), PASSWORD).await.status, 200);
        assert_eq!(log_in(app, "zoe", PASSWORD).await.status, 200);
        assert_eq!(log_in(app, "nobody@example.com", PASSWORD).await.status, 401);
        let taken = json!({ "username": "other", "email": EMAIL });
        let reply = root.post_json(USERS, &with(newcomer("zoe"), &taken)).await;
        assert_eq!(problem(&reply, 409).1, "E-mail address already exists");
        let token = reset_token(app, EMAIL).await;
        assert_eq!(reset(app, &token, NEW_PASSWORD).await.status, 200);
        assert_eq!(log_in(app, EMAIL, NEW_PASSWORD).await.status, 200);
        app.do_jobs().await;
    }

    async fn u6_files_hold_what_is_encrypted_as_it_is(app) {
        let mut root = company(app).await;
        let file = root.get("/api/v1/export/users.csv?search=quillon").await.body;
        assert!(file.contains(NAME) && file.contains(EMAIL) && !file.contains("root"), "{file}");
        let json = root.get("/api/v1/export/users.json").await.json();
        let told = json.as_array().unwrap().iter().any(|person| person["email"] == EMAIL && person["full_name"] == NAME);
        assert!(told, "{json}");
        // Who is there already is recognised by name and by address.
        let rows = format!("username,full_name,email,roles\nzoe,{NAME},{EMAIL},PIN\nother,Another Person,{EMAIL},PIN\nhugo,Hugo Quill,hugo@example.com,PIN\n");
        let checked = check(&mut root, &rows).await;
        assert_eq!((&checked["unchanged"], &checked["new"], &checked["wrong"]), (&json!(1), &json!(1), &json!(1)), "{checked}");
        let id = start(&mut root, &checked, "skip").await;
        finish(app, &mut root, id).await;
        assert_eq!(found(&mut root, "hugo quill").await, ["hugo"]);
    }

    async fn u9_a_directory_finds_an_address_and_is_told_what_it_cannot_ask(app) {
        let wishes = json!({ "full_name": NAME, "email": EMAIL, "password": PASSWORD });
        let mut directory = directory(app).await;
        let mut root = app.client_of("root").await;
        assert_eq!(root.post_json(USERS, &with(newcomer("zoe"), &wishes)).await.status, 201);
        let ask = |filter: &str| query(scim_support::PEOPLE, &[("filter", filter)]);
        for filter in [format!("emails eq \"{EMAIL}\""), "userName eq \"zoe\"".into(), "userName sw \"zo\"".into()] {
            let reply = directory.get(&ask(&filter)).await;
            assert_eq!(reply.json()["totalResults"], 1, "{filter}: {}", reply.body);
        }
        for filter in ["displayName co \"quillon\"", "emails co \"quillon\"", "not (emails sw \"zoe\")", "displayName eq \"zoe\" or userName eq \"zoe\""] {
            let (kind, words) = scim_support::refused(&directory.get(&ask(filter)).await, 400);
            assert_eq!(kind, "invalidFilter", "{filter}");
            assert!(words.contains("encrypted"), "{words}");
        }
    }

    async fn u2_the_trail_tells_what_changed_and_is_proven_without_the_key(app) {
        let mut root = company(app).await;
        let zoe = root.get(&query(USERS, &[("search", "quillon")])).await.json()["items"][0]["id"].as_str().unwrap().parse().unwrap();
        change(&mut root, zoe, &json!({ "email": "zoe.marsh@example.com" })).await;
        assert_eq!(details(app, "person.updated").await["changes"]["email"], json!({ "before": EMAIL, "after": "zoe.marsh@example.com" }));
        assert_eq!(look(&mut root, zoe).await["email"], "zoe.marsh@example.com");
        let told = root.get("/api/v1/audit?action=person.updated").await.body;
        assert!(told.contains("zoe.marsh@example.com"), "{told}");
        app.backend.audit.seal_all().await.unwrap();
        let report = app.backend.audit.verify(None, Haste::Full, &Progress::default()).await.unwrap();
        assert!(report.is_whole() && report.entries > 3, "{}", report.words());
        app.do_jobs().await;
    }

    async fn q3_one_takes_along_what_is_kept_as_it_is(app) {
        let mut root = company(app).await;
        let zoe: domain::PersonId = root.get(&query(USERS, &[("search", "quillon")])).await.json()["items"][0]["id"].as_str().unwrap().parse().unwrap();
        root.post_json(&format!("{}/notes", page_of(zoe)), &json!({ "text": "Prefers letters." })).await;
        app.do_jobs().await;
        let told = root.get(&format!("{}/data", page_of(zoe))).await;
        for part in [NAME, EMAIL, "Prefers letters.", "account_created"] {
            assert!(told.body.contains(part), "{part} is missing: {}", told.body);
        }
        assert_eq!((&told.json()["letters"][0]["to"], &told.json()["account"]["email"]), (&json!(EMAIL), &json!(EMAIL)));
    }

    async fn q3_whoever_is_erased_is_found_by_nothing(app) {
        let mut root = company(app).await;
        let zoe: domain::PersonId = root.get(&query(USERS, &[("search", "quillon")])).await.json()["items"][0]["id"].as_str().unwrap().parse().unwrap();
        root.get("/api/v1/export/users.json?search=zoe.quillon@example.com").await;
        check(&mut root, &format!("username,full_name,email,roles\nno,{NAME},{EMAIL},PIN\n")).await;
        app.do_jobs().await;
        assert_eq!(root.delete(&page_of(zoe)).await.status, 200);
        let version = look(&mut root, zoe).await["version"].as_i64().unwrap();
        let reply = root.post_json(&format!("{}/erase", page_of(zoe)), &json!({ "username": "zoe", "version": version })).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        app.do_jobs().await;
        let left: Vec<(String, String)> = everything(app).await.into_iter()
            .filter(|(_, text)| text.to_lowercase().contains("quillon"))
            .collect();
        assert_eq!(left, [], "decrypted as far as it can be");
    }
}

#[tokio::test]
async fn q2_not_even_the_file_of_sqlite_holds_a_name() {
    let app = TestApp::configured(Engine::Sqlite, encrypted, routes).await;
    company(&app).await;
    app.change("pragma wal_checkpoint(truncate)").await;
    let mut looked_at = 0;
    for entry in std::fs::read_dir(app.data_dir()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("countersign.db") {
            let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
            looked_at += bytes.len();
            for telling in ["quillon", "hartwig"] {
                assert!(
                    !bytes.windows(telling.len()).any(|part| part == telling.as_bytes()),
                    "{telling} in {}",
                    path.display()
                );
            }
        }
    }
    assert!(looked_at > 100_000, "{looked_at} bytes");
    app.finish().await;
}
