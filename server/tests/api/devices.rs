//! Letters about sign-ins from devices and places that were not seen before.

use crate::support::{LOGIN, routes};
use serde_json::json;
use server::testing::{Agent, PASSWORD, TestApp};
use std::time::Duration;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";
const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15";

async fn log_in_with(app: &TestApp, user_agent: &str) {
    let mut client = app.anyone();
    client.headers.push(("user-agent".into(), user_agent.into()));
    let reply = client.post_json(LOGIN, &json!({ "identifier": "zoe", "password": PASSWORD })).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

async fn letters(app: &TestApp) -> Vec<String> {
    app.texts(
        "select payload from outbox where payload like '%\"letter\":\"new_device\"%' order by created_at",
    )
    .await
}

async fn from_place(app: &TestApp, client: &mut Agent, ip: &str) {
    // The address that a request comes from is fixed in tests, so the trail of known places is moved instead.
    assert_eq!(client.get("/api/v1/account").await.status, 200, "{ip}");
    app.change("update known_devices set fingerprint = 'elsewhere-' || fingerprint").await;
}

server::both_engines! { routes;
    async fn u7_a_sign_in_from_a_new_device_is_told_once(app) {
        app.add("zoe", "Zoe Quinn", &["PIN"]).await;
        log_in_with(app, FIREFOX).await;
        assert_eq!(letters(app).await.len(), 0, "the very first sign-in has nothing to be compared with");
        log_in_with(app, FIREFOX).await;
        assert_eq!(letters(app).await.len(), 0);
        log_in_with(app, SAFARI).await;
        let told = letters(app).await;
        assert_eq!(told.len(), 1);
        for part in ["Safari on macOS", "zoe@example.com", "127.0.0.1"] {
            assert!(told[0].contains(part), "{part} is not in {}", told[0]);
        }
        log_in_with(app, SAFARI).await;
        log_in_with(app, &FIREFOX.replace("133", "134")).await;
        assert_eq!(letters(app).await.len(), 1, "a newer version of a known browser is no new device");
        assert_eq!(app.texts("select details from audit where action = 'session.new_device'").await, [r#"{"device":"Safari on macOS"}"#]);
    }

    async fn u7_a_wrong_password_makes_no_device_known(app) {
        app.add("zoe", "Zoe Quinn", &["PIN"]).await;
        log_in_with(app, FIREFOX).await;
        let mut client = app.anyone();
        client.headers.push(("user-agent".into(), SAFARI.into()));
        client.post_json(LOGIN, &json!({ "identifier": "zoe", "password": "wrong" })).await;
        assert_eq!(letters(app).await.len(), 0);
        log_in_with(app, SAFARI).await;
        assert_eq!(letters(app).await.len(), 1);
    }

    async fn u7_a_known_browser_at_a_new_place_is_told(app) {
        app.add("zoe", "Zoe Quinn", &["PIN"]).await;
        let mut client = app.client_of("zoe").await;
        from_place(app, &mut client, "198.51.100.7").await;
        log_in_with(app, "").await;
        assert_eq!(letters(app).await.len(), 1);
    }

    async fn u7_a_device_that_was_long_away_is_new_again(app) {
        app.add("zoe", "Zoe Quinn", &["PIN"]).await;
        log_in_with(app, FIREFOX).await;
        app.clock.advance(Duration::from_secs(179 * 86_400));
        log_in_with(app, FIREFOX).await;
        assert_eq!(letters(app).await.len(), 0);
        app.clock.advance(Duration::from_secs(181 * 86_400));
        log_in_with(app, FIREFOX).await;
        assert_eq!(letters(app).await.len(), 1);
    }

    async fn u7_what_is_kept_of_devices_stays_small(app) {
        app.add("zoe", "Zoe Quinn", &["PIN"]).await;
        for number in 0..70 {
            let name: String = [number / 26, number % 26].map(|part: u8| char::from(b'a' + part)).iter().collect();
            log_in_with(app, &format!("program-{name}/1")).await;
            app.clock.advance(Duration::from_secs(3600));
        }
        assert_eq!(app.count("select count(*) from known_devices").await, 60);
        let kept = app.texts("select fingerprint from known_devices").await.join(" ");
        assert!(!kept.contains("program") && !kept.contains("127."), "{kept}");
    }
}
