//! The chain of the audit trail: whatever somebody does to it who can write the database, the proof names the first place
//! where it no longer holds; and what the program does by itself never breaks it.

use crate::support::{LOGIN, routes};
use futures::future::join_all;
use serde_json::json;
use server::{
    Origin,
    audit::{Haste, Noted, Progress, Report, What},
    db::Housekeeping,
    events::Event,
    testing::{Engine, TestApp, ledger},
};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

/// Writes so many entries and has them sealed.
async fn write(app: &TestApp, entries: usize) {
    for number in 0..entries {
        record(app, number).await;
    }
    app.backend.audit.seal_all().await.unwrap();
}

async fn record(app: &TestApp, number: usize) {
    let origin = Origin {
        ip: Some("203.0.113.9".into()),
        user_agent: Some(format!("Browser {number}")),
        request_id: Some(format!("request {number}")),
        ..Origin::default()
    };
    let event =
        Event::SignInFailed { person: None, identifier: format!("nobody {number}"), why: "unknown account" };
    app.backend.ground.begin(&origin).await.unwrap().record(event).await.unwrap().commit().await.unwrap();
}

async fn verify(app: &TestApp) -> Report {
    verify_with(app, None).await
}

async fn verify_with(app: &TestApp, noted: Option<Noted>) -> Report {
    app.backend.audit.verify(noted, Haste::Full, &Progress::default()).await.unwrap()
}

/// Proves the chain and answers where it is broken first, and how.
#[track_caller]
fn first(report: &Report) -> (i64, What) {
    let first = report.first.as_ref().unwrap_or_else(|| panic!("nothing was found: {report:?}"));
    (first.place, first.what)
}

#[track_caller]
fn is_whole(report: &Report, entries: u64) {
    assert!(report.is_whole(), "{}", report.words());
    assert_eq!((report.entries, report.waiting), (entries, 0), "{report:?}");
}

async fn unguard(app: &TestApp) {
    ledger::unguard_the_trail(&app.backend.ground.db).await;
}

async fn change(app: &TestApp, statements: &[&str]) {
    for statement in statements {
        let changed = ledger::change(&app.backend.ground.db, statement).await;
        assert!(changed > 0 || statement.starts_with("create "), "nothing was changed by: {statement}");
    }
}

/// Forgets what was noted beside the database, as if there were no data folder.
fn forget_the_note(app: &TestApp) {
    std::fs::remove_file(app.data_dir().join("audit-head")).unwrap();
}

server::both_engines! { routes;
    async fn u7_a_chain_that_nobody_touched_is_whole(app) {
        is_whole(&verify(app).await, 0);
        write(app, 7).await;
        let report = verify(app).await;
        is_whole(&report, 7);
        assert!(report.words().contains("is whole"), "{}", report.words());
        assert_eq!((report.from, report.head.unwrap().place), (1, 7));
        app.add("alice", "Zoë ▒ \"Ng\"; --", &["USER_ADMIN"]).await;
        for identifier in ["alice", "nobody", "né\u{1f}\u{1e}|"] {
            app.anyone().post_json(LOGIN, &json!({ "identifier": identifier, "password": "wrong-wrong" })).await;
        }
        app.client_of("alice").await;
        app.backend.audit.seal_all().await.unwrap();
        let entries = app.count("select count(*) from audit").await;
        is_whole(&verify(app).await, entries.unsigned_abs());
    }

    async fn u7_the_demo_s_past_is_part_of_the_chain(app) {
        app.backend.demo.load_company(&server::permit::Operator::of_this_machine()).await.unwrap();
        app.backend.audit.seal_all().await.unwrap();
        let report = verify(app).await;
        assert!(report.is_whole() && report.entries > 500, "{report:?}");
    }

    async fn u7_a_change_of_any_column_is_found_and_named(app) {
        let changes = [
            "at = at + 1", "action = 'session.signed_in'", "outcome = 'done'", "actor_kind = 'operator'", "actor_id = id",
            "role_code = 'PIN'", "session_id = id", "subject_kind = 'key'", "subject_id = 'x'", "person_id = id",
            "request_id = null", "api_key_id = id", "details = '{}'", "ip = '203.0.113.10'", "ip = null", "user_agent = ''",
            "user_agent = null", "salt = null",
        ];
        write(app, changes.len() + 1).await;
        unguard(app).await;
        for (number, change) in changes.iter().enumerate() {
            app.change(&format!("update audit set {change} where place = {}", number + 1)).await;
            let report = verify(app).await;
            assert_eq!(report.breaks, number as u64 + 1, "{change}: {}", report.words());
            assert_eq!(first(&report), (1, What::Foreign));
        }
        let id = app.texts("select cast(subject_kind as text) from audit where place = 8").await;
        assert_eq!(id, ["key"]);
        let report = verify(app).await;
        assert!(report.words().contains("entry 1 (session.sign_in_failed of 2026-09-21T14:13:20.000001Z, id "), "{}", report.words());
        assert!(report.words().contains("18 breaks in all"), "{}", report.words());
    }

    async fn u7_a_changed_detail_is_named_with_the_entry_it_stands_in(app) {
        write(app, 9).await;
        unguard(app).await;
        app.change("update audit set details = '{\"identifier\":\"somebody else\",\"why\":\"unknown account\"}' where place = 5").await;
        let report = verify(app).await;
        assert_eq!((first(&report), report.breaks), ((5, What::Foreign), 1));
        assert!(!report.is_whole());
    }

    async fn u7_a_seal_that_was_written_over_is_named(app) {
        write(app, 6).await;
        unguard(app).await;
        app.change("update audit set seal = salt where place = 4").await;
        assert_eq!(first(&verify(app).await), (4, What::Foreign));
    }

    async fn u7_removed_entries_are_missed(app) {
        write(app, 9).await;
        unguard(app).await;
        change(app, &["delete from audit where place in (4, 5)"]).await;
        let report = verify(app).await;
        assert_eq!((first(&report), report.breaks), ((4, What::Missing { up_to: 5 }), 1));
        assert!(report.words().contains("the entries 4 to 5 are missing"), "{}", report.words());
        // Closing the gap does not help.
        change(app, &["update audit set place = place - 2 where place = 6", "update audit set place = place - 2 where place = 7"]).await;
        assert_eq!(first(&verify(app).await), (4, What::Foreign));
        // Neither at the beginning nor at the end.
        change(app, &["delete from audit where place = 1"]).await;
        assert_eq!(first(&verify(app).await), (1, What::Missing { up_to: 1 }));
        change(app, &["delete from audit"]).await;
        assert_eq!(first(&verify(app).await), (1, What::Missing { up_to: 9 }));
    }

    async fn u7_an_end_that_was_cut_off_is_noticed(app) {
        write(app, 5).await;
        // Somebody keeps what the end was, to put it back one day.
        change(app, &["create table stolen as select * from audit_chain"]).await;
        write(app, 4).await;
        let noted = Noted::from(app.backend.audit.head().await.unwrap());
        is_whole(&verify_with(app, Some(noted)).await, 9);
        unguard(app).await;
        change(app, &["delete from audit where place > 6"]).await;
        assert_eq!(first(&verify(app).await), (7, What::Missing { up_to: 9 }));
        change(app, &[
            "delete from audit where place > 5", "delete from audit_chain", "insert into audit_chain select * from stolen",
        ]).await;
        let report = verify(app).await;
        assert_eq!(first(&report), (9, What::NotWhatWasNoted), "the data folder's note was not looked at");
        assert!(report.words().contains("cut off") && report.words().contains("audit head --note"), "{}", report.words());
        // What is written afterwards does not cover it up: the note stays.
        write(app, 6).await;
        assert_eq!(first(&verify(app).await), (9, What::NotWhatWasNoted));
        // The data folder may be lost too; a head that was kept elsewhere tells it all the same, and without one nobody can.
        forget_the_note(app);
        assert_eq!(first(&verify_with(app, Some(noted)).await), (9, What::NotWhatWasNoted));
        is_whole(&verify(app).await, 11);
    }

    async fn q4_after_an_older_backup_the_present_head_is_noted_anew(app) {
        write(app, 3).await;
        change(app, &["create table backup_of_chain as select * from audit_chain"]).await;
        write(app, 3).await;
        unguard(app).await;
        change(app, &["delete from audit where place > 3", "delete from audit_chain", "insert into audit_chain select * from backup_of_chain"]).await;
        assert!(!verify(app).await.is_whole());
        assert_eq!(app.backend.audit.note_head().await.unwrap().place, 3);
        is_whole(&verify(app).await, 3);
    }

    async fn u7_entries_that_changed_places_are_named(app) {
        write(app, 6).await;
        unguard(app).await;
        change(app, &[
            "update audit set place = 100 where place = 3", "update audit set place = 3 where place = 4",
            "update audit set place = 4 where place = 100",
        ]).await;
        assert_eq!(first(&verify(app).await), (3, What::Foreign));
        // With the seals where they were, the contents alone exchanged.
        change(app, &[
            "update audit set seal = (select seal from audit b where b.place = 6), place = 100 where place = 5",
            "update audit set place = 5 where place = 6", "update audit set place = 6 where place = 100",
        ]).await;
        let report = verify(app).await;
        assert_eq!(first(&report).0, 3);
        assert!(report.breaks >= 3, "{report:?}");
    }

    async fn u7_an_entry_that_was_put_in_between_is_named(app) {
        write(app, 6).await;
        unguard(app).await;
        let id = "'00000000000000000000000000000001'";
        let id = match app.backend.ground.db.engine() {
            "sqlite" => format!("unhex({id})"),
            _ => format!("{id}::uuid"),
        };
        change(app, &[
            "update audit set place = - place - 1 where place >= 3", "update audit set place = - place where place < 0",
            &format!("insert into audit (id, at, action, outcome, actor_kind, subject_kind, details, salt, seal, place)
                      select {id}, at, 'person.unlocked', 'done', 'operator', 'person', '{{}}', salt, seal, 3 from audit where place = 2"),
        ]).await;
        let report = verify(app).await;
        assert_eq!(first(&report), (3, What::Foreign));
        assert!(report.words().contains("person.unlocked"), "{}", report.words());
        // One at the very end is beyond the head.
        change(app, &["delete from audit where action = 'person.unlocked'", "update audit set place = - place + 1 where place > 3", "update audit set place = - place where place < 0"]).await;
        is_whole(&verify(app).await, 6);
        change(app, &[&format!("insert into audit (id, at, action, outcome, actor_kind, subject_kind, details, salt, seal, place)
                      select {id}, at, 'person.unlocked', 'done', 'operator', 'person', '{{}}', salt, seal, 7 from audit where place = 2")]).await;
        assert_eq!(first(&verify(app).await), (7, What::Outside(1)));
    }

    async fn u7_an_entry_that_the_program_did_not_write_is_named_though_the_sealer_took_it_in(app) {
        write(app, 3).await;
        unguard(app).await;
        let id = match app.backend.ground.db.engine() {
            "sqlite" => "unhex('00000000000000000000000000000001')",
            _ => "'00000000-0000-0000-0000-000000000001'::uuid",
        };
        let forged = |id: &str, proof: &str| format!(
            "insert into audit (id, at, action, outcome, actor_kind, subject_kind, details, salt, seal)
             select {id}, at, 'person.unlocked', 'done', 'operator', 'person', '{{}}', {proof} from audit where place = 2"
        );
        change(app, &[&forged(id, "null, null")]).await;
        write(app, 2).await;
        let report = verify(app).await;
        assert_eq!((report.entries, report.breaks), (6, 1), "{report:?}");
        assert!(report.words().contains("person.unlocked") && report.words().contains("00000000-0000-0000-0000-000000000001"), "{}", report.words());
        // Nor does the proof of another entry help, nor a change before the seal.
        let other = id.replace("01'", "02'");
        change(app, &[&forged(&other, "salt, seal")]).await;
        record(app, 77).await;
        change(app, &["update audit set outcome = 'done' where place is null and request_id = 'request 77'"]).await;
        app.backend.audit.seal_all().await.unwrap();
        assert_eq!(verify(app).await.breaks, 3);
    }

    async fn u7_a_chain_that_was_made_anew_without_the_key_is_noticed(app) {
        write(app, 6).await;
        unguard(app).await;
        // Somebody with a program and a key of their own.
        let stranger = app.with_another_key(routes).await;
        change(app, &[
            "update audit set details = '{}' where place = 2", "update audit set place = null, salt = null, seal = null",
            "delete from audit_chain",
        ]).await;
        stranger.backend.audit.begin_chain().await.unwrap();
        stranger.backend.audit.seal_all().await.unwrap();
        is_whole(&verify(&stranger).await, 6);
        let report = verify(app).await;
        assert_eq!(first(&report), (0, What::Forged("anchor")));
        assert!(report.words().contains("data key"), "{}", report.words());
        // Every entry, both ends, what is left of the takeover, and the head that was noted.
        assert_eq!(report.breaks, 6 + 3 + 1, "{}", report.words());
        // Nor does the program build on such a chain.
        record(app, 7).await;
        assert!(app.backend.audit.seal_all().await.is_err());
    }

    async fn u7_part_of_a_chain_made_anew_without_the_key_is_named_where_it_begins(app) {
        write(app, 6).await;
        unguard(app).await;
        let stranger = app.with_another_key(routes).await;
        change(app, &[
            "create table theirs as select * from audit where place < 4", "create table ends as select * from audit_chain",
            "delete from audit where place < 4", "delete from audit_chain", "update audit set place = null, salt = null, seal = null",
        ]).await;
        stranger.backend.audit.begin_chain().await.unwrap();
        stranger.backend.audit.seal_all().await.unwrap();
        change(app, &[
            "update audit set place = place + 3 where place = 3", "update audit set place = place + 3 where place = 2",
            "update audit set place = place + 3 where place = 1", "insert into audit select * from theirs",
            "delete from audit_chain", "insert into audit_chain select * from ends",
        ]).await;
        assert_eq!(first(&verify(app).await), (4, What::Foreign));
    }

    async fn u7_a_trail_that_was_emptied_does_not_begin_anew(app) {
        write(app, 4).await;
        unguard(app).await;
        change(app, &["delete from audit", "delete from audit_chain"]).await;
        assert_eq!(first(&verify(app).await), (0, What::NoEnds));
        app.backend.audit.begin_chain().await.unwrap();
        assert_eq!(app.count("select count(*) from audit_chain").await, 0);
        record(app, 1).await;
        assert!(app.backend.audit.seal_all().await.is_err());
        assert_eq!(first(&verify(app).await), (0, What::NoEnds));
    }

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

    async fn u7_the_database_refuses_what_would_change_the_trail(app) {
        write(app, 4).await;
        record(app, 5).await;
        let mut refused = vec![
            "update audit set details = '{}'",
            "update audit set at = at + 1 where place = 1",
            "update audit set place = 9 where place = 4",
            "update audit set place = null where place = 4",
            "update audit set seal = null where place = 4",
            "update audit set action = 'x', place = 9, seal = salt where place is null",
            "update audit set details = 'x', place = 9, seal = salt where place is null",
            "update audit set outcome = 'done' where place is null",
            "update audit set details = '{}', ip = null, user_agent = null, erased = salt where place = 2",
            "update audit set details = '{}', ip = null, user_agent = null, salt = null, erased = salt, action = 'x' where place = 2",
            "delete from audit",
            "delete from audit where place = 1",
            "delete from audit where place is null",
            "update audit_chain set place = 99 where name = 'anchor'",
            "update audit_chain set place = 1 where name = 'head'",
            "update audit_chain set name = 'other' where name = 'head'",
            "delete from audit_chain",
            "delete from audit_chain where name = 'head'",
            "insert into audit (id, at, action, outcome, actor_kind, subject_kind, details, place) select request_id_of.id, 1, 'x', 'done', 'x', 'x', '{}', 9
             from (select session_id as id from audit where place = 1) as request_id_of",
        ];
        match app.backend.ground.db.engine() {
            "sqlite" => refused.extend([
                "insert or replace into audit (id, at, action, outcome, actor_kind, subject_kind, details)
                 select id, at, 'x', outcome, actor_kind, subject_kind, details from audit where place = 1",
                "update or replace audit set place = 1 where place is null",
            ]),
            _ => refused.extend(["truncate audit", "truncate audit_chain", "truncate audit, audit_chain"]),
        }
        for statement in refused {
            let outcome = ledger::try_to_change(&app.backend.ground.db, statement).await;
            let words = outcome.expect_err(statement).to_string();
            assert!(words.contains("audit") && (words.contains("never") || words.contains("stay") || words.contains("enters")), "{statement}: {words}");
        }
        app.backend.audit.seal_all().await.unwrap();
        is_whole(&verify(app).await, 5);
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
