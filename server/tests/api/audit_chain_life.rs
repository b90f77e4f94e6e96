//! The chain of the audit trail as it lives: what the program does by itself (sealing, taking in, trimming, erasing) never
//! breaks it, and other people's hands in it are still found.

use crate::{
    chain_support::{change, first, is_whole, record, unguard, verify, verify_with, write},
    support::routes,
};
use futures::future::join_all;
use server::{
    Origin,
    audit::{Haste, Noted, Progress, What},
    db::Housekeeping,
    events::Event,
    testing::{Engine, TestApp},
};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

server::both_engines! { routes;
    async fn u7_entries_from_before_the_chain_are_taken_in(app) {
        for number in 0..5 {
            record(app, number).await;
        }
        // As a version without a chain has left it.
        unguard(app).await;
        change(app, &["update audit set salt = null, seal = null", "delete from audit_chain"]).await;
        app.backend.audit.begin_chain().await.unwrap();
        change(app, &["create table stolen as select * from audit_chain where name = 'takeover'"]).await;
        app.backend.audit.seal_all().await.unwrap();
        is_whole(&verify(app).await, 5);
        // An instance of that version may go on for a while; afterwards nobody can claim to be one.
        record(app, 5).await;
        change(app, &["update audit set salt = null, seal = null where place is null"]).await;
        app.clock.advance(2 * 3600 * Duration::from_secs(1));
        app.backend.audit.seal_all().await.unwrap();
        is_whole(&verify(app).await, 6);
        assert_eq!(app.count("select count(*) from audit_chain where name = 'takeover'").await, 0);
        record(app, 6).await;
        change(app, &["update audit set salt = null, seal = null where place is null"]).await;
        app.backend.audit.seal_all().await.unwrap();
        assert_eq!(first(&verify(app).await), (7, What::Foreign));
        // Not even with what stood there while it was so.
        change(app, &["insert into audit_chain select * from stolen"]).await;
        record(app, 7).await;
        change(app, &["update audit set salt = null, seal = null where place is null"]).await;
        app.backend.audit.seal_all().await.unwrap();
        assert_eq!(verify(app).await.breaks, 2);
    }

    async fn u7_taking_in_older_entries_ends_in_time(app) {
        record(app, 1).await;
        unguard(app).await;
        change(app, &["update audit set salt = null, seal = null", "delete from audit_chain"]).await;
        app.backend.audit.begin_chain().await.unwrap();
        app.backend.audit.seal_all().await.unwrap();
        app.backend.audit.forget_old().await.unwrap();
        assert_eq!(app.count("select count(*) from audit_chain where name = 'takeover'").await, 1);
        app.clock.advance(Duration::from_secs(3601));
        app.backend.audit.forget_old().await.unwrap();
        assert_eq!(app.count("select count(*) from audit_chain where name = 'takeover'").await, 0);
    }

    async fn u7_entries_that_wait_are_counted_and_told_when_they_wait_for_too_long(app) {
        write(app, 2).await;
        record(app, 3).await;
        let report = verify(app).await;
        assert_eq!((report.is_whole(), report.entries, report.waiting), (true, 2, 1));
        app.clock.advance(Duration::from_secs(180));
        let report = verify(app).await;
        assert!(!report.is_whole() && report.first.is_none());
        assert!(report.words().contains("1 entry waits for a place in the chain, the oldest since 2026-09-21T14:13:20Z"), "{}", report.words());
        app.backend.audit.seal_all().await.unwrap();
        is_whole(&verify(app).await, 3);
    }

    async fn u7_instances_that_write_and_seal_at_once_make_one_chain(app) {
        let other = app.another(routes).await;
        let apps = [app, &other];
        let writers = apps.into_iter().enumerate().map(|(which, app)| async move {
            for number in 0..60 {
                record(app, which * 1_000 + number).await;
            }
        });
        let sealers = apps.into_iter().cycle().take(4).map(|app| async move {
            for _ in 0..40 {
                app.backend.audit.seal().await.unwrap();
                tokio::task::yield_now().await;
            }
        });
        tokio::join!(join_all(writers), join_all(sealers));
        app.backend.audit.seal_all().await.unwrap();
        other.backend.audit.seal_all().await.unwrap();
        is_whole(&verify(app).await, 120);
        is_whole(&verify(&other).await, 120);
        assert_eq!(app.count("select max(place) from audit").await, 120);
    }

    async fn q2_entries_leave_when_their_time_is_over_and_the_rest_stays_provable(app) {
        write(app, 5).await;
        let noted = Noted::from(app.backend.audit.head().await.unwrap());
        app.clock.advance(DAY * 300);
        write(app, 3).await;
        app.backend.audit.forget_old().await.unwrap();
        is_whole(&verify(app).await, 8);
        app.clock.advance(DAY * 66);
        app.backend.audit.forget_old().await.unwrap();
        app.backend.audit.seal_all().await.unwrap();
        let report = verify_with(app, Some(noted)).await;
        is_whole(&report, 4);
        assert_eq!(report.from, 6);
        let told = app.texts("select details from audit where action = 'audit.trimmed'").await;
        assert_eq!(told.len(), 1);
        assert!(told[0].starts_with("{\"before\":") && told[0].ends_with(",\"entries\":5,\"up_to\":5}"), "{told:?}");
        app.backend.audit.forget_old().await.unwrap();
        is_whole(&verify(app).await, 4);
        // An anchor that somebody else has moved is worth nothing, and nothing more is removed on its word.
        unguard(app).await;
        change(app, &["delete from audit where place = 6", "update audit_chain set place = 6 where name = 'anchor'"]).await;
        assert_eq!(first(&verify(app).await), (6, What::Forged("anchor")));
        app.clock.advance(DAY * 366);
        assert!(app.backend.audit.forget_old().await.is_err());
    }

    async fn q2_an_old_entry_between_younger_ones_waits_for_its_turn(app) {
        write(app, 1).await;
        app.clock.advance(DAY * 200);
        write(app, 1).await;
        app.clock.advance(DAY * 200);
        app.backend.audit.forget_old().await.unwrap();
        app.backend.audit.seal_all().await.unwrap();
        let report = verify(app).await;
        is_whole(&report, 2);
        assert_eq!(report.from, 2);
    }

    async fn u7_what_the_trail_tells_of_a_person_can_be_erased_and_the_chain_holds(app) {
        let alice = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("bob", "Bob Ray", &["PIN"]).await;
        app.client_of("alice").await;
        app.backend.audit.seal_all().await.unwrap();
        let entries = app.count("select count(*) from audit").await.unsigned_abs();
        let mut tx = app.backend.ground.begin(&Origin::program()).await.unwrap();
        let erased = app.backend.audit.erase(&mut tx, alice).await.unwrap();
        tx.commit_housekeeping(Housekeeping::Sealed).await.unwrap();
        assert_eq!(erased, 2);
        let left = app.texts("select details || coalesce(ip, '') || coalesce(user_agent, '') from audit").await.join("\n");
        assert!(!left.contains("alice") && left.contains("bob"), "{left}");
        let report = verify(app).await;
        is_whole(&report, entries);
        assert_eq!(report.erased, 2);
        // Whoever empties an entry without the key is found out.
        unguard(app).await;
        app.change("update audit set details = '{}', ip = null, user_agent = null, salt = null,
                        erased = (select b.erased from audit b where b.erased is not null limit 1) where erased is null").await;
        assert_eq!(verify(app).await.breaks, entries - 2);
    }
}

/// A transaction that is still open while later ones are sealed gets its place when it is committed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn u7_a_long_transaction_keeps_nobody_waiting_and_loses_nothing() {
    let app = TestApp::new(Engine::Postgres, routes).await;
    let long = app.backend.ground.begin(&Origin::program()).await.unwrap();
    let long = long.record(Event::PeopleLoaded { people: 1 }).await.unwrap();
    write(&app, 3).await;
    is_whole(&verify(&app).await, 3);
    long.commit().await.unwrap();
    app.clock.advance(Duration::from_secs(1));
    write(&app, 1).await;
    is_whole(&verify(&app).await, 5);
    assert_eq!(app.count("select place from audit where action = 'people.loaded'").await, 4);
    app.finish().await;
}

/// More entries than are read at once, and more than two readers share.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn u7_a_long_chain_is_proven_from_two_places_at_once() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    let tx = app.backend.ground.begin(&Origin::program()).await.unwrap();
    let mut tx = tx.record(Event::PeopleLoaded { people: 0 }).await.unwrap();
    for number in 1..25_000 {
        tx = tx.record(Event::PeopleLoaded { people: number }).await.unwrap();
    }
    tx.commit().await.unwrap();
    app.backend.audit.seal_all().await.unwrap();
    let progress = Progress::default();
    let report = app.backend.audit.verify(None, Haste::Full, &progress).await.unwrap();
    is_whole(&report, 25_000);
    assert_eq!(progress.now(), (25_000, 25_000));
    unguard(&app).await;
    for place in [20_001, 12_500, 12_501, 24_999] {
        app.change(&format!("update audit set at = at + 1 where place = {place}")).await;
    }
    for haste in [Haste::Full, Haste::Beside] {
        let report = app.backend.audit.verify(None, haste, &Progress::default()).await.unwrap();
        assert_eq!((first(&report), report.breaks), ((12_500, What::Foreign), 4), "{haste:?}");
    }
    app.finish().await;
}
