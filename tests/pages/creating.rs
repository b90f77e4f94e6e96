//! `/people/new` without a script: making accounts, by a password or by an invitation.

use crate::support::{Page, goes_to, open};
use countersign::serve::routes;
use server::testing::{Agent, PASSWORD, Reply, TestApp};
use std::time::Duration;

const FORM: &str = "/do/create-person";

async fn admin(app: &TestApp) -> Agent {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.browser_of("alice").await
}

async fn send(browser: &mut Agent, changes: &[(&str, &str)]) -> Reply {
    let right = [
        ("full_name", "Nora Quist"),
        ("username", "nora"),
        ("email", "nora@example.com"),
        ("role", "PIN"),
        ("way", "password"),
        ("password", PASSWORD),
    ];
    let kept = right.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    let fields: Vec<(&str, &str)> = kept.chain(changes).copied().collect();
    browser.post_form(FORM, &fields).await
}

/// The form, shown again with what was wrong.
async fn refused(browser: &mut Agent, changes: &[(&str, &str)]) -> Page {
    let reply = send(browser, changes).await;
    assert_eq!(goes_to(&reply), "/people/new", "{}", reply.body);
    open(browser, "/people/new").await
}

server::both_engines! { routes;
    async fn uc003_1_to_19_the_way_from_the_list_to_the_new_account(app) {
        let mut browser = admin(app).await;
        let list = open(&mut browser, "/people").await;
        assert_eq!(list.attributes("a[href='/people/new']", "href").len(), 1, "steps 1 and 2");
        let page = open(&mut browser, "/people/new").await;
        assert!(page.texts("select[name=role] option").contains(&"CSR representative".to_owned()), "step 8");
        let reply = send(&mut browser, &[("more_roles[]", "STAFF")]).await;
        let person = open(&mut browser, goes_to(&reply)).await;
        assert_eq!(person.text(".toast p"), "The account of Nora is ready.", "step 18");
        assert!(person.says("nora@example.com") && person.says("Person in need, Staff"));
        let list = open(&mut browser, "/people?search=nora").await;
        assert!(list.says("Nora Quist"), "step 19");
        app.browser_of("nora").await;
    }

    async fn uc003_14a_a_name_that_is_taken_is_said_at_its_field(app) {
        let mut browser = admin(app).await;
        let page = refused(&mut browser, &[("username", "Alice"), ("more_roles[]", "STAFF")]).await;
        assert_eq!(page.text("#username-error"), "Username already exists");
        assert_eq!(page.attributes("#username", "aria-invalid"), ["true"]);
        assert_eq!(page.attributes("a[href='#username']", "href").len(), 1, "no summary leads to the field");
        let typed = page.form(FORM);
        assert_eq!((&*typed["full_name"], &*typed["username"], &*typed["email"], &*typed["password"]), ("Nora Quist", "Alice", "nora@example.com", ""));
        assert_eq!(page.texts("select[name=role] option[selected]"), ["Person in need"]);
        assert_eq!(page.attributes("input[name='more_roles[]'][checked]", "value"), ["STAFF"]);
        let page = refused(&mut browser, &[("email", "ALICE@example.com")]).await;
        assert_eq!(page.text("#email-error"), "E-mail address already exists");
    }

    async fn uc003_sr010_every_field_is_checked(app) {
        let mut browser = admin(app).await;
        let page = refused(&mut browser, &[("full_name", ""), ("username", "a b"), ("email", "x"), ("role", ""), ("password", "short")]).await;
        for (field, words) in [("full_name", "Enter a full name"), ("username", "Use letters a to z, digits, dots, dashes and underscores"), ("email", "Please enter a valid email address"), ("roles", "Choose at least one role")] {
            assert_eq!(page.text(&format!("#{field}-error")), words);
        }
        assert!(!page.text("#password-error").is_empty());
        assert_eq!(page.texts("[role=alert] li").len(), 5);
        assert_eq!(app.count("select count(*) from people").await, 1);
    }

    async fn u1_by_invitation_no_password_is_needed(app) {
        let mut browser = admin(app).await;
        let reply = send(&mut browser, &[("way", "invitation"), ("password", "")]).await;
        let address = goes_to(&reply).to_owned();
        let page = open(&mut browser, &address).await;
        assert_eq!(page.text(".toast p"), "Nora is invited: a letter with a link is on its way.");
        assert!(page.says("Nora has not accepted the invitation yet."));
        let id = address.rsplit('/').next().unwrap();
        app.clock.advance(Duration::from_secs(60));
        browser.post_form("/do/invite-again", &[("person", id)]).await;
        assert!(open(&mut browser, &address).await.text(".toast p").starts_with("A new letter is on its way."));
        assert_eq!(app.count("select count(*) from outbox where letter = 'invitation'").await, 2);
        let reply = browser.post_form("/do/revoke-invitation", &[("person", id)]).await;
        assert_eq!(goes_to(&reply), "/people");
        assert_eq!(open(&mut browser, "/people").await.text(".toast p"), "The invitation of Nora is taken back.");
        assert!(open(&mut browser, &address).await.says("This person was erased"));
    }

    async fn r4_only_roles_that_one_may_give_are_offered(app) {
        let mut browser = admin(app).await;
        let page = open(&mut browser, "/people/new").await;
        assert!(!page.texts("select[name=role] option").contains(&"Super Admin".to_owned()));
        let reply = refused(&mut browser, &[("role", "SUPER_ADMIN")]).await;
        assert!(reply.says("A role that may change roles or settings is given only by somebody whose role may do that too."));
        app.add("super", "Super Admin", &["SUPER_ADMIN"]).await;
        let page = open(&mut app.browser_of("super").await, "/people/new").await;
        assert!(page.texts("select[name=role] option").contains(&"Super Admin".to_owned()));
    }

    async fn a5_whoever_has_no_fresh_proof_is_asked_and_comes_back(app) {
        let mut browser = admin(app).await;
        app.clock.advance(Duration::from_secs(15 * 60));
        let reply = browser.get("/people/new").await;
        assert_eq!(goes_to(&reply), "/confirm?next=%2Fpeople%2Fnew");
        let reply = browser.post_form("/do/confirm", &[("password", PASSWORD), ("next", "/people/new")]).await;
        assert_eq!(goes_to(&reply), "/people/new");
        assert_eq!(open(&mut browser, "/people/new").await.status, 200);
        app.clock.advance(Duration::from_secs(15 * 60));
        let reply = send(&mut browser, &[]).await;
        assert_eq!(goes_to(&reply), "/confirm?next=%2Fpeople%2Fnew");
        assert_eq!(app.count("select count(*) from people").await, 1);
        // What was typed waits, also while the wrong password is given first.
        open(&mut browser, "/confirm?next=%2Fpeople%2Fnew").await;
        let reply = browser.post_form("/do/confirm", &[("password", "wrong"), ("next", "/people/new")]).await;
        assert!(open(&mut browser, goes_to(&reply)).await.says("That is not your password."));
        browser.post_form("/do/confirm", &[("password", PASSWORD), ("next", "/people/new")]).await;
        let typed = open(&mut browser, "/people/new").await.form(FORM);
        assert_eq!((&*typed["username"], &*typed["email"]), ("nora", "nora@example.com"));
    }

    async fn a5_what_was_typed_waits_for_its_own_page_alone(app) {
        let mut browser = admin(app).await;
        app.clock.advance(Duration::from_secs(15 * 60));
        send(&mut browser, &[]).await;
        open(&mut browser, "/confirm?next=%2Fpeople%2Fnew").await;
        let page = open(&mut browser, "/account").await;
        assert!(!page.html.html().contains("Nora Quist"), "it came up in another form");
        browser.post_form("/do/confirm", &[("password", PASSWORD), ("next", "/people/new")]).await;
        assert!(!open(&mut browser, "/people/new").await.html.html().contains("Nora Quist"));
    }

    async fn uc003_10a_11a_11b_where_the_session_is_gone_or_none_the_form_leads_to_the_sign_in_page(app) {
        let browser = admin(app).await;
        let (mut without, mut forged, mut expired) = (browser.clone(), browser.clone(), browser);
        without.cookies.remove("session_token");
        forged.cookies.insert("session_token".into(), "not.a.token".into());
        for (flow, visitor) in [("10a", &mut without), ("11b", &mut forged)] {
            assert_eq!(goes_to(&send(visitor, &[]).await), "/login?next=%2Fpeople%2Fnew", "{flow}");
        }
        // Longer than a session stays open that nobody uses.
        app.clock.advance(Duration::from_secs(25 * 3_600));
        assert_eq!(goes_to(&send(&mut expired, &[]).await), "/login?next=%2Fpeople%2Fnew", "11a");
        assert_eq!(app.count("select count(*) from people").await, 1);
    }

    async fn uc003_13a_the_wrong_role_sees_no_form(app) {
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut browser = app.browser_of("petra").await;
        let page = open(&mut browser, "/people/new").await;
        assert_eq!(page.status, 403);
        assert!(page.says("Access denied - Admin privileges required"));
        send(&mut browser, &[]).await;
        assert_eq!(app.count("select count(*) from people").await, 1);
    }
}
