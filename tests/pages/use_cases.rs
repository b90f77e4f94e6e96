//! The use cases of signing in, walked in one piece each as their authors wrote them: UC-AUTH-001, UC-001, UC-002 and the
//! technical use case 1.1. What a single step must withstand is proven elsewhere; docs/flows.md says where.

use crate::{
    second_factor::{begin, next_code, with_app},
    support::{Page, goes_to, open, sign_in},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign::serve::routes;
use serde_json::{Value, json};
use server::testing::{PASSWORD, Reply, TestApp};
use std::time::Duration;

const ME: &str = "/api/v1/auth/me";

/// The cookie that an answer sets, with its attributes.
fn session_cookie(reply: &Reply) -> String {
    let cookies = reply.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let mut sessions = cookies.filter(|cookie| cookie.starts_with("session_token="));
    sessions.next().expect("no session was handed out").to_owned()
}

/// A part of a token, read without its signature.
fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

async fn newest_details(app: &TestApp, action: &str) -> String {
    let sql =
        format!("select details from audit where action = '{action}' order by at desc, id desc limit 1");
    app.texts(&sql).await.pop().unwrap_or_default()
}

server::both_engines! { routes;
    async fn auth_8_the_main_way_from_the_page_to_the_welcome(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        browser.headers.push(("user-agent".into(), "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0".into()));
        // A page that needs a session leads here and is not forgotten (step 15).
        let login = goes_to(&browser.get("/people").await).to_owned();
        let page = open(&mut browser, &login).await;
        assert_eq!(page.attributes("input[name=identifier]", "autocomplete"), ["username"]);
        assert_eq!(page.attributes("input[name=password]", "type"), ["password"], "step 3: the password is not masked");
        // A failure before, so that step 13 has something to take back.
        sign_in(&mut browser, &[("identifier", "alice"), ("password", "wrong")]).await;
        assert!(app.count("select count(*) from counts where key like 'account:%'").await > 0);

        let form = [("identifier", "alice@example.com"), ("password", PASSWORD), ("next", "/people")];
        let reply = sign_in(&mut browser, &form).await;
        assert_eq!(goes_to(&reply), "/people");
        let cookie = session_cookie(&reply);
        for attribute in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(attribute), "step 12: {cookie}");
        }
        let token = cookie.split(';').next().unwrap().trim_start_matches("session_token=");
        let (head, claims) = (part(token, 0), part(token, 1));
        assert_eq!(head["alg"], "RS256", "step 10");
        assert!(head["kid"].is_string(), "step 10: no key is named");
        assert!(claims["exp"].as_i64() > claims["iat"].as_i64());
        let session = app.texts("select user_agent from sessions where ended_at is null and ip = '127.0.0.1'").await;
        assert_eq!(session, ["Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"], "step 11");
        let counted = "select count(*) from counts where key like 'account:%' or key like 'name:%'";
        assert_eq!(app.count(counted).await, 0, "step 13");
        let logged = "select count(*) from audit where action = 'session.signed_in' and outcome = 'done' and ip = '127.0.0.1'
                      and user_agent is not null and actor_id is not null";
        assert_eq!(app.count(logged).await, 1, "step 14");
        assert_eq!(app.count("select login_count from people where username = 'alice'").await, 1);
        let page = Page::of(&browser.get("/people").await);
        assert!(page.says("Welcome back, Alice!"), "step 16: {}", page.words());
    }

    async fn auth_9a_remember_me_lasts_thirty_days(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        let reply = sign_in(&mut browser, &[("identifier", "alice"), ("password", PASSWORD), ("remember", "on")]).await;
        assert!(session_cookie(&reply).contains("Max-Age=2592000"));
        app.clock.advance(Duration::from_secs(30 * 86_400 - 60));
        assert_eq!(browser.get("/people").await.status, 200, "it ended early");
        app.clock.advance(Duration::from_secs(120));
        assert_eq!(goes_to(&browser.get("/people").await), "/login?next=%2Fpeople");
    }

    async fn auth_10b_an_unknown_address_reads_the_same_and_is_recorded_masked(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        sign_in(&mut browser, &[("identifier", "nobody@example.com"), ("password", PASSWORD)]).await;
        let unknown = open(&mut browser, "/login").await.text("[data-error-summary]");
        let mut other = app.anyone();
        sign_in(&mut other, &[("identifier", "alice@example.com"), ("password", "wrong")]).await;
        assert_eq!(open(&mut other, "/login").await.text("[data-error-summary]"), unknown);
        assert!(unknown.contains("Incorrect email or password"), "{unknown}");
        let recorded = app.texts("select details from audit where action = 'session.sign_in_failed' order by at, id").await;
        assert!(recorded[0].contains("no…") && !recorded[0].contains("nobody"), "{recorded:?}");
    }

    async fn auth_10e_a_suspended_account_is_told_so_and_recorded(app) {
        app.add("sam", "Sam Okoro", &["STAFF"]).await;
        app.change("update people set status = 'suspended' where username = 'sam'").await;
        let mut browser = app.anyone();
        sign_in(&mut browser, &[("identifier", "sam"), ("password", PASSWORD)]).await;
        let page = open(&mut browser, "/login").await;
        assert!(page.says("Your account has been suspended. Contact support for assistance."), "{}", page.words());
        assert!(newest_details(app, "session.sign_in_failed").await.contains("suspended"));
        assert!(!browser.cookies.contains_key("session_token"));
    }

    async fn uc001_1_to_19_from_the_form_to_the_dashboard_of_the_role(app) {
        app.add("petra", "Petra Lang", &["PIN"]).await;
        let body = json!({ "username": "petra", "password": PASSWORD, "role": "PIN" });
        let mut client = app.anyone();
        let answer = client.post_json("/api/login", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let answer = answer.json();
        let (access, refresh) = (answer["access_token"].as_str().unwrap(), answer["refresh_token"].as_str().unwrap());
        assert!(!refresh.is_empty());
        let claims = part(access, 1);
        assert_eq!((&claims["sub"], &claims["role"], &claims["type"]), (&answer["user"]["id"], &json!("PIN"), &json!("access")));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600, "BR-004");
        assert_eq!(answer["user"]["dashboard_route"], "/");
        assert_eq!(app.count("select last_login_at from people where username = 'petra'").await, app.clock.now().microseconds());
        client.bearer = Some(access.to_owned());
        assert_eq!(client.get(ME).await.status, 200);
        // BR-005: the refresh token renews it.
        let renewed = app.anyone().post_json("/api/refresh", &json!({ "refresh_token": refresh })).await;
        assert_eq!(renewed.status, 200, "{}", renewed.body);
        // The same on the page, with the role chosen.
        let mut browser = app.anyone();
        let choices = open(&mut browser, "/login").await.attributes("select[name=role] option", "value");
        for role in ["USER_ADMIN", "PIN", "CSR_REP", "PLATFORM_MGMT"] {
            assert!(choices.iter().any(|choice| choice == role), "step 5: {choices:?}");
        }
        let reply = sign_in(&mut browser, &[("identifier", "petra"), ("password", PASSWORD), ("role", "PIN")]).await;
        assert_eq!(goes_to(&reply), "/");
        assert!(open(&mut browser, "/").await.says("Welcome back, Petra!"), "step 19");
    }

    async fn uc001_3a_4a_5a_name_password_and_role_are_refused_in_the_same_words(app) {
        for username in ["petra", "paolo", "pia"] {
            app.add(username, "Petra Lang", &["PIN"]).await;
        }
        for (flow, username, password, role) in [
            ("3a", "nobody", PASSWORD, "PIN"),
            ("4a", "petra", "wrong", "PIN"),
            ("5a", "paolo", PASSWORD, "USER_ADMIN"),
            ("5a", "pia", PASSWORD, "NO_SUCH_ROLE"),
        ] {
            let body = json!({ "username": username, "password": password, "role": role });
            let reply = app.anyone().post_json("/api/login", &body).await;
            assert_eq!(reply.status, 401, "{flow}: {}", reply.body);
            assert_eq!(reply.json()["message"], "Invalid username, password, or role", "{flow}");
        }
        assert_eq!(app.count("select count(*) from sessions").await, 0);
    }

    async fn uc001_7_empty_fields_go_nowhere(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let before = app.backend.passwords.computed();
        let mut browser = app.anyone();
        sign_in(&mut browser, &[("identifier", ""), ("password", "")]).await;
        let page = open(&mut browser, "/login").await;
        assert!(page.says("Enter your username or e-mail address") && page.says("Enter your password"), "{}", page.words());
        assert_eq!(app.backend.passwords.computed(), before, "an empty form cost a hash");
    }

    async fn uc002_1_to_6_signing_out_leaves_nothing_that_works(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.browser_of("alice").await;
        let mut thief = browser.clone();
        let page = open(&mut browser, "/people").await;
        assert_eq!(page.form("/do/sign-out").len(), 0, "SR-007: every page lets one sign out with one press");
        assert_eq!(goes_to(&browser.post_form("/do/sign-out", &[]).await), "/login");
        assert!(!browser.cookies.contains_key("session_token"), "SR-008");
        assert_eq!(goes_to(&thief.get("/people").await), "/login?next=%2Fpeople", "SR-009: the old token still works");
        // And over the API, with both tokens.
        let body = json!({ "username": "alice", "password": PASSWORD });
        let tokens = app.anyone().post_json("/api/login", &body).await.json();
        let mut client = app.anyone();
        client.bearer = Some(tokens["access_token"].as_str().unwrap().to_owned());
        assert_eq!(client.post_raw("/api/v1/auth/logout", "application/json", "").await.status, 204);
        assert_eq!(client.get(ME).await.status, 401);
        let renewed = app.anyone().post_json("/api/refresh", &json!({ "refresh_token": tokens["refresh_token"] })).await;
        assert_eq!(renewed.status, 401);
    }

    async fn tuc11_1_to_5_password_code_session_and_the_lock(app) {
        let secret = with_app(app, "alice", "Alice Ng", "STAFF").await;
        let hash = app.texts("select password_hash from people where username = 'alice'").await.remove(0);
        assert!(hash.starts_with("$argon2id$"), "step 1: {hash}");
        let mut browser = app.anyone();
        assert!(goes_to(&begin(&mut browser, "alice", "").await).starts_with("/verify"));
        assert!(!browser.cookies.contains_key("session_token"), "step 2: a session before the code");
        // Step 4: a wrong code is counted, a right one opens the session (step 3).
        browser.post_form("/do/verify", &[("method", "totp"), ("code", "000000")]).await;
        assert!(open(&mut browser, "/verify").await.says("Invalid verification code. Please try again."));
        let code = next_code(app, &secret);
        assert_eq!(goes_to(&browser.post_form("/do/verify", &[("method", "totp"), ("code", &code)]).await), "/");
        assert!(browser.cookies.contains_key("session_token"));
        // Step 5: five wrong passwords lock, time opens.
        for _ in 0..5 {
            sign_in(&mut app.anyone(), &[("identifier", "alice"), ("password", "wrong")]).await;
        }
        let mut locked = app.anyone();
        begin(&mut locked, "alice", "").await;
        let words = "Account temporarily locked due to multiple failed login attempts. Try again in 15 minutes or reset your password.";
        assert!(open(&mut locked, "/login").await.says(words));
        app.clock.advance(Duration::from_secs(15 * 60));
        assert!(goes_to(&begin(&mut app.anyone(), "alice", "").await).starts_with("/verify"));
        for action in ["session.second_factor_asked", "session.sign_in_failed", "session.signed_in", "person.locked"] {
            let sql = format!("select count(*) from audit where action = '{action}'");
            assert!(app.count(&sql).await > 0, "{action} is not in the trail");
        }
    }
}
