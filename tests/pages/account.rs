//! My account, section by section, as forms without any script.

use crate::support::{Page, goes_to, open};
use countersign::serve::routes;
use server::testing::{Agent, PASSWORD, TestApp};
use std::time::Duration;

const NEW: &str = "another horse battery";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";
const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15";

/// Sends a form and opens the page that it leads to.
async fn send(browser: &mut Agent, action: &str, fields: &[(&str, &str)]) -> Page {
    let reply = browser.post_form(action, fields).await;
    let next = goes_to(&reply).to_owned();
    open(browser, &next).await
}

async fn browser_with(app: &TestApp, username: &str, user_agent: &str) -> Agent {
    let mut browser = app.anyone();
    browser.headers.push(("user-agent".into(), user_agent.into()));
    let reply = browser.post_form("/do/sign-in", &[("identifier", username), ("password", PASSWORD)]).await;
    assert_eq!(goes_to(&reply), "/");
    browser
}

server::both_engines! { routes;
    async fn u7_every_section_leads_to_every_other(app) {
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        let mut browser = app.browser_of("zoe").await;
        for (section, label) in [
            ("/account", "Profile"), ("/account/preferences", "Preferences"), ("/account/password", "Password"), ("/account/sessions", "Sessions"), ("/account/api-keys", "API keys"), ("/account/events", "Recent events"), ("/account/data", "Your data"),
        ] {
            let page = open(&mut browser, section).await;
            let nav = "nav[aria-label='Sections of your account'] a";
            assert_eq!(page.texts(nav), ["Profile", "Preferences", "Password", "Second factor", "Sessions", "API keys", "Recent events", "Your data"]);
            assert_eq!(page.texts(&format!("{nav}[aria-current=page]")), [label]);
            assert!(page.attributes(nav, "href").iter().any(|href| href == "/account/second-factor"));
        }
    }

    async fn u7_one_changes_ones_name_and_sees_it_everywhere(app) {
        app.add("zoe", "Zoe Quin", &["PIN"]).await;
        let mut browser = app.browser_of("zoe").await;
        let form = open(&mut browser, "/account").await.form("/do/update-profile");
        assert_eq!(form["full_name"], "Zoe Quin");
        let version = form["version"].clone();
        let page = send(&mut browser, "/do/update-profile", &[("full_name", "Zoë Quinn"), ("version", &version)]).await;
        assert_eq!(page.texts("[data-toast] p"), ["Your name is changed."]);
        assert_eq!(page.form("/do/update-profile")["full_name"], "Zoë Quinn");
        let stale = send(&mut browser, "/do/update-profile", &[("full_name", "Zoe X"), ("version", &version)]).await;
        assert!(stale.text("[data-error-summary]").contains("changed in the meantime"), "{}", stale.words());
        let version = stale.form("/do/update-profile")["version"].clone();
        let same = send(&mut browser, "/do/update-profile", &[("full_name", "Zoë Quinn"), ("version", &version)]).await;
        assert_eq!(same.text("[data-error-summary]"), "No fields to update");
        let wrong = send(&mut browser, "/do/update-profile", &[("full_name", "<b>\u{202E}"), ("version", &version)]).await;
        assert_eq!(wrong.attributes("input#full_name", "aria-invalid"), ["true"]);
        assert_eq!(wrong.form("/do/update-profile")["full_name"], "<b>\u{202E}");
    }

    async fn a6_changing_the_password_signs_out_elsewhere_and_not_here(app) {
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        let (mut browser, mut other) = (app.browser_of("zoe").await, app.browser_of("zoe").await);
        let wrong = send(&mut browser, "/do/change-password", &[("current_password", "wrong"), ("password", NEW)]).await;
        assert_eq!(wrong.attributes("input#current_password", "aria-invalid"), ["true"]);
        assert_eq!(wrong.attributes("[data-error-summary] a", "href"), ["#current_password"]);
        let both = send(&mut browser, "/do/change-password", &[]).await;
        assert_eq!(both.attributes("[data-error-summary] a", "href"), ["#current_password", "#password"]);
        assert!(!both.html.html().contains(NEW), "the password came back");
        let cookie = browser.cookies["session_token"].clone();
        let done = send(&mut browser, "/do/change-password", &[("current_password", PASSWORD), ("password", NEW)]).await;
        assert_eq!(done.texts("[data-toast] p"), ["Your password is changed. You are signed out everywhere else."]);
        assert_ne!(browser.cookies["session_token"], cookie);
        assert_eq!(goes_to(&other.get("/account").await), "/login?next=%2Faccount");
        let stored = app.texts("select data from visits").await.join("");
        assert!(!stored.contains(NEW) && !stored.contains(PASSWORD), "{stored}");
    }

    async fn a6_one_ends_a_session_of_another_device(app) {
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        let (mut here, mut there) = (browser_with(app, "zoe", FIREFOX).await, browser_with(app, "zoe", SAFARI).await);
        app.client_of("zoe").await;
        let page = open(&mut here, "/account/sessions").await;
        assert!(page.says("Firefox on Linux") && page.says("Safari on macOS") && page.says("Unknown device"), "{}", page.words());
        let rows = page.texts("#open-sessions li");
        assert_eq!(rows.iter().filter(|row| row.contains("This device")).collect::<Vec<_>>(), [&rows[0]]);
        assert!(rows[0].contains("Firefox on Linux"), "{rows:?}");
        let form = page.texts("form[action='/do/end-session']");
        assert!(form.contains(&"End the session on Safari on macOS".to_owned()), "{form:?}");
        let safari = rows.iter().position(|row| row.contains("Safari")).unwrap() - 1;
        let id = page.attributes("input[name=session]", "value")[safari].clone();
        let page = send(&mut here, "/do/end-session", &[("session", &id)]).await;
        assert_eq!(page.texts("[data-toast] p"), ["The session is ended."]);
        assert!(!page.says("Safari on macOS"));
        assert_eq!(there.get("/account").await.status, 303);
        let again = send(&mut here, "/do/end-session", &[("session", &id)]).await;
        assert_eq!(again.texts("[data-toast] p"), ["This session has ended already"]);
        let page = send(&mut here, "/do/end-other-sessions", &[]).await;
        assert_eq!(page.texts("main form[action='/do/end-session']"), [""; 0]);
        assert!(page.says("You are signed in here alone."));
        let login = send(&mut here, "/do/sign-out-everywhere", &[]).await;
        assert!(login.says("You are signed out everywhere."));
        assert!(!here.cookies.contains_key("session_token"));
    }

    async fn t6_a_key_is_shown_on_one_page_once(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.browser_of("alice").await;
        let empty = open(&mut browser, "/account/api-keys").await;
        assert!(empty.says("No keys yet"));
        assert_eq!(empty.attributes("select[name=expires_in_days] option[selected]", "value"), ["90"]);
        let offered = empty.attributes("input[name='scopes[]']", "value");
        assert!(offered.contains(&"users.view".to_owned()) && !offered.contains(&"settings.update".to_owned()), "{offered:?}");
        let fields = [("name", "Nightly export"), ("scopes[]", "users.view"), ("scopes[]", "audit.view"), ("expires_in_days", "30")];
        let reply = browser.post_form("/do/make-api-key", &fields).await;
        assert!(!reply.header("location").contains("cs_"), "the key stands in an address");
        let stored = app.texts("select data from visits").await.join("");
        let page = open(&mut browser, "/account/api-keys").await;
        let key = page.text("[data-new-key]");
        assert!(key.starts_with("cs_") && key.len() == 46, "{key}");
        assert!(!stored.contains(&key), "the key was stored on its way");
        let mut program = app.anyone();
        program.bearer = Some(key.clone());
        assert_eq!(program.get("/api/v1/users").await.status, 200);
        assert_eq!(program.get("/people").await.status, 303, "a key opens a page");
        let page = open(&mut browser, "/account/api-keys").await;
        assert!(!page.html.html().contains(&key), "the key is shown again");
        assert!(page.says("Nightly export") && page.says("last used just now") && page.says(&format!("cs_…{}", &key[42..])), "{}", page.words());
        let id = page.attributes("input[name=key]", "value")[0].clone();
        let page = send(&mut browser, "/do/revoke-api-key", &[("key", &id)]).await;
        assert!(page.says("No keys yet"));
        assert_eq!(program.get("/api/v1/users").await.status, 401);
    }

    async fn a5_making_a_key_leads_past_confirming_and_keeps_what_was_typed(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.browser_of("alice").await;
        let hint = "You will be asked to confirm that it is you.";
        assert!(!open(&mut browser, "/account/api-keys").await.says(hint));
        app.clock.advance(server::proof::FRESH);
        assert!(open(&mut browser, "/account/api-keys").await.says(hint));
        let fields = [("name", "Nightly export"), ("scopes[]", "users.view"), ("expires_in_days", "30")];
        let confirm = "/confirm?next=%2Faccount%2Fapi-keys";
        assert_eq!(goes_to(&browser.post_form("/do/make-api-key", &fields).await), confirm);
        assert_eq!(app.count("select count(*) from api_keys").await, 0);
        assert_eq!(open(&mut browser, confirm).await.form("/do/confirm")["next"], "/account/api-keys");
        let wrong = send(&mut browser, "/do/confirm", &[("password", "wrong"), ("next", "/account/api-keys")]).await;
        assert_eq!(wrong.attributes("input#password", "aria-invalid"), ["true"]);
        let page = send(&mut browser, "/do/confirm", &[("password", PASSWORD), ("next", "/account/api-keys")]).await;
        assert_eq!(page.texts("[data-toast] p"), ["Confirmed. Nothing is sent yet: what you typed stands in the form."]);
        assert_eq!(page.attributes("input#name", "value"), ["Nightly export"]);
        assert_eq!(page.attributes("input[name='scopes[]'][checked]", "value"), ["users.view"]);
        assert_eq!(page.attributes("select[name=expires_in_days] option[selected]", "value"), ["30"]);
        let page = send(&mut browser, "/do/make-api-key", &fields).await;
        assert!(page.text("[data-new-key]").starts_with("cs_"));
        assert!(!page.says(hint));
    }

    async fn t6_a_key_that_was_not_made_comes_back_as_it_was_typed(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.browser_of("alice").await;
        let page = send(&mut browser, "/do/make-api-key", &[("name", ""), ("scopes[]", "users.view"), ("expires_in_days", "7")]).await;
        assert_eq!(page.attributes("[data-error-summary] a", "href"), ["#name"]);
        assert_eq!(page.attributes("input[name='scopes[]'][checked]", "value"), ["users.view"]);
        assert_eq!(page.attributes("select[name=expires_in_days] option[selected]", "value"), ["7"]);
        let page = send(&mut browser, "/do/make-api-key", &[("name", "x"), ("expires_in_days", "soon")]).await;
        assert!(page.attributes("[data-error-summary] a", "href").contains(&"#expires_in_days".to_owned()));
        let page = send(&mut browser, "/do/make-api-key", &[("name", "x"), ("expires_in_days", "7")]).await;
        assert_eq!(page.attributes("[data-error-summary] a", "href"), ["#scopes"]);
        assert_eq!(page.attributes("fieldset#scopes", "aria-describedby"), ["scopes-error"]);
    }

    async fn u7_what_happened_is_told_in_sentences(app) {
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        let mut browser = browser_with(app, "zoe", FIREFOX).await;
        app.anyone().post_form("/do/sign-in", &[("identifier", "zoe"), ("password", "wrong")]).await;
        send(&mut browser, "/do/make-api-key", &[("name", "Nightly <export>"), ("scopes[]", "products.view"), ("expires_in_days", "7")]).await;
        send(&mut browser, "/do/change-password", &[("current_password", PASSWORD), ("password", NEW)]).await;
        browser_with_new_password(app, SAFARI).await;
        let page = open(&mut browser, "/account/events").await;
        for sentence in [
            "A letter told you of a new device or place", "Safari on macOS, 127.0.0.1", "You changed your password", "You made the API key “Nightly <export>”",
            "A sign-in as you was refused", "You signed in", "Firefox on Linux, 127.0.0.1",
        ] {
            assert!(page.says(sentence), "{sentence}: {}", page.words());
        }
        let ways = page.attributes("main [role=status] a", "href");
        assert_eq!(ways, ["/account/password", "/account/sessions"]);
    }

    async fn u7_events_are_leafed_through_without_gaps(app) {
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        let mut browser = app.browser_of("zoe").await;
        for _ in 0..70 {
            app.clock.advance(Duration::from_secs(1));
            app.browser_of("zoe").await;
        }
        let count = async |browser: &mut Agent, path: &str| {
            let page = open(browser, path).await;
            let links = page.attributes("nav[aria-label='Pages of this list'] a", "href");
            (page.texts("main ol > li").len(), page.texts("nav[aria-label='Pages of this list'] a"), links)
        };
        let (first, labels, links) = count(&mut browser, "/account/events").await;
        assert_eq!((first, labels), (30, vec!["Next".to_owned()]));
        let (second, labels, links) = count(&mut browser, &links[0]).await;
        assert_eq!((second, labels.len()), (30, 2));
        let back = links[0].clone();
        let (third, labels, _) = count(&mut browser, &links[1]).await;
        // The account was made, and 71 times somebody signed in.
        assert_eq!((third, labels), (12, vec!["Previous".to_owned()]));
        let (newest, labels, _) = count(&mut browser, &back).await;
        assert_eq!((newest, labels), (30, vec!["Next".to_owned()]));
        for nonsense in ["x", "before-1-2", "after-99999999999999999999-x"] {
            assert_eq!(count(&mut browser, &format!("/account/events?page={nonsense}")).await.0, 30);
        }
    }

    async fn u7_nobody_sees_what_happened_to_others(app) {
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        app.add("bob", "Bob Hale", &["PIN"]).await;
        browser_with(app, "zoe", SAFARI).await;
        let mut bob = browser_with(app, "bob", FIREFOX).await;
        assert!(!open(&mut bob, "/account/events").await.says("Safari"));
        assert!(!open(&mut bob, "/account/sessions").await.says("Safari"));
    }
}

async fn browser_with_new_password(app: &TestApp, user_agent: &str) {
    let mut browser = app.anyone();
    browser.headers.push(("user-agent".into(), user_agent.into()));
    browser.post_form("/do/sign-in", &[("identifier", "zoe"), ("password", NEW)]).await;
    assert!(browser.cookies.contains_key("session_token"));
}

#[tokio::test]
async fn u7_a_browser_keeps_its_mark_and_is_known_by_it() {
    let app = TestApp::new(server::testing::Engine::Sqlite, routes).await;
    app.add("zoe", "Zoë Quinn", &["PIN"]).await;
    let mut browser = browser_with(&app, "zoe", FIREFOX).await;
    let mark = browser.cookies["device"].clone();
    browser.post_form("/do/sign-out", &[]).await;
    // The same browser on a new machine, as far as its user agent tells.
    browser.headers[0].1 = SAFARI.into();
    let reply = browser.post_form("/do/sign-in", &[("identifier", "zoe"), ("password", PASSWORD)]).await;
    assert_eq!(goes_to(&reply), "/");
    assert_eq!(browser.cookies["device"], mark);
    assert_eq!(app.count("select count(*) from audit where action = 'session.new_device'").await, 0);
    let mut failed = app.anyone();
    failed.post_form("/do/sign-in", &[("identifier", "zoe"), ("password", "wrong")]).await;
    assert!(!failed.cookies.contains_key("device"), "a mark for somebody who did not sign in");
    let reply = app.anyone().post_form("/do/sign-in", &[("identifier", "zoe"), ("password", PASSWORD)]).await;
    let cookies: Vec<&str> =
        reply.headers.get_all("set-cookie").iter().map(|one| one.to_str().unwrap()).collect();
    let mark = cookies.iter().find(|cookie| cookie.starts_with("device=")).unwrap();
    for part in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/do/", "Max-Age=34560000"] {
        assert!(mark.contains(part), "{mark}");
    }
    app.finish().await;
}
