//! A client that keeps one connection open and asks on it, one question after the other.

use anyhow::{Context, Result, ensure};
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, StatusCode,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
    header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, HeaderValue, SET_COOKIE},
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};

/// No answer takes longer, or something is wrong.
const PATIENCE: Duration = Duration::from_secs(30);

/// A question: what is asked of the server.
#[derive(Debug, Clone)]
pub struct Question {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Question {
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), headers: HeaderMap::new(), body: Bytes::new() }
    }

    fn post(path: &str, kind: &'static str, body: String) -> Self {
        let question =
            Self { method: Method::POST, path: path.into(), headers: HeaderMap::new(), body: body.into() };
        question.with(CONTENT_TYPE, kind)
    }

    fn with(mut self, name: hyper::header::HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// As a browser asks for a page: with what it takes.
    pub fn encoded(self, encodings: &str) -> Self {
        self.with(ACCEPT_ENCODING, encodings)
    }

    pub fn by(self, who: &Identity) -> Self {
        match who {
            Identity::Cookie(cookie) => self.with(COOKIE, cookie).with(ACCEPT, "text/html"),
            Identity::Bearer(token) => self.with(AUTHORIZATION, &format!("Bearer {token}")),
        }
    }
}

/// How a question says who asks.
#[derive(Debug, Clone)]
pub enum Identity {
    Cookie(String),
    Bearer(String),
}

/// An answer, whole.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).context("the answer is no JSON")
    }
}

/// One open connection.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = timeout(PATIENCE, TcpStream::connect(address)).await??;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // It ends by itself when the sender is dropped.
        tokio::spawn(connection);
        Ok(Self { sender, host: HeaderValue::from_str(&address.to_string())? })
    }

    pub async fn ask(&mut self, question: &Question) -> Result<Answer> {
        let mut request = Request::new(Full::new(question.body.clone()));
        *request.method_mut() = question.method.clone();
        *request.uri_mut() = question.path.parse()?;
        *request.headers_mut() = question.headers.clone();
        request.headers_mut().insert(HOST, self.host.clone());
        let answer = async {
            self.sender.ready().await?;
            let (head, body) = self.sender.send_request(request).await?.into_parts();
            let body = body.collect().await?.to_bytes();
            anyhow::Ok(Answer { status: head.status, headers: head.headers, body })
        };
        timeout(PATIENCE, answer).await.with_context(|| format!("no answer for {}", question.path))?
    }

    /// Asks and wants a page or a document, nothing else.
    pub async fn fetch(&mut self, question: &Question) -> Result<Answer> {
        let answer = self.ask(question).await?;
        ensure!(answer.status == StatusCode::OK, "{} was answered with {}", question.path, answer.status);
        Ok(answer)
    }
}

/// Signs in as a browser does.
pub async fn sign_in_with_cookie(address: SocketAddr, username: &str, password: &str) -> Result<Identity> {
    // Demo passwords are words of plain letters, digits and dashes: nothing to encode.
    let form = format!("identifier={username}&password={password}");
    let question =
        Question::post("/do/sign-in", "application/x-www-form-urlencoded", form).with(ACCEPT, "text/html");
    let answer = Connection::open(address).await?.ask(&question).await?;
    let cookies = answer.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let session = cookies
        .filter_map(|cookie| cookie.split(';').next())
        .find(|cookie| cookie.starts_with("session_token="));
    Ok(Identity::Cookie(
        session.with_context(|| format!("signing in was answered with {}", answer.status))?.to_owned(),
    ))
}

/// Signs in as a program does.
pub async fn sign_in_with_token(address: SocketAddr, username: &str, password: &str) -> Result<Identity> {
    let body = serde_json::json!({ "identifier": username, "password": password }).to_string();
    let question = Question::post("/api/v1/auth/login", "application/json", body);
    let answer = Connection::open(address).await?.fetch(&question).await?.json()?;
    let token = answer.get("access_token").and_then(Value::as_str).context("no access token came back")?;
    Ok(Identity::Bearer(token.to_owned()))
}
