//! The people page: search, order and pages, all of it in the address bar and without a script.

use crate::support::{Page, open};
use countersign::serve::routes;
use server::{
    permit::Operator,
    testing::{Agent, TestApp},
};
use std::collections::BTreeSet;

async fn company(app: &TestApp) -> Agent {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.add("zoe", "Zoë Quinn-O'Neil", &["PIN"]).await;
    app.backend.demo.load_people(&Operator::of_this_machine(), 120).await.unwrap();
    app.browser_of("alice").await
}

/// The people on the page, by the address of each one's own page.
fn people(page: &Page) -> Vec<String> {
    let mut seen = BTreeSet::new();
    page.attributes("table td a[href^='/people/'], table th[scope=row] a[href^='/people/']", "href")
        .into_iter()
        .filter(|href| seen.insert(href.clone()))
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
        assert_eq!(browser.get(&format!("/people?search={}", "a".repeat(101))).await.status, 422);
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

    async fn u5_an_address_bar_full_of_nonsense_shows_the_list_from_its_start(app) {
        let mut browser = company(app).await;
        let first = people(&open(&mut browser, "/people").await);
        for query in ["sort=nonsense", "cursor=nonsense", "cursor=e30", "limit=0", "nonsense=1", "sort=&cursor=", "cursor=%FF", "&&&=="] {
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
