//! The journey through every room: sign in, dashboard, people, a person, one's account, sign out.

use crate::{
    second_factor::{begin, next_code, with_app},
    support::{Page, goes_to, open, sign_in},
};
use countersign::serve::routes;
use serde_json::json;
use server::testing::PASSWORD;

server::both_engines! { routes;
    async fn uc001_one_signs_in_looks_at_people_and_signs_out(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        let mut browser = app.anyone();
        assert_eq!(goes_to(&browser.get("/").await), "/login");
        let login = open(&mut browser, "/login").await;
        assert_eq!((login.status, login.text("h1").as_str()), (200, "Sign in"));

        let reply = sign_in(&mut browser, &[("identifier", "alice"), ("password", PASSWORD)]).await;
        assert_eq!(goes_to(&reply), "/");
        let home = open(&mut browser, "/").await;
        assert_eq!(home.status, 200);
        assert!(home.says("Welcome back, Alice!"), "{}", home.words());

        let people = open(&mut browser, "/people").await;
        assert!(people.says("Zoë Quinn") && people.says("zoe@example.com"), "{}", people.words());
        let links = people.attributes("table a[href^='/people/']", "href");
        let reply = browser.get(links.last().unwrap()).await;
        let person = Page::of(&reply);
        assert!(person.says("Zoë Quinn"), "{}", person.words());
        for secret in ["argon2", PASSWORD, "password_hash"] {
            assert!(!reply.body.contains(secret));
        }
        assert!(open(&mut browser, "/account").await.says("alice@example.com"));

        assert_eq!(goes_to(&browser.post_form("/do/sign-out", &[]).await), "/login");
        assert!(!browser.cookies.contains_key("session_token"), "the cookie is still there");
        assert!(open(&mut browser, "/login").await.says("You are signed out."));
        assert_eq!(goes_to(&browser.get("/people").await), "/login?next=%2Fpeople");
    }

    async fn a6_signing_in_ends_the_session_that_is_open_in_that_browser(app) {
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        app.add("bob", "Bob Hale", &["PIN"]).await;
        let (mut browser, mut elsewhere, mut program) = (app.browser_of("zoe").await, app.browser_of("zoe").await, app.client_of("zoe").await);
        let mut earlier = browser.clone();
        // A second tab still shows the sign-in page.
        assert_eq!(goes_to(&sign_in(&mut browser, &[("identifier", "zoe"), ("password", PASSWORD)]).await), "/");
        assert_eq!(goes_to(&earlier.get("/account").await), "/login?next=%2Faccount");
        let mut second = browser.clone();
        // A wrong password ends nothing; another person's right one does.
        sign_in(&mut browser, &[("identifier", "bob"), ("password", "wrong")]).await;
        assert_eq!(second.get("/account").await.status, 200);
        app.clock.advance(std::time::Duration::from_secs(1));
        sign_in(&mut browser, &[("identifier", "bob"), ("password", PASSWORD)]).await;
        assert!(open(&mut browser, "/account").await.says("bob@example.com"));
        assert_eq!(second.get("/account").await.status, 303);
        // Nowhere else is anybody signed out.
        assert_eq!((elsewhere.get("/account").await.status, program.get("/api/v1/auth/me").await.status), (200, 200));
        let by_whom = app.texts("select a.username || ' ended one of ' || p.username from audit e join people a on a.id = e.actor_id
            join people p on p.id = e.person_id where e.action = 'session.replaced' order by e.at, e.id").await;
        assert_eq!(by_whom, ["zoe ended one of zoe", "bob ended one of zoe"]);
        let page = open(&mut elsewhere, "/account/events").await;
        assert!(page.says("You signed in anew in the same browser, which ended the session before"), "{}", page.words());
        assert!(page.says("Somebody else signed in in your browser, which ended your session") && !page.says("Bob"), "{}", page.words());
    }

    async fn a6_tokens_and_a_sign_in_that_waits_end_no_session(app) {
        let secret = with_app(app, "alice", "Alice Ng", "USER_ADMIN").await;
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        let mut browser = app.browser_of("zoe").await;
        let mut earlier = browser.clone();
        let reply = browser.post_json("/api/v1/auth/login", &json!({ "identifier": "zoe", "password": PASSWORD })).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        begin(&mut browser, "alice", "/").await;
        assert_eq!(earlier.get("/account").await.status, 200, "a password alone ended a session");
        let code = next_code(app, &secret);
        assert_eq!(goes_to(&browser.post_form("/do/verify", &[("method", "totp"), ("code", &code)]).await), "/");
        assert_eq!(earlier.get("/account").await.status, 303);
        assert_eq!(app.count("select count(*) from audit where action = 'session.replaced'").await, 1);
    }

    async fn a8_one_comes_back_to_the_page_that_was_asked_for(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        let wanted = "/people?search=zoe&sort=-email";
        let login = goes_to(&browser.get(wanted).await).to_owned();
        let form = open(&mut browser, &login).await.form("/do/sign-in");
        assert_eq!(form["next"], wanted);
        let reply = sign_in(&mut browser, &[("identifier", "alice"), ("password", PASSWORD), ("next", &form["next"])]).await;
        assert_eq!(goes_to(&reply), wanted);
    }

    async fn a8_nobody_is_led_to_a_foreign_page(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for foreign in ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example", " //evil.example", "http:evil"] {
            let mut browser = app.anyone();
            let reply = sign_in(&mut browser, &[("identifier", "alice"), ("password", PASSWORD), ("next", foreign)]).await;
            assert_eq!(goes_to(&reply), "/", "{foreign:?}");
            // Somebody who is signed in already is led on by the page itself.
            let mut path = String::from("/login?next=");
            path.extend(foreign.bytes().map(|byte| format!("%{byte:02X}")));
            assert_eq!(goes_to(&browser.get(&path).await), "/", "{foreign:?}");
        }
    }

    async fn a8_one_is_greeted_once(app) {
        app.add("alice", "Alice Ng", &["PIN"]).await;
        let mut browser = app.anyone();
        let reply = sign_in(&mut browser, &[("identifier", "alice"), ("password", PASSWORD), ("next", "/account")]).await;
        assert_eq!(goes_to(&reply), "/account");
        assert_eq!(open(&mut browser, "/account").await.texts("[data-toast] p"), ["Welcome back, Alice!"]);
        assert_eq!(open(&mut browser, "/account").await.texts("[data-toast] p"), [""; 0]);
    }

    async fn r3_one_goes_on_in_another_role(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF"]).await;
        let mut browser = app.browser_of("alice").await;
        let before = browser.cookies["session_token"].clone();
        let mut old = browser.clone();
        assert_eq!(goes_to(&browser.post_form("/do/act-as", &[("role", "STAFF")]).await), "/");
        assert_ne!(browser.cookies["session_token"], before, "the session is the same after a change of privilege");
        assert!(open(&mut browser, "/").await.says("You act as Staff"));
        assert_eq!(browser.get("/people").await.status, 403);
        assert_eq!(goes_to(&old.get("/people").await), "/login?next=%2Fpeople", "the old session still opens doors");
        browser.post_form("/do/act-as", &[("role", "SUPER_ADMIN")]).await;
        assert!(open(&mut browser, "/").await.says("You act as Staff"), "a role that is not held was taken");
        assert_eq!(app.count("select count(*) from audit where action = 'session.role_switched'").await, 1);
        assert!(open(&mut browser, "/account/events").await.says("You went on as Staff, after User Admin"));
        let trail = app.texts("select role_code || ' ' || details from audit where action = 'session.role_switched'").await;
        assert_eq!(trail, [r#"USER_ADMIN {"changes":{"role":{"after":"STAFF","before":"USER_ADMIN"}}}"#]);
    }

    async fn a6_the_cookie_of_a_sign_in_is_strict(app) {
        app.add("alice", "Alice Ng", &["PIN"]).await;
        for (remember, age) in [("", "Max-Age=604800"), ("on", "Max-Age=2592000")] {
            let mut browser = app.anyone();
            let reply = sign_in(&mut browser, &[("identifier", "alice"), ("password", PASSWORD), ("remember", remember), ("next", "/account")]).await;
            let cookies: Vec<&str> = reply.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
            let session = cookies.iter().find(|cookie| cookie.starts_with("session_token=")).unwrap();
            let mut parts: Vec<&str> = session.split("; ").skip(1).collect();
            parts.sort_unstable();
            assert_eq!(parts, ["HttpOnly", age, "Path=/", "SameSite=Strict", "Secure"]);
            let visit = cookies.iter().find(|cookie| cookie.starts_with("visit=")).unwrap();
            for part in ["HttpOnly", "Secure", "SameSite=Lax"] {
                assert!(visit.contains(part), "{visit}");
            }
        }
    }
}
