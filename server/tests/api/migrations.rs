//! The schema: several instances that start at once, a second start, and a migration that was tampered with.

use server::{db::Db, testing::Engine, testing::ledger};
use std::path::Path;
use tokio::task::JoinSet;

const INSTANCES: usize = 8;

async fn open_by_all_at_once(engine: Engine) {
    // A race shows itself only now and then, so it is run several times.
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let address = engine.bare(folder.path()).await;
        let mut instances = JoinSet::new();
        for _ in 0..INSTANCES {
            let address = address.clone();
            instances.spawn(async move { Db::open(&address).await });
        }
        let mut opened = Vec::new();
        while let Some(outcome) = instances.join_next().await {
            opened.push(
                outcome.unwrap().unwrap_or_else(|error| panic!("an instance could not start: {error}")),
            );
        }
        let db = &opened[0];
        let names = ledger::texts(db, "select name from migrations order by name").await;
        assert!(names.len() >= 4, "{names:?}");
        assert_eq!(ledger::count(db, "select count(*) from people").await, 0);
        for db in &opened {
            db.close().await;
        }
    }
}

async fn open_twice(engine: Engine, folder: &Path) {
    let address = engine.bare(folder).await;
    let first = Db::open(&address).await.unwrap();
    let ran = ledger::texts(&first, "select name || checksum from migrations order by name").await;
    ledger::change(&first, "insert into roles (code, name, dashboard, position, built_in) values ('KEPT', 'Kept', 'member', 99, false)").await;
    first.close().await;
    let second = Db::open(&address).await.unwrap();
    assert_eq!(ledger::texts(&second, "select name || checksum from migrations order by name").await, ran);
    assert_eq!(
        ledger::count(&second, "select count(*) from roles where code = 'KEPT'").await,
        1,
        "data were lost"
    );
    second.close().await;
}

async fn open_after_tampering(engine: Engine, folder: &Path) {
    let address = engine.bare(folder).await;
    let db = Db::open(&address).await.unwrap();
    ledger::change(&db, "update migrations set checksum = 'another' where name = '0003_sessions'").await;
    db.close().await;
    let refusal = Db::open(&address).await.unwrap_err().to_string();
    assert!(
        refusal.contains("migration 0003_sessions was changed after it ran on this database"),
        "{refusal}"
    );
    assert!(refusal.contains("restore the file"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn q4_several_instances_may_start_at_once_on_sqlite() {
    open_by_all_at_once(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn q4_several_instances_may_start_at_once_on_postgres() {
    open_by_all_at_once(Engine::Postgres).await;
}

#[tokio::test]
async fn q4_a_second_start_changes_nothing() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        open_twice(engine, tempfile::tempdir().unwrap().path()).await;
    }
}

#[tokio::test]
async fn q4_a_changed_migration_stops_the_start() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        open_after_tampering(engine, tempfile::tempdir().unwrap().path()).await;
    }
}

#[tokio::test]
async fn q4_both_engines_have_the_same_tables() {
    let folder = tempfile::tempdir().unwrap();
    let (sqlite, postgres) =
        (Engine::Sqlite.open(folder.path()).await, Engine::Postgres.open(folder.path()).await);
    let ours = "select m.name || '.' || c.name from sqlite_master m join pragma_table_info(m.name) c
                where m.type = 'table' and m.name not like 'people_search%' and m.name not like 'sqlite_%' order by 1";
    let theirs = "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public' order by 1";
    let (mut ours, mut theirs) = (ledger::texts(&sqlite, ours).await, ledger::texts(&postgres, theirs).await);
    ours.sort();
    theirs.sort();
    assert_eq!(ours, theirs);
}
