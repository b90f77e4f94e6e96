//! Accounts whose address is never verified: forgotten after a while, with all that was kept of them, and nobody else with them.

use crate::{
    link_support::{NEW_PASSWORD, configured, form, register, registered, token, verify},
    support::{log_in, problem, routes},
};
use server::{
    audit::{Haste, Progress},
    testing::{Engine, TestApp},
};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

async fn usernames(app: &TestApp) -> Vec<String> {
    app.texts("select username from people order by username").await
}

async fn keep_up(app: &TestApp) {
    app.backend.links.forget_expired().await.unwrap();
    app.backend.links.forget_unverified().await.unwrap();
}

server::both_engines! { routes;
    async fn a10_an_address_that_is_never_verified_is_forgotten_after_thirty_days(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        registered(app, "nora", "nora@example.com").await;
        registered(app, "vera", "vera@example.com").await;
        verify(app, &token(app, "email_verification", "vera@example.com").await).await.unwrap();
        app.clock.advance(30 * DAY);
        keep_up(app).await;
        assert_eq!(usernames(app).await, ["alice", "nora", "vera"]);
        app.clock.advance(Duration::from_secs(1));
        keep_up(app).await;
        assert_eq!(usernames(app).await, ["alice", "vera"]);
        assert_eq!(app.count("select count(*) from person_roles h where not exists (select 1 from people p where p.id = h.person_id)").await, 0);

        // The trail knows that it happened, and says nothing of who it was.
        let recorded = app.texts("select actor_kind || ' ' || details from audit where action = 'person.forgotten'").await;
        assert_eq!(recorded, ["program {}"]);
        keep_up(app).await;
        assert_eq!(app.count("select count(*) from audit where action = 'person.forgotten'").await, 1);
        // Name and address are free again.
        registered(app, "nora", "nora@example.com").await;
        verify(app, &token(app, "email_verification", "nora@example.com").await).await.unwrap();
        assert_eq!(log_in(app, "nora", NEW_PASSWORD).await.status, 200);
    }

    async fn u9_whoever_was_forgotten_stands_in_no_entry_and_no_letter(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        registered(app, "nora", "nora@example.com").await;
        assert_eq!(log_in(app, "nora", "not the password at all").await.status, 401);
        let told = "select (select count(*) from audit where lower(details) like '%nora%')
            + (select count(*) from outbox where lower(payload) like '%nora%' or recipient = 'nora@example.com')";
        assert!(app.count(told).await > 1);
        app.clock.advance(30 * DAY + Duration::from_secs(1));
        keep_up(app).await;
        app.backend.privacy.keep_to_retention().await.unwrap();
        assert_eq!(app.count(told).await, 0);
        assert_eq!(app.count("select count(*) from audit where person_id in (select id from erased_people) and erased is null").await, 0);
        app.backend.audit.seal_all().await.unwrap();
        let report = app.backend.audit.verify(None, Haste::Full, &Progress::default()).await.unwrap();
        assert!(report.is_whole(), "{}", report.words());
    }

    async fn a10_a_link_that_is_still_good_keeps_its_account(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        registered(app, "nora", "nora@example.com").await;
        app.clock.advance(30 * DAY - Duration::from_secs(60));
        assert_eq!(problem(&log_in(app, "nora", NEW_PASSWORD).await, 403).0, "unverified");
        let link = token(app, "email_verification", "nora@example.com").await;
        app.clock.advance(DAY / 2);
        keep_up(app).await;
        assert_eq!(usernames(app).await, ["alice", "nora"]);
        verify(app, &link).await.unwrap();
        app.clock.advance(30 * DAY);
        keep_up(app).await;
        assert_eq!(log_in(app, "nora", NEW_PASSWORD).await.status, 200);
    }

    async fn a10_nobody_else_is_forgotten(app) {
        for status in ["active", "suspended", "invited"] {
            app.add(status, "Somebody Else", &["STAFF"]).await;
            app.change(&format!("update people set status = '{status}' where username = '{status}'")).await;
        }
        // Whoever has signed in once has things here that refer to them.
        app.add("regular", "Somebody Else", &["STAFF"]).await;
        app.client_of("regular").await;
        app.change("update people set status = 'unverified' where username = 'regular'").await;
        app.clock.advance(4_000 * DAY);
        keep_up(app).await;
        assert_eq!(usernames(app).await, ["active", "invited", "regular", "suspended"]);
    }

    async fn a10_who_verifies_at_the_very_moment_stays_or_is_told_that_the_link_is_gone(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        registered(app, "nora", "nora@example.com").await;
        let link = token(app, "email_verification", "nora@example.com").await;
        app.change("update people set created_at = 0 where username = 'nora'").await;
        app.clock.advance(DAY - Duration::from_millis(1));
        let (verified, forgotten) = tokio::join!(verify(app, &link), async {
            app.clock.advance(Duration::from_secs(1));
            app.backend.links.forget_unverified().await
        });
        forgotten.unwrap();
        let is_there = usernames(app).await.contains(&"nora".to_owned());
        assert_eq!(verified.is_ok(), is_there, "{verified:?}");
    }
}

/// What refers to people, as the schema says. A table that is new is looked at in `privacy/store.rs` before it is added here.
#[tokio::test]
async fn a10_every_table_that_refers_to_people_is_known() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    let tables = app.texts("select name from sqlite_master where type = 'table' and sql like '%references people%' order by name").await;
    assert_eq!(
        tables,
        [
            "api_keys",
            "app_enrolments",
            "app_factors",
            "bulk_changes",
            "code_factors",
            "email_changes",
            "known_devices",
            "links",
            "one_time_codes",
            "passkey_ceremonies",
            "passkeys",
            "pending_sign_ins",
            "person_notes",
            "person_roles",
            "provider_links",
            "recovery_codes",
            "remembered_devices",
            "sessions",
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn a10_where_it_is_set_so_they_stay() {
    let app = configured(Engine::Sqlite, |config| config.links.unverified_days = 0).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    assert_eq!(register(&app, &form("nora", "nora@example.com")).await.status, 202);
    app.do_jobs().await;
    app.clock.advance(4_000 * DAY);
    keep_up(&app).await;
    assert_eq!(usernames(&app).await, ["alice", "nora"]);
    app.finish().await;
}
