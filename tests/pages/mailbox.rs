//! The mail box for development: letters as text with links, and as HTML behind a policy of their own.

use crate::support::{Page, open};
use countersign::serve::routes;
use server::{
    mail::Letter,
    testing::{Engine, TestApp},
};

const LINK: &str = "http://127.0.0.1:3000/reset-password?token=a-secret";

fn reset_link(full_name: &str) -> Letter {
    Letter::PasswordResetLink {
        to: "bo@example.com".into(),
        full_name: full_name.into(),
        token: "a-secret".into(),
        minutes: 30,
    }
}

/// Where the newest letter stands as HTML.
fn letter_of(page: &Page) -> String {
    page.attributes("a[href^='/mailbox/letters/']", "href").remove(0)
}

server::both_engines! { routes;
    async fn q4b_letters_can_be_read_and_their_links_followed(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.post(reset_link("Bo Hale")).await;
        app.do_jobs().await;
        let mut browser = app.browser_of("alice").await;
        let page = open(&mut browser, "/mailbox").await;
        assert!(page.says("Reset your password") && page.says("Hello Bo Hale,"), "{}", page.words());
        assert!(page.attributes("pre a", "href").contains(&LINK.to_owned()), "the link cannot be followed");
        assert!(page.texts("pre").iter().any(|text| text.contains("Choose a new password:")));
    }

    async fn q2_a_letter_as_html_runs_and_loads_nothing(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.post(reset_link("<script>alert(1)</script>")).await;
        let mut browser = app.browser_of("alice").await;
        let address = letter_of(&open(&mut browser, "/mailbox").await);
        let reply = browser.get(&address).await;
        assert_eq!(reply.status, 200);
        assert!(reply.body.contains(LINK) && !reply.body.contains("<script"), "{}", reply.body);
        let policy = reply.header("content-security-policy");
        for part in ["default-src 'none'", "form-action 'none'", "frame-ancestors 'none'", "; sandbox "] {
            assert!(policy.contains(part), "{policy}");
        }
        for never in ["script-src", "allow-scripts", "allow-same-origin", "allow-forms", "img-src"] {
            assert!(!policy.contains(never), "{policy}");
        }
        assert_eq!(reply.header("x-frame-options"), "DENY");
    }

    async fn r4_letters_are_for_those_who_see_everyone(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("carl", "Carl Ode", &["STAFF"]).await;
        let address = letter_of(&open(&mut app.browser_of("alice").await, "/mailbox").await);
        assert_eq!(app.browser_of("carl").await.get(&address).await.status, 403);
        assert_eq!(app.anyone().get(&address).await.status, 401);
        let mut browser = app.browser_of("alice").await;
        for nothing in ["/mailbox/letters/nonsense", "/mailbox/letters/00000000-0000-0000-0000-000000000000"] {
            assert_eq!(browser.get(nothing).await.status, 404, "{nothing}");
        }
    }
}

#[tokio::test]
async fn letters_are_not_shown_in_production() {
    let app = TestApp::configured(Engine::Sqlite, |config| config.development = false, routes).await;
    app.add("alice", "Alice Ng", &["SUPER_ADMIN"]).await;
    let mut browser = app.browser_of("alice").await;
    let page = open(&mut browser, "/mailbox/letters/00000000-0000-0000-0000-000000000000").await;
    assert_eq!(page.status, 404);
    assert!(page.says("There is no page at this address"), "{}", page.words());
    app.finish().await;
}
