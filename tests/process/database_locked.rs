//! Another process holds the SQLite file: whoever only reads does not notice, whoever writes is told to come back.

use crate::program::{Place, Program};
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const HOLD: &str = "
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
connection.execute('begin exclusive')
print('held', flush=True)
sys.stdin.readline()
connection.execute('rollback')
";

/// Another process that holds the lock until it is dropped.
struct Lock(Child);

impl Lock {
    fn hold(database: &Path) -> Self {
        let mut child = Command::new("python3")
            .args(["-c", HOLD])
            .arg(database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "held");
        Self(child)
    }

    fn release(mut self) {
        self.0.stdin.take().unwrap().write_all(b"\n").unwrap();
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn took<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    (work(), started.elapsed())
}

fn installation() -> (Place, Program, String) {
    let place = Place::new();
    place.create_user("rosa", "USER_ADMIN");
    let program = place.serve();
    let token = program.token_of("rosa");
    (place, program, token)
}

#[test]
fn writers_are_told_to_come_back_and_readers_do_not_notice() {
    let (place, program, token) = installation();
    let lock = Lock::hold(&place.data().join("countersign.db"));
    let (answer, waited) = took(|| program.log_in("rosa").unwrap());
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(!answer.header("retry-after").is_empty());
    assert_eq!(answer.json()["message"], server::Error::DIFFICULTIES);
    assert!(waited < Duration::from_secs(12), "a writer waited {waited:?}");
    for path in ["/api/v1/auth/me", "/api/v1/users"] {
        let (answer, waited) = took(|| program.get_with_token(path, &token));
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(waited < Duration::from_secs(4), "a reader of {path} waited {waited:?}");
    }
    assert_eq!(program.get("/readyz").status, 200);
    lock.release();
    program.token_of("rosa");
}

#[test]
fn a_session_that_was_not_seen_for_a_while_can_read_as_well() {
    let (place, program, token) = installation();
    let database = place.data().join("countersign.db");
    let long_ago = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=30); c.execute('update sessions set last_seen_at = last_seen_at - 600000000'); c.commit()";
    assert!(Command::new("python3").args(["-c", long_ago]).arg(&database).status().unwrap().success());
    let lock = Lock::hold(&database);
    let (answer, waited) = took(|| program.get_with_token("/api/v1/auth/me", &token));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(
        waited < Duration::from_secs(4),
        "noting that the session was seen held the reader up for {waited:?}"
    );
    lock.release();
}

#[test]
fn a_start_on_a_locked_database_waits_a_little_and_then_says_why_it_stops() {
    let place = Place::new();
    assert_eq!(place.run(&["migrate"]).code, Some(0));
    let lock = Lock::hold(&place.data().join("countersign.db"));
    let (outcome, waited) = took(|| place.run(&["serve"]));
    assert!(outcome.complaint().contains("lock"), "{outcome:?}");
    assert!(waited < Duration::from_secs(15), "it waited {waited:?}");
    lock.release();
    assert_eq!(place.serve().get("/readyz").status, 200);
}
