//! The chain of the audit trail: whatever somebody does to it who can write the database, the proof names the first place
//! where it no longer holds.

use crate::{
    chain_support::{change, first, forget_the_note, is_whole, record, unguard, verify, verify_with, write},
    support::{LOGIN, routes},
};
use serde_json::json;
use server::{
    audit::{Noted, What},
    testing::ledger,
};

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
