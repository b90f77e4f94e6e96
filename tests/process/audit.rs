//! The audit trail of a running program: sealed as it goes, whole after a kill -9, proven on the command line.

use crate::program::{Place, until};
use server::{
    db::Db,
    testing::{Engine, ledger},
};
use tokio::runtime::Runtime;

/// A database and a way to look at it.
struct Trail {
    runtime: Runtime,
    database: String,
}

impl Trail {
    async fn open(&self) -> Db {
        Db::connect(&self.database).await.unwrap()
    }

    fn count(&self, sql: &str) -> i64 {
        self.runtime.block_on(async {
            let db = self.open().await;
            let count = ledger::count(&db, sql).await;
            db.close().await;
            count
        })
    }

    fn change(&self, statements: &[&str]) {
        self.runtime.block_on(async {
            let db = self.open().await;
            ledger::unguard_the_trail(&db).await;
            for statement in statements {
                assert!(ledger::change(&db, statement).await > 0, "{statement}");
            }
            db.close().await;
        });
    }
}

fn installation(engine: Engine) -> (Place, Trail) {
    let (place, runtime) = (Place::new(), Runtime::new().unwrap());
    match engine {
        Engine::Sqlite => {
            let database = format!("sqlite:{}", place.data().join("countersign.db").display());
            (place, Trail { runtime, database })
        }
        Engine::Postgres => {
            let database = runtime.block_on(Engine::Postgres.bare(place.folder()));
            (place.with("DATABASE_URL", &database), Trail { runtime, database })
        }
    }
}

fn a_kill_before_the_seal_loses_nothing(engine: Engine) {
    let (place, trail) = installation(engine);
    assert_eq!(place.create_user("rosa", "USER_ADMIN").code, Some(0));
    let whole = place.run(&["audit", "verify"]);
    assert!(whole.code == Some(0) && whole.out.contains("Looked at 1 entries"), "{whole:?}");
    for round in 0..3 {
        let mut program = place.serve();
        program.token_of("rosa");
        program.kill_at_once();
        program.ended();
        let written = trail.count("select count(*) from audit");
        assert_eq!(written, 2 + round, "what was acknowledged is not in the trail");
        // Whether it was sealed in time or waits: the chain holds.
        let outcome = place.run(&["audit", "verify"]);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
    }
    let mut program = place.serve();
    until("everything is sealed", || {
        (trail.count("select count(*) from audit where place is null") == 0).then_some(())
    });
    program.terminate();
    program.ended();
    assert_eq!(trail.count("select max(place) from audit"), trail.count("select count(*) from audit"));
    assert_eq!(place.run(&["audit", "verify"]).code, Some(0));
}

#[test]
fn u7_a_kill_between_commit_and_seal_loses_nothing_on_sqlite() {
    a_kill_before_the_seal_loses_nothing(Engine::Sqlite);
}

#[test]
fn u7_a_kill_between_commit_and_seal_loses_nothing_on_postgres() {
    a_kill_before_the_seal_loses_nothing(Engine::Postgres);
}

#[test]
fn u7_the_command_line_proves_the_trail_and_names_the_first_break() {
    let (place, trail) = installation(Engine::Sqlite);
    for name in ["rosa", "otto", "nora", "ivan"] {
        assert_eq!(place.create_user(name, "STAFF").code, Some(0));
    }
    let head = place.run(&["audit", "head"]);
    let head = head.out.trim();
    assert!(head.starts_with("4-") && head.len() == 2 + 64, "{head}");
    let whole = place.run(&["audit", "verify", "--head", head]);
    assert_eq!(whole.code, Some(0), "{whole:?}");
    assert!(whole.out.contains("Looked at 4 entries in ") && whole.out.contains(" a second)."), "{whole:?}");
    assert!(whole.out.contains("The audit trail is whole"), "{whole:?}");
    assert_eq!(place.run(&["audit", "verify", "--head", "nonsense"]).code, Some(2));

    trail.change(&["update audit set outcome = 'refused' where place in (2, 4)"]);
    let broken = place.run(&["audit", "verify"]);
    let words = broken.complaint();
    assert!(words.starts_with("The audit trail is broken: entry 2 (person.created of "), "{words}");
    assert!(words.contains("2 breaks in all"), "{words}");
    assert!(broken.out.contains("Looked at 4 entries"), "{broken:?}");
}

#[test]
fn u7_invented_sign_ins_are_there_to_measure_the_trail_with() {
    let (place, trail) = installation(Engine::Sqlite);
    let loaded = place.run(&["demo", "--entries", "6000"]);
    assert!(loaded.code == Some(0) && loaded.out.contains("Loaded 6000 entries"), "{loaded:?}");
    assert!(trail.count("select count(*) from audit where details like '%invented%'") >= 6_000);
    assert_eq!(trail.count("select count(*) from audit where place is null"), 0);
    let verified = place.run(&["audit", "verify"]);
    assert!(verified.code == Some(0) && verified.out.contains("The audit trail is whole"), "{verified:?}");
    place.create_user("rosa", "STAFF");
    let refused = place.run(&["demo", "--entries", "10"]);
    assert!(refused.complaint().contains("holds real people"), "{refused:?}");
}
