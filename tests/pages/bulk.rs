//! One change for many people: chosen in the list, confirmed for exactly them, made for each by itself, and reported.

use crate::support::{Page, goes_to, open};
use countersign::serve::routes;
use domain::PersonId;
use server::testing::{Agent, Engine, Reply, TestApp};

pub const CHOOSE: &str = "/do/choose-people";
pub const CHANGE: &str = "/do/change-people";
const SELECTED: &str = "/people/selected";

/// Four colleagues, and a User Admin who looks after them.
pub async fn company(app: &TestApp) -> (Agent, Vec<PersonId>) {
    let mut people = Vec::new();
    for (username, roles) in
        [("alice", &["USER_ADMIN"][..]), ("ben", &["STAFF"]), ("cleo", &["STAFF", "PIN"]), ("dora", &["PIN"])]
    {
        people.push(app.add(username, &format!("{} Testperson", username.to_uppercase()), roles).await);
    }
    (app.browser_of("alice").await, people)
}

async fn choose(browser: &mut Agent, action: &str, people: &[PersonId]) -> Reply {
    let ids: Vec<String> = people.iter().map(ToString::to_string).collect();
    let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("people[]", id.as_str())).collect();
    fields.extend([("action", action), ("list", "/people?sort=email")]);
    browser.post_form(CHOOSE, &fields).await
}

/// Where an answer leads to, without which choice it is about.
fn leads_to(reply: &Reply) -> &str {
    let address = goes_to(reply);
    address.split_once("?change=").map_or(address, |(page, _)| page)
}

/// The choice that an address is about, without the list that it leads back to.
fn change_of(address: &str) -> &str {
    let (_, asked) = address.split_once("?change=").unwrap();
    asked.split('&').next().unwrap()
}

/// Asks to suspend one person, who was ticked in the list of this address.
async fn choose_in(browser: &mut Agent, person: PersonId, list: &str) -> Reply {
    let id = person.to_string();
    browser.post_form(CHOOSE, &[("people[]", id.as_str()), ("action", "suspend"), ("list", list)]).await
}

async fn everyone(browser: &mut Agent, action: &str, list: &str) -> Reply {
    browser.post_form(CHOOSE, &[("everyone", "true"), ("action", action), ("list", list)]).await
}

/// Sends the form of the confirmation, and goes on until it is over. Answers the report, and how many presses it took.
async fn confirm(browser: &mut Agent, chosen: &Reply, role: &str) -> (Page, usize) {
    let asked = goes_to(chosen).to_owned();
    let mut presses = 0;
    loop {
        let page = open(browser, &asked).await;
        if !page.texts("[data-people-over]").is_empty() {
            return (page, presses);
        }
        let form = page.form(CHANGE);
        let fields = [("change", &*form["change"]), ("list", &*form["list"]), ("role", role)];
        assert_eq!(goes_to(&browser.post_form(CHANGE, &fields).await), asked);
        presses += 1;
        assert!(presses < 20, "it does not end: {}", page.words());
    }
}

async fn status(app: &TestApp, username: &str) -> String {
    app.texts(&format!("select status from people where username = '{username}'")).await.remove(0)
}

async fn roles(app: &TestApp, username: &str) -> String {
    let sql = "select string_agg(role_code, ' ' order by position) from person_roles where person_id = (select id from people where username = ";
    app.texts(&format!("{sql}'{username}')")).await.remove(0)
}

server::both_engines! { routes;
    async fn uc006_3_to_10_those_who_were_ticked_are_suspended_after_a_confirmation(app) {
        let (mut browser, people) = company(app).await;
        let mut ben = app.browser_of("ben").await;
        let chosen = choose(&mut browser, "suspend", &people[1..3]).await;
        assert_eq!(leads_to(&chosen), SELECTED);
        let asked = open(&mut browser, SELECTED).await;
        assert_eq!(asked.text("h1"), "Suspend 2 people?");
        assert!(asked.says("BEN Testperson") && asked.says("CLEO Testperson") && !asked.says("DORA"), "{}", asked.words());
        assert!(asked.says("cannot sign in until they are restored"));
        assert_eq!(status(app, "ben").await, "active", "before it was confirmed");
        let (report, presses) = confirm(&mut browser, &chosen, "").await;
        assert_eq!((report.text("h1").as_str(), presses), ("2 people are suspended", 1));
        assert_eq!((status(app, "ben").await, status(app, "cleo").await, status(app, "dora").await), ("suspended".into(), "suspended".into(), "active".into()));
        assert_eq!(goes_to(&ben.get("/account").await), "/login?next=%2Faccount", "on the very next request");
        assert_eq!(app.count("select count(*) from audit where action = 'person.suspended'").await, 2);
        let list = open(&mut browser, "/people?status=suspended").await;
        assert_eq!(list.texts("tr[data-muted]").len(), 2);
    }

    async fn uc006_7a_what_is_so_already_is_no_error(app) {
        let (mut browser, people) = company(app).await;
        for expected in ["1 person is suspended", "0 people are suspended"] {
            let chosen = choose(&mut browser, "suspend", &people[1..2]).await;
            let (report, _) = confirm(&mut browser, &chosen, "").await;
            assert_eq!(report.text("h1"), expected);
            assert_eq!(report.says("1 person was suspended already."), expected.starts_with('0'));
        }
        let chosen = choose(&mut browser, "restore", &people[1..3]).await;
        let (report, _) = confirm(&mut browser, &chosen, "").await;
        assert_eq!(report.text("h1"), "1 person is restored");
        assert!(report.says("1 person was not suspended."), "{}", report.words());
        assert_eq!(status(app, "ben").await, "active");
    }

    async fn u4_oneself_and_those_who_are_not_there_are_refused_by_name_and_the_others_go_on(app) {
        let (mut browser, mut people) = company(app).await;
        people.push("0198c0de-0000-7000-8000-000000000000".parse().unwrap());
        let chosen = choose(&mut browser, "suspend", &people).await;
        let asked = open(&mut browser, SELECTED).await;
        assert!(asked.text("h1") == "Suspend 5 people?" && asked.says("You are among them"), "{}", asked.words());
        let (report, _) = confirm(&mut browser, &chosen, "").await;
        assert_eq!(report.text("h1"), "3 people are suspended");
        assert!(report.says("2 people could not be changed") && report.says("ALICE Testperson"), "{}", report.words());
        assert!(report.says("You cannot suspend your own account") && report.says("User not found"), "{}", report.words());
        assert_eq!(status(app, "alice").await, "active");
    }

    async fn u4_the_last_manager_is_refused(app) {
        let (mut browser, people) = company(app).await;
        let chosen = choose(&mut browser, "give_role", &people[..1]).await;
        confirm(&mut browser, &chosen, "PIN").await;
        let mut browser = app.browser_of("alice").await;
        let chosen = choose(&mut browser, "take_role", &people[..1]).await;
        let (report, _) = confirm(&mut browser, &chosen, "USER_ADMIN").await;
        assert!(report.says("Nobody could manage accounts after this"), "{}", report.words());
        assert_eq!(roles(app, "alice").await, "USER_ADMIN PIN");
    }

    async fn u6_a_role_is_given_to_some_and_taken_from_some(app) {
        let (mut browser, people) = company(app).await;
        let chosen = choose(&mut browser, "give_role", &people[1..]).await;
        let page = open(&mut browser, SELECTED).await;
        let change = page.form(CHANGE)["change"].clone();
        for wrong in ["", "NO_SUCH_ROLE", "no role"] {
            goes_to(&browser.post_form(CHANGE, &[("change", &change), ("role", wrong)]).await);
            assert!(open(&mut browser, SELECTED).await.says("Choose one of the roles in the list"), "{wrong:?}");
        }
        let (report, _) = confirm(&mut browser, &chosen, "PIN").await;
        assert_eq!(report.text("h1"), "1 person has the role Person in need now");
        assert!(report.says("2 people had the role already."), "{}", report.words());
        assert_eq!((roles(app, "ben").await, roles(app, "cleo").await), ("STAFF PIN".into(), "STAFF PIN".into()));
        let chosen = choose(&mut browser, "take_role", &people[1..]).await;
        let (report, _) = confirm(&mut browser, &chosen, "PIN").await;
        assert_eq!(report.text("h1"), "2 people no longer have the role Person in need");
        assert!(report.says("DORA Testperson") && report.says("It is their only role"), "{}", report.words());
        assert_eq!((roles(app, "ben").await, roles(app, "dora").await), ("STAFF".into(), "PIN".into()));
    }

    async fn u6_of_two_first_steps_with_different_roles_one_counts(app) {
        let (mut browser, people) = company(app).await;
        let chosen = choose(&mut browser, "give_role", &people[1..]).await;
        let change = open(&mut browser, SELECTED).await.form(CHANGE)["change"].clone();
        let mut other = browser.clone();
        let (first, second) = ([("change", &*change), ("role", "CSR_REP")], [("change", &*change), ("role", "CUSTOMER")]);
        tokio::join!(browser.post_form(CHANGE, &first), other.post_form(CHANGE, &second));
        confirm(&mut browser, &chosen, "").await;
        let given = "from person_roles where role_code in ('CSR_REP', 'CUSTOMER')";
        assert_eq!(app.count(&format!("select count(distinct role_code) {given}")).await, 1);
        assert_eq!(app.count(&format!("select count(*) {given}")).await, 3);
    }

    async fn u6_a_first_step_that_broke_off_is_repeated_with_its_role(app) {
        let (mut browser, people) = company(app).await;
        let chosen = choose(&mut browser, "give_role", &people[1..]).await;
        let change = open(&mut browser, SELECTED).await.form(CHANGE)["change"].clone();
        // As a program leaves it that ends before the step was written down.
        app.change("update bulk_changes set role_code = 'CSR_REP'").await;
        assert_eq!(leads_to(&browser.post_form(CHANGE, &[("change", &change), ("role", "CUSTOMER")]).await), SELECTED);
        let page = open(&mut browser, SELECTED).await;
        assert!(page.text("h1") == "Working" && page.says("This was begun with another role already"), "{}", page.words());
        assert_eq!(roles(app, "ben").await, "STAFF");
        let (report, presses) = confirm(&mut browser, &chosen, "").await;
        assert!(report.text("h1").starts_with("3 people have the role ") && presses == 1, "{}", report.words());
        assert_eq!((roles(app, "ben").await, roles(app, "dora").await), ("STAFF CSR_REP".into(), "PIN CSR_REP".into()));
    }

    async fn a6_a_role_that_is_taken_ends_the_keys_that_act_in_it(app) {
        let (mut browser, people) = company(app).await;
        let body = serde_json::json!({ "name": "Nightly", "scopes": ["users.view_own"] });
        let made = app.client_of("cleo").await.post_json("/api/v1/account/api-keys", &body).await.json();
        let mut program = app.anyone();
        program.bearer = Some(made["key"].as_str().unwrap().to_owned());
        assert_eq!(program.get("/api/v1/auth/me").await.status, 200);
        for action in ["take_role", "give_role"] {
            let chosen = choose(&mut browser, action, &people[2..3]).await;
            confirm(&mut browser, &chosen, "STAFF").await;
            assert_eq!(program.get("/api/v1/auth/me").await.status, 401, "{action}");
        }
    }

    async fn a5_a_second_factor_that_is_required_of_somebody_is_set_up_at_the_next_sign_in(app) {
        let (mut browser, people) = company(app).await;
        let chosen = choose(&mut browser, "require_second_factor", &people[1..2]).await;
        assert_eq!(confirm(&mut browser, &chosen, "").await.0.text("h1"), "A second factor is required of 1 person now");
        let sign_in = async |username: &str| {
            let mut agent = app.anyone();
            let reply = crate::support::sign_in(&mut agent, &[("identifier", username), ("password", server::testing::PASSWORD)]).await;
            goes_to(&reply).to_owned()
        };
        assert_eq!((sign_in("ben").await.as_str(), sign_in("cleo").await.as_str()), ("/verify/set-up", "/"));
        let chosen = choose(&mut browser, "excuse_from_second_factor", &people[1..3]).await;
        let (report, _) = confirm(&mut browser, &chosen, "").await;
        assert!(report.says("It was not required of 1 person."), "{}", report.words());
        assert_eq!(sign_in("ben").await, "/");
    }

    async fn u6_everybody_who_matches_is_changed_in_steps(app) {
        let (mut browser, _) = company(app).await;
        app.add_crowd(1_200).await;
        let matching = app.count("select count(*) from people p where status = 'active' and exists (select 1 from person_roles where person_id = p.id and role_code = 'CSR_REP')").await;
        assert!(matching > 100, "{matching} are no more than one step");
        let chosen = everyone(&mut browser, "suspend", "/people?role=CSR_REP&status=active&sort=-email").await;
        assert_eq!(leads_to(&chosen), SELECTED);
        let asked = open(&mut browser, SELECTED).await;
        assert_eq!(asked.text("h1"), format!("Suspend {matching} people?"));
        assert!(asked.says(&format!("Show all {matching} people")) && !asked.says("people more"), "{}", asked.words());
        let named = |selector: &str| i64::try_from(asked.attributes(selector, "href").len()).unwrap();
        assert_eq!((named("main li a[href^='/people/']"), named("details li a[href^='/people/']")), (matching, matching - 8));
        let (report, presses) = confirm(&mut browser, &chosen, "").await;
        assert_eq!((report.text("h1"), presses), (format!("{matching} people are suspended"), 2));
        assert_eq!(app.count("select count(*) from audit where action = 'person.suspended'").await, matching);
        app.do_jobs().await;
    }

    async fn u6_those_who_were_ticked_are_taken_along_as_a_file(app) {
        let (mut browser, people) = company(app).await;
        let page = goes_to(&choose(&mut browser, "export", &[people[3], people[1]]).await).to_owned();
        let asked = open(&mut browser, &page).await;
        assert_eq!(asked.text("h1"), "Export 2 people?");
        assert!(asked.says("BEN Testperson") && asked.says("DORA Testperson") && !asked.says("CLEO"), "{}", asked.words());
        assert!(asked.attributes(&format!("form[action='{CHANGE}']"), "action").is_empty(), "there is nothing to change");
        let files = asked.attributes("main a[href^='/people/export']", "href");
        let change = change_of(&page);
        let expected = ["json", "csv", "csv?bom=true"].map(|kind| format!("/people/export/selected-{change}.{kind}"));
        assert_eq!(files, expected);
        let names: Vec<String> = browser.get(&files[0]).await.json().as_array().unwrap().iter().map(|person| person["username"].as_str().unwrap().to_owned()).collect();
        assert_eq!(names, ["ben", "dora"]);
        assert_eq!(browser.get(&files[1]).await.body.lines().count(), 3);
        assert!(browser.get(&files[2]).await.body.starts_with("\u{FEFF}id,"));
        let told = app.texts("select details from audit where action = 'people.exported' order by id limit 1").await.remove(0);
        assert!(told.contains(&people[1].to_string()) && !told.contains(&people[2].to_string()), "{told}");
        // Nobody else takes them along by it, nor does it change anybody.
        app.add("eve", "Eve Other", &["USER_ADMIN"]).await;
        assert_eq!(app.browser_of("eve").await.get(&files[0]).await.status, 409);
        app.clock.advance(std::time::Duration::from_secs(16 * 60));
        assert_eq!(goes_to(&browser.get(&files[0]).await), format!("/confirm?next=%2Fpeople%2Fselected%3Fchange%3D{change}"));
    }

    async fn u6_a_file_of_many_holds_each_of_them_once(app) {
        let (mut browser, _) = company(app).await;
        app.add_crowd(2_100).await;
        let page = goes_to(&everyone(&mut browser, "export", "/people?sort=-email").await).to_owned();
        let change = change_of(&page);
        let file = browser.get(&format!("/people/export/selected-{change}.csv")).await.body;
        let ids: std::collections::BTreeSet<&str> = file.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert_eq!((file.lines().count(), ids.len()), (2_105, 2_104));
    }

    async fn u6_a_choice_belongs_to_whoever_made_it(app) {
        let (mut browser, people) = company(app).await;
        app.add("eve", "Eve Other", &["USER_ADMIN"]).await;
        choose(&mut browser, "suspend", &people[1..2]).await;
        let change = open(&mut browser, SELECTED).await.form(CHANGE)["change"].clone();
        let mut eve = app.browser_of("eve").await;
        assert!(open(&mut eve, SELECTED).await.says("Nobody is chosen"));
        goes_to(&eve.post_form(CHANGE, &[("change", &change)]).await);
        assert!(open(&mut eve, SELECTED).await.says("This choice of people is no longer there"));
        assert_eq!(status(app, "ben").await, "active");
        app.clock.advance(std::time::Duration::from_secs(2 * 86_400));
        let mut browser = app.browser_of("alice").await;
        assert!(open(&mut browser, SELECTED).await.says("Nobody is chosen"), "after two days");
    }

    async fn u6_two_windows_choose_without_getting_into_each_others_way(app) {
        let (mut browser, people) = company(app).await;
        let one = goes_to(&choose(&mut browser, "suspend", &people[1..2]).await).to_owned();
        let other = goes_to(&choose(&mut browser, "require_second_factor", &people[2..4]).await).to_owned();
        let asked = open(&mut browser, &one).await;
        assert_eq!(asked.text("h1"), "Suspend 1 person?");
        assert_eq!(open(&mut browser, &other).await.text("h1"), "Require a second factor of 2 people?");
        let change = asked.form(CHANGE)["change"].clone();
        assert_eq!(goes_to(&browser.post_form(CHANGE, &[("change", &change), ("list", "/people?sort=email")]).await), one);
        assert_eq!(open(&mut browser, &one).await.text("h1"), "1 person is suspended");
        assert_eq!(open(&mut browser, &other).await.text("h1"), "Require a second factor of 2 people?");
        assert_eq!((status(app, "ben").await, status(app, "cleo").await), ("suspended".into(), "active".into()));
        for address in ["/people/selected?change=nonsense", "/people/selected?change="] {
            assert_eq!(browser.get(address).await.status, 404, "{address}");
        }
    }

    async fn u6_the_way_back_is_the_list_as_it_was(app) {
        let (mut browser, people) = company(app).await;
        app.add_crowd(400).await;
        let first = open(&mut browser, "/people?search=people.example&status=active&sort=-email").await;
        let second = first.attributes("nav a[href*='cursor=']", "href").remove(0);
        let here = open(&mut browser, &second).await.form(CHOOSE)["list"].clone();
        assert_eq!(here, second);
        let chosen = choose_in(&mut browser, people[1], &here).await;
        for (list, expected) in [
            ("https://evil.example/people?role=STAFF", "/people?role=STAFF"),
            ("//evil.example", "/people"),
            ("/people/../account", "/people"),
            ("/people?role=NO_SUCH&status=gone&more=x&sort=nonsense&cursor=x", "/people"),
            ("/people?search=%22%3E%3Cb%3E&more=%22%3E%3Cb%3E", "/people?search=%22%3E%3Cb%3E"),
        ] {
            let other = choose_in(&mut browser, people[1], list).await;
            let asked = open(&mut browser, goes_to(&other)).await;
            assert_eq!(asked.attributes(&format!("form[action='{CHANGE}'] a"), "href"), [expected]);
        }
        let asked = open(&mut browser, goes_to(&chosen)).await;
        assert_eq!(asked.attributes(&format!("form[action='{CHANGE}'] a"), "href"), [second.as_str()]);
        let (report, _) = confirm(&mut browser, &chosen, "").await;
        let ways = report.attributes("a[href*='cursor=']", "href");
        assert!(!ways.is_empty() && ways.iter().all(|way| *way == second), "{ways:?}");
        // A search that cannot be read is not taken for everybody.
        let before = app.count("select count(*) from bulk_changes").await;
        assert_eq!(goes_to(&everyone(&mut browser, "suspend", &format!("/people?search={}", "a".repeat(101))).await), "/people");
        assert_eq!(app.count("select count(*) from bulk_changes").await, before);
    }

    async fn u6_of_many_choices_the_oldest_are_forgotten(app) {
        let (mut browser, people) = company(app).await;
        let first = goes_to(&choose(&mut browser, "suspend", &people[1..2]).await).to_owned();
        for _ in 0..19 {
            app.clock.advance(std::time::Duration::from_millis(1));
            choose(&mut browser, "suspend", &people[2..3]).await;
        }
        assert_eq!(open(&mut browser, &first).await.text("h1"), "Suspend 1 person?");
        app.clock.advance(std::time::Duration::from_millis(1));
        choose(&mut browser, "suspend", &people[2..3]).await;
        assert!(open(&mut browser, &first).await.says("Nobody is chosen"));
        assert_eq!(app.count("select count(*) from bulk_changes").await, 20);
    }

    async fn u6_a_choice_of_nobody_or_of_nonsense_changes_nothing(app) {
        let (mut browser, people) = company(app).await;
        for (fields, words) in [
            (vec![("action", "suspend"), ("list", "/people?role=PIN")], "Choose somebody first"),
            (vec![("action", "erase"), ("everyone", "true"), ("list", "/people?role=PIN")], "Choose what to do"),
            (vec![("action", "suspend"), ("people[]", "nobody"), ("list", "/people?role=PIN")], "User not found"),
            (vec![("action", "suspend"), ("everyone", "true"), ("list", "/people?role=PIN&status=invited")], "Choose somebody first"),
        ] {
            let back = goes_to(&browser.post_form(CHOOSE, &fields).await).to_owned();
            assert!(back.starts_with("/people?role=PIN"), "{back}");
            assert!(open(&mut browser, &back).await.says(words), "{fields:?}");
        }
        let elsewhere = goes_to(&browser.post_form(CHOOSE, &[("list", "https://evil.example/people")]).await).to_owned();
        assert_eq!(elsewhere, "/people");
        let mut ben = app.browser_of("ben").await;
        let refused = goes_to(&choose(&mut ben, "suspend", &people[2..3]).await).to_owned();
        assert_eq!((refused.as_str(), ben.get(SELECTED).await.status), ("/people?sort=email", 403));
        assert_eq!(status(app, "cleo").await, "active");
    }
}

#[tokio::test]
async fn u6_no_more_than_ten_thousand_at_once() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    let (mut browser, _) = company(&app).await;
    app.add_crowd(10_001).await;
    assert_eq!(goes_to(&everyone(&mut browser, "require_second_factor", "/people").await), "/people");
    assert!(open(&mut browser, "/people").await.says("That is more than 10,000 people"));
    assert!(open(&mut browser, SELECTED).await.says("Nobody is chosen"));
    app.finish().await;
}
