//! Hashes from elsewhere and from before: they let their owner in, and the sign-in that proves the password makes them anew.

use crate::import_support::{admin, check, file, finish, start};
use crate::support::{log_in, log_in_as, routes, without_request_id};
use serde_json::json;
use server::testing::{PASSWORD, TestApp};

/// bcrypt hashes of `PASSWORD`, as other programs write them.
const BCRYPT: [&str; 3] = [
    "$2a$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG",
    "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG",
    "$2y$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG",
];

async fn give(app: &TestApp, username: &str, hash: &str) {
    app.change(&format!("update people set password_hash = '{hash}' where username = '{username}'")).await;
}

async fn hash_of(app: &TestApp, username: &str) -> String {
    app.texts(&format!("select password_hash from people where username = '{username}'")).await.remove(0)
}

async fn cost<T>(app: &TestApp, work: impl Future<Output = T>) -> (T, u64) {
    let before = app.backend.passwords.computed();
    let outcome = work.await;
    (outcome, app.backend.passwords.computed() - before)
}

server::both_engines! { routes;
    async fn a1_a_bcrypt_hash_lets_its_owner_in_and_is_made_anew(app) {
        app.add("ivy", "Ivy Stone", &["STAFF"]).await;
        for imported in BCRYPT {
            give(app, "ivy", imported).await;
            assert_eq!(log_in(app, "ivy", "wrong").await.status, 401);
            assert_eq!(hash_of(app, "ivy").await, imported, "a wrong password changed the hash");
            let (reply, hashes) = cost(app, log_in(app, "ivy", PASSWORD)).await;
            assert_eq!((reply.status, hashes), (200, 2), "one to check, one to make: {}", reply.body);
            let renewed = hash_of(app, "ivy").await;
            assert!(renewed.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{renewed}");
            let (reply, hashes) = cost(app, log_in(app, "ivy", PASSWORD)).await;
            assert_eq!((reply.status, hashes), (200, 1));
            assert_eq!(hash_of(app, "ivy").await, renewed, "a hash that is good was made anew");
        }
        assert_eq!(app.count("select login_count from people where username = 'ivy'").await, 6);
    }

    async fn a1_whoever_was_imported_with_a_bcrypt_hash_signs_in_and_it_is_made_anew(app) {
        let mut client = admin(app).await;
        let rows = file(BCRYPT.len(), |row| format!("STAFF,{}", BCRYPT[row]));
        let found = check(&mut client, &format!("username,full_name,email,roles,password_hash\n{rows}")).await;
        assert_eq!((&found["new"], &found["wrong"], &found["to_hash"]), (&json!(3), &json!(0), &json!(0)), "{found}");
        let begun = start(&mut client, &found, "refuse").await;
        let ended = finish(app, &mut client, begun).await;
        assert_eq!((&ended["state"], &ended["made"]), (&json!("done"), &json!(3)), "{ended}");
        for (row, imported) in BCRYPT.into_iter().enumerate() {
            let username = format!("import{row:05}");
            assert_eq!(hash_of(app, &username).await, imported, "it is kept as it came until they sign in");
            assert_eq!(log_in(app, &username, "wrong").await.status, 401);
            assert_eq!(log_in(app, &username, PASSWORD).await.status, 200);
            assert!(hash_of(app, &username).await.starts_with("$argon2id$"));
        }
    }

    async fn a1_a_cheaper_argon2_hash_is_made_anew_and_a_dearer_one_kept(app) {
        app.add("ivy", "Ivy Stone", &["STAFF"]).await;
        let cheap = "$argon2id$v=19$m=32,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$JZ5VpMbkUHSuJaIwyunuHHoyybaSylUYtwLlaMidzf8";
        let dear = "$argon2id$v=19$m=256,t=3,p=2$MDEyMzQ1Njc4OWFiY2RlZg$MI6ryYRwMCcF1mm/CkxPIp74xyGLtt30+tj0SMxQ5b4";
        give(app, "ivy", cheap).await;
        assert_eq!(log_in(app, "ivy", PASSWORD).await.status, 200);
        assert!(hash_of(app, "ivy").await.contains("m=64,t=1,p=1"));
        give(app, "ivy", dear).await;
        assert_eq!(log_in(app, "ivy", PASSWORD).await.status, 200);
        assert_eq!(hash_of(app, "ivy").await, dear);
    }

    async fn a1_a_hash_is_not_made_anew_where_the_sign_in_fails(app) {
        app.add("ivy", "Ivy Stone", &["STAFF"]).await;
        give(app, "ivy", BCRYPT[0]).await;
        assert_eq!(log_in_as(app, "ivy", PASSWORD, "USER_ADMIN").await.status, 401);
        app.change("update people set status = 'suspended' where username = 'ivy'").await;
        assert_eq!(log_in(app, "ivy", PASSWORD).await.status, 403);
        assert_eq!(hash_of(app, "ivy").await, BCRYPT[0]);
    }

    async fn a1_many_sign_ins_at_once_all_succeed_while_the_hash_is_made_anew(app) {
        app.add("ivy", "Ivy Stone", &["STAFF"]).await;
        give(app, "ivy", BCRYPT[0]).await;
        let replies = futures::future::join_all((0..8).map(|_| log_in(app, "ivy", PASSWORD))).await;
        let statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        assert_eq!(statuses, [200; 8]);
        assert_eq!(app.count("select login_count from people where username = 'ivy'").await, 8);
        assert!(hash_of(app, "ivy").await.starts_with("$argon2id$"));
    }

    async fn a1_plain_text_and_hashes_of_unknown_kinds_let_nobody_in(app) {
        app.add("ivy", "Ivy Stone", &["STAFF"]).await;
        let nobody = without_request_id(&log_in(app, "nobody", PASSWORD).await);
        for stored in [
            PASSWORD,
            "",
            "$2b$31$abcdefghijklmnopqrstuu5s3Gcs5F1AsRmwT3C5LDqbIMsH7FVSa",
            "$2x$04$abcdefghijklmnopqrstuu5s3Gcs5F1AsRmwT3C5LDqbIMsH7FVSa",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "$argon2id$v=19$m=4194304,t=100,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        ] {
            give(app, "ivy", stored).await;
            // Each is a first failure, whatever came before.
            app.clock.advance(std::time::Duration::from_secs(900));
            let (reply, hashes) = cost(app, log_in(app, "ivy", PASSWORD)).await;
            assert_eq!((without_request_id(&reply), hashes), (nobody.clone(), 1), "{stored}");
            if !stored.is_empty() {
                let (reply, _) = cost(app, log_in(app, "ivy", stored)).await;
                assert_eq!(reply.status, 401, "{stored} let itself in");
            }
            assert_eq!(hash_of(app, "ivy").await, stored);
        }
    }

    async fn a1_a_password_fits_however_its_accents_are_typed(app) {
        let (composed, apart) = ("ein sch\u{f6}ner Tag, caf\u{e9}", "ein scho\u{308}ner Tag, cafe\u{301}");
        let id = app.add("ivy", "Ivy Stone", &["STAFF"]).await;
        let password = app.backend.passwords.accept(apart, &Default::default()).unwrap();
        let permit = server::permit::Operator::of_this_machine().permit(id);
        app.backend.identity.reset_password(&permit, password, &server::Origin::operator()).await.unwrap();
        for typed in [composed, apart] {
            assert_eq!(log_in(app, "ivy", typed).await.status, 200, "{typed:?}");
        }
        assert_eq!(log_in(app, "ivy", "ein schoner Tag, cafe").await.status, 401);
    }

    async fn a1_a_hash_of_the_password_as_it_was_typed_fits_and_is_made_anew(app) {
        app.add("ivy", "Ivy Stone", &["STAFF"]).await;
        let from_before = "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$kqMDMl7JF5W/qSS8IuyYRLnIiCC3vKjFqpiof8hCeoM";
        give(app, "ivy", from_before).await;
        let typed = "ein scho\u{308}ner Tag";
        assert_eq!(log_in(app, "ivy", typed).await.status, 200);
        assert_ne!(hash_of(app, "ivy").await, from_before);
        assert_eq!(log_in(app, "ivy", "ein sch\u{f6}ner Tag").await.status, 200, "the new hash is of the one form");
    }

    async fn a3_a_password_in_two_forms_costs_the_same_whether_there_is_an_account_or_not(app) {
        app.add("ivy", "Ivy Stone", &["STAFF"]).await;
        let typed = "wrong cafe\u{301}";
        let (_, known) = cost(app, log_in(app, "ivy", typed)).await;
        let (_, unknown) = cost(app, log_in(app, "nobody", typed)).await;
        assert_eq!((known, unknown), (2, 2));
    }

    async fn a10_no_password_is_cut_off(app) {
        let id = app.add("ivy", "Ivy Stone", &["STAFF"]).await;
        for (length, letter) in [(72, "x"), (73, "é"), (128, "y"), (256, "🦀")] {
            let ground = letter.repeat(length - 2);
            let permit = server::permit::Operator::of_this_machine().permit(id);
            let password = app.backend.passwords.accept(&format!("{ground}az"), &Default::default()).unwrap();
            app.backend.identity.reset_password(&permit, password, &server::Origin::operator()).await.unwrap();
            assert_eq!(log_in(app, "ivy", &format!("{ground}az")).await.status, 200, "{length} characters");
            assert_eq!(log_in(app, "ivy", &format!("{ground}a")).await.status, 401, "{length} characters, one cut off");
            assert_eq!(log_in(app, "ivy", &format!("{ground}ay")).await.status, 401, "{length} characters, another last one");
        }
    }
}
