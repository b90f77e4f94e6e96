//! Retention: whoever is not heard of for two years is told a month before, once, and erased; whoever comes back stays.

use crate::{
    person_support::{admin, page_of},
    support::{log_in, routes},
};
use serde_json::json;
use server::{
    audit::{Haste, Progress},
    testing::{PASSWORD, TestApp},
};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);
const SECOND: Duration = Duration::from_secs(1);

async fn keep(app: &TestApp) {
    app.backend.privacy.keep_to_retention().await.unwrap();
}

/// How many letters told somebody of it.
async fn told(app: &TestApp) -> i64 {
    app.count("select count(*) from outbox where letter = 'erasure_ahead'").await
}

async fn erased(app: &TestApp) -> i64 {
    app.count("select count(*) from erased_people").await
}

server::both_engines! { routes;
    async fn u9_whoever_is_not_heard_of_is_told_once_and_erased_a_month_later(app) {
        app.add("root", "Root Admin", &["USER_ADMIN"]).await;
        let petra = app.add("petra", "Petra Holm", &["PIN"]).await;
        app.clock.advance(700 * DAY);
        keep(app).await;
        assert_eq!(told(app).await, 0);
        app.clock.advance(SECOND);
        for _ in 0..3 {
            keep(app).await;
        }
        assert_eq!(told(app).await, 1, "the last who can manage accounts is not told: they stay");
        assert_eq!(app.count("select count(*) from outbox where letter = 'erasure_ahead' and recipient = 'petra@example.com'").await, 1);
        app.do_jobs().await;
        app.clock.advance(30 * DAY - 2 * SECOND);
        keep(app).await;
        assert_eq!((told(app).await, erased(app).await), (1, 0), "a month is not over");
        app.clock.advance(2 * SECOND);
        keep(app).await;
        assert_eq!(erased(app).await, 1);
        assert_eq!(log_in(app, "petra", PASSWORD).await.status, 401);
        let sql = "select count(*) from audit where action = 'person.erased' and actor_kind = 'program' and details like '%not used for long%'";
        assert_eq!(app.count(sql).await, 1);
        app.backend.audit.seal_all().await.unwrap();
        assert!(app.backend.audit.verify(None, Haste::Full, &Progress::default()).await.unwrap().is_whole());
        let mut root = app.client_of("root").await;
        assert_eq!(root.get(&page_of(petra)).await.status, 404);
        assert_eq!(app.count("select count(*) from people").await, 1, "the last who can manage accounts");
    }

    async fn u9_somebody_who_looks_after_roles_is_always_left(app) {
        app.add("root", "Root Admin", &["USER_ADMIN"]).await;
        app.add("sofia", "Sofia Reyes", &["SUPER_ADMIN"]).await;
        app.clock.advance(740 * DAY);
        keep(app).await;
        // The other one manages accounts too, but no roles.
        let to_root = "select count(*) from outbox where letter = 'erasure_ahead' and recipient = 'root@example.com'";
        assert_eq!((told(app).await, app.count(to_root).await), (1, 1));
        app.add("ingrid", "Ingrid Berg", &["SUPER_ADMIN"]).await;
        app.clock.advance(740 * DAY);
        for _ in 0..2 {
            keep(app).await;
            app.clock.advance(40 * DAY);
        }
        let left = app.texts("select r.role_code from people p join person_roles r on r.person_id = p.id").await;
        assert_eq!(left, ["SUPER_ADMIN"], "of two who were told, the second stays");
    }

    async fn u9_signing_in_keeps_the_account_and_it_is_told_anew_one_day(app) {
        admin(app).await;
        app.add("petra", "Petra Holm", &["PIN"]).await;
        app.clock.advance(701 * DAY);
        keep(app).await;
        assert_eq!(told(app).await, 1);
        app.clock.advance(29 * DAY);
        app.client_of("petra").await;
        app.clock.advance(2 * DAY);
        keep(app).await;
        app.clock.advance(690 * DAY);
        keep(app).await;
        assert_eq!((told(app).await, erased(app).await), (1, 0));
        app.clock.advance(9 * DAY);
        keep(app).await;
        assert_eq!((told(app).await, erased(app).await), (2, 0), "another spell");
        app.clock.advance(30 * DAY);
        keep(app).await;
        assert_eq!(erased(app).await, 1);
    }

    async fn u9_nobody_is_erased_who_was_not_told_a_month_ago(app) {
        admin(app).await;
        app.add("petra", "Petra Holm", &["PIN"]).await;
        // As after an upgrade, or years in which the program did not run.
        app.clock.advance(2_000 * DAY);
        keep(app).await;
        assert_eq!((told(app).await, erased(app).await), (1, 0));
        app.clock.advance(30 * DAY - SECOND);
        keep(app).await;
        assert_eq!(erased(app).await, 0);
        app.clock.advance(SECOND);
        keep(app).await;
        assert_eq!((told(app).await, erased(app).await), (0, 1), "the letter goes with them");
    }

    async fn u9_a_program_that_works_for_somebody_keeps_their_account(app) {
        admin(app).await;
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut petra = app.client_of("petra").await;
        let body = json!({ "name": "Nightly", "scopes": ["users.view_own"] });
        let reply = petra.post_json("/api/v1/account/api-keys", &body).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        app.change("update api_keys set expires_at = null").await;
        let mut program = app.anyone();
        program.bearer = Some(reply.json()["key"].as_str().unwrap().to_owned());
        app.clock.advance(600 * DAY);
        program.get("/api/v1/users").await;
        assert_eq!(app.count("select count(*) from api_keys where last_used_at is not null").await, 1);
        app.clock.advance(600 * DAY);
        keep(app).await;
        assert_eq!(told(app).await, 0);
        app.clock.advance(101 * DAY);
        keep(app).await;
        assert_eq!(told(app).await, 1);
        // It works again after the letter.
        program.get("/api/v1/users").await;
        app.clock.advance(31 * DAY);
        keep(app).await;
        assert_eq!((told(app).await, erased(app).await), (1, 0));
        assert_eq!(app.count("select count(*) from people where erasure_warned_at is not null").await, 0, "they are told anew one day");
    }

    async fn u9_who_is_suspended_is_erased_and_who_is_restored_is_told_anew(app) {
        admin(app).await;
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let bob = app.add("bob", "Bob Ek", &["PIN"]).await;
        app.change("update people set status = 'suspended' where username <> 'root'").await;
        app.clock.advance(701 * DAY);
        keep(app).await;
        assert_eq!(told(app).await, 2);
        app.clock.advance(31 * DAY);
        let mut root = app.client_of("root").await;
        assert_eq!(root.post_json(&format!("{}/restore", page_of(bob)), &json!({})).await.status, 200);
        keep(app).await;
        assert_eq!((told(app).await, erased(app).await), (2, 1), "Petra is erased with her letter, Bob is told anew");
        assert_eq!(root.get(&page_of(bob)).await.status, 200);
    }

    async fn u9_an_invitation_that_is_still_good_keeps_the_account(app) {
        let mut root = admin(app).await;
        let body = json!({ "username": "nora", "full_name": "Nora Quist", "email": "nora@example.com", "roles": ["PIN"], "invite": true });
        assert_eq!(root.post_json("/api/v1/users", &body).await.status, 201);
        app.change("update people set created_at = 1 where username = 'nora'").await;
        keep(app).await;
        assert_eq!(told(app).await, 0);
        app.do_jobs().await;
        app.clock.advance(60 * DAY);
        keep(app).await;
        assert_eq!(told(app).await, 1, "the link is over");
    }

    async fn u9_two_instances_tell_and_erase_once(app) {
        admin(app).await;
        for name in ["petra", "bob", "carol", "dave"] {
            app.add(name, "Some Body", &["PIN"]).await;
        }
        let other = app.another(routes).await;
        app.clock.advance(701 * DAY);
        for days in [0, 30] {
            app.clock.advance(days * DAY);
            let (one, two) = tokio::join!(app.backend.privacy.keep_to_retention(), other.backend.privacy.keep_to_retention());
            one.unwrap();
            two.unwrap();
            // A restart finds it as it was left.
            keep(&app.another(routes).await).await;
            assert_eq!(told(app).await, if days == 0 { 4 } else { 0 });
        }
        assert_eq!((erased(app).await, app.count("select count(*) from audit where action = 'person.erasure_announced'").await), (4, 4));
        assert_eq!(app.count("select count(*) from audit where action = 'person.erased'").await, 4);
    }
}

server::both_engines! { routes, |config: &mut server::config::Config| config.retention.people_days = 0;
    async fn u9_where_it_is_off_everybody_stays(app) {
        admin(app).await;
        app.add("petra", "Petra Holm", &["PIN"]).await;
        app.clock.advance(5_000 * DAY);
        keep(app).await;
        app.clock.advance(31 * DAY);
        keep(app).await;
        assert_eq!((told(app).await, erased(app).await, app.count("select count(*) from people").await), (0, 0, 2));
    }
}
