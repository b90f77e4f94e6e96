//! `countersign user import`, and `kill -9` in the middle of it: another worker goes on where the first was, and nobody is made
//! twice or half.

use crate::program::{Place, until};
use serde_json::{Value, json};
use server::{
    db::Db,
    testing::{Engine, ledger},
};
use std::{fs, os::unix::process::ExitStatusExt, path::PathBuf, process::Stdio};

const PEOPLE: i64 = 8_000;

/// A file of so many people.
fn table(place: &Place, people: i64) -> PathBuf {
    let rows =
        (0..people).map(|row| format!("import{row},Person Number {row},import{row}@example.com,PIN\n"));
    let file = place.folder().join("people.csv");
    fs::write(&file, format!("username,full_name,email,roles\n{}", rows.collect::<String>())).unwrap();
    file
}

/// Imports, kills the worker once `is_in_the_middle`, starts the program, and lets it end what was begun.
fn survives_a_kill(place: &Place, database: &str, mode: &[&str], in_the_middle: &str) {
    assert_eq!(place.create_user("rosa", "USER_ADMIN").code, Some(0));
    let file = table(place, PEOPLE);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let db = runtime.block_on(Db::connect(database)).unwrap();
    let count = |sql: &str| runtime.block_on(ledger::count(&db, sql));
    let arguments =
        [&["user", "import", file.to_str().unwrap(), "--without-password", "wait"], mode].concat();
    let mut worker = place
        .command(&arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until("the import is in the middle", || (count(in_the_middle) > 0).then_some(()));
    worker.kill().unwrap();
    assert_eq!(worker.wait().unwrap().signal(), Some(9));

    let people = "select count(*) from people where username like 'import%'";
    let (written, told) = (count(people), count("select made from imports"));
    assert!(written < PEOPLE, "the kill came too late to prove anything");
    assert_eq!(written, told, "the import does not know what it has written");
    assert_eq!(written, entries(&count), "people and entries of the trail differ");

    let program = place.serve();
    until("the import is done", || {
        (count("select count(*) from imports where state = 'done'") == 1).then_some(())
    });
    assert_eq!((count(people), count("select made from imports")), (PEOPLE, PEOPLE));
    assert_eq!(entries(&count), PEOPLE, "an entry for each, and not one more");
    let without_role = "select count(*) from people p where not exists (select 1 from person_roles h where h.person_id = p.id)";
    assert_eq!(count(without_role), 0);
    assert!(!program.log().contains("panicked"));
    runtime.block_on(db.close());
}

fn entries(count: &impl Fn(&str) -> i64) -> i64 {
    count(
        "select count(*) from audit a join people p on p.id = a.person_id where a.action = 'person.created' and p.username like 'import%'",
    )
}

const BATCHES: &str = "select count(*) from imports where state = 'running' and made > 0";
const ONE_MOMENT: &str = "select count(*) from imports where state = 'running'";

#[test]
fn u6_kill_in_the_middle_of_batches_goes_on_where_it_was_on_sqlite() {
    let place = Place::new();
    let database = format!("sqlite:{}", place.data().join("countersign.db").display());
    survives_a_kill(&place, &database, &["--skip-bad"], BATCHES);
}

#[test]
fn u6_kill_in_the_middle_of_batches_goes_on_where_it_was_on_postgres() {
    let place = Place::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = runtime.block_on(Engine::Postgres.bare(place.folder()));
    survives_a_kill(&place.with("DATABASE_URL", &database), &database, &["--skip-bad"], BATCHES);
}

#[test]
fn u6_kill_before_the_one_moment_writes_nobody_and_then_everybody_on_sqlite() {
    let place = Place::new();
    let database = format!("sqlite:{}", place.data().join("countersign.db").display());
    survives_a_kill(&place, &database, &[], ONE_MOMENT);
}

#[test]
fn u6_kill_before_the_one_moment_writes_nobody_and_then_everybody_on_postgres() {
    let place = Place::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = runtime.block_on(Engine::Postgres.bare(place.folder()));
    survives_a_kill(&place.with("DATABASE_URL", &database), &database, &[], ONE_MOMENT);
}

#[test]
fn u6_the_command_line_checks_refuses_and_skips() {
    let place = Place::new();
    let file = place.folder().join("people.csv");
    fs::write(
        &file,
        "username;full_name;email;roles\nzoe;Zoë;zoe@example.com;PIN\nx;X Y;x@example.com;PIN\n",
    )
    .unwrap();
    let import = |more: &[&str]| place.run(&[&["user", "import", file.to_str().unwrap()], more].concat());
    let line = |out: &str| serde_json::from_str::<Value>(out.trim()).unwrap();

    let dry = import(&["--dry-run"]);
    assert_eq!(
        (dry.code, line(&dry.out)["new"].clone(), line(&dry.out)["wrong"].clone()),
        (Some(0), json!(1), json!(1))
    );
    assert!(dry.err.contains("row 3, username: Use at least 3 characters"), "{}", dry.err);
    let refused = import(&[]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("1 rows are wrong, so nobody was written"), "{}", refused.err);
    assert_eq!(place.run(&["user", "list"]).out, "");
    let skipped = import(&["--skip-bad", "--without-password", "wait"]);
    assert_eq!(
        (skipped.code, line(&skipped.out)["state"].clone(), line(&skipped.out)["made"].clone()),
        (Some(0), json!("done"), json!(1))
    );
    assert!(place.run(&["user", "list"]).out.contains("\"username\":\"zoe\""));
    for (arguments, words) in [
        (&["--existing", "maybe"][..], "Choose update or leave"),
        (&["--without-password", "x"], "Choose invite or wait"),
    ] {
        assert!(import(arguments).err.contains(words));
    }
    assert!(
        place.run(&["user", "import", "nowhere.csv"]).complaint().starts_with("nowhere.csv cannot be read")
    );
}
