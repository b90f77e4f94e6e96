//! What a look leaves behind: nothing in the store, and nothing of the reader's own in the page.

use crate::support::{open, sign_in};
use countersign::serve::routes;
use server::testing::PASSWORD;

server::both_engines! { routes;
    async fn a_look_writes_nothing(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let audited = app.count("select count(*) from audit").await;
        for _ in 0..20 {
            for path in ["/login", "/", "/people", "/setup", "/nothing", "/login?next=/people"] {
                let reply = app.anyone().get(path).await;
                assert_eq!(reply.header("set-cookie"), "", "{path} sets a cookie");
            }
        }
        assert_eq!(app.count("select count(*) from visits").await, 0, "looks without a sign-in fill the store");
        assert_eq!(app.count("select count(*) from sessions").await, 0);
        assert_eq!(app.count("select count(*) from audit").await, audited);
    }

    async fn a_message_is_carried_to_the_next_page_and_forgotten(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        sign_in(&mut browser, &[("identifier", "alice"), ("password", "wrong")]).await;
        let mut other = app.anyone();
        assert!(open(&mut other, "/login").await.texts("[data-error-summary]").is_empty(), "a message went to somebody else");
        assert_eq!(open(&mut browser, "/login").await.texts("[data-error-summary]").len(), 1);
        assert!(open(&mut browser, "/login").await.texts("[data-error-summary]").is_empty(), "a message came twice");
    }

    async fn a_message_is_not_kept_for_long(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        sign_in(&mut browser, &[("identifier", "alice"), ("password", "wrong")]).await;
        assert_eq!(app.count("select count(*) from visits").await, 1);
        let longest = app.count("select max(expires_at) from visits").await;
        // Visits go by the machine's clock, since the library that keeps them asks it.
        let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_micros()).unwrap();
        assert!(longest - now <= 3_600_000_000, "a visit lasts longer than an hour");
    }

    async fn a_theme_is_one_of_two_words(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.browser_of("alice").await;
        for (cookie, expected) in [("dark", &["dark"][..]), ("light", &["light"]), ("", &[]), ("purple", &[]), ("dark\"onload=\"alert(1)", &[])] {
            browser.cookies.insert("theme".into(), cookie.into());
            let page = open(&mut browser, "/account").await;
            assert_eq!(page.attributes("html", "data-theme"), expected, "{cookie}");
            assert!(!page.html.html().contains("alert(1)"), "{cookie}");
        }
    }

    async fn a13_no_password_stands_anywhere_in_the_store(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        sign_in(&mut browser, &[("identifier", "alice"), ("password", "hunter2-hunter2")]).await;
        sign_in(&mut browser, &[("identifier", "alice"), ("password", PASSWORD), ("next", "/account")]).await;
        browser.post_form("/do/set-up", &[("token", "x"), ("username", "u"), ("password", "hunter2-hunter2")]).await;
        for (table, column) in [("audit", "details"), ("visits", "data"), ("outbox", "payload"), ("people", "password_hash"), ("sessions", "user_agent")] {
            let stored = app.texts(&format!("select {column} from {table}")).await.join("\n");
            assert!(!stored.contains("hunter2") && !stored.contains(PASSWORD), "{table}.{column} holds a password");
        }
        let hashes = app.texts("select password_hash from people").await;
        assert!(hashes.iter().all(|hash| hash.starts_with("$argon2id$v=19$")), "{hashes:?}");
    }
}
