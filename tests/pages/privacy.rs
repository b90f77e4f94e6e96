//! Privacy without a script: taking along what is kept about one, and erasing somebody after a question that wants a word.

use crate::support::{Page, goes_to, open};
use countersign::serve::routes;
use server::testing::{Agent, PASSWORD, TestApp};
use std::time::Duration;

const FORM: &str = "/do/erase-person";

async fn admin(app: &TestApp) -> Agent {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.browser_of("alice").await
}

/// Sends the form that asks, with this name typed, and opens where it leads.
async fn erase(browser: &mut Agent, page: &str, typed: &str) -> (String, Page) {
    let fields = open(browser, page).await.form(FORM);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), if name == "username" { typed } else { value.as_str() }))
        .collect();
    let to = goes_to(&browser.post_form(FORM, &fields).await).to_owned();
    let page = open(browser, &to).await;
    (to, page)
}

server::both_engines! { routes;
    async fn u9_ones_own_data_is_a_link_away(app) {
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut browser = app.browser_of("petra").await;
        let page = open(&mut browser, "/account/data").await;
        assert_eq!(page.attributes("main a[href$='data.json']", "href"), ["/account/data.json"]);
        assert!(page.says("it is erased with everything that is kept about its owner") && page.says("730 days"));
        assert!(!page.says("You will be asked to confirm"));
        let file = browser.get("/account/data.json").await;
        assert_eq!((file.status, file.header("content-disposition")), (200, "attachment; filename=\"personal-data.json\""));
        assert_eq!(file.json()["account"]["username"], "petra");
        assert!(open(&mut browser, "/account/events").await.says("You took along everything that is kept about you"));
        // Whoever was away for a while shows first that it is still them, and comes back to the page.
        app.clock.advance(Duration::from_secs(16 * 60));
        assert!(open(&mut browser, "/account/data").await.says("You will be asked to confirm"));
        assert_eq!(goes_to(&browser.get("/account/data.json").await), "/confirm?next=%2Faccount%2Fdata");
        assert_eq!(goes_to(&app.anyone().get("/account/data.json").await), "/login?next=%2Faccount%2Fdata");
        let fields = open(&mut browser, "/confirm?next=%2Faccount%2Fdata").await.form("/do/confirm");
        assert_eq!(fields["next"], "/account/data");
        let reply = browser.post_form("/do/confirm", &[("next", "/account/data"), ("password", PASSWORD)]).await;
        assert_eq!(goes_to(&reply), "/account/data");
        assert_eq!(browser.get("/account/data.json").await.status, 200);
    }

    async fn u9_the_data_of_somebody_is_for_those_who_manage_accounts(app) {
        let mut alice = admin(app).await;
        let petra = app.add("petra", "Petra Holm", &["PIN"]).await;
        let file = format!("/people/{petra}/data.json");
        assert_eq!(open(&mut alice, &format!("/people/{petra}")).await.attributes("main a[href$='data.json']", "href"), std::slice::from_ref(&file));
        assert_eq!(alice.get(&file).await.json()["account"]["username"], "petra");
        let mut browser = app.browser_of("petra").await;
        assert_eq!(browser.get(&file).await.status, 403);
        let own = open(&mut browser, &format!("/people/{petra}")).await;
        assert!(own.attributes("main a[href$='data.json'], main a[href$='/erase']", "href").is_empty());
        assert_eq!(alice.get("/people/nobody/data.json").await.status, 404);
        assert_eq!(goes_to(&app.anyone().get(&file).await), format!("/login?next=%2Fpeople%2F{petra}"));
    }

    async fn r4_the_data_of_an_account_above_ones_own_is_refused(app) {
        let mut alice = admin(app).await;
        let ingrid = app.add("ingrid", "Ingrid Solheim", &["SUPER_ADMIN"]).await;
        let reply = alice.get(&format!("/people/{ingrid}/data.json")).await;
        assert_eq!(reply.status, 403, "{}", reply.body);
        assert!(Page::of(&reply).says("Only somebody whose role may do that too"), "{}", reply.body);
        let page = open(&mut alice, &format!("/people/{ingrid}")).await;
        assert!(page.attributes("main a[href$='data.json']", "href").is_empty(), "a link leads to a refusal");
    }

    async fn u9_somebody_is_erased_after_their_name_was_typed(app) {
        let mut alice = admin(app).await;
        let petra = app.add("petra", "Petra Holm", &["PIN"]).await;
        app.browser_of("petra").await;
        let (person, question) = (format!("/people/{petra}"), format!("/people/{petra}/erase"));
        let page = open(&mut alice, &person).await;
        assert!(page.says("Suspend Petra first") && page.attributes("main a[href$='/erase']", "href").is_empty());
        assert!(open(&mut alice, &question).await.says("Not suspended"));
        alice.post_form("/do/suspend-person", &[("person", &petra.to_string())]).await;
        assert_eq!(open(&mut alice, &person).await.attributes("main a[href$='/erase']", "href"), std::slice::from_ref(&question));
        let (to, page) = erase(&mut alice, &question, "Petra Holm").await;
        assert_eq!((to.as_str(), page.text("#username-error").as_str()), (question.as_str(), "This is not their username"));
        assert_eq!(app.count("select count(*) from people").await, 2);
        let (to, page) = erase(&mut alice, &question, "petra").await;
        assert_eq!(to, person);
        assert!(page.says("The person is erased.") && page.says("This person was erased") && page.says(&petra.to_string()));
        assert!(page.says("Alice Ng erased somebody whose account is gone"), "{}", page.words());
        assert!(page.says("Somebody whose account is gone signed in"), "{}", page.words());
        assert!(!page.says("Petra") && !page.says("127.0.0.1"));
        let reply = alice.get("/people?search=petra").await;
        assert!(Page::of(&reply).says("No users found"));
        let trail = open(&mut alice, &format!("/audit?subject={petra}")).await;
        assert!(trail.says("erased somebody whose account is gone") && !trail.says("Petra"), "{}", trail.words());
        assert_eq!(alice.get(&question).await.status, 404);
    }

    async fn u9_nobody_erases_themselves_or_above(app) {
        let own = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut alice = app.browser_of("alice").await;
        assert!(open(&mut alice, &format!("/people/{own}")).await.says("You cannot erase your own account"));
        assert!(open(&mut alice, &format!("/people/{own}/erase")).await.says("This is you"));
        let sue = app.add("sue", "Sue Per", &["SUPER_ADMIN"]).await;
        app.change("update people set status = 'suspended' where username = 'sue'").await;
        let page = open(&mut alice, &format!("/people/{sue}")).await;
        assert!(page.attributes("main a[href$='/erase']", "href").is_empty());
        let page = open(&mut alice, &format!("/people/{sue}/erase")).await;
        assert!(page.says("This account has more power than yours"));
        let reply = alice.post_form(FORM, &[("person", &sue.to_string()), ("username", "sue"), ("version", "1")]).await;
        let to = goes_to(&reply).to_owned();
        assert!(open(&mut alice, &to).await.says("Only somebody whose role may do that too can change it."));
        assert_eq!(app.count("select count(*) from people").await, 2);
        for fields in [&[][..], &[("person", "nobody")], &[("person", "nobody"), ("username", "x"), ("version", "y")]] {
            assert_eq!(goes_to(&alice.post_form(FORM, fields).await), "/people", "{fields:?}");
        }
    }
}
