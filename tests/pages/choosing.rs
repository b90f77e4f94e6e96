//! Everybody whom a list found, chosen at once: exactly those whom it told of, or it says plainly that it is others.

use crate::{
    bulk::{CHANGE, CHOOSE, company},
    support::{goes_to, open},
};
use countersign::serve::routes;
use server::testing::{Agent, Reply};

/// Chooses everybody in the list of this address, which showed so many.
async fn choose_everybody(browser: &mut Agent, action: &str, list: &str, shown: &str) -> Reply {
    let fields = [("everyone", "true"), ("action", action), ("list", list), ("shown", shown)];
    browser.post_form(CHOOSE, &fields).await
}

server::both_engines! { routes;
    async fn u6_a_list_that_is_no_longer_understood_is_no_choice_of_everybody(app) {
        let (mut browser, _) = company(app).await;
        for (list, back, words) in [
            ("/people?role=CASE_WORKER", "/people", "The role that the list was filtered by is no longer there."),
            ("/people?status=gone&role=STAFF", "/people?role=STAFF", "This filter is not understood: Status."),
            ("/people?last_login=yesterday", "/people", "This filter is not understood: Last sign-in."),
            ("", "/people", "The address of this list is not understood."),
        ] {
            let refused = choose_everybody(&mut browser, "suspend", list, "2").await;
            assert_eq!(goes_to(&refused), back, "{list}");
            let page = open(&mut browser, back).await;
            assert!(page.says(words) && page.says("Look at the list again."), "{list}: {}", page.words());
        }
        assert_eq!(app.count("select count(*) from bulk_changes").await, 0);
    }

    async fn u6_a_choice_of_other_people_than_the_list_showed_says_so(app) {
        let (mut browser, _) = company(app).await;
        let list = "/people?role=STAFF";
        let shown = open(&mut browser, list).await.form(CHOOSE)["shown"].clone();
        assert_eq!(shown, "2");
        let chosen = choose_everybody(&mut browser, "suspend", list, &shown).await;
        assert!(!open(&mut browser, goes_to(&chosen)).await.says("The list showed"));
        app.add("eve", "Eve Other", &["STAFF"]).await;
        let chosen = choose_everybody(&mut browser, "give_role", list, &shown).await;
        let asked = goes_to(&chosen).to_owned();
        let page = open(&mut browser, &asked).await;
        assert_eq!(page.text("h1"), "Give 3 people a role?");
        assert!(page.says("The list showed 2, now 3 match"), "{}", page.words());
        // Whoever forgot the role is told of it once more.
        let form = page.form(CHANGE);
        let fields = ["change", "list", "shown"].map(|name| (name, form[name].as_str()));
        assert_eq!(goes_to(&browser.post_form(CHANGE, &fields).await), asked);
        assert!(open(&mut browser, &asked).await.says("The list showed 2, now 3 match"));
    }

    async fn u6_of_very_many_the_first_are_named_and_a_file_has_all_of_them(app) {
        let (mut browser, _) = company(app).await;
        app.add_crowd(600).await;
        let chosen = choose_everybody(&mut browser, "require_second_factor", "/people", "604").await;
        // Whoever was erased meanwhile is counted, as the change itself counts them.
        app.change("update bulk_changes set people = '0198c0de000070008000000000000000' || substr(people, 33)").await;
        let page = open(&mut browser, goes_to(&chosen)).await;
        assert_eq!(page.text("h1"), "Require a second factor of 604 people?");
        assert!(page.says("Show the first 500 people") && page.says("and 104 people more"), "{}", page.words());
        assert!(page.says("1 person is no longer there"), "{}", page.words());
        assert_eq!(page.attributes("details li a[href^='/people/']", "href").len(), 500 - 8 - 1);
        assert_eq!(page.texts("main li").iter().filter(|row| row.contains(" · ")).count(), 8, "username and address of the first");
        let files = page.attributes("main a[href^='/people/export/']", "href");
        assert_eq!(files.len(), 1, "{files:?}");
        assert_eq!(browser.get(&files[0]).await.body.lines().count(), 604);
    }
}
