//! UC-AUTH-001 9c and 10f as a browser sees them: the page between password and session, and setting up a first factor there.

use crate::support::{Page, goes_to, open, sign_in};
use countersign::serve::routes;
use domain::second_factor::Method;
use server::{
    Origin,
    config::{Config, Required},
    identity::Purpose,
    second_factor::{AppSecret, Channel, code_at},
    testing::{Agent, PASSWORD, Reply, TestApp},
};
use std::{fs, time::Duration};

/// Somebody with an authenticator app.
pub async fn with_app(app: &TestApp, username: &str, full_name: &str, role: &str) -> AppSecret {
    app.add(username, full_name, &[role]).await;
    let browser = app.browser_of(username).await;
    let actor =
        app.backend.identity.authenticate(&browser.cookies["session_token"], Purpose::Session).await.unwrap();
    let (factors, origin) = (&app.backend.second_factors, Origin::default());
    let new = factors.begin_enrolment(&actor, &origin).await.unwrap();
    factors.confirm_enrolment(&actor, &code(app, &new.secret), &origin).await.unwrap();
    new.secret
}

/// What the app shows right now.
pub fn code(app: &TestApp, secret: &AppSecret) -> String {
    code_at(secret.bytes(), app.clock.now())
}

/// What the app shows next.
pub fn next_code(app: &TestApp, secret: &AppSecret) -> String {
    app.clock.advance(Duration::from_secs(30));
    code(app, secret)
}

/// Sends the password.
pub async fn begin(browser: &mut Agent, username: &str, next: &str) -> Reply {
    sign_in(browser, &[("identifier", username), ("password", PASSWORD), ("next", next)]).await
}

/// Signs in with both steps.
pub async fn browser_with_code(app: &TestApp, username: &str, secret: &AppSecret) -> Agent {
    let mut browser = app.anyone();
    begin(&mut browser, username, "").await;
    let code = next_code(app, secret);
    assert_eq!(goes_to(&browser.post_form("/do/verify", &[("method", "totp"), ("code", &code)]).await), "/");
    browser
}

/// The code in the newest letter.
fn code_in_the_mail(app: &TestApp) -> String {
    let folder = fs::read_dir(app.data_dir().join("outbox")).unwrap();
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let letters = paths.iter().rev().map(|path| fs::read_to_string(path).unwrap());
    let mut codes = letters.filter_map(|letter| {
        let mut words = letter.split(|c: char| !c.is_ascii_alphanumeric() && c != '=').map(str::to_owned);
        words.find(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()))
    });
    codes.next().expect("no letter has a code")
}

fn required_for_all(config: &mut Config) {
    config.security.second_factor = Required::All;
}

fn remembering(config: &mut Config) {
    config.security.remember_device_days = 30;
}

server::both_engines! { routes;
    async fn auth_9c_the_way_through_the_second_factor(app) {
        let secret = with_app(app, "alice", "Alice Ng", "USER_ADMIN").await;
        let mut browser = app.anyone();
        let reply = begin(&mut browser, "alice", "/people?search=ng").await;
        assert_eq!(goes_to(&reply), "/verify?method=totp&next=%2Fpeople%3Fsearch%3Dng");
        let cookies: Vec<&str> = reply.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
        assert_eq!(cookies.len(), 1, "{cookies:?}");
        let mut parts: Vec<&str> = cookies[0].split("; ").skip(1).collect();
        parts.sort_unstable();
        assert!(cookies[0].starts_with("pending_sign_in="), "{cookies:?}");
        assert_eq!(parts, ["HttpOnly", "Max-Age=600", "Path=/", "SameSite=Strict", "Secure"]);
        assert_eq!(goes_to(&browser.get("/people").await), "/login?next=%2Fpeople", "the password alone opened a page");

        let page = open(&mut browser, goes_to(&reply)).await;
        assert_eq!((page.status, page.text("h1").as_str()), (200, "Confirm it is you"));
        assert!(page.says("Enter the 6-digit code from your authenticator app."), "{}", page.words());
        assert!(page.says("This sign-in waits for another 10 minutes."), "{}", page.words());
        assert_eq!(page.attributes("#code", "autocomplete"), ["one-time-code"]);
        assert_eq!(page.attributes("nav[aria-labelledby='other-ways'] a", "href"), ["/verify?method=recovery&next=%2Fpeople%3Fsearch%3Dng"]);
        let form = page.form("/do/verify");
        assert_eq!((form["method"].as_str(), form["next"].as_str()), ("totp", "/people?search=ng"));
        let code = next_code(app, &secret);
        let reply = browser.post_form("/do/verify", &[("method", "totp"), ("code", &code), ("next", &form["next"])]).await;
        assert_eq!(goes_to(&reply), "/people?search=ng");
        assert!(!browser.cookies.contains_key("pending_sign_in"), "the token of the first step is still there");
        assert_eq!(open(&mut browser, "/people?search=ng").await.texts("[data-toast] p"), ["Welcome back, Alice!"]);
        assert_eq!(goes_to(&browser.get("/verify").await), "/login");
    }

    async fn auth_10f_wrong_codes_are_told_and_the_third_leads_back(app) {
        let secret = with_app(app, "alice", "Alice Ng", "STAFF").await;
        let mut browser = app.anyone();
        begin(&mut browser, "alice", "/account").await;
        let fields = [("method", "totp"), ("code", "000000"), ("next", "/account")];
        for _ in 0..2 {
            let reply = browser.post_form("/do/verify", &fields).await;
            assert_eq!(goes_to(&reply), "/verify?method=totp&next=%2Faccount");
            let page = open(&mut browser, goes_to(&reply)).await;
            assert_eq!(page.text("#code-error"), "Invalid verification code. Please try again.");
            assert_eq!(page.attributes("#code", "aria-invalid"), ["true"]);
        }
        let reply = browser.post_form("/do/verify", &fields).await;
        assert_eq!(goes_to(&reply), "/login?next=%2Faccount");
        assert!(!browser.cookies.contains_key("pending_sign_in"));
        let login = open(&mut browser, goes_to(&reply)).await;
        assert!(login.says("Too many failed verification attempts. Please log in again."), "{}", login.words());
        let code = next_code(app, &secret);
        let late = browser.post_form("/do/verify", &[("method", "totp"), ("code", &code)]).await;
        assert_eq!(goes_to(&late), "/login");
    }

    async fn a5_without_a_sign_in_that_waits_there_is_nothing_to_verify(app) {
        with_app(app, "alice", "Alice Ng", "STAFF").await;
        for path in ["/verify?next=%2Faccount", "/verify/set-up?next=%2Faccount"] {
            assert_eq!(goes_to(&app.anyone().get(path).await), "/login?next=%2Faccount");
        }
        let mut browser = app.anyone();
        browser.cookies.insert("pending_sign_in".into(), "nobody's".into());
        assert_eq!(goes_to(&browser.get("/verify").await), "/login");
        assert!(!browser.cookies.contains_key("pending_sign_in"));
        assert!(open(&mut browser, "/login").await.says("This sign-in took too long. Please log in again."));
        begin(&mut browser, "alice", "").await;
        for foreign in ["https://evil.example", "//evil.example", "/\\evil.example"] {
            let page = open(&mut browser, &format!("/verify?next={foreign}")).await;
            assert_eq!(page.form("/do/verify")["next"], "/", "{foreign}");
        }
        let mut other = browser.clone();
        assert_eq!(goes_to(&browser.post_form("/do/give-up", &[("next", "/account")]).await), "/login?next=%2Faccount");
        assert_eq!(goes_to(&other.get("/verify").await), "/login", "a sign-in that was given up waits on");
    }

    async fn a5_a_challenge_of_the_api_is_no_use_in_a_browser(app) {
        let secret = with_app(app, "alice", "Alice Ng", "STAFF").await;
        let body = serde_json::json!({ "identifier": "alice", "password": PASSWORD });
        let reply = app.anyone().post_json("/api/v1/auth/login", &body).await.json();
        let mut browser = app.anyone();
        browser.cookies.insert("pending_sign_in".into(), reply["challenge"].as_str().unwrap().into());
        let code = next_code(app, &secret);
        let reply = browser.post_form("/do/verify", &[("method", "totp"), ("code", &code)]).await;
        assert_eq!(goes_to(&reply), "/login");
        assert!(!browser.cookies.contains_key("session_token"));
    }

    async fn a5_a_code_by_e_mail_leaves_with_the_password(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let browser = app.browser_of("alice").await;
        let actor = app.backend.identity.authenticate(&browser.cookies["session_token"], Purpose::Session).await.unwrap();
        let (factors, origin) = (&app.backend.second_factors, Origin::default());
        factors.begin_code_enrolment(&actor, Channel::Email, &origin).await.unwrap();
        app.do_jobs().await;
        factors.confirm_code_enrolment(&actor, Method::Email, &code_in_the_mail(app), &origin).await.unwrap();
        app.clock.advance(Duration::from_secs(61));

        let mut browser = app.anyone();
        let reply = begin(&mut browser, "alice", "").await;
        assert_eq!(goes_to(&reply), "/verify?method=email");
        let page = open(&mut browser, "/verify?method=email").await;
        assert!(page.says("Enter the 6-digit code that we sent to a…@example.com."), "{}", page.words());
        assert_eq!(page.attributes("[data-rests]", "data-rests"), ["60"]);
        let again = browser.post_form("/do/send-code", &[("method", "email")]).await;
        assert_eq!(goes_to(&again), "/verify?method=email");
        assert!(open(&mut browser, "/verify?method=email").await.says("Too many requests. Wait a little and try again."));
        app.clock.advance(Duration::from_secs(60));
        let again = browser.post_form("/do/send-code", &[("method", "email")]).await;
        assert!(open(&mut browser, goes_to(&again)).await.says("A code is on its way to a…@example.com."));
        app.do_jobs().await;
        let code = code_in_the_mail(app);
        assert_eq!(goes_to(&browser.post_form("/do/verify", &[("method", "email"), ("code", &code)]).await), "/");
        assert!(open(&mut browser, "/").await.says("Welcome back, Alice!"));
    }
}

mod required {
    use super::*;

    server::both_engines! { routes, required_for_all;
        async fn a5_a_required_factor_is_set_up_before_the_session(app) {
            app.add("alice", "Alice Ng", &["STAFF"]).await;
            let mut browser = app.anyone();
            let reply = begin(&mut browser, "alice", "/account").await;
            assert_eq!(goes_to(&reply), "/verify/set-up?next=%2Faccount");
            assert!(!browser.cookies.contains_key("session_token"));
            assert_eq!(goes_to(&browser.get("/verify").await), "/verify/set-up");
            let page = open(&mut browser, goes_to(&reply)).await;
            assert_eq!(page.text("h1"), "Set up a second factor");
            assert_eq!(page.attributes(".qr svg", "role"), ["img"]);
            let secret = AppSecret::parse(&page.text("#secret")).unwrap();
            assert!(page.attributes("a[href^='otpauth:']", "href")[0].contains(&secret.base32()));

            let wrong = browser.post_form("/do/finish-first-factor", &[("code", "000000"), ("next", "/account")]).await;
            assert_eq!(open(&mut browser, goes_to(&wrong)).await.text("#code-error"), "Invalid verification code. Please try again.");
            let reply = browser.post_form("/do/finish-first-factor", &[("code", &code(app, &secret)), ("next", "/account")]).await;
            assert_eq!(goes_to(&reply), "/account/second-factor/codes?next=%2Faccount");
            assert!(!reply.body.contains('-') || !reply.body.contains("recovery"), "{}", reply.body);
            let codes = open(&mut browser, goes_to(&reply)).await;
            assert_eq!(codes.texts("ol[aria-label='Recovery codes'] li").len(), 10);
            assert_eq!(codes.attributes("main a[href='/account']", "href").len(), 1, "no way on");
            assert_eq!(goes_to(&browser.get("/account/second-factor/codes").await), "/account/second-factor", "the codes were shown twice");
            // What carried them from the form to the page has them sealed.
            let shown = codes.texts("ol[aria-label='Recovery codes'] li");
            assert!(app.texts("select data from visits").await.iter().all(|data| shown.iter().all(|code| !data.contains(code.as_str()))));
            assert_eq!(browser.get("/account").await.status, 200);
            assert_eq!(goes_to(&browser.post_form("/do/remove-factor", &[("method", "totp")]).await), "/account/second-factor");
            assert!(open(&mut browser, "/account/second-factor").await.says("You need a second factor here."));
        }
    }
}

mod required_by_mail {
    use super::*;

    server::both_engines! { routes, required_for_all;
        async fn a5_a_required_factor_can_be_codes_by_e_mail(app) {
            app.add("alice", "Alice Ng", &["STAFF"]).await;
            let mut browser = app.anyone();
            let reply = begin(&mut browser, "alice", "/account").await;
            let page = open(&mut browser, goes_to(&reply)).await;
            assert_eq!(page.texts("main h2"), ["With an authenticator app", "With codes by e-mail"], "a passkey cannot be used at an address");
            assert_eq!(page.form("/do/begin-first-codes")["next"], "/account");
            let sent = browser.post_form("/do/begin-first-codes", &[("next", "/account")]).await;
            assert_eq!(goes_to(&sent), "/verify/set-up?method=email&next=%2Faccount");
            let page = open(&mut browser, goes_to(&sent)).await;
            assert_eq!(page.texts("[data-toast] p"), ["A code is on its way to a…@example.com."]);
            assert_eq!(page.attributes("main a[href='/verify/set-up?next=%2Faccount']", "href").len(), 1, "no other way");
            assert_eq!(page.attributes(".qr svg", "role"), [""; 0]);
            let again = browser.post_form("/do/begin-first-codes", &[("next", "/account")]).await;
            assert!(open(&mut browser, goes_to(&again)).await.says("Too many requests."));
            let wrong = browser.post_form("/do/finish-first-codes", &[("code", "12345"), ("next", "/account")]).await;
            assert_eq!(open(&mut browser, goes_to(&wrong)).await.text("#code-error"), "Invalid verification code. Please try again.");
            app.do_jobs().await;
            let reply = browser.post_form("/do/finish-first-codes", &[("code", &code_in_the_mail(app)), ("next", "/account")]).await;
            assert_eq!(goes_to(&reply), "/account/second-factor/codes?next=%2Faccount");
            assert_eq!(open(&mut browser, goes_to(&reply)).await.texts("ol[aria-label='Recovery codes'] li").len(), 10);
            assert_eq!(browser.get("/account").await.status, 200);
        }
    }
}

mod remembered {
    use super::*;

    server::both_engines! { routes, remembering;
        async fn a5_a_browser_is_remembered_if_its_owner_says_so(app) {
            let secret = with_app(app, "alice", "Alice Ng", "STAFF").await;
            let mut browser = app.anyone();
            let page = { begin(&mut browser, "alice", "").await; open(&mut browser, "/verify").await };
            assert!(page.says("Remember this device for 30 days"), "{}", page.words());
            let code = next_code(app, &secret);
            let reply = browser.post_form("/do/verify", &[("method", "totp"), ("code", &code), ("remember_device", "on")]).await;
            let cookies: Vec<&str> = reply.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
            let device = cookies.iter().find(|cookie| cookie.starts_with("remembered_device=")).unwrap();
            assert!(device.ends_with("; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict; Secure"), "{device}");
            browser.post_form("/do/sign-out", &[]).await;
            assert_eq!(goes_to(&begin(&mut browser, "alice", "").await), "/");
            let page = open(&mut browser, "/account/second-factor").await;
            let device = page.form("/do/forget-device")["device"].clone();
            assert_eq!(goes_to(&browser.post_form("/do/forget-device", &[("device", &device)]).await), "/account/second-factor");
            let page = open(&mut browser, "/account/second-factor").await;
            assert!(page.says("That device is asked for a code again.") && !page.says("Remembered devices"), "{}", page.words());
            browser.post_form("/do/sign-out", &[]).await;
            assert_eq!(goes_to(&begin(&mut browser, "alice", "").await), "/verify?method=totp");
            assert_eq!(Page::of(&browser.get("/verify").await).status, 200);
        }
    }
}
