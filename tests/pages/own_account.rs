//! What one changes about one's own account besides name and password: the e-mail address, and what one prefers.

use crate::support::{Page, goes_to, open};
use countersign::serve::routes;
use scraper::Selector;
use server::testing::{Agent, TestApp};

/// Where the newest letter to this address leads, as the mail box shows it.
async fn link(app: &TestApp, letter: &str, to: &str) -> String {
    app.do_jobs().await;
    let sql = format!(
        "select payload from outbox where letter = '{letter}' and recipient = '{to}' order by created_at desc, id desc"
    );
    let payload = app.texts(&sql).await.remove(0);
    let token =
        serde_json::from_str::<serde_json::Value>(&payload).unwrap()["token"].as_str().unwrap().to_owned();
    let page = if letter == "email_confirmation" { "confirm-email" } else { "approve-email" };
    format!("/{page}?token={token}")
}

async fn send(browser: &mut Agent, action: &str, fields: &[(&str, &str)]) -> Page {
    let reply = browser.post_form(action, fields).await;
    let next = goes_to(&reply).to_owned();
    open(browser, &next).await
}

fn theme(page: &Page) -> Option<String> {
    let html = Selector::parse("html").unwrap();
    page.html.select(&html).next().unwrap().attr("data-theme").map(str::to_owned)
}

server::both_engines! { routes;
    async fn u7_an_address_is_changed_by_both_letters(app) {
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        let mut browser = app.browser_of("zoe").await;
        let page = send(&mut browser, "/do/change-email", &[("email", "nobody")]).await;
        assert!(page.says("Please enter a valid email address"));
        assert_eq!(page.form("/do/change-email")["email"], "nobody");
        let page = send(&mut browser, "/do/change-email", &[("email", "zoe@other.example")]).await;
        assert!(page.says("We have written to both addresses") && page.says("Your address is about to change"));
        assert_eq!(page.texts("main li span:last-child"), ["Waits", "Waits"]);

        // In another browser, as from a phone: who opens the letter need not be signed in.
        let mut phone = app.anyone();
        let new = link(app, "email_confirmation", "zoe@other.example").await;
        let page = open(&mut phone, &new).await;
        assert!(page.says("zoe@other.example") && page.says("Confirm this address"));
        let token = page.form("/do/confirm-email")["token"].clone();
        assert!(send(&mut phone, "/do/confirm-email", &[("token", &token)]).await.says("changes when it is confirmed in the other letter"));
        assert_eq!(phone.get(&new).await.status, 410);
        assert_eq!(open(&mut browser, "/account").await.texts("main li span:last-child"), ["Confirmed", "Waits"]);

        let present = link(app, "email_approval", "zoe@example.com").await;
        let token = open(&mut phone, &present).await.form("/do/approve-email")["token"].clone();
        let page = send(&mut phone, "/do/approve-email", &[("token", &token), ("decision", "approve")]).await;
        assert!(page.says("The e-mail address is changed."));
        let page = open(&mut browser, "/account").await;
        assert!(page.says("zoe@other.example") && !page.says("zoe@example.com") && !page.says("about to change"));
        assert!(open(&mut browser, "/account/events").await.says("Your e-mail address changed"));
    }

    async fn u7_an_address_is_not_changed_where_it_is_stopped(app) {
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        let mut browser = app.browser_of("zoe").await;
        send(&mut browser, "/do/change-email", &[("email", "zoe@other.example")]).await;
        let present = link(app, "email_approval", "zoe@example.com").await;
        let token = open(&mut browser, &present).await.form("/do/approve-email")["token"].clone();
        // Neither button, as a program that follows links might send it, agrees to nothing.
        assert!(send(&mut app.anyone(), "/do/approve-email", &[("token", &token)]).await.says("The change is stopped."));
        assert_eq!(browser.get(&present).await.status, 410);
        send(&mut browser, "/do/change-email", &[("email", "zoe@other.example")]).await;
        let page = send(&mut browser, "/do/withdraw-email-change", &[]).await;
        assert!(page.says("Your address stays as it is.") && page.says("zoe@example.com") && !page.says("about to change"));
    }

    async fn a5_whoever_changes_the_address_shows_first_that_it_is_them(app) {
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        let mut browser = app.browser_of("zoe").await;
        app.clock.advance(std::time::Duration::from_secs(16 * 60));
        assert_eq!(goes_to(&browser.get("/account/email").await), "/confirm?next=%2Faccount%2Femail");
        assert_eq!(goes_to(&browser.post_form("/do/change-email", &[("email", "zoe@other.example")]).await), "/confirm?next=%2Faccount%2Femail");
        assert_eq!(app.count("select count(*) from email_changes").await, 0);
    }

    async fn u7_the_theme_follows_the_account_and_stays_in_the_browser(app) {
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        let mut browser = app.browser_of("zoe").await;
        browser.cookies.insert("theme".into(), "light".into());
        assert_eq!(theme(&open(&mut browser, "/").await).as_deref(), Some("light"), "without a choice the browser's counts");
        let page = send(&mut browser, "/do/save-preferences", &[("theme", "dark"), ("time_zone", "")]).await;
        assert!(page.says("Your preferences are saved."));
        assert_eq!(theme(&page).as_deref(), Some("dark"));
        assert_eq!(browser.cookies["theme"], "dark");
        let mut elsewhere = app.browser_of("zoe").await;
        assert_eq!(theme(&open(&mut elsewhere, "/").await).as_deref(), Some("dark"));
        browser.post_form("/do/sign-out", &[]).await;
        assert_eq!(theme(&open(&mut browser, "/login").await).as_deref(), Some("dark"), "before signing in it is another one");
        elsewhere.post_form("/do/save-theme", &[("theme", "system")]).await;
        elsewhere.cookies.insert("theme".into(), "light".into());
        assert_eq!(theme(&open(&mut elsewhere, "/").await), None);
    }

    async fn u7_times_are_told_in_the_zone_of_the_account(app) {
        app.add("zoe", "Zoë Quinn", &["PIN"]).await;
        let mut browser = app.browser_of("zoe").await;
        let said = |page: &Page| page.text("[data-now]");
        assert_eq!(said(&open(&mut browser, "/account/preferences").await), "21 September 2026, 14:13 UTC");
        browser.cookies.insert("time_zone".into(), "America/New_York".into());
        assert_eq!(said(&open(&mut browser, "/account/preferences").await), "21 September 2026, 10:13 EDT");
        let page = send(&mut browser, "/do/save-preferences", &[("theme", "system"), ("time_zone", "Asia/Tokyo")]).await;
        assert_eq!(said(&page), "21 September 2026, 23:13 JST");
        assert_eq!(page.attributes("main option[selected]", "value"), ["Asia/Tokyo"]);
        let titles = open(&mut browser, "/account/sessions").await.attributes("main time", "title");
        assert!(titles.iter().all(|title| title.ends_with("JST")), "{titles:?}");
        let machine = open(&mut browser, "/account/sessions").await.attributes("main time", "datetime");
        assert!(machine.iter().all(|moment| moment == "2026-09-21T14:13:20Z"), "{machine:?}");
        let page = send(&mut browser, "/do/save-preferences", &[("theme", "system"), ("time_zone", "Mars/Olympus")]).await;
        assert!(page.says("Choose a time zone from the list"));
    }
}
