//! The page of one person without a script: suspending and restoring, unlocking, sessions, second factors, keys and notes.

use crate::support::{Page, goes_to, open, sign_in};
use countersign::serve::routes;
use domain::PersonId;
use server::testing::{Agent, PASSWORD, TestApp};
use std::time::Duration;

struct Scene {
    alice: Agent,
    id: PersonId,
}

impl Scene {
    async fn new(app: &TestApp) -> Self {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        Self { alice: app.browser_of("alice").await, id }
    }

    async fn page(&mut self, part: &str) -> Page {
        open(&mut self.alice, &format!("/people/{}{part}", self.id)).await
    }

    /// Sends a form about the person; answers the page that it leads to.
    async fn send(&mut self, action: &str, fields: &[(&str, &str)]) -> Page {
        let id = self.id.to_string();
        let fields: Vec<(&str, &str)> =
            [("person", &*id)].into_iter().chain(fields.iter().copied()).collect();
        let reply = self.alice.post_form(action, &fields).await;
        let to = goes_to(&reply).to_owned();
        open(&mut self.alice, &to).await
    }
}

server::both_engines! { routes;
    async fn uc004_1_to_9_the_page_shows_everything_and_nothing_secret(app) {
        let mut scene = Scene::new(app).await;
        let page = scene.page("").await;
        for words in ["Petra Holm", "petra@example.com", "Person in need", "Active", &scene.id.to_string(), "Second factor", "None", "Never", "Dashboard"] {
            assert!(page.says(words), "{words} is not there: {}", page.words());
        }
        assert!(!page.html.html().contains("$argon2"), "the hash stands in the page");
        assert_eq!(page.texts("nav[aria-label='Parts of this account'] a"), ["Overview", "Signing in", "History", "Notes"]);
        for path in ["/people/7", "/people/0198c0de-0000-7000-8000-000000000000", "/people/0198c0de-0000-7000-8000-000000000000/notes"] {
            let page = open(&mut scene.alice, path).await;
            assert!(page.status == 404 && page.says("User not found"), "{path}");
        }
    }

    async fn uc004_3a_uc006_5a_where_the_session_is_gone_or_none_the_sign_in_page_leads_back(app) {
        let scene = Scene::new(app).await;
        let (path, id) = (format!("/people/{}", scene.id), scene.id.to_string());
        let login = format!("/login?next=%2Fpeople%2F{id}");
        for token in [None, Some("not.a.token")] {
            let mut visitor = scene.alice.clone();
            visitor.cookies.remove("session_token");
            visitor.cookies.extend(token.map(|token| ("session_token".to_owned(), token.to_owned())));
            assert_eq!(goes_to(&visitor.get(&path).await), login, "{token:?}");
            assert_eq!(goes_to(&visitor.post_form("/do/suspend-person", &[("person", &id)]).await), login, "{token:?}");
        }
        assert_eq!(app.count("select count(*) from people where status = 'suspended'").await, 0);
    }

    async fn uc004_5a_uc005_7a_uc006_6a_another_role_sees_changes_and_suspends_nobody(app) {
        let mut scene = Scene::new(app).await;
        let other = app.add("otto", "Otto Ek", &["PIN"]).await;
        let mut petra = app.browser_of("petra").await;
        let page = open(&mut petra, &format!("/people/{other}")).await;
        assert!(page.status == 404 && page.says("User not found"), "{}", page.words());
        let page = open(&mut petra, &format!("/people/{other}/edit")).await;
        assert!(page.status == 403 && page.says("Access denied - Admin privileges required"), "{}", page.words());
        let id = other.to_string();
        petra.post_form("/do/suspend-person", &[("person", &id)]).await;
        petra.post_form("/do/update-person", &[("person", &id), ("version", "1"), ("full_name", "Otto Lind")]).await;
        assert_eq!(app.count("select count(*) from audit where action in ('person.suspended', 'person.updated')").await, 0);
        scene.id = other;
        assert!(scene.page("").await.says("Otto Ek"));
    }

    async fn uc006_8a_who_is_not_there_cannot_be_suspended(app) {
        let mut scene = Scene::new(app).await;
        let nobody = "0198c0de-0000-7000-8000-000000000000";
        let reply = scene.alice.post_form("/do/suspend-person", &[("person", nobody)]).await;
        let page = open(&mut scene.alice, goes_to(&reply)).await;
        assert!(page.status == 404 && page.says("User not found"), "{}", page.words());
        assert!(open(&mut scene.alice, "/people").await.says("User not found or suspend failed"));
    }

    async fn uc006_1_to_10_7a_suspending_is_confirmed_and_can_be_undone(app) {
        let mut scene = Scene::new(app).await;
        let mut petra = app.browser_of("petra").await;
        let page = scene.page("").await;
        assert_eq!(page.text("dialog#suspend h2"), "Suspend Petra?", "step 3");
        let told = page.text("dialog#suspend");
        for words in ["Tokens of theirs stop working", "API keys open nothing until you restore the account", "A letter tells Petra"] {
            assert!(told.contains(words), "{words}: {told}");
        }
        assert_eq!(page.attributes("button[commandfor=suspend][command=show-modal]", "type").len(), 1);
        let page = scene.send("/do/suspend-person", &[]).await;
        assert_eq!(page.text(".toast p"), "Petra is suspended and signed out everywhere.", "step 9");
        assert_eq!(app.count("select count(*) from outbox where letter = 'account_suspended'").await, 1);
        assert!(page.says("Petra cannot sign in"), "step 10");
        assert!(goes_to(&petra.get("/").await).starts_with("/login"));
        let reply = sign_in(&mut petra, &[("identifier", "petra"), ("password", PASSWORD)]).await;
        assert!(open(&mut petra, goes_to(&reply)).await.says("Your account has been suspended. Contact support for assistance."));
        let again = scene.send("/do/suspend-person", &[]).await;
        assert_eq!(again.text(".toast p"), "Petra was suspended already.", "7a");
        let page = scene.send("/do/restore-person", &[]).await;
        assert_eq!(page.text(".toast p"), "Petra is restored: the account is as it was.");
        app.browser_of("petra").await;
        let history = scene.page("/history").await;
        assert!(history.says("Alice Ng suspended Petra Holm") && history.says("Alice Ng restored Petra Holm"));
    }

    async fn u7_from_where_an_administrator_acted_is_for_readers_of_the_trail(app) {
        let mut scene = Scene::new(app).await;
        app.browser_of("petra").await;
        scene.send("/do/end-sessions-of", &[]).await;
        let mut petra = app.browser_of("petra").await;
        let own = format!("/people/{}", scene.id);
        for path in [own.clone(), format!("{own}/history"), "/account/events".to_owned()] {
            let events = open(&mut petra, &path).await.texts("main ol li p");
            let has = |head: &str, tail: &str| events.iter().any(|words| words.starts_with(head) && words.contains(tail));
            assert!(has("Alice Ng signed ", " out everywhere"), "{path}: {events:?}");
            assert!(!has("Alice", "127.0.0.1"), "{path}: {events:?}");
            let doer = if path == "/account/events" { "You signed in" } else { "Petra Holm signed in" };
            assert!(has(doer, "127.0.0.1"), "{path}: {events:?}");
        }
        let told = |page: &Page| page.texts("main ol li p").into_iter().find(|words| words.contains(" out everywhere")).unwrap();
        assert_eq!(told(&scene.page("/history").await), "Alice Ng signed Petra Holm out everywhere from 127.0.0.1");
        app.change("delete from role_permissions where role_code = 'USER_ADMIN' and permission = 'audit.view'").await;
        assert_eq!(told(&scene.page("/history").await), "Alice Ng signed Petra Holm out everywhere");
    }

    async fn u4_oneself_is_offered_no_suspension(app) {
        let mut scene = Scene::new(app).await;
        let own = app.add("otto", "Otto Ek", &["USER_ADMIN"]).await;
        scene.alice = app.browser_of("otto").await;
        let page = open(&mut scene.alice, &format!("/people/{own}")).await;
        assert_eq!(page.attributes("form[action='/do/suspend-person']", "action").len(), 0);
        assert_eq!(page.attributes(&format!("a[href='/people/{own}/edit']"), "href").len(), 1);
        scene.id = own;
        let page = scene.send("/do/suspend-person", &[]).await;
        assert!(page.says("You cannot suspend your own account."));
    }

    async fn a4_a_lock_is_shown_and_opened(app) {
        let mut scene = Scene::new(app).await;
        for _ in 0..5 {
            sign_in(&mut app.anyone(), &[("identifier", "petra"), ("password", "wrong")]).await;
        }
        let page = scene.page("").await;
        assert!(page.says("Too many wrong passwords") && page.says("Unlock Petra"));
        let page = scene.send("/do/unlock-person", &[]).await;
        assert_eq!(page.text(".toast p"), "Petra can sign in again.");
        let changes = scene.page("/history").await.texts("[data-changes]");
        let until = changes.iter().find_map(|line| line.split("Locked until").nth(1)).unwrap_or_default();
        assert!(until.ends_with(" UTC"), "a time as people read it: {changes:?}");
        app.browser_of("petra").await;
    }

    async fn u2_sessions_keys_and_sign_ins_are_shown_and_ended(app) {
        let mut scene = Scene::new(app).await;
        let mut petra = app.browser_of("petra").await;
        let mut other = app.browser_of("petra").await;
        petra.post_form("/do/make-api-key", &[("name", "Nightly"), ("scopes[]", "users.view_own"), ("expires_in_days", "30")]).await;
        sign_in(&mut app.anyone(), &[("identifier", "petra"), ("password", "wrong")]).await;
        let page = scene.page("/signing-in").await;
        assert_eq!(page.attributes("form[action='/do/end-session-of']", "action").len(), 2);
        assert!(page.says("Nightly") && page.says("Petra signs in with the password alone."));
        assert_eq!(page.texts("#sign-ins li p").len(), 3, "{:?}", page.texts("#sign-ins li p"));
        let session = page.form("/do/end-session-of")["session"].clone();
        let page = scene.send("/do/end-session-of", &[("session", &session)]).await;
        assert_eq!(page.text(".toast p"), "The session is ended.");
        let mut left = 0;
        for browser in [&mut petra, &mut other] {
            left += u8::from(browser.get("/").await.status == 200);
        }
        assert_eq!(left, 1);
        let key = page.form("/do/revoke-api-key-of")["key"].clone();
        assert_eq!(scene.send("/do/revoke-api-key-of", &[("key", &key)]).await.text(".toast p"), "The key is revoked.");
        assert_eq!(scene.send("/do/end-sessions-of", &[]).await.text(".toast p"), "One session is ended.");
        assert!(scene.page("/signing-in").await.says("Petra is signed in nowhere."));
    }

    async fn a5_second_factors_are_reset_after_a_question(app) {
        let mut scene = Scene::new(app).await;
        app.change("insert into app_factors (person_id, secret, last_step, enrolled_at) select id, 'x', 0, 1 from people where username = 'petra'").await;
        let page = scene.page("/signing-in").await;
        assert!(page.says("Authenticator app"));
        assert_eq!(page.text("dialog#reset-second-factors h2"), "Remove every second factor of Petra?");
        app.clock.advance(Duration::from_secs(15 * 60));
        assert!(scene.page("/signing-in").await.says("You will be asked to confirm that it is you"));
        let reply = scene.alice.post_form("/do/reset-second-factors", &[("person", &scene.id.to_string())]).await;
        assert_eq!(goes_to(&reply), format!("/confirm?next=%2Fpeople%2F{}%2Fsigning-in", scene.id));
        scene.alice.post_form("/do/confirm", &[("password", PASSWORD), ("next", "/")]).await;
        let page = scene.send("/do/reset-second-factors", &[]).await;
        assert_eq!(page.text(".toast p"), "Every second factor is removed. They are told by letter.");
        assert_eq!(app.count("select count(*) from outbox where letter = 'second_factor_removed'").await, 1);
    }

    async fn a5_a_second_factor_is_required_of_one_person(app) {
        let mut scene = Scene::new(app).await;
        assert!(scene.page("/signing-in").await.says("Petra need not have one"));
        let form = scene.page("/signing-in").await.form("/do/require-second-factor");
        assert_eq!(form["required"], "true");
        let page = scene.send("/do/require-second-factor", &[("required", "true")]).await;
        assert!(page.says("Petra has to have one"), "{}", page.words());
        assert_eq!(app.count("select count(*) from people where must_have_second_factor").await, 1);
        let page = scene.send("/do/require-second-factor", &[("required", "false")]).await;
        assert_eq!(page.text(".toast p"), "A second factor is no longer required, unless a role asks for it.");
        assert_eq!(app.count("select count(*) from people where must_have_second_factor").await, 0);
    }

    async fn u2_notes_are_written_and_read_by_those_who_look_after_accounts(app) {
        let mut scene = Scene::new(app).await;
        let page = scene.send("/do/add-note", &[("text", "Lost her phone.\r\n<b>Called back.</b>")]).await;
        assert_eq!(page.text(".toast p"), "The note is added.");
        assert!(page.says("Lost her phone.") && page.says("<b>Called back.</b>"), "{}", page.words());
        let long = "x".repeat(2001);
        let page = scene.send("/do/add-note", &[("text", &long)]).await;
        assert_eq!(page.text("#text-error"), "Use at most 2000 characters");
        assert_eq!(page.text("textarea").len(), 2001, "what was typed is lost");
        let mut petra = app.browser_of("petra").await;
        assert_eq!(petra.get(&format!("/people/{}/notes", scene.id)).await.status, 403);
        assert!(!open(&mut petra, &format!("/people/{}", scene.id)).await.says("Lost her phone"));
    }
}
