//! The export from the list: links that need no script, for those who may, with the limit that the API has.

use crate::support::{Page, goes_to, open};
use countersign::serve::routes;
use domain::role::BUILT_IN;
use server::testing::{Agent, TestApp};
use std::time::Duration;

const FILE: &str = "/people/export/users.csv";

async fn admin(app: &TestApp) -> Agent {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.browser_of("alice").await
}

fn links(page: &Page) -> Vec<String> {
    page.attributes("#in-and-out a[href^='/people/export']", "href")
}

server::both_engines! { routes;
    async fn u6_the_menu_leads_to_files_of_those_who_are_listed(app) {
        let mut browser = admin(app).await;
        app.add("zoe", "Zoë & Co", &["PIN"]).await;
        assert_eq!(links(&open(&mut browser, "/people").await), ["/people/export/users.csv?bom=true", FILE, "/people/export/users.json"]);
        let found = links(&open(&mut browser, "/people?search=zo%C3%AB%20%26&sort=-email").await);
        assert_eq!(found[0], "/people/export/users.csv?search=zo%C3%AB%20%26&bom=true");
        let file = browser.get(&found[0]).await;
        assert_eq!((file.status, file.header("content-disposition")), (200, "attachment; filename=\"users.csv\""));
        assert!(file.body.starts_with("\u{FEFF}id,username,") && file.body.lines().count() == 2, "{}", file.body);
        assert_eq!(browser.get(&found[2]).await.json()[0]["username"], "zoe");
    }

    async fn u6_only_those_who_manage_accounts_are_shown_the_menu_and_given_the_file(app) {
        for role in BUILT_IN {
            let name = role.code.to_lowercase();
            app.add(&name, "Test Person", &[role.code]).await;
            let mut browser = app.browser_of(&name).await;
            let may = role.permissions().contains(domain::Permission::UsersManage);
            assert_eq!(browser.get("/people").await.body.contains("id=\"in-and-out\""), may, "{name}");
            let reply = browser.get(FILE).await;
            assert_eq!(reply.status, if may { 200 } else { 403 }, "{name}");
            assert_eq!(reply.header("content-type").starts_with("text/csv"), may);
        }
        assert_eq!(goes_to(&app.anyone().get(&format!("{FILE}?search=zoe")).await), "/login?next=%2Fpeople%3Fsearch%3Dzoe");
    }

    async fn u6_whoever_has_to_confirm_first_comes_back_to_the_list(app) {
        let mut browser = admin(app).await;
        app.clock.advance(Duration::from_secs(16 * 60));
        assert_eq!(goes_to(&browser.get(&format!("{FILE}?search=zoe")).await), "/confirm?next=%2Fpeople%3Fsearch%3Dzoe");
    }

    async fn t5_pages_and_api_share_the_five_exports_of_an_hour(app) {
        let mut browser = admin(app).await;
        for _ in 0..3 {
            assert_eq!(browser.get(FILE).await.status, 200);
        }
        let mut client = app.client_of("alice").await;
        for _ in 0..2 {
            assert_eq!(client.get("/api/v1/export/users.csv").await.status, 200);
        }
        let refused = browser.get(FILE).await;
        assert_eq!((refused.status, Page::of(&refused).text("h1").as_str()), (429, "A little slower, please"));
    }

    async fn u6_an_address_that_was_written_by_hand_is_told_where_to_begin(app) {
        let mut browser = admin(app).await;
        for (address, status) in [("/people/export/users.xml", 404), ("/people/export/users.csv?bom=maybe", 400), ("/people/export/users.csv?x=1", 400)] {
            let reply = browser.get(address).await;
            let page = Page::of(&reply);
            assert!(page.status == status && page.says("Begin at the list"), "{address}: {}", page.words());
        }
    }
}
