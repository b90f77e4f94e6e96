//! Names and addresses that are encrypted at rest: the command that writes a store anew, the start that refuses what does not
//! fit, and a server whose store is written anew under its feet.

use crate::program::Place;
use serde_json::Value;

const SETTING: &str = "ENCRYPT_PERSONAL_DATA";

/// Whether this text stands anywhere in the files of the embedded database.
fn is_in_the_database(place: &Place, text: &str) -> bool {
    let files = std::fs::read_dir(place.data()).unwrap().map(|entry| entry.unwrap().path());
    let databases = files.filter(|path| path.to_string_lossy().contains("countersign.db"));
    databases.into_iter().any(|path| {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text.as_bytes()))
    })
}

#[test]
fn q2_a_new_installation_begins_encrypted() {
    let place = Place::new().with(SETTING, "true");
    assert_eq!(place.create_user("rosalind", "USER_ADMIN").code, Some(0));
    let mut program = place.serve();
    let token = program.token_of("rosalind");
    let me: Value = program.get_with_token("/api/v1/auth/me", &token).json();
    assert_eq!(me["email"], "rosalind@example.com", "{me}");
    program.terminate();
    assert!(program.ended().success());
    assert!(!is_in_the_database(&place, "rosalind@example.com"));
    assert!(is_in_the_database(&place, "rosalind"), "usernames stay as they are");
    let key = place.data().join("keys/personal.key");
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
    let listed = place.run(&["user", "list"]);
    assert!(listed.out.contains("rosalind@example.com"), "{listed:?}");
}

#[test]
fn q2_an_installation_is_encrypted_by_one_command_and_decrypted_by_another() {
    let plain = Place::new();
    assert_eq!(plain.create_user("rosalind", "USER_ADMIN").code, Some(0));
    let encrypted = plain.beside().with(SETTING, "true");
    let refused = encrypted.run(&["migrate"]);
    assert!(refused.complaint().contains("countersign personal-data encrypt"), "{refused:?}");

    let done = plain.run(&["personal-data", "encrypt"]);
    assert!(done.code == Some(0) && done.out.contains("of 1 people are encrypted with the key"), "{done:?}");
    let refused = plain.run(&["migrate"]);
    assert!(refused.complaint().contains("encrypt_personal_data is off"), "{refused:?}");
    let program = encrypted.serve();
    program.token_of("rosalind");
    drop(program);
    assert_eq!(encrypted.run(&["personal-data", "rotate-key"]).code, Some(0));
    assert!(encrypted.run(&["user", "list"]).out.contains("rosalind@example.com"));

    let done = encrypted.run(&["personal-data", "decrypt"]);
    assert!(done.code == Some(0) && done.out.contains("are kept as they are"), "{done:?}");
    let proven = plain.run(&["audit", "verify"]);
    assert!(proven.code == Some(0) && proven.out.contains("is whole"), "{proven:?}");
    assert!(plain.run(&["user", "list"]).out.contains("rosalind@example.com"));
}

#[test]
fn q2_a_server_stops_whose_store_was_written_anew() {
    let place = Place::new();
    assert_eq!(place.create_user("rosalind", "USER_ADMIN").code, Some(0));
    let mut program = place.serve();
    program.token_of("rosalind");
    assert_eq!(place.run(&["personal-data", "encrypt"]).code, Some(0));
    let line = program.logged("names and addresses are kept in another way than when this server started; set encrypt_personal_data as it is now, and start again");
    assert_eq!(line["level"], "ERROR", "{line}");
    assert!(program.ended().success());
}
