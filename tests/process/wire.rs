//! HTTP by hand: what goes over the wire is what stands here, so that requests can be wrong as well.

use crate::program::{PASSWORD, Program};
use serde_json::{Value, json};
use std::{
    io::{Read, Result, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(60);

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    /// Reads an answer as it came over the wire; nothing where there is none.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let mut answer = Self { status, head: head.to_owned(), body: body.to_owned() };
        if answer.header("transfer-encoding") == "chunked" {
            answer.body = join_chunks(body);
        }
        Some(answer)
    }

    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value.trim())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

fn join_chunks(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        body.push_str(after.get(..size).unwrap_or(after));
        rest = after.get(size + 2..).unwrap_or_default();
    }
    body
}

pub fn connect(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Reads until the other side closes.
pub fn read_all(stream: &mut TcpStream) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Sends these bytes and reads what comes back until the other side closes.
pub fn exchange(address: SocketAddr, bytes: &[u8]) -> Result<Vec<u8>> {
    let mut stream = connect(address)?;
    stream.write_all(bytes)?;
    read_all(&mut stream)
}

/// The text of a request, as it goes over the wire.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nConnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        text += &format!("Content-Length: {}\r\n", body.len());
    }
    text + "\r\n" + body
}

impl Program {
    /// Sends a request and reads the answer; an error where the connection broke before one was complete.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer> {
        let bytes = exchange(self.address, request(method, path, headers, body).as_bytes())?;
        Answer::parse(&bytes).ok_or_else(|| std::io::Error::other("no answer"))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "").unwrap()
    }

    pub fn get_with_token(&self, path: &str, token: &str) -> Answer {
        self.ask("GET", path, &[("Authorization", &format!("Bearer {token}"))], "").unwrap()
    }

    pub fn log_in(&self, username: &str) -> Result<Answer> {
        let body = json!({ "identifier": username, "password": PASSWORD }).to_string();
        self.ask("POST", "/api/v1/auth/login", &[("Content-Type", "application/json")], &body)
    }

    /// A token of this person.
    #[track_caller]
    pub fn token_of(&self, username: &str) -> String {
        let answer = self.log_in(username).unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub fn post_form(&self, path: &str, fields: &str) -> Answer {
        self.ask(
            "POST",
            path,
            &[("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "text/html")],
            fields,
        )
        .unwrap()
    }
}
