//! The dashboard of a User Admin: each tile leads to exactly what it counts.

use crate::support::{Page, open, sign_in};
use countersign::serve::routes;
use server::testing::TestApp;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

async fn refused(app: &TestApp, username: &str) {
    app.clock.advance(Duration::from_secs(1));
    sign_in(&mut app.anyone(), &[("identifier", username), ("password", "wrong-wrong")]).await;
}

/// The figure of a tile, and where it leads.
fn tile(page: &Page, label: &str) -> (String, Option<String>) {
    let selector = scraper::Selector::parse("main a[href], main div").unwrap();
    for element in page.html.select(&selector) {
        let texts: Vec<&str> = element.text().map(str::trim).filter(|text| !text.is_empty()).collect();
        if let [said, figure, _] = texts.as_slice()
            && *said == label
        {
            return ((*figure).to_owned(), element.attr("href").map(str::to_owned));
        }
    }
    panic!("no tile tells {label}: {}", page.words());
}

server::both_engines! { routes;
    async fn u1_each_tile_leads_to_what_it_counts(app) {
        for username in ["alice", "early"] {
            app.add(username, &format!("{username} Testperson"), &[if username == "alice" { "USER_ADMIN" } else { "PIN" }]).await;
        }
        refused(app, "early").await;
        app.clock.advance(10 * DAY);
        for username in ["bob", "cleo"] {
            app.add(username, &format!("{username} Testperson"), &["PIN"]).await;
        }
        refused(app, "early").await;
        refused(app, "bob").await;
        // Somebody who is suspended is that, whatever lock is on the account besides.
        app.change("update people set locked_until = 1999999999000000 where username in ('bob', 'cleo')").await;
        app.change("update people set status = 'suspended' where username = 'cleo'").await;
        let mut browser = app.browser_of("alice").await;
        app.backend.audit.seal_all().await.unwrap();
        let page = open(&mut browser, "/").await;
        for (label, figure, rows) in [
            ("People", "4", "main tbody tr"),
            ("New this week", "2", "main tbody tr"),
            ("Locked", "1", "main tbody tr"),
            ("Signed in", "1", "main tbody tr"),
            ("Refused sign-ins", "2", "main ul > li > details > summary"),
        ] {
            let (told, href) = tile(&page, label);
            let list = open(&mut browser, &href.unwrap()).await;
            assert_eq!((told.as_str(), list.status, list.texts(rows).len().to_string()), (figure, 200, told.clone()), "{label}: {}", list.words());
        }
        // Whoever may not look at the trail is told the figure alone.
        app.change("delete from role_permissions where role_code = 'USER_ADMIN' and permission = 'audit.view'").await;
        assert_eq!(tile(&open(&mut browser, "/").await, "Refused sign-ins"), ("2".to_owned(), None));
    }
}
