//! PostgreSQL goes away and comes back: friendly words meanwhile, and everything as before afterwards, by itself.

use crate::{
    program::{Place, Program, until},
    wire::Answer,
};
use std::{
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    process::Command,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// A PostgreSQL of this test's own, which it may stop.
struct Postgres {
    folder: tempfile::TempDir,
    url: String,
}

impl Postgres {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = script("start", folder.path());
        Self { folder, url }
    }

    fn stop(&self) {
        script("stop", self.folder.path());
    }

    fn restart(&self) {
        assert_eq!(script("restart", self.folder.path()), self.url, "it came back elsewhere");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        script("remove", self.folder.path());
    }
}

fn script(verb: &str, folder: &Path) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres.sh");
    let output = Command::new(path).arg(verb).arg(folder).output().unwrap();
    assert!(output.status.success(), "postgres.sh {verb}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Asks while the database is away, and checks the answer that everybody gets then.
fn asked_while_away(program: &Program, what: &str, ask: impl FnOnce(&Program) -> Answer) -> Answer {
    let started = Instant::now();
    let answer = ask(program);
    let took = started.elapsed();
    println!("{what}: {} after {took:.1?}", answer.status);
    assert!(took < Duration::from_secs(15), "{what} took {took:?}");
    assert_eq!(answer.status, 503, "{what}: {answer:?}");
    assert!(
        answer.header("retry-after").parse::<u32>().is_ok(),
        "{what} does not say when to come back: {answer:?}"
    );
    for inside in ["sqlx", "postgres://", "panicked", "pool", "onnection refused"] {
        assert!(!answer.body.contains(inside), "{what} tells {inside}");
    }
    answer
}

fn check_every_answer(program: &Program, token: &str, cookie: &str) {
    let is_json = |answer: Answer| {
        let body = answer.json();
        assert_eq!(body["error"], "unavailable");
        assert_eq!(body["message"], server::Error::DIFFICULTIES);
        assert_eq!(body["request_id"], answer.header("x-request-id"));
    };
    let is_page = |answer: Answer| {
        assert!(answer.header("content-type").starts_with("text/html"), "{answer:?}");
        assert!(answer.body.contains("technical difficulties"), "{answer:?}");
    };
    is_json(asked_while_away(program, "the API", |program| program.get_with_token("/api/v1/auth/me", token)));
    is_json(asked_while_away(program, "a list", |program| program.get_with_token("/api/v1/users", token)));
    is_json(asked_while_away(program, "a sign-in", |program| program.log_in("rosa").unwrap()));
    for path in ["/login", "/", "/people"] {
        let ask = |program: &Program| {
            program.ask("GET", path, &[("Cookie", cookie), ("Accept", "text/html")], "").unwrap()
        };
        is_page(asked_while_away(program, path, ask));
    }
    let ready = program.get("/readyz");
    assert_eq!(ready.status, 503);
    let started = Instant::now();
    assert_eq!(program.get("/healthz").status, 200);
    assert!(started.elapsed() < Duration::from_secs(3), "the program is alive and should say so at once");
}

#[test]
fn auth_10g_the_program_outlives_its_database_and_recovers_by_itself() {
    let postgres = Postgres::start();
    let place = Place::new().with("DATABASE_URL", &postgres.url);
    assert_eq!(place.create_user("rosa", "USER_ADMIN").code, Some(0));
    let program = place.serve();
    let token = program.token_of("rosa");
    let signed_in = program
        .post_form("/do/sign-in", "identifier=rosa&password=correct+horse+battery+staple&next=%2Faccount");
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(program.get("/readyz").status, 200);

    postgres.stop();
    check_every_answer(&program, &token, &cookie);
    // Many at once wait no longer than one.
    thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                asked_while_away(&program, "one of forty", |program| {
                    program.get_with_token("/api/v1/auth/me", &token)
                })
            });
        }
    });

    postgres.restart();
    let back = Instant::now();
    until("the program is ready again", || (program.get("/readyz").status == 200).then_some(()));
    println!("ready again after {:.1?}", back.elapsed());
    assert_eq!(program.get_with_token("/api/v1/auth/me", &token).status, 200, "the session is lost");
    program.token_of("rosa");
    assert!(program.log().contains("\"level\":\"ERROR\""), "the log does not speak of it");
    let (_, address) = postgres.url.rsplit_once('@').unwrap();
    let address = address.split('/').next().unwrap();
    let why = format!("PostgreSQL at {address} refused the connection");
    assert!(program.log().contains(&why), "the log does not say {why:?}:\n{}", program.log());
    assert!(!program.log().contains("pool timed out"));
    assert!(!program.log().contains("panicked"));
}

/// A webhook that hands on what it was told.
fn duty() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut text = String::new();
            let mut part = [0; 4096];
            // The body is one line of JSON and the last thing that comes.
            while !text.ends_with('}') {
                let read = stream.read(&mut part).unwrap();
                text.push_str(std::str::from_utf8(&part[..read]).unwrap());
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            let _ = tell.send(text);
        }
    });
    (address, told)
}

#[test]
fn a7_whoever_is_on_duty_hears_that_the_database_is_away_and_back() {
    let (webhook, told) = duty();
    let postgres = Postgres::start();
    let place = Place::new().with("DATABASE_URL", &postgres.url).with("ALERTS__WEBHOOK_URL", &webhook);
    let program = place.serve();
    postgres.stop();
    let patience = Duration::from_secs(60);
    let away = told.recv_timeout(patience).expect("nobody was told");
    assert!(away.contains("\"alert\":\"database_away\""), "{away}");
    // The line was written first, but comes by another way.
    until("the log calls it critical", || program.log().contains("\"critical\":true").then_some(()));
    postgres.restart();
    let back = told.recv_timeout(patience).expect("nobody was told that it is back");
    assert!(back.contains("\"alert\":\"database_back\""), "{back}");
}

#[test]
fn letters_that_could_not_be_sent_meanwhile_are_sent_afterwards() {
    let postgres = Postgres::start();
    let place = Place::new().with("DATABASE_URL", &postgres.url);
    let program = place.serve();
    postgres.stop();
    assert_eq!(program.get("/readyz").status, 503);
    postgres.restart();
    assert_eq!(place.create_user("rosa", "USER_ADMIN").code, Some(0));
    let letters = place.data().join("outbox");
    let first_letter = || std::fs::read_dir(&letters).ok()?.next()?.ok();
    until("the letter was written", first_letter);
}
