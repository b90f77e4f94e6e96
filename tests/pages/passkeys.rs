//! Passkeys as a browser sees them: the button on the sign-in page, the way through the second factor, one's own keys.

use crate::{
    second_factor::begin,
    support::{Page, goes_to, open},
};
use countersign::serve::routes;
use serde_json::Value;
use server::{
    config::Config,
    testing::{Agent, Authenticator, Reply, TestApp, answer},
};
use std::time::Duration;

const ORIGIN: &str = "http://localhost:3000";
const PAGE: &str = "/account/second-factor";

fn at_localhost(config: &mut Config) {
    config.public_url = ORIGIN.into();
}

/// What `passkeys.js` is told.
async fn prompt(browser: &mut Agent, occasion: &str, name: &str) -> Value {
    let fields = [("occasion", occasion), ("name", name)];
    let body = url_encoded(&fields);
    let request = browser
        .request("POST", "/do/passkey-prompt")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json");
    let reply = browser.send(request.body(body.into()).unwrap()).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    serde_json::from_str(reply.json().as_str().unwrap()).unwrap()
}

fn url_encoded(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", server::http::intake::encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn shown(prompt: &Value, key: &mut Authenticator) -> String {
    answer(prompt["ceremony"].as_str().unwrap(), &key.show(&prompt["options"]))
}

async fn add(browser: &mut Agent, name: &str, key: &mut Authenticator) -> Reply {
    let prompt = prompt(browser, "add", name).await;
    let made = answer(prompt["ceremony"].as_str().unwrap(), &key.make(&prompt["options"]));
    browser.post_form("/do/add-passkey", &[("name", name), ("answer", &made)]).await
}

/// Somebody new with a passkey, in the browser in which it was made.
async fn with_passkey(app: &TestApp) -> (Agent, Authenticator) {
    app.add("alice", "Alice Ng", &["STAFF"]).await;
    let mut browser = app.browser_of("alice").await;
    let mut key = Authenticator::at(ORIGIN);
    assert_eq!(goes_to(&add(&mut browser, "Laptop", &mut key).await), "/account/second-factor/codes");
    (browser, key)
}

/// The sign-in page without what belongs to one of its visits.
fn form_stands(page: &Page, occasion: &str) -> bool {
    page.attributes(&format!("form[data-passkey='{occasion}'][hidden]"), "action").len() == 1
}

server::both_engines! { routes, at_localhost;
    async fn a5_a_passkey_alone_signs_in(app) {
        let (_, mut key) = with_passkey(app).await;
        let mut browser = app.anyone();
        let page = open(&mut browser, "/login?next=%2Faccount").await;
        assert!(form_stands(&page, "sign-in"), "no form for a passkey");
        assert_eq!(page.form("/do/sign-in-with-passkey")["next"], "/account");
        let asked = prompt(&mut browser, "sign-in", "").await;
        assert_eq!(asked["options"]["allowCredentials"], serde_json::json!([]), "the page tells who has passkeys");
        let answered = shown(&asked, &mut key);
        let reply = browser.post_form("/do/sign-in-with-passkey", &[("answer", &answered), ("next", "/account")]).await;
        assert_eq!(goes_to(&reply), "/account");
        assert_eq!(open(&mut browser, "/account").await.texts("[data-toast] p"), ["Welcome back, Alice!"]);
        let mut other = app.anyone();
        let again = other.post_form("/do/sign-in-with-passkey", &[("answer", &answered), ("next", "//evil.example")]).await;
        assert_eq!(goes_to(&again), "/login");
        assert!(open(&mut other, "/login").await.says("That passkey was not accepted. Try again, or choose another way."));
        assert!(!other.cookies.contains_key("session_token"));
    }

    async fn a5_a_passkey_is_asked_for_first_and_without_scripts_there_are_other_ways(app) {
        let (_, mut key) = with_passkey(app).await;
        let mut browser = app.anyone();
        assert_eq!(goes_to(&begin(&mut browser, "alice", "/account").await), "/verify?method=passkey&next=%2Faccount");
        let page = open(&mut browser, "/verify?method=passkey&next=%2Faccount").await;
        assert!(page.says("Use a passkey: your device asks for your fingerprint, face or PIN."), "{}", page.words());
        assert!(page.says("Passkeys need JavaScript, which is off here. Choose another way below."), "{}", page.words());
        assert_eq!(page.texts("nav[aria-labelledby='other-ways'] a"), ["Use a recovery code"]);
        assert!(form_stands(&page, "verify"));
        let form = page.form("/do/verify");
        assert_eq!((form["method"].as_str(), form["code"].as_str(), form["next"].as_str()), ("passkey", "", "/account"));
        let empty = browser.post_form("/do/verify", &[("method", "passkey"), ("code", ""), ("next", "/account")]).await;
        assert!(open(&mut browser, goes_to(&empty)).await.says("That passkey was not accepted."));
        let asked = prompt(&mut browser, "verify", "").await;
        let code = shown(&asked, &mut key);
        let reply = browser.post_form("/do/verify", &[("method", "passkey"), ("code", &code), ("next", "/account")]).await;
        assert_eq!(goes_to(&reply), "/account");
        let asked = prompt(&mut app.anyone(), "verify", "").await;
        assert_eq!(asked["refused"], "This sign-in took too long. Please log in again.");
    }

    async fn a5_ones_own_passkeys_are_named_renamed_and_removed(app) {
        let (mut browser, _) = with_passkey(app).await;
        let refused = prompt(&mut browser, "add", " ").await;
        assert_eq!(refused["refused"], "Give it a name, such as Laptop");
        let mut key = Authenticator::at(ORIGIN);
        app.clock.advance(Duration::from_millis(1));
        let reply = add(&mut browser, "Blue <key>", &mut key).await;
        assert_eq!(goes_to(&reply), PAGE);
        let page = open(&mut browser, PAGE).await;
        assert!(page.says("Your passkey is set up."), "{}", page.words());
        assert_eq!(page.texts("#passkeys li > p:first-child > span:first-child"), ["Laptop", "Blue <key>"]);
        assert!(page.says("not used yet"));
        let id = page.form("/do/rename-passkey")["passkey"].clone();
        let wrong = browser.post_form("/do/rename-passkey", &[("passkey", &id), ("name", " ")]).await;
        let page = open(&mut browser, goes_to(&wrong)).await;
        assert_eq!(page.text(&format!("#rename-{id}-error")), "Give it a name, such as Laptop");
        assert_eq!(page.attributes("#passkeys details[open]", "class").len(), 1);
        browser.post_form("/do/rename-passkey", &[("passkey", &id), ("name", "Work laptop")]).await;
        assert_eq!(open(&mut browser, PAGE).await.texts("#passkeys li > p:first-child > span:first-child"), ["Work laptop", "Blue <key>"]);
        for nobodys in ["", "x", "0198c0de-0000-7000-8000-000000000000"] {
            let reply = browser.post_form("/do/remove-passkey", &[("passkey", nobodys)]).await;
            assert!(open(&mut browser, goes_to(&reply)).await.says("There is no such passkey"), "{nobodys:?}");
        }
        assert_eq!(goes_to(&browser.post_form("/do/remove-passkey", &[("passkey", &id)]).await), PAGE);
        let page = open(&mut browser, PAGE).await;
        assert!(page.says("It is removed. You were signed out on other devices."), "{}", page.words());
        assert_eq!(page.texts("#passkeys li > p:first-child > span:first-child"), ["Blue <key>"]);
    }

    async fn a5_passkeys_are_changed_by_whoever_has_shown_a_factor_lately(app) {
        let (mut browser, mut key) = with_passkey(app).await;
        let id = open(&mut browser, PAGE).await.form("/do/remove-passkey")["passkey"].clone();
        app.clock.advance(Duration::from_secs(15 * 60));
        let confirm = "/confirm?next=%2Faccount%2Fsecond-factor";
        assert_eq!(prompt(&mut browser, "add", "Phone").await["to"], confirm);
        assert_eq!(goes_to(&browser.post_form("/do/remove-passkey", &[("passkey", &id)]).await), confirm);
        assert_eq!(prompt(&mut app.anyone(), "add", "Phone").await["to"], "/login?next=%2Faccount%2Fsecond-factor");
        let page = open(&mut browser, confirm).await;
        assert!(form_stands(&page, "confirm"), "{}", page.words());
        let asked = prompt(&mut browser, "confirm", "").await;
        let code = shown(&asked, &mut key);
        let reply = browser.post_form("/do/confirm", &[("method", "passkey"), ("code", &code), ("next", PAGE)]).await;
        assert_eq!(goes_to(&reply), PAGE);
        assert_eq!(goes_to(&browser.post_form("/do/remove-passkey", &[("passkey", &id)]).await), PAGE);
    }
}

fn required(config: &mut Config) {
    at_localhost(config);
    config.security.second_factor = server::config::Required::All;
}

mod first {
    use super::*;

    server::both_engines! { routes, required;
        async fn a5_a_required_factor_can_be_a_passkey(app) {
            app.add("alice", "Alice Ng", &["STAFF"]).await;
            let mut browser = app.anyone();
            browser.headers.push(("user-agent".into(), "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0".into()));
            let form = goes_to(&begin(&mut browser, "alice", "/account").await).to_owned();
            let page = open(&mut browser, &form).await;
            assert!(form_stands(&page, "first"), "without scripts it stays hidden: {}", page.words());
            assert_eq!(page.form("/do/finish-first-passkey")["name"], "Firefox on Linux");
            assert_eq!(page.attributes(".qr svg", "role"), ["img"], "the app is gone");
            assert_eq!(prompt(&mut browser, "first", " ").await["refused"], "Give it a name, such as Laptop");
            assert_eq!(prompt(&mut app.anyone(), "first", "Laptop").await["refused"], "This sign-in took too long. Please log in again.");

            let mut key = Authenticator::at(ORIGIN);
            let asked = prompt(&mut browser, "first", "Laptop").await;
            let made = answer(asked["ceremony"].as_str().unwrap(), &key.make(&asked["options"]));
            for (name, answer, words) in [
                ("", made.as_str(), "Give it a name, such as Laptop"),
                ("Laptop", "", "That passkey was not accepted. Try again, or choose another way."),
            ] {
                let reply = browser.post_form("/do/finish-first-passkey", &[("name", name), ("answer", answer), ("next", "/account")]).await;
                assert_eq!(goes_to(&reply), form);
                assert!(open(&mut browser, &form).await.says(words), "{words}");
            }
            assert!(!browser.cookies.contains_key("session_token"));
            let reply = browser.post_form("/do/finish-first-passkey", &[("name", "Laptop"), ("answer", &made), ("next", "/account")]).await;
            assert_eq!(goes_to(&reply), "/account/second-factor/codes?next=%2Faccount");
            assert_eq!(open(&mut browser, goes_to(&reply)).await.texts("ol[aria-label='Recovery codes'] li").len(), 10);
            assert_eq!(browser.get("/account").await.status, 200);
            assert_eq!(goes_to(&begin(&mut app.anyone(), "alice", "/").await), "/verify?method=passkey");
        }
    }
}

mod elsewhere {
    use super::*;

    server::both_engines! { routes;
        async fn a5_where_browsers_can_use_none_no_passkey_is_offered(app) {
            app.add("alice", "Alice Ng", &["STAFF"]).await;
            assert!(!open(&mut app.anyone(), "/login").await.says("passkey"));
            let mut browser = app.browser_of("alice").await;
            assert!(open(&mut browser, PAGE).await.texts("#passkeys").is_empty());
            let told = prompt(&mut browser, "add", "Laptop").await;
            assert_eq!(told["refused"], "Passkeys cannot be used here: this installation has no name that browsers reach by https");
        }
    }
}
