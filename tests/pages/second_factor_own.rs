//! One's own second factors on `/account/second-factor`, and confirming on `/confirm` that it is still you.

use crate::{
    second_factor::{browser_with_code, code, next_code, with_app},
    support::{goes_to, open},
};
use countersign::serve::routes;
use server::{second_factor::AppSecret, testing::PASSWORD};
use std::time::Duration;

const PAGE: &str = "/account/second-factor";
const CONFIRM: &str = "/confirm?next=%2Faccount%2Fsecond-factor";
const QUARTER: Duration = Duration::from_secs(15 * 60);

server::both_engines! { routes;
    async fn a5_one_sets_an_app_up_and_removes_it(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let mut browser = app.browser_of("alice").await;
        let mut other = app.browser_of("alice").await;
        assert!(open(&mut browser, "/account").await.attributes("main a", "href").contains(&PAGE.to_owned()));
        let page = open(&mut browser, PAGE).await;
        assert_eq!(page.text("h1"), "Second factor");
        assert!(page.says("Your password is all that guards your account"), "{}", page.words());

        let before = browser.cookies["session_token"].clone();
        assert_eq!(goes_to(&browser.post_form("/do/begin-app", &[]).await), "/account/second-factor/app");
        let page = open(&mut browser, "/account/second-factor/app").await;
        let secret = AppSecret::parse(&page.text("#secret")).unwrap();
        let wrong = browser.post_form("/do/confirm-app", &[("code", "12345")]).await;
        assert_eq!(open(&mut browser, goes_to(&wrong)).await.text("#code-error"), "Invalid verification code. Please try again.");
        let reply = browser.post_form("/do/confirm-app", &[("code", &code(app, &secret))]).await;
        assert_eq!(goes_to(&reply), "/account/second-factor/codes");
        assert_ne!(browser.cookies["session_token"], before, "the session is the same after a change of factors");
        assert_eq!(goes_to(&other.get("/account").await), "/login?next=%2Faccount", "another session goes on");
        assert_eq!(open(&mut browser, goes_to(&reply)).await.texts("ol[aria-label='Recovery codes'] li").len(), 10);

        let page = open(&mut browser, PAGE).await;
        assert!(page.says("Your sign-in asks for a second factor") && page.says("10 are left."), "{}", page.words());
        assert_eq!(goes_to(&browser.post_form("/do/new-recovery-codes", &[]).await), "/account/second-factor/codes");
        assert_eq!(goes_to(&browser.post_form("/do/remove-factor", &[("method", "totp")]).await), PAGE);
        assert!(open(&mut browser, PAGE).await.says("Your password is all that guards your account"));
        assert_eq!(goes_to(&browser.post_form("/do/new-recovery-codes", &[]).await), PAGE);
        assert!(open(&mut browser, PAGE).await.says("Set up a second factor first"));
    }

    async fn a5_the_password_is_asked_for_again_before_one_changes_ones_factors(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let mut browser = app.browser_of("alice").await;
        app.clock.advance(QUARTER);
        assert_eq!(goes_to(&browser.post_form("/do/begin-app", &[]).await), CONFIRM);
        let page = open(&mut browser, CONFIRM).await;
        assert_eq!(page.text("h1"), "Confirm it is you");
        assert!(page.says("Enter your password again to go on."), "{}", page.words());
        assert_eq!(page.form("/do/confirm")["next"], PAGE);
        let wrong = browser.post_form("/do/confirm", &[("password", "wrong"), ("next", PAGE)]).await;
        assert_eq!(open(&mut browser, goes_to(&wrong)).await.text("#password-error"), "That is not your password.");
        let blank = browser.post_form("/do/confirm", &[("password", ""), ("next", PAGE)]).await;
        assert_eq!(open(&mut browser, goes_to(&blank)).await.text("#password-error"), "Enter your password");
        let before = browser.cookies["session_token"].clone();
        let right = browser.post_form("/do/confirm", &[("password", PASSWORD), ("next", PAGE)]).await;
        assert_eq!(goes_to(&right), PAGE);
        assert_ne!(browser.cookies["session_token"], before);
        assert_eq!(goes_to(&browser.post_form("/do/begin-app", &[]).await), "/account/second-factor/app");
        assert_eq!(goes_to(&browser.get(CONFIRM).await), PAGE, "there is nothing left to confirm");
    }

    async fn a5_where_there_is_a_factor_a_code_of_it_confirms(app) {
        let secret = with_app(app, "alice", "Alice Ng", "STAFF").await;
        let mut browser = browser_with_code(app, "alice", &secret).await;
        app.clock.advance(QUARTER);
        assert_eq!(goes_to(&browser.post_form("/do/remove-factor", &[("method", "totp")]).await), CONFIRM);
        let page = open(&mut browser, CONFIRM).await;
        assert!(page.says("Enter the 6-digit code from your authenticator app."), "{}", page.words());
        let password = browser.post_form("/do/confirm", &[("password", PASSWORD), ("next", PAGE)]).await;
        assert!(goes_to(&password).starts_with("/confirm?"), "the password was enough where there is a factor");
        let wrong = browser.post_form("/do/confirm", &[("method", "totp"), ("code", "000000"), ("next", PAGE)]).await;
        assert_eq!(open(&mut browser, goes_to(&wrong)).await.text("#code-error"), "Invalid verification code. Please try again.");
        let code = next_code(app, &secret);
        let right = browser.post_form("/do/confirm", &[("method", "totp"), ("code", &code), ("next", PAGE)]).await;
        assert_eq!(goes_to(&right), PAGE);
        assert_eq!(goes_to(&browser.post_form("/do/remove-factor", &[("method", "totp")]).await), PAGE);
        assert!(open(&mut browser, PAGE).await.says("It is removed."));
        let foreign = browser.post_form("/do/confirm", &[("password", PASSWORD), ("next", "https://evil.example")]).await;
        assert_eq!(goes_to(&foreign), "/");
    }

    async fn a5_codes_by_e_mail_are_set_up_with_one_that_came_back(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let mut browser = app.browser_of("alice").await;
        let reply = browser.post_form("/do/begin-codes", &[("method", "email")]).await;
        assert_eq!(goes_to(&reply), "/account/second-factor/code?method=email");
        let page = open(&mut browser, goes_to(&reply)).await;
        assert!(page.says("A code is on its way to a…@example.com."), "{}", page.words());
        let wrong = browser.post_form("/do/confirm-codes", &[("method", "email"), ("code", "000000")]).await;
        assert_eq!(open(&mut browser, goes_to(&wrong)).await.text("#code-error"), "Invalid verification code. Please try again.");
        for odd in ["", "totp", "recovery", "pigeon"] {
            assert_eq!(goes_to(&browser.post_form("/do/begin-codes", &[("method", odd)]).await), PAGE, "{odd}");
            assert_eq!(goes_to(&browser.post_form("/do/confirm-codes", &[("method", odd), ("code", "123456")]).await), PAGE, "{odd}");
        }
    }
}

fn strict(config: &mut server::config::Config) {
    config.security.admin_second_factor = Some(server::config::AdminSecondFactor::Required);
}

mod strictly {
    use super::*;

    server::both_engines! { routes, strict;
        async fn a5_an_admin_without_a_factor_sets_one_up_and_comes_back(app) {
            app.add("root", "Root Admin", &["USER_ADMIN"]).await;
            let mut browser = app.browser_of("root").await;
            let wanted = "/confirm?next=%2Fpeople%3Fsearch%3Da";
            let reply = browser.get(wanted).await;
            assert_eq!(goes_to(&reply), "/account/second-factor?next=%2Fpeople%3Fsearch%3Da");
            let page = open(&mut browser, goes_to(&reply)).await;
            assert!(page.says("Set up a second factor first: administrative actions need one."), "{}", page.words());
            let next = page.form("/do/begin-app")["next"].clone();
            let reply = browser.post_form("/do/begin-app", &[("next", &next)]).await;
            let page = open(&mut browser, goes_to(&reply)).await;
            let secret = AppSecret::parse(&page.text("#secret")).unwrap();
            let next = page.form("/do/confirm-app")["next"].clone();
            let reply = browser.post_form("/do/confirm-app", &[("code", &code(app, &secret)), ("next", &next)]).await;
            let codes = open(&mut browser, goes_to(&reply)).await;
            assert_eq!(codes.attributes("main a[href^='/people']", "href"), ["/people?search=a"]);
            assert_eq!(goes_to(&browser.get(wanted).await), "/people?search=a", "there is something left to confirm");
            // Later a code is due, and the password is too little.
            app.clock.advance(QUARTER);
            let page = open(&mut browser, wanted).await;
            assert!(page.says("Enter the 6-digit code from your authenticator app."), "{}", page.words());
        }
    }
}
