//! Clients that are slow, stop half-way or send what is no request: each is let go within a bound, and nobody else notices.

use crate::{
    program::{Place, Program},
    wire::{self, Answer},
};
use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    thread,
    time::{Duration, Instant},
};

const JSON: (&str, &str) = ("Content-Type", "application/json");

/// Sends this much and then nothing more; answers what came back and after how long.
fn send_and_wait(program: &Program, bytes: &[u8]) -> (Option<Answer>, Duration) {
    let started = Instant::now();
    let mut stream = wire::connect(program.address).unwrap();
    stream.write_all(bytes).unwrap();
    let answer = wire::read_all(&mut stream)
        .unwrap_or_else(|error| panic!("still open after {:?}: {error}", started.elapsed()));
    (Answer::parse(&answer), started.elapsed())
}

fn is_well(program: &Program) {
    let started = Instant::now();
    assert_eq!(program.get("/healthz").status, 200);
    assert!(started.elapsed() < Duration::from_secs(5), "others wait {:?}", started.elapsed());
}

#[test]
fn clients_that_stop_half_way_are_let_go() {
    let place = Place::new();
    place.create_user("rosa", "USER_ADMIN");
    let program = place.serve();
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let form = "POST /do/sign-in HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let half_sent = [
        ("nothing at all", String::new()),
        ("half a line", "GET /hea".to_owned()),
        ("a head without its end", "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ".to_owned()),
        ("a body that does not come", format!("{head}Content-Length: 60\r\n\r\n")),
        ("half a body", format!("{head}Content-Length: 60\r\n\r\n{{\"identifier\":")),
        ("half a chunk", format!("{head}Transfer-Encoding: chunked\r\n\r\n20\r\n{{\"ident")),
        ("half a form", format!("{form}Content-Length: 60\r\n\r\nidentifier=ro")),
    ];
    let served_by = &program;
    thread::scope(|scope| {
        for (what, bytes) in &half_sent {
            scope.spawn(move || {
                let (answer, took) = send_and_wait(served_by, bytes.as_bytes());
                let status = answer.as_ref().map(|answer| answer.status);
                println!("{what}: {status:?} after {took:.1?}");
                assert!(matches!(status, None | Some(400 | 408)), "{what} was answered with {answer:?}");
                assert!(took < Duration::from_secs(40), "{what} was held for {took:?}");
            });
        }
        is_well(&program);
    });
    is_well(&program);
    assert!(
        program.log().contains("a connection ended badly") || program.log().contains("\"status\":408"),
        "no line in the log"
    );
    assert!(!program.log().contains("panicked"));
}

/// The head is read and judged, then its owner ends every session, then the body comes.
#[test]
fn a6_a_body_that_is_held_back_does_nothing_for_a_session_that_has_ended() {
    let place = Place::new();
    place.create_user("rosa", "USER_ADMIN");
    let program = place.serve();
    let [thief, owner] = [(); 2].map(|()| format!("Bearer {}", program.token_of("rosa")));
    let body = r#"{"name":"For later","scopes":["users.view"]}"#;
    let headers = [JSON, ("Authorization", thief.as_str()), ("Expect", "100-continue")];
    let whole = wire::request("POST", "/api/v1/account/api-keys", &headers, body);
    let mut stream = wire::connect(program.address).unwrap();
    stream.write_all(&whole.as_bytes()[..whole.len() - body.len()]).unwrap();
    // It is told to go on once the body is waited for.
    let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
    let mut told = vec![0; go_on.len()];
    stream.read_exact(&mut told).unwrap();
    assert_eq!(told, go_on, "{}", String::from_utf8_lossy(&told));

    let ended = program.ask("DELETE", "/api/v1/account/sessions", &[("Authorization", &owner)], "").unwrap();
    assert_eq!(ended.status, 204, "{ended:?}");
    stream.write_all(body.as_bytes()).unwrap();
    let answer = Answer::parse(&wire::read_all(&mut stream).unwrap()).unwrap();
    assert_eq!(answer.status, 401, "{answer:?}");
    let keys = program.get_with_token("/api/v1/account/api-keys", &program.token_of("rosa"));
    assert_eq!((keys.status, keys.body.as_str()), (200, "[]"));
}

#[test]
fn a_body_that_is_cut_off_is_refused_at_once() {
    let place = Place::new();
    place.create_user("rosa", "USER_ADMIN");
    let program = place.serve();
    let whole = wire::request("POST", "/api/v1/auth/login", &[JSON], &"x".repeat(60));
    let started = Instant::now();
    let mut stream = wire::connect(program.address).unwrap();
    stream.write_all(&whole.as_bytes()[..whole.len() - 30]).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let answer = Answer::parse(&wire::read_all(&mut stream).unwrap());
    assert!(answer.as_ref().is_none_or(|answer| answer.status == 400), "{answer:?}");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    is_well(&program);
}

#[test]
fn what_is_no_request_is_refused() {
    let place = Place::new();
    place.create_user("rosa", "USER_ADMIN");
    let program = place.serve();
    let long_head = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "a".repeat(300_000));
    let many_heads = format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-A: b\r\n".repeat(500));
    let long_path = format!("GET /{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "a".repeat(300_000));
    let twice_as_long = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    let two_lengths =
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!";
    let below_zero = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n";
    for (what, bytes) in [
        ("a TLS greeting", &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..]),
        ("HTTP/2 by prior knowledge", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("noise", &[0xff; 1000]),
        ("zeros", &[0; 1000]),
        ("no version", b"GET /healthz\r\n\r\n"),
        ("a space in the path", b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("a head without a colon", b"GET /healthz HTTP/1.1\r\nnonsense\r\n\r\n"),
        ("a head with a NUL", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: \0\r\n\r\n"),
        ("a head of 300 kB", long_head.as_bytes()),
        ("five hundred heads", many_heads.as_bytes()),
        ("a path of 300 kB", long_path.as_bytes()),
        ("a length and chunks", twice_as_long.as_bytes()),
        ("two lengths", two_lengths.as_bytes()),
        ("a length below zero", below_zero.as_bytes()),
    ] {
        // The program may hang up before everything was sent, so a broken connection is an answer, too.
        let answer = wire::exchange(program.address, bytes).ok().and_then(|bytes| Answer::parse(&bytes));
        assert!(
            answer.as_ref().is_none_or(|answer| (400..500).contains(&answer.status)),
            "{what} was answered with {answer:?}"
        );
    }
    is_well(&program);
    assert!(!program.log().contains("panicked"));
}

#[test]
fn hundreds_of_silent_connections_hinder_nobody() {
    let place = Place::new();
    place.create_user("rosa", "USER_ADMIN");
    let program = place.serve();
    let silent: Vec<TcpStream> = (0..400)
        .map(|_| {
            let mut stream = wire::connect(program.address).unwrap();
            stream.write_all(b"GET /healthz HTTP/1.1\r\nX-Slow:").unwrap();
            stream
        })
        .collect();
    is_well(&program);
    program.token_of("rosa");
    drop(silent);
    is_well(&program);
}

#[test]
fn a_body_over_a_mebibyte_is_refused_before_it_was_sent() {
    let place = Place::new();
    let program = place.serve();
    for path in ["/api/v1/auth/login", "/do/sign-in"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n"
        );
        let (answer, took) = send_and_wait(&program, head.as_bytes());
        let answer = answer.expect("the program hung up without a word");
        assert_eq!(answer.status, 413, "{path}: {answer:?}");
        assert!(took < Duration::from_secs(5), "{path}: {took:?}");
    }
}
