//! Letters from the running program, and the command that shows whether they leave, against a real mail server.

use crate::program::{Place, until};
use server::testing::MailServer;

fn sending_to(server: &MailServer, url: &str) -> Place {
    let url = url.replace("PORT", &server.port.to_string());
    Place::new().with("SMTP_URL", &url).with("MAIL__TIMEOUT_SECONDS", "2")
}

#[test]
fn q4b_a_test_letter_takes_the_real_way_and_says_how_it_went() {
    let server = MailServer::start(&["--tls", "required", "--user", "post", "--password", "hunter2"]);
    let place = sending_to(&server, "smtp://post:hunter2@localhost:PORT?tls=required")
        .with("MAIL__CA_FILE", &server.certificate().display().to_string());
    let outcome = place.run(&["mail", "test", "--to", "bo@example.com"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let lines: Vec<&str> = outcome.out.lines().collect();
    assert_eq!(lines[0], format!("Connected to localhost:{} (encrypted, signed in).", server.port));
    assert_eq!(lines[1], "The server took the letter to bo@example.com and said: 250 OK, kept as 0000");
    let letter = server.letters().remove(0);
    assert!(letter.contains("\nSubject: A test letter from Countersign\n"), "{letter}");
    assert!(!place.data().join("countersign.db").exists(), "a test letter needs no database");
    assert!(!outcome.err.contains("hunter2") && !outcome.out.contains("hunter2"));
}

#[test]
fn q4b_a_test_letter_that_does_not_leave_says_why_in_one_line() {
    let mut server = MailServer::start(&["--user", "post", "--password", "hunter2"]);
    let plain = sending_to(&server, "smtp://post:hunter2@localhost:PORT");
    let complaint = |place: &Place, to: &str| {
        let outcome = place.run(&["mail", "test", "--to", to]);
        assert!(!outcome.err.contains("hunter"), "{outcome:?}");
        outcome.complaint().to_owned()
    };
    assert_eq!(
        complaint(&plain, "refused@example.com"),
        "the test letter was not sent: the mail server refused the address: 550 5.1.1 <refused@example.com> does not live here"
    );
    assert!(complaint(&plain, "slow@example.com").ends_with("did not answer within 2 s"));
    assert_eq!(complaint(&plain, "bo"), "--to: Please enter a valid email address");
    let wrong = sending_to(&server, "smtp://post:hunter3@localhost:PORT");
    assert!(
        complaint(&wrong, "bo@example.com").contains("did not accept the name and password of smtp_url: 535")
    );
    let encrypted = sending_to(&server, "smtp://post:hunter2@localhost:PORT?tls=required");
    assert!(complaint(&encrypted, "bo@example.com").contains("offers no encryption"));
    let no_file = encrypted.with("MAIL__CA_FILE", "nothing.pem");
    assert!(complaint(&no_file, "bo@example.com").contains("mail.ca_file nothing.pem cannot be read"));
    server.stop();
    assert!(complaint(&plain, "bo@example.com").contains("cannot be reached"));
    assert!(server.letters().is_empty());
}

#[test]
fn q4b_a_test_letter_without_a_mail_server_is_a_file() {
    let place = Place::new();
    let outcome = place.run(&["mail", "test", "--to", "bo@example.com"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.out.starts_with("No mail server is set (smtp_url)"), "{outcome:?}");
    let path = outcome.out.lines().nth(1).unwrap().split(" is ").nth(1).unwrap();
    let letter = std::fs::read_to_string(place.folder().join(path)).unwrap();
    assert!(letter.contains("To: bo@example.com"), "{letter}");
}

#[test]
fn q4b_a_mail_server_that_is_away_gets_the_letter_once_when_it_is_back() {
    let mut server = MailServer::start(&[]);
    server.stop();
    let place = sending_to(&server, "smtp://localhost:PORT");
    assert_eq!(place.create_user("rosa", "USER_ADMIN").code, Some(0));
    let program = place.serve();
    let failed = program.logged("a job failed");
    assert_eq!(failed["dead"], false, "{failed}");
    server.start_again();
    until("the letter arrived", || (!server.letters().is_empty()).then_some(()));
    assert_eq!(server.letters().len(), 1);
}

/// While the server thinks about one letter, the others leave; and what is put into the log names nobody.
#[test]
fn q4b_one_slow_letter_holds_up_no_other() {
    let server = MailServer::start(&[]);
    let place = sending_to(&server, "smtp://localhost:PORT").with("MAIL__TIMEOUT_SECONDS", "60");
    for name in ["slow", "refused", "rosa"] {
        assert_eq!(place.create_user(name, "STAFF").code, Some(0));
    }
    let mut program = place.serve();
    until("the letter behind the slow one arrived", || (server.noted("taken").len() == 1).then_some(()));
    assert_eq!(server.noted("kept waiting").len(), 1);
    let failed = program.logged("a job failed");
    assert_eq!(failed["dead"], true);
    assert!(failed["cause"].as_str().unwrap().contains("550 5.1.1 <re…@example.com>"), "{failed}");
    assert!(!program.log().contains("refused@example.com"));
    program.kill_at_once();
    program.ended();
}
