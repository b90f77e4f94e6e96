//! One request to a service outside, over a connection of its own: with TLS by rustls where the address asks for it, with a
//! time-out over all of it, and with a bound on what is read of the answer. Redirects are not followed.

use super::Authorities;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request,
    body::{Bytes, Incoming},
    client::conn::http1,
    header,
    http::request::Builder,
};
use hyper_util::rt::TokioIo;
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::JoinSet,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::ServerName},
};
use url::Url;

const LARGEST_ANSWER: usize = 64 * 1024;

/// What a service answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// For how long it asks to be left in peace, where it says so in seconds.
    pub retry_after: Option<Duration>,
    pub body: Vec<u8>,
}

/// Why there is no answer. Says nothing of what was sent.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error("it did not answer within {} ms", .0.as_millis())]
    TimedOut(Duration),
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    #[error("its answer cannot be read: {0}")]
    Garbled(String),
}

/// Posts a form and reads the answer.
pub async fn post_form(
    url: &Url,
    authorization: Option<&str>,
    fields: &[(&str, &str)],
    own: &Authorities,
    patience: Duration,
) -> Result<Answer, Trouble> {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request =
        Request::post(target(url)).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    exchange_within(url, request, authorization, form, own, patience).await
}

/// Posts JSON and reads the answer.
pub async fn post_json(url: &Url, body: &serde_json::Value, patience: Duration) -> Result<Answer, Trouble> {
    let request = Request::post(target(url)).header(header::CONTENT_TYPE, "application/json");
    exchange_within(url, request, None, body.to_string(), &Authorities::default(), patience).await
}

/// Reads what lies at an address.
pub async fn get(
    url: &Url,
    authorization: Option<&str>,
    own: &Authorities,
    patience: Duration,
) -> Result<Answer, Trouble> {
    exchange_within(url, Request::get(target(url)), authorization, String::new(), own, patience).await
}

fn target(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

async fn exchange_within(
    url: &Url,
    mut request: Builder,
    authorization: Option<&str>,
    body: String,
    own: &Authorities,
    patience: Duration,
) -> Result<Answer, Trouble> {
    let host = url.host_str().unwrap_or_default();
    let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    let request = request
        .header(header::HOST, authority)
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, concat!("countersign/", env!("CARGO_PKG_VERSION")))
        .header(header::CONNECTION, "close")
        .body(Full::new(Bytes::from(body)))
        .map_err(|cause| Trouble::Unreachable(cause.to_string()))?;
    tokio::time::timeout(patience, ask(url, request, own)).await.map_err(|_| Trouble::TimedOut(patience))?
}

async fn ask(url: &Url, request: Request<Full<Bytes>>, own: &Authorities) -> Result<Answer, Trouble> {
    let unreachable = |cause: String| Trouble::Unreachable(cause);
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let stream =
        TcpStream::connect((host.as_str(), port)).await.map_err(|cause| unreachable(cause.to_string()))?;
    if url.scheme() == "https" {
        let name = ServerName::try_from(host).map_err(|cause| unreachable(cause.to_string()))?;
        let stream =
            connector(own)?.connect(name, stream).await.map_err(|cause| unreachable(cause.to_string()))?;
        exchange(stream, request).await
    } else {
        exchange(stream, request).await
    }
}

/// TLS that trusts what browsers trust, and the authorities of one's own.
fn connector(own: &Authorities) -> Result<TlsConnector, Trouble> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    roots.extend(own.anchors());
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|cause| Trouble::Unreachable(cause.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Answer, Trouble> {
    let garbled = |cause: &dyn std::fmt::Display| Trouble::Garbled(cause.to_string());
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|cause| garbled(&cause))?;
    // Ends with this function, whether it got its answer or its time was over.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let response = sender.send_request(request).await.map_err(|cause| garbled(&cause))?;
    let (status, retry_after) = (response.status().as_u16(), retry_after(&response));
    let body = Limited::new(response.into_body(), LARGEST_ANSWER)
        .collect()
        .await
        .map_err(|cause| garbled(&cause))?;
    Ok(Answer { status, retry_after, body: body.to_bytes().to_vec() })
}

fn retry_after(response: &hyper::Response<Incoming>) -> Option<Duration> {
    let seconds = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    // Nobody is believed who wants to be left in peace for longer than an hour.
    Some(Duration::from_secs(seconds).min(Duration::from_secs(3_600)))
}
