//! Stopping in order, and serving as the pages need it.

use crate::{
    program::{PASSWORD, Place, until},
    wire::{self, Answer},
};
use std::{
    io::{Read, Write},
    time::{Duration, Instant},
};

#[test]
fn a_request_that_is_under_way_is_finished_before_the_end() {
    let place = Place::new();
    place.create_user("rosa", "USER_ADMIN");
    let mut program = place.serve();
    let body = format!("{{\"identifier\":\"rosa\",\"password\":\"{PASSWORD}\"}}");
    let request = wire::request("POST", "/api/v1/auth/login", &[("Content-Type", "application/json")], &body);
    let (sent, kept) = request.split_at(request.len() - 10);
    let mut stream = wire::connect(program.address).unwrap();
    stream.write_all(sent.as_bytes()).unwrap();
    // The request is under way once another one, sent after it, was answered.
    assert_eq!(program.get("/healthz").status, 200);

    program.terminate();
    until("new connections are refused", || wire::connect(program.address).is_err().then_some(()));
    stream.write_all(kept.as_bytes()).unwrap();
    let answer = Answer::parse(&wire::read_all(&mut stream).unwrap()).expect("the request was cut off");
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(program.ended().code(), Some(0));
    program.logged("stopped");

    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(
        place.serve().get_with_token("/api/v1/auth/me", &token).status,
        200,
        "what was acknowledged last is lost"
    );
}

#[test]
fn connections_that_wait_do_not_hold_up_the_end() {
    let place = Place::new();
    let mut program = place.serve();
    let mut waiting = wire::connect(program.address).unwrap();
    waiting.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut first = [0; 15];
    waiting.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    let silent = wire::connect(program.address).unwrap();
    let asked = Instant::now();
    program.terminate();
    assert_eq!(program.ended().code(), Some(0));
    let took = asked.elapsed();
    assert!(took < Duration::from_secs(10), "the end took {took:?}");
    drop(silent);
}

#[test]
fn a_program_that_was_just_started_stops_in_order_as_well() {
    for _ in 0..5 {
        let place = Place::new();
        let mut program = place.serve();
        program.terminate();
        let status = program.ended();
        assert_eq!(status.code(), Some(0), "a stop right after the start ended with {status}");
    }
}

#[test]
fn interrupting_stops_in_order() {
    let place = Place::new();
    let mut program = place.serve();
    assert_eq!(program.get("/healthz").status, 200);
    program.interrupt();
    assert_eq!(program.ended().code(), Some(0));
}

#[test]
fn one_connection_serves_many_requests() {
    let place = Place::new();
    let program = place.serve();
    let mut stream = wire::connect(program.address).unwrap();
    stream.write_all("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20).as_bytes()).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let text = String::from_utf8(wire::read_all(&mut stream).unwrap()).unwrap();
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 21);
}
