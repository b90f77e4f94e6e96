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

/// What a good answer is known by.
#[derive(Debug, Clone, Copy)]
enum Good {
    Status(StatusCode),
    /// It hands out a session: a refused sign-in leads on to a page as well.
    Session,
}

impl Good {
    fn fits(self, answer: &Answer) -> bool {
        match self {
            Self::Status(status) => answer.status == status,
            Self::Session => session_cookie(answer).is_some(),
        }
    }
}

/// A question: what is asked of the server.
#[derive(Debug, Clone)]
pub struct Question {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
    good: Good,
}

impl Question {
    pub fn get(path: impl Into<String>) -> Self {
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        Self { method: Method::GET, path: path.into(), headers, body, good: Good::Status(StatusCode::OK) }
    }

    fn post(path: &str, kind: &'static str, body: String) -> Self {
        let question = Self { method: Method::POST, body: body.into(), ..Self::get(path) };
        question.with(CONTENT_TYPE, kind)
    }

    /// Something that is sent along.
    pub fn upload(path: &str, kind: &'static str, body: String) -> Self {
        Self::post(path, kind, body)
    }

    /// A change of what is there.
    pub fn patch(path: &str, kind: &'static str, body: String) -> Self {
        Self { method: Method::PATCH, ..Self::post(path, kind, body) }
    }

    /// It is answered without a word.
    pub fn delete(path: &str) -> Self {
        let question = Self { method: Method::DELETE, ..Self::get(path) };
        question.wants(StatusCode::NO_CONTENT)
    }

    /// Signing in as a browser does. It is answered by leading on to a page.
    pub fn sign_in_form(username: &str, password: &str) -> Self {
        // Passwords here are words of plain letters, digits and dashes: nothing to encode.
        let form = format!("identifier={username}&password={password}");
        let question = Self::post("/do/sign-in", "application/x-www-form-urlencoded", form);
        Self { good: Good::Session, ..question.with(ACCEPT, "text/html") }
    }

    /// Signing in as a program does.
    pub fn sign_in_call(username: &str, password: &str) -> Self {
        let body = serde_json::json!({ "identifier": username, "password": password }).to_string();
        Self::post("/api/v1/auth/login", "application/json", body)
    }

    /// The status of a good answer, where it is another than 200.
    pub fn wants(self, good: StatusCode) -> Self {
        Self { good: Good::Status(good), ..self }
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

    /// Asks and wants the good answer, nothing else.
    pub async fn fetch(&mut self, question: &Question) -> Result<Answer> {
        let answer = self.ask(question).await?;
        ensure!(question.good.fits(&answer), "{} was answered with {}", question.path, answer.status);
        Ok(answer)
    }
}

/// Signs in as a browser does.
pub async fn sign_in_with_cookie(address: SocketAddr, username: &str, password: &str) -> Result<Identity> {
    let answer = Connection::open(address).await?.fetch(&Question::sign_in_form(username, password)).await?;
    session_cookie(&answer).map(Identity::Cookie).context("signing in brought no session")
}

/// The session that an answer hands out.
fn session_cookie(answer: &Answer) -> Option<String> {
    let cookies = answer.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.filter_map(|cookie| cookie.split(';').next());
    pairs.find(|cookie| cookie.starts_with("session_token=")).map(str::to_owned)
}

/// Signs in as a program does.
pub async fn sign_in_with_token(address: SocketAddr, username: &str, password: &str) -> Result<Identity> {
    let question = Question::sign_in_call(username, password);
    let answer = Connection::open(address).await?.fetch(&question).await?.json()?;
    let token = answer.get("access_token").and_then(Value::as_str).context("no access token came back")?;
    Ok(Identity::Bearer(token.to_owned()))
}
