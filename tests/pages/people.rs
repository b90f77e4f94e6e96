//! The people page: search, order and pages, all of it in the address bar and without a script.

use crate::support::{Page, goes_to, open};
use countersign::serve::routes;
use server::testing::{Agent, TestApp};
use std::collections::BTreeSet;

async fn company(app: &TestApp) -> Agent {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.add("zoe", "Zoë Quinn-O'Neil", &["PIN"]).await;
    app.add_crowd(120).await;
    app.browser_of("alice").await
}

/// The people on the page, by the address of each one's own page.
fn people(page: &Page) -> Vec<String> {
    let mut seen = BTreeSet::new();
    page.attributes("table td a[href^='/people/'], table th[scope=row] a[href^='/people/']", "href")
        .into_iter()
        // Menus lead to parts of it.
        .filter(|href| !href.contains('#') && seen.insert(href.clone()))
        .collect()
}

/// The address behind a link with these words.
fn link(page: &Page, words: &str) -> Option<String> {
    let selector = scraper::Selector::parse("a[href]").unwrap();
    let mut links =
        page.html.select(&selector).filter(|link| link.text().collect::<String>().trim() == words);
    links.next().map(|link| link.attr("href").unwrap().to_owned())
}

server::both_engines! { routes;
    async fn u5_a_search_finds_and_marks_what_was_typed(app) {
        let mut browser = company(app).await;
        let page = open(&mut browser, "/people?search=zoe%20quinn").await;
        assert_eq!(people(&page).len(), 1);
        assert_eq!(page.texts("table mark"), ["Zoë Quinn"]);
        assert_eq!(page.attributes("input[name=search]", "value"), ["zoe quinn"]);
        let nobody = open(&mut browser, "/people?search=qqqq").await;
        assert_eq!(nobody.status, 200);
        assert!(nobody.says("No users found"), "{}", nobody.words());
    }

    async fn u5_what_was_typed_is_text_and_nothing_else(app) {
        let mut browser = company(app).await;
        for search in ["%3Cscript%3Ealert(1)%3C/script%3E", "%22%3E%3Cb%3E", "%00", "%FF", "%25", "_", "'", "%22", "%5C"] {
            let reply = browser.get(&format!("/people?search={search}")).await;
            assert_eq!(reply.status, 200, "{search}");
            assert!(!reply.body.contains("<script>alert") && !reply.body.contains("\"><b>"), "{search}");
        }
    }

    async fn u5_a_search_that_is_too_long_is_refused_at_its_field(app) {
        let mut browser = company(app).await;
        let long = "a".repeat(101);
        let page = open(&mut browser, &format!("/people?search={long}&status=active")).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.attributes("input[type=search][aria-invalid=true]", "aria-describedby"), ["search-search-error"]);
        assert_eq!(page.text("#search-search-error"), "Search for at most 100 characters");
        assert_eq!(page.attributes("#search-search", "value"), [long]);
        assert!(page.texts("table").is_empty(), "everybody is no answer to it");
        let lengths = open(&mut browser, "/people").await.attributes("input[type=search]", "maxlength");
        assert_eq!(lengths, ["100", "100"], "in the top bar and above the list");
    }

    async fn u5_leafing_forth_and_back_shows_everyone_once(app) {
        let mut browser = company(app).await;
        for sort in ["full_name", "-full_name", "-last_login_at", "email", "username", "-created_at"] {
            let mut pages = vec![people(&open(&mut browser, &format!("/people?sort={sort}")).await)];
            let mut page = open(&mut browser, &format!("/people?sort={sort}")).await;
            while let Some(next) = link(&page, "Next") {
                page = open(&mut browser, &next).await;
                pages.push(people(&page));
            }
            let all: Vec<&String> = pages.iter().flatten().collect();
            assert_eq!(all.len(), 122, "{sort}");
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 122, "{sort}");
            for expected in pages.iter().rev().skip(1) {
                page = open(&mut browser, &link(&page, "Previous").unwrap()).await;
                assert_eq!(&people(&page), expected, "leafing back in {sort}");
            }
            assert_eq!(link(&page, "Previous"), None, "the first page of {sort} has one before it");
        }
    }

    async fn u5_heads_sort_and_say_how_it_is_sorted(app) {
        let mut browser = company(app).await;
        let page = open(&mut browser, "/people").await;
        assert_eq!(page.attributes("th[aria-sort=ascending]", "aria-sort").len(), 1);
        for head in page.attributes("th a[href^='/people']", "href") {
            let sorted = open(&mut browser, &head).await;
            let shown = sorted.attributes("th[aria-sort=ascending], th[aria-sort=descending]", "aria-sort");
            assert_eq!((sorted.status, shown.len()), (200, 1), "{head}");
        }
    }

    async fn u5_every_column_that_can_be_shown_sorts_from_its_head(app) {
        let mut browser = company(app).await;
        assert_eq!(open(&mut browser, "/people").await.attributes(".table-area[data-whole]", "class").len(), 0, "columns may give way");
        let back = browser.post_form("/do/choose-columns", &[("columns[]", "login_count"), ("columns[]", "status"), ("columns[]", "last_login"), ("back", "/people?role=PIN")]).await;
        assert_eq!(goes_to(&back), "/people?role=PIN");
        let page = open(&mut browser, "/people?role=PIN").await;
        assert_eq!(page.texts("thead th"), ["Chosen", "Name", "Status", "Last sign-in", "Sign-ins", "Actions"], "{}", page.words());
        assert_eq!(page.attributes(".table-area[data-whole]", "class").len(), 1, "those that were chosen may not");
        let heads = page.attributes("th a[href^='/people']", "href");
        assert_eq!(heads, ["-full_name", "-status", "-last_login_at", "-login_count"].map(|sort| format!("/people?role=PIN&sort={sort}")));
        let all = ["email", "username", "role", "status", "mfa", "last_login", "login_count", "created"].map(|column| ("columns[]", column));
        browser.post_form("/do/choose-columns", &[all.as_slice(), &[("back", "/people")]].concat()).await;
        let page = open(&mut browser, "/people").await;
        let heads = page.attributes("th a[href^='/people']", "href");
        assert_eq!(heads.len() + 2, page.texts("thead th").len(), "all but the ticks and the menus: {}", page.words());
        for head in heads {
            let sorted = open(&mut browser, &head).await;
            assert_eq!((sorted.status, sorted.texts("th[aria-sort=descending], th[aria-sort=ascending]").len()), (200, 1), "{head}");
        }
        let elsewhere = browser.post_form("/do/choose-columns", &[("columns[]", "nonsense"), ("back", "//evil.example")]).await;
        assert_eq!(goes_to(&elsewhere), "/people");
        assert_eq!(open(&mut browser, "/people").await.texts("thead th"), ["Chosen", "Name", "Actions"]);
    }

    async fn u5_filters_read_as_a_sentence_and_are_taken_away_one_by_one(app) {
        let mut browser = company(app).await;
        let address = "/people?search=e&role=PIN&status=active&mfa=none&last_login=never&created_from=2020-01-01&sort=email";
        let page = open(&mut browser, address).await;
        assert!(page.says("People who are found by e and have role Person in need and are active and have as second factor none and signed in never and joined from 2020-01-01"), "{}", page.words());
        let left_over = |name: &str, value: &str| address.replace(&format!("{name}={value}&"), "");
        assert_eq!(page.attributes("a[aria-label^='Remove filter']", "href"), [
            left_over("search", "e"), left_over("role", "PIN"), left_over("status", "active"), left_over("mfa", "none"),
            left_over("last_login", "never"), left_over("created_from", "2020-01-01"),
        ]);
        assert_eq!(link(&page, "Clear").as_deref(), Some("/people?sort=email"));
        let form = page.attributes("form[role=search] option[selected]", "value");
        assert_eq!(form, ["PIN", "active", "none", "never"], "what is chosen in the form");
        assert_eq!(page.attributes("form[role=search] input[name=created_from]", "value"), ["2020-01-01"]);
        assert_eq!(page.attributes("form[role=search] input[name=sort]", "value"), ["email"]);
        assert!(!people(&page).is_empty());
        assert!(!open(&mut browser, "/people").await.says("People who"), "nothing is filtered");
    }

    async fn u5_the_form_of_filters_is_sent_as_it_is_without_a_script(app) {
        let mut browser = company(app).await;
        // A browser sends the empty fields too.
        let page = open(&mut browser, "/people?search=&role=CSR_REP&status=&mfa=&last_login=&created_from=&created_to=").await;
        assert_eq!(people(&page).len() as i64, app.count("select count(*) from person_roles where role_code = 'CSR_REP'").await);
        assert_eq!(page.attributes("a[aria-label^='Remove filter']", "href"), ["/people"]);
        assert_eq!(page.text("#people-filter-count"), "1");
        for next in page.attributes("nav a[href*='cursor=']", "href") {
            assert!(next.contains("role=CSR_REP"), "{next} forgets the filter");
        }
    }

    async fn u5_nobody_found_has_a_way_back(app) {
        let mut browser = company(app).await;
        for query in ["role=SUPER_ADMIN", "status=locked&role=PIN", "search=qqqq&status=active", "created_from=2099-01-01"] {
            let page = open(&mut browser, &format!("/people?{query}")).await;
            assert!(page.status == 200 && page.says("No users found"), "{query}: {}", page.words());
            assert_eq!(link(&page, "Show everyone").as_deref(), Some("/people"));
        }
    }

    async fn u5_leafing_with_filters_shows_everyone_once_forth_and_back(app) {
        let mut browser = company(app).await;
        for query in ["status=active", "last_login=never&sort=-status", "mfa=none&sort=-created_at"] {
            let first = format!("/people?{query}");
            let mut pages = vec![people(&open(&mut browser, &first).await)];
            let mut page = open(&mut browser, &first).await;
            while let Some(next) = link(&page, "Next") {
                page = open(&mut browser, &next).await;
                pages.push(people(&page));
            }
            let all: Vec<&String> = pages.iter().flatten().collect();
            assert!(pages.len() > 2 && all.iter().collect::<BTreeSet<_>>().len() == all.len(), "{query}");
            for expected in pages.iter().rev().skip(1) {
                page = open(&mut browser, &link(&page, "Previous").unwrap()).await;
                assert_eq!(&people(&page), expected, "leafing back in {query}");
            }
        }
    }

    async fn uc006_sr024_suspended_people_are_plainly_marked(app) {
        let mut browser = company(app).await;
        app.change("update people set status = 'suspended' where username = 'zoe'").await;
        let page = open(&mut browser, "/people?status=suspended&search=zoe%20quinn").await;
        assert_eq!(page.texts("tr[data-muted] mark"), ["Zoë Quinn"]);
        assert!(page.texts("tr[data-muted] td").iter().any(|cell| cell == "Suspended"), "{}", page.words());
        assert!(open(&mut browser, "/people?status=active").await.texts("tr[data-muted]").is_empty());
    }

    async fn uc006_2_the_menu_of_a_row_leads_to_what_may_be_done(app) {
        let mut browser = company(app).await;
        app.change("update people set status = 'suspended' where username = 'zoe'").await;
        let menu = |page: &Page| page.attributes("td[data-cell=actions] a[href*='#']", "href");
        let suspended = menu(&open(&mut browser, "/people?search=zoe@").await);
        assert!(matches!(suspended.as_slice(), [one] if one.ends_with("#restore")), "{suspended:?}");
        assert!(menu(&open(&mut browser, "/people?search=alice@").await).is_empty(), "one's own row");
        let others = menu(&open(&mut browser, "/people?status=active&search=people.example").await);
        assert!(!others.is_empty() && others.iter().all(|one| one.ends_with("#suspend")), "{others:?}");
        let page = open(&mut browser, "/people?search=zoe@").await;
        assert_eq!(page.attributes("td[data-cell=actions] [data-copy]", "data-copy"), ["zoe@example.com"]);
    }

    async fn u5_hits_are_marked_wherever_they_stand(app) {
        let mut browser = company(app).await;
        let marks = open(&mut browser, "/people?search=ZOE&sort=created_at").await.texts("table mark");
        assert_eq!(marks[..3], ["Zoë", "zoe", "zoe"], "name, e-mail address, username");
    }

    async fn u5_an_address_bar_full_of_nonsense_shows_the_list_from_its_start(app) {
        let mut browser = company(app).await;
        let first = people(&open(&mut browser, "/people").await);
        for query in ["sort=nonsense", "cursor=nonsense", "cursor=e30", "limit=0", "nonsense=1", "sort=&cursor=", "cursor=%FF", "&&&==", "role=nobody&status=gone", "mfa=&last_login=yesterday", "created_from=1.1.2026", "role=NOT_A_ROLE"] {
            let page = open(&mut browser, &format!("/people?{query}")).await;
            assert_eq!((page.status, people(&page)), (200, first.clone()), "{query}");
        }
        // A cursor with a NUL in it, which PostgreSQL takes for no text: {"key":"\u0000","id":"0198c0de-…","backwards":false}
        let forged = "eyJrZXkiOiJcdTAwMDAiLCJpZCI6IjAxOThjMGRlLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMCIsImJhY2t3YXJkcyI6ZmFsc2V9";
        let page = open(&mut browser, &format!("/people?cursor={forged}")).await;
        assert_eq!(page.status, 200, "a forged cursor");
    }

    async fn u2_a_person_that_is_not_there_is_a_page_that_says_so(app) {
        let mut browser = company(app).await;
        for id in ["nobody", "0198c0de-0000-7000-8000-000000000000", "%00", "%FF"] {
            let page = open(&mut browser, &format!("/people/{id}")).await;
            assert_eq!(page.status, 404, "{id}");
            assert!(page.says("User not found") || page.says("no page"), "{}", page.words());
        }
    }
}
