//! The page of the audit trail: what happened in sentences, narrowed by the address bar, proven by a button, without a script.

use crate::support::{Page, goes_to, open};
use countersign::serve::routes;
use server::testing::{Agent, PASSWORD, TestApp, ledger};

async fn company(app: &TestApp) -> Agent {
    // What happens at the very same moment has no order that anybody could tell.
    let pause = || app.clock.advance(std::time::Duration::from_secs(1));
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    pause();
    app.add("bob", "Bob <b>Ray</b>", &["PIN"]).await;
    pause();
    let mut browser = app.browser_of("alice").await;
    pause();
    browser.post_form("/do/update-profile", &[("full_name", "Alice Ng-Ray"), ("version", "1")]).await;
    pause();
    let mut stranger = app.anyone();
    stranger.post_form("/do/sign-in", &[("identifier", "bob"), ("password", "wrong-wrong")]).await;
    app.backend.audit.seal_all().await.unwrap();
    pause();
    browser
}

/// The sentences of the list, the newest first.
fn sentences(page: &Page) -> Vec<String> {
    page.texts("main ul li details > summary > span:nth-of-type(2) > span:first-child")
}

/// Every link with these words leads here.
fn link(page: &Page, words: &str) -> Option<String> {
    let selector = scraper::Selector::parse("a[href]").unwrap();
    let mut links =
        page.html.select(&selector).filter(|link| link.text().collect::<String>().trim() == words);
    links.next().map(|link| link.attr("href").unwrap().to_owned())
}

server::both_engines! { routes;
    async fn u7_the_page_tells_in_sentences_what_happened(app) {
        let mut browser = company(app).await;
        let page = open(&mut browser, "/audit").await;
        assert_eq!(page.status, 200);
        assert_eq!(sentences(&page), [
            "A sign-in as Bob <b>Ray</b> was refused", "Alice Ng-Ray changed their name", "Alice Ng-Ray signed in",
            "The operator made the account of Bob <b>Ray</b>", "The operator made the account of Alice Ng-Ray",
        ]);
        // Field by field, before and after.
        let cells = page.texts("main table tbody tr > *");
        assert_eq!(cells[..3], ["Full name", "Alice Ng", "Alice Ng-Ray"]);
        assert!(page.says("Place in the chain") && page.says("all about them"));
        // She signed in as Alice Ng, and stands there as she is called now.
        assert!(page.says("People are called here what they are called today."));
        assert!(!page.words().contains(PASSWORD));
    }

    async fn u7_the_address_bar_holds_the_filter(app) {
        let mut browser = company(app).await;
        let page = open(&mut browser, "/audit?actor=alice&action=person.profile_changed&outcome=done&ip=127.0.0.1").await;
        assert_eq!(sentences(&page), ["Alice Ng-Ray changed their name"]);
        assert_eq!(page.attributes("input[name=actor]", "value"), ["alice"]);
        assert_eq!(page.attributes("select[name=action] option[selected]", "value"), ["person.profile_changed"]);
        // Each condition is taken away alone.
        let without = page.attributes("a[aria-label='Remove filter: by alice']", "href");
        assert_eq!(without, ["/audit?action=person.profile_changed&ip=127.0.0.1&outcome=done"]);
        assert_eq!(link(&page, "Export CSV").unwrap(), "/audit/export/audit.csv?actor=alice&action=person.profile_changed&ip=127.0.0.1&outcome=done");
        let refused = open(&mut browser, "/audit?subject=bob&outcome=refused").await;
        assert_eq!(sentences(&refused), ["A sign-in as Bob <b>Ray</b> was refused"]);
        let nothing = open(&mut browser, "/audit?actor=program").await;
        assert!(nothing.says("Nothing fits"), "{}", nothing.words());
    }

    async fn u7_a_wrong_filter_is_told_beside_its_field_and_shows_nothing(app) {
        let mut browser = company(app).await;
        let page = open(&mut browser, "/audit?ip=nonsense&actor=nobody-of-us&from=%3Cscript%3E").await;
        assert_eq!(page.status, 422);
        for words in ["Enter a whole address such as 203.0.113.9", "Nobody has this username", "Enter a day such as 2026-11-21"] {
            assert!(page.says(words), "{words}: {}", page.words());
        }
        assert_eq!(page.attributes("input[name=ip]", "value"), ["nonsense"]);
        assert!(sentences(&page).is_empty());
        let reply = browser.get("/audit?page=nonsense&action=%3Cscript%3Ealert(1)%3C/script%3E").await;
        assert!(!reply.body.contains("<script>alert"), "{}", reply.body);
    }

    async fn u7_a_part_of_a_name_is_answered_with_whom_it_may_mean(app) {
        let mut browser = company(app).await;
        let page = open(&mut browser, "/audit?actor=%3Cb%3Eray&outcome=done").await;
        assert_eq!(page.status, 422);
        assert!(page.says("Nobody has the username “<b>ray”") && page.says("Did you mean one of these?"), "{}", page.words());
        assert_eq!(link(&page, "Bob <b>Ray</b>").as_deref(), Some("/audit?actor=bob&outcome=done"));
        let page = open(&mut browser, "/audit?subject=BOB%40example.com").await;
        assert_eq!(link(&page, "Bob <b>Ray</b>").as_deref(), Some("/audit?subject=bob"));
        assert_eq!(link(&page, "Look for more in the list of people"), None);
        let page = open(&mut browser, "/audit?actor=nobody-of-us").await;
        assert!(page.says("Nobody’s name, username or e-mail address holds it either."), "{}", page.words());
        for number in 0..6 {
            app.add(&format!("nora{number}"), "Nora Lind", &["PIN"]).await;
        }
        let page = open(&mut browser, "/audit?subject=Nora%20Lind").await;
        assert_eq!(page.texts("[data-meant] a").len(), 5);
        assert_eq!(link(&page, "Look for more in the list of people").as_deref(), Some("/people?search=Nora%20Lind"));
    }

    async fn r4_who_may_not_see_people_is_told_no_names(app) {
        company(app).await;
        app.add("root", "Root Admin", &["SUPER_ADMIN"]).await;
        let role = [("code", "auditor"), ("name", "Auditor"), ("dashboard", "member"), ("permission[]", "audit.view")];
        app.browser_of("root").await.post_form("/do/make-role", &role).await;
        app.add("carla", "Carla Diaz", &["AUDITOR"]).await;
        let mut carla = app.browser_of("carla").await;
        let page = open(&mut carla, "/audit?actor=ng-ray").await;
        assert_eq!(page.status, 422);
        assert!(page.says("Nobody has this username") && page.texts("[data-meant]").is_empty(), "{}", page.words());
        assert_eq!(link(&page, "Alice Ng-Ray"), None);
    }

    async fn u7_one_leafs_through_the_trail_without_losing_the_filter(app) {
        let mut browser = company(app).await;
        app.add_crowd(1).await;
        for _ in 0..60 {
            app.anyone().post_form("/do/sign-in", &[("identifier", "bob"), ("password", "wrong-wrong")]).await;
        }
        let first = open(&mut browser, "/audit?outcome=refused").await;
        assert_eq!(sentences(&first).len(), 50);
        let next = link(&first, "Next").unwrap();
        assert!(next.starts_with("/audit?outcome=refused&page=before-"), "{next}");
        let second = open(&mut browser, &next).await;
        assert!((1..50).contains(&sentences(&second).len()), "{}", sentences(&second).len());
        assert_eq!(link(&second, "Next"), None);
        let back = link(&second, "Previous").unwrap();
        assert_eq!(sentences(&open(&mut browser, &back).await), sentences(&first));
    }

    async fn u7_a_button_proves_the_chain_and_says_what_came_of_it(app) {
        let mut browser = company(app).await;
        assert!(!open(&mut browser, "/audit").await.says("The audit trail is whole"));
        let reply = browser.post_form("/do/verify-trail", &[("back_to", "/audit?outcome=done")]).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/audit?outcome=done"));
        let page = open(&mut browser, "/audit").await;
        assert!(page.says("The audit trail is whole") && page.says("All 5 entries are as they were written"), "{}", page.words());
        assert_eq!(sentences(&page)[0], "Alice Ng-Ray had the trail proven: 5 entries, all whole");

        ledger::unguard_the_trail(&app.backend.ground.db).await;
        app.change("update audit set outcome = 'done' where place = 5").await;
        app.clock.advance(std::time::Duration::from_secs(1));
        browser.post_form("/do/verify-trail", &[("back_to", "https://evil.example")]).await;
        let page = open(&mut browser, "/audit").await;
        assert!(page.says("The audit trail is not whole") && page.says("entry 5 (session.sign_in_failed of "), "{}", page.words());
        assert_eq!(sentences(&page)[0], "Alice Ng-Ray had the trail proven, and it is not whole");
    }

    async fn u7_the_links_of_the_page_lead_to_files_and_past_a_fresh_proof(app) {
        let mut browser = company(app).await;
        let page = open(&mut browser, "/audit?outcome=refused").await;
        let [csv, json] = ["Export CSV", "Export JSON"].map(|words| link(&page, words).unwrap());
        assert_eq!([csv.as_str(), json.as_str()], ["/audit/export/audit.csv?outcome=refused", "/audit/export/audit.json?outcome=refused"]);
        let file = browser.get(&csv).await;
        assert_eq!((file.status, file.header("content-disposition")), (200, "attachment; filename=\"audit.csv\""));
        assert_eq!(file.body.trim_end().lines().count(), 2, "{}", file.body);
        assert_eq!(browser.get(&json).await.json().as_array().unwrap().len(), 1);
        assert_eq!(goes_to(&browser.get("/audit/export/audit.csv?ip=nonsense").await), "/audit?ip=nonsense");
        assert_eq!(browser.get("/audit/export/audit.xml").await.status, 404);
        assert_eq!(goes_to(&app.anyone().get(&csv).await), "/login?next=%2Faudit%3Foutcome%3Drefused");
        app.clock.advance(std::time::Duration::from_secs(16 * 60));
        assert_eq!(goes_to(&browser.get(&csv).await), "/confirm?next=%2Faudit%3Foutcome%3Drefused");
        let mut bob = app.browser_of("bob").await;
        assert_eq!(bob.get("/audit/export/audit.csv").await.status, 403);
        assert_eq!(app.count("select count(*) from audit where action = 'audit.exported'").await, 2);
    }

    async fn r4_the_trail_s_page_is_for_those_who_may_read_it(app) {
        company(app).await;
        let mut bob = app.browser_of("bob").await;
        let page = open(&mut bob, "/audit").await;
        assert_eq!(page.status, 403);
        assert!(page.says("Access denied - Admin privileges required"));
        assert_eq!(link(&open(&mut bob, "/").await, "Audit trail"), None);
        bob.post_form("/do/verify-trail", &[("back_to", "/audit")]).await;
        assert_eq!(app.count("select count(*) from audit where action = 'audit.verified'").await, 0);
        let mut alice = app.browser_of("alice").await;
        assert_eq!(link(&open(&mut alice, "/").await, "Audit trail").as_deref(), Some("/audit"));
    }
}
