//! How long a session lasts, and what ends it at once.

use crate::support::{ME, browser_of, routes};
use domain::password::Owner;
use server::{
    Origin,
    http::cookies,
    permit::Operator,
    testing::{Engine, TestApp},
};
use std::{collections::BTreeSet, time::Duration};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);
const SECOND: Duration = Duration::from_secs(1);

/// The parts of a cookie besides its name and value.
fn attributes(cookie: &axum::http::HeaderValue) -> BTreeSet<String> {
    cookie.to_str().unwrap().split("; ").skip(1).map(str::to_owned).collect()
}

server::both_engines! { routes;
    async fn a6_a_session_ends_after_a_day_without_a_sign_of_life(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = browser_of(app, "alice", false).await;
        app.clock.advance(24 * HOUR - SECOND);
        assert_eq!(browser.get(ME).await.status, 200);
        app.clock.advance(24 * HOUR - SECOND);
        assert_eq!(browser.get(ME).await.status, 200, "the sign of life did not count");
        app.clock.advance(24 * HOUR);
        assert_eq!(browser.get(ME).await.status, 401);
    }

    async fn a6_a_session_ends_after_seven_days_however_busy(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = browser_of(app, "alice", false).await;
        for _ in 0..13 {
            app.clock.advance(12 * HOUR);
            assert_eq!(browser.get(ME).await.status, 200);
        }
        app.clock.advance(12 * HOUR - SECOND);
        assert_eq!(browser.get(ME).await.status, 200);
        app.clock.advance(SECOND);
        assert_eq!(browser.get(ME).await.status, 401);
    }

    async fn a6_a_remembered_session_lasts_thirty_days_also_unused(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = browser_of(app, "alice", true).await;
        app.clock.advance(30 * DAY - SECOND);
        assert_eq!(browser.get(ME).await.status, 200);
        app.clock.advance(SECOND);
        assert_eq!(browser.get(ME).await.status, 401);
    }

    async fn a6_suspension_acts_on_the_next_request(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (mut browser, mut client) = (browser_of(app, "alice", false).await, app.client_of("alice").await);
        app.change("update people set status = 'suspended' where username = 'alice'").await;
        assert_eq!((browser.get(ME).await.status, client.get(ME).await.status), (401, 401));
    }

    async fn a6_losing_a_role_ends_what_is_done_in_it(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF"]).await;
        let mut as_admin = app.client_of("alice").await;
        let reply = crate::support::log_in_as(app, "alice", server::testing::PASSWORD, "STAFF").await;
        let mut as_staff = app.anyone();
        as_staff.bearer = reply.json()["access_token"].as_str().map(str::to_owned);
        app.change("delete from person_roles where role_code = 'USER_ADMIN'").await;
        assert_eq!((as_admin.get(ME).await.status, as_staff.get(ME).await.status), (401, 200));
    }

    async fn r1_a_permission_taken_from_a_role_is_gone_on_the_next_request(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.client_of("alice").await;
        assert_eq!(client.get("/api/v1/users").await.status, 200);
        app.change("delete from role_permissions where role_code = 'USER_ADMIN' and permission = 'users.view'").await;
        assert_eq!(client.get("/api/v1/users").await.status, 403);
    }

    async fn a6_a_new_password_ends_every_session_of_that_person_alone(app) {
        let id = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("bob", "Bob Hale", &["USER_ADMIN"]).await;
        let (mut browser, mut client) = (browser_of(app, "alice", true).await, app.client_of("alice").await);
        let mut bystander = app.client_of("bob").await;
        let password = app.backend.passwords.accept("another horse battery", &Owner::default()).unwrap();
        let permit = Operator::of_this_machine().permit(id);
        app.backend.identity.reset_password(&permit, password, &Origin::operator()).await.unwrap();
        assert_eq!((browser.get(ME).await.status, client.get(ME).await.status), (401, 401));
        assert_eq!(bystander.get(ME).await.status, 200);
        assert_eq!(crate::support::log_in(app, "alice", server::testing::PASSWORD).await.status, 401, "the old password");
        assert_eq!(crate::support::log_in(app, "alice", "another horse battery").await.status, 200, "the new one");
    }

    async fn a6_every_sign_in_has_a_session_of_its_own(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (first, second) = (app.client_of("alice").await.bearer, app.client_of("alice").await.bearer);
        assert_ne!(first, second);
        assert_eq!(app.count("select count(*) from sessions").await, 2);
    }

    async fn expired_sessions_are_forgotten_only_after_their_time(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        browser_of(app, "alice", true).await;
        app.clock.advance(30 * DAY - SECOND);
        app.backend.identity.forget_expired().await.unwrap();
        assert_eq!(app.count("select count(*) from sessions").await, 1);
        app.clock.advance(31 * DAY);
        app.backend.identity.forget_expired().await.unwrap();
        assert_eq!(app.count("select count(*) from sessions").await, 0);
    }

    async fn a11_a_forged_forwarding_header_changes_no_address(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.anyone();
        client.headers.push(("x-forwarded-for".into(), "203.0.113.9".into()));
        client.headers.push(("x-real-ip".into(), "203.0.113.9".into()));
        client.headers.push(("forwarded".into(), "for=203.0.113.9".into()));
        let body = serde_json::json!({ "identifier": "alice", "password": server::testing::PASSWORD });
        assert_eq!(client.post_json(crate::support::LOGIN, &body).await.status, 200);
        assert_eq!(app.texts("select ip from sessions").await, ["127.0.0.1"]);
        assert_eq!(app.texts("select ip from audit where action = 'session.signed_in'").await, ["127.0.0.1"]);
    }
}

#[tokio::test]
async fn a11_behind_a_trusted_proxy_the_last_untrusted_hop_counts() {
    let trust = |config: &mut server::config::Config| {
        config.security.trusted_proxies = vec!["127.0.0.1".parse().unwrap(), "10.0.0.1".parse().unwrap()];
    };
    let app = TestApp::configured(Engine::Sqlite, trust, routes).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    for (forwarded, expected) in [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("198.51.100.7, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("nonsense", "127.0.0.1"),
        ("203.0.113.9, nonsense", "127.0.0.1"),
        ("", "127.0.0.1"),
    ] {
        let mut client = app.anyone();
        client.headers.push(("x-forwarded-for".into(), forwarded.into()));
        let body = serde_json::json!({ "identifier": "alice", "password": server::testing::PASSWORD });
        client.post_json(crate::support::LOGIN, &body).await;
        app.clock.advance(SECOND);
        let newest = app.texts("select ip from sessions order by created_at desc limit 1").await;
        assert_eq!(newest, [expected], "X-Forwarded-For: {forwarded}");
    }
    app.finish().await;
}

/// The address that counts for a request with this header, where these proxies are trusted. The test itself comes from 127.0.0.1.
async fn address_behind(proxies: &[&str], forwarded: &str) -> String {
    let trust = |config: &mut server::config::Config| {
        config.security.trusted_proxies = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
    };
    let app = TestApp::configured(Engine::Sqlite, trust, routes).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    let mut client = app.anyone();
    client.headers.push(("x-forwarded-for".into(), forwarded.into()));
    let body = serde_json::json!({ "identifier": "alice", "password": server::testing::PASSWORD });
    client.post_json(crate::support::LOGIN, &body).await;
    let address = app.texts("select ip from sessions").await.remove(0);
    app.finish().await;
    address
}

#[tokio::test]
async fn a11_behind_networks_of_proxies_the_last_hop_outside_of_them_counts() {
    let inside = ["127.0.0.0/8", "10.0.0.0/8", "fd00:77::/32"];
    for (proxies, forwarded, expected) in [
        (&inside[..], "203.0.113.9", "203.0.113.9"),
        (&inside, "198.51.100.7, 203.0.113.9, 10.4.5.6, 127.0.0.2", "203.0.113.9"),
        (&inside, "203.0.113.9, fd00:77:1::4, ::ffff:10.9.9.9", "203.0.113.9"),
        (&inside, "203.0.113.9, fd00:78::4", "fd00:78::4"),
        (&inside, "203.0.113.9, 11.0.0.1", "11.0.0.1"),
        (&inside, "10.0.0.9, 10.0.0.8", "127.0.0.1"),
        (&["::ffff:127.0.0.0/104"], "203.0.113.9", "203.0.113.9"),
        (&["10.0.0.0/8"], "203.0.113.9", "127.0.0.1"),
        (&["::/1"], "203.0.113.9", "127.0.0.1"),
    ] {
        assert_eq!(
            address_behind(proxies, forwarded).await,
            expected,
            "{proxies:?}, X-Forwarded-For: {forwarded}"
        );
    }
}

#[test]
fn a6_the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let mut config = server::config::Config::default();
    let strict = ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"];
    for address in ["https://countersign.example.com", "http://127.0.0.1:3000", "http://localhost:3000"] {
        config.public_url = address.into();
        let set = cookies::set("token", DAY, &config);
        assert!(set.to_str().unwrap().starts_with("session_token=token; "), "{set:?}");
        let expected =
            strict.iter().map(|&part| part.to_owned()).chain(["Max-Age=86400".to_owned()]).collect();
        assert_eq!(attributes(&set), expected, "{address}");
        let expected = strict.iter().map(|&part| part.to_owned()).chain(["Max-Age=0".to_owned()]).collect();
        assert_eq!(attributes(&cookies::clear(&config)), expected, "{address}");
    }
}
