//! `kill -9` while writing: whatever was acknowledged is there afterwards, whole, on both engines.

use crate::program::{Place, Program, until};
use server::{
    db::{Db, Pools},
    testing::{Engine, ledger},
};
use std::{
    os::unix::process::ExitStatusExt,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

const WRITERS: usize = 6;
const ROUNDS: usize = 3;
/// How many sign-ins are acknowledged in each round before the program is killed.
const BEFORE_THE_END: usize = 40;

/// Signs in from several threads at once, kills the program in the middle, and answers the tokens of every sign-in that was
/// acknowledged.
fn sign_in_until_killed(program: &mut Program) -> Vec<String> {
    let acknowledged = Mutex::new(Vec::new());
    let killed = AtomicBool::new(false);
    thread::scope(|scope| {
        let shared: &Program = program;
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                scope.spawn(|| {
                    while !killed.load(Ordering::SeqCst) {
                        match shared.log_in("rosa") {
                            Ok(answer) if answer.status == 200 => {
                                let token = answer.json()["access_token"].as_str().map(str::to_owned);
                                acknowledged.lock().unwrap().extend(token);
                            }
                            // The connection broke in the middle: that sign-in was not acknowledged.
                            Ok(_) | Err(_) => break,
                        }
                    }
                })
            })
            .collect();
        until("enough sign-ins were acknowledged", || {
            (acknowledged.lock().unwrap().len() >= BEFORE_THE_END).then_some(())
        });
        shared.kill_at_once();
        killed.store(true, Ordering::SeqCst);
        writers.into_iter().for_each(|writer| writer.join().unwrap());
    });
    assert_eq!(program.ended().signal(), Some(9), "the program was to be killed in the middle");
    acknowledged.into_inner().unwrap()
}

fn nothing_acknowledged_is_lost(place: &Place, database: &str) {
    assert_eq!(place.create_user("rosa", "USER_ADMIN").code, Some(0));
    let mut tokens = Vec::new();
    for _ in 0..ROUNDS {
        tokens.extend(sign_in_until_killed(&mut place.serve()));
    }
    assert!(tokens.len() >= ROUNDS * BEFORE_THE_END);
    let program = place.serve();
    for token in &tokens {
        let answer = program.get_with_token("/api/v1/auth/me", token);
        assert_eq!(answer.status, 200, "a sign-in that was acknowledged is lost: {answer:?}");
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = Db::connect(database).await.unwrap();
        let sessions = ledger::count(&db, "select count(*) from sessions").await;
        assert!(sessions >= i64::try_from(tokens.len()).unwrap());
        for (what, sql) in [
            ("sessions without an audit entry", "select count(*) from sessions s where not exists (select 1 from audit a where a.session_id = s.id and a.action = 'session.signed_in')"),
            ("audit entries without a session", "select count(*) from audit a where a.action = 'session.signed_in' and not exists (select 1 from sessions s where a.session_id = s.id)"),
            ("sign-ins that were counted and not opened, or the other way round", "select cast(abs(login_count - (select count(*) from sessions)) as bigint) from people"),
        ] {
            assert_eq!(ledger::count(&db, sql).await, 0, "{what}");
        }
        if let Pools::Sqlite(_) = db.pools() {
            assert_eq!(ledger::texts(&db, "pragma integrity_check").await, ["ok"]);
        }
        db.close().await;
    });
    println!("{} acknowledged sign-ins outlived {ROUNDS} kills", tokens.len());
}

#[test]
fn kill_while_writing_loses_nothing_acknowledged_on_sqlite() {
    let place = Place::new();
    let database = format!("sqlite:{}", place.data().join("countersign.db").display());
    nothing_acknowledged_is_lost(&place, &database);
}

#[test]
fn kill_while_writing_loses_nothing_acknowledged_on_postgres() {
    let place = Place::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = runtime.block_on(Engine::Postgres.bare(place.folder()));
    nothing_acknowledged_is_lost(&place.with("DATABASE_URL", &database), &database);
}
