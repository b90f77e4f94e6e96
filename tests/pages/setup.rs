//! The set-up page of an empty installation: there while nobody is, guarded by the token, and never a second time.

use crate::support::{Page, goes_to, open, sign_in};
use countersign::serve::routes;
use server::testing::{Agent, Reply};

const PASSWORD: &str = "a long first password";

async fn set_up(browser: &mut Agent, token: &str, password: &str) -> Reply {
    let fields = [
        ("token", token),
        ("username", "root"),
        ("full_name", "Rosa Otter"),
        ("email", "rosa@example.com"),
        ("password", password),
    ];
    browser.post_form("/do/set-up", &fields).await
}

/// The set-up page as it comes back.
async fn refused(browser: &mut Agent, token: &str, password: &str) -> Page {
    assert_eq!(goes_to(&set_up(browser, token, password).await), "/setup");
    open(browser, "/setup").await
}

server::both_engines! { routes;
    async fn whoever_can_read_the_log_makes_the_first_account(app) {
        let mut browser = app.anyone();
        assert_eq!(goes_to(&browser.get("/login").await), "/setup");
        assert_eq!(open(&mut browser, "/setup").await.status, 200);
        let token = app.backend.setup.token().to_owned();
        assert!(token.len() >= 32);
        assert_eq!(goes_to(&set_up(&mut browser, &token, PASSWORD).await), "/login");
        assert_eq!(goes_to(&sign_in(&mut browser, &[("identifier", "root"), ("password", PASSWORD)]).await), "/");
        assert_eq!(app.texts("select role_code from person_roles").await, ["SUPER_ADMIN"]);
        assert_eq!(app.count("select count(*) from audit where action = 'person.created'").await, 1);
    }

    async fn without_the_token_nobody_is_made(app) {
        let mut browser = app.anyone();
        let token = app.backend.setup.token().to_owned();
        let flipped: String = token.chars().rev().collect();
        for wrong in ["", "nonsense", "\u{0}", &token[..token.len() - 1], &flipped, &format!("{token}x"), &"x".repeat(100_000)] {
            let page = refused(&mut browser, wrong, PASSWORD).await;
            assert!(page.says("not the token that the log shows"), "{}", page.words());
            assert_eq!(page.form("/do/set-up")["username"], "root", "what was typed is lost");
            assert!(!page.html.html().contains(&token), "the page tells the token");
        }
        assert_eq!(app.count("select count(*) from people").await, 0);
    }

    async fn a10_a_first_account_follows_the_rules_as_well(app) {
        let mut browser = app.anyone();
        let token = app.backend.setup.token().to_owned();
        let page = refused(&mut browser, &token, "short").await;
        assert!(page.says("Use at least 8 characters"), "{}", page.words());
        assert!(!page.html.html().contains("short\""), "the password came back");
        assert_eq!(app.count("select count(*) from people").await, 0);
    }

    async fn a10_the_field_says_every_rule_that_a_password_breaks(app) {
        let mut browser = app.anyone();
        let token = app.backend.setup.token().to_owned();
        for (password, words) in [
            ("gebirge", "Use at least 8 characters. Add an upper case letter, a digit and a special character, or use at least 15 characters"),
            ("Dragon2024!", "Choose a password that fewer people use: this is among the first that are tried"),
            ("root-of-all-evil", "Leave out your username and the name in your e-mail address"),
            ("a rosa in the mountains", "Leave out your username and the name in your e-mail address"),
            ("a long password\u{7}", "Leave out tabs, line breaks and other control characters"),
        ] {
            let page = refused(&mut browser, &token, password).await;
            assert_eq!(page.texts("#password-error"), [words], "{password}");
            assert_eq!(page.form("/do/set-up")["username"], "root", "what was typed is lost");
        }
        assert_eq!(app.count("select count(*) from people").await, 0);
        assert_eq!(goes_to(&set_up(&mut browser, &token, "Äpfel & Birnen").await), "/setup", "no digit, 14 characters");
        assert_eq!(goes_to(&set_up(&mut browser, &token, "Äpfel und Birnen").await), "/login");
    }

    async fn a10_a_meter_waits_under_the_password_and_the_sign_in_page_loads_none(app) {
        let mut browser = app.anyone();
        let page = open(&mut browser, "/setup").await;
        assert!(page.html.html().contains("leptos-island"), "no island");
        assert_eq!(page.texts("leptos-island [hidden] [aria-hidden]").len(), 2, "the meter shows before anything is typed");
        assert_eq!(page.texts("leptos-island [role=status]"), [""]);
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let page = open(&mut browser, "/login").await;
        assert!(!page.html.html().contains("leptos-island") && !page.html.html().contains(".wasm"), "an island to sign in");
    }

    async fn the_page_is_gone_once_somebody_is_there(app) {
        let mut browser = app.anyone();
        let token = app.backend.setup.token().to_owned();
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        assert_eq!(browser.get("/setup").await.status, 404);
        set_up(&mut browser, &token, PASSWORD).await;
        assert_eq!(app.count("select count(*) from people").await, 1, "the token made a second account");
    }

    async fn two_at_once_make_one_account(app) {
        let token = app.backend.setup.token().to_owned();
        let make = async |username: &str, email: &str| {
            let fields = [("token", token.as_str()), ("username", username), ("full_name", "Rosa Otter"), ("email", email), ("password", PASSWORD)];
            app.anyone().post_form("/do/set-up", &fields).await.status
        };
        tokio::join!(make("first", "first@example.com"), make("second", "second@example.com"), make("third", "third@example.com"));
        assert_eq!(app.count("select count(*) from people").await, 1, "the one-time token was good more than once");
    }
}
