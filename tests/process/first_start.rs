//! The first start on an empty machine, and the next ones.

use crate::program::Place;
use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|_| panic!("{} is not there", path.display())).permissions().mode()
        & 0o777
}

#[test]
fn q2_the_database_is_made_for_the_program_alone_also_in_an_open_folder() {
    let place = Place::new();
    fs::create_dir(place.data()).unwrap();
    fs::set_permissions(place.data(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = place.serve();
    program.get("/login");
    for name in ["countersign.db", "countersign.db-wal", "countersign.db-shm"] {
        assert_eq!(mode(&place.data().join(name)), 0o600, "{name}");
    }
}

#[test]
fn keys_are_made_for_the_program_alone_and_kept() {
    let place = Place::new();
    drop(place.serve());
    assert_eq!(mode(&place.data()), 0o700);
    assert_eq!(mode(&place.data().join("keys")), 0o700);
    let keys = ["keys/signing.pem", "keys/data.key"].map(|name| place.data().join(name));
    let made = keys.each_ref().map(|path| fs::read(path).unwrap());
    keys.iter().for_each(|path| assert_eq!(mode(path), 0o600, "{}", path.display()));
    drop(place.serve());
    assert_eq!(keys.each_ref().map(|path| fs::read(path).unwrap()), made, "a key was replaced");
    assert_eq!(fs::read_dir(place.data().join("keys")).unwrap().count(), 2, "a draft was left behind");
    fs::set_permissions(&keys[0], fs::Permissions::from_mode(0o644)).unwrap();
    assert!(place.run(&["serve"]).complaint().contains("chmod 600"));
}

#[test]
fn the_set_up_page_makes_the_first_account() {
    let place = Place::new();
    let program = place.serve();
    let entry = program.logged("nobody can sign in yet");
    let token = entry["token"].as_str().unwrap();
    assert!(entry["page"].as_str().unwrap().ends_with("/setup"));
    assert_eq!(program.get("/login").header("location"), "/setup");
    let page = program.get("/setup");
    assert_eq!(page.status, 200);
    assert!(!page.body.contains(token), "the page tells the token to everyone");

    let fields = |token: &str| {
        format!(
            "token={token}&username=rosa&full_name=Rosa+Otter&email=rosa%40example.com&password=correct+horse+battery+staple"
        )
    };
    assert_eq!(program.post_form("/do/set-up", &fields("nonsense")).header("location"), "/setup");
    assert_eq!(program.log_in("rosa").unwrap().status, 401);
    assert_eq!(program.post_form("/do/set-up", &fields(token)).header("location"), "/login");
    let me = program.get_with_token("/api/v1/auth/me", &program.token_of("rosa")).json();
    assert_eq!(me["role"], "SUPER_ADMIN");
    assert_eq!(program.get("/setup").status, 404);
    drop(program);
    let again = place.serve();
    assert!(
        !again.log().contains("nobody can sign in yet"),
        "an installation with an account offers the page again"
    );
}

#[test]
fn development_pages_are_not_served_in_production() {
    let place = Place::new();
    place.create_user("rosa", "SUPER_ADMIN");
    let program = place.serve();
    for path in ["/ui", "/mailbox"] {
        assert_eq!(program.get(path).status, 404, "{path}");
    }
}

#[test]
fn a_start_on_an_existing_database_is_quick() {
    let place = Place::new();
    assert_eq!(place.run(&["demo", "--users", "2000"]).code, Some(0));
    let fastest = (0..3).map(|_| place.serve().started_in).min().unwrap();
    println!("a start on an existing database took {fastest:?} (this build)");
    let bound = if cfg!(debug_assertions) { Duration::from_secs(5) } else { Duration::from_secs(1) };
    assert!(fastest < bound, "it took {fastest:?}");
}

#[test]
fn migrate_brings_the_database_up_to_date_and_says_so() {
    let place = Place::new();
    for _ in 0..2 {
        let outcome = place.run(&["migrate"]);
        assert_eq!(
            (outcome.code, outcome.out.trim()),
            (Some(0), "The sqlite database is up to date."),
            "{outcome:?}"
        );
    }
}

#[test]
fn the_log_is_json_with_request_ids_and_without_secrets() {
    let place = Place::new();
    place.create_user("rosa", "USER_ADMIN");
    let program = place.serve();
    let token = program.token_of("rosa");
    let answer = program.get_with_token("/api/v1/auth/me", &token);
    let id = answer.header("x-request-id").to_owned();
    crate::program::until("the request is logged", || program.log().contains(&id).then_some(()));
    for line in program.log().lines() {
        let entry: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        assert!(entry["timestamp"].is_string() && entry["level"].is_string(), "{line}");
    }
    assert!(
        !program.log().contains(&token) && !program.log().contains(crate::program::PASSWORD),
        "the log holds a secret"
    );
}
