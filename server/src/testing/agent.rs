//! Whoever drives the application in a test: a browser that keeps its cookies, or a client with a token.

use crate::at_rest::MARK;
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, header, request::Builder},
};
use serde_json::Value;
use std::{collections::BTreeMap, net::SocketAddr};
use tower::ServiceExt;

/// Sends requests straight into the router.
#[derive(Clone)]
pub struct Agent {
    routes: Router,
    pub cookies: BTreeMap<String, String>,
    pub bearer: Option<String>,
    /// More headers for every request.
    pub headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: axum::http::HeaderMap,
    pub body: String,
}

impl Agent {
    pub(super) const fn new(routes: Router) -> Self {
        Self { routes, cookies: BTreeMap::new(), bearer: None, headers: Vec::new() }
    }

    pub async fn get(&mut self, path: &str) -> Reply {
        let request =
            self.request("GET", path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
        self.send(request).await
    }

    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    pub async fn post_json(&mut self, path: &str, body: &Value) -> Reply {
        self.post_raw(path, "application/json", body.to_string()).await
    }

    pub async fn post_raw(&mut self, path: &str, content_type: &str, body: impl Into<Body>) -> Reply {
        let request =
            self.request("POST", path).header(header::CONTENT_TYPE, content_type).body(body.into()).unwrap();
        self.send(request).await
    }

    pub async fn send_json(&mut self, method: &str, path: &str, body: &Value) -> Reply {
        let request = self.request(method, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub async fn delete(&mut self, path: &str) -> Reply {
        let request = self.request("DELETE", path).body(Body::empty()).unwrap();
        self.send(request).await
    }

    /// A request with this agent's cookies and token on it, to be finished and sent.
    pub fn request(&self, method: &str, path: &str) -> Builder {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:3000");
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request =
                request.header(header::COOKIE, pairs.join("; ")).header("sec-fetch-site", "same-origin");
        }
        if let Some(token) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.headers.iter().fold(request, |request, (name, value)| request.header(name, value))
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> Reply {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))));
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let line = cookie.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() || line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        assert!(
            !holds_sealed_text(&body),
            "an answer tells a text as it is kept: {}",
            String::from_utf8_lossy(&body)
        );
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Whether something stands there that was to be decrypted first.
fn holds_sealed_text(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    text.match_indices(MARK).any(|(at, mark)| {
        let rest = text.get(at + mark.len()..).unwrap_or_default();
        let letters =
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')).count();
        // A key's name, the number and the tag alone are longer than what somebody calls themselves in a test.
        letters > 40
    })
}
