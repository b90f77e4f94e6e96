//! The limit for pages: a bare axum handler in a process of its own that answers the same bytes to every request.

use crate::client::Answer;
use anyhow::{Context, Result};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue},
    routing::get,
    serve::ListenerExt,
};
use hyper::body::Bytes;
use std::{env, fs, io::Write, net::SocketAddr, path::Path, process::Stdio, sync::Arc};
use tempfile::NamedTempFile;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
    process::{Child, Command},
};

/// What belongs to one connection or one answer, and is made anew by whoever answers.
const OF_THE_CONNECTION: [&str; 4] = ["connection", "content-length", "date", "transfer-encoding"];

/// A running bare handler. It ends when this is dropped.
pub struct Bare {
    pub child: Child,
    pub address: SocketAddr,
    _answer: NamedTempFile,
}

impl Bare {
    /// Starts one that answers with these bytes.
    pub async fn start(answer: &Answer) -> Result<Self> {
        let mut file = NamedTempFile::new()?;
        for (name, value) in &answer.headers {
            if !OF_THE_CONNECTION.contains(&name.as_str()) {
                writeln!(file, "{name}: {}", value.to_str()?)?;
            }
        }
        writeln!(file)?;
        file.write_all(&answer.body)?;
        let mut child = Command::new(env::current_exe()?)
            .arg("bare")
            .arg(file.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().context("the bare handler has no output")?;
        BufReader::new(output).read_line(&mut line).await?;
        Ok(Self {
            child,
            address: line.trim().parse().context("the bare handler did not start")?,
            _answer: file,
        })
    }
}

/// Serves the bytes in this file: lines of headers, an empty line, the body. Says its address first.
pub async fn serve(file: &Path) -> Result<()> {
    let bytes = fs::read(file)?;
    let end = bytes.windows(2).position(|pair| pair == b"\n\n").context("the answer has no head")?;
    let (head, body) = bytes.split_at(end);
    let mut headers = HeaderMap::new();
    for (name, value) in std::str::from_utf8(head)?.lines().filter_map(|line| line.split_once(": ")) {
        headers.append(HeaderName::try_from(name)?, HeaderValue::from_str(value)?);
    }
    let body = Bytes::copy_from_slice(body.get(2..).unwrap_or_default());
    let routes = Router::new().fallback(get(answer)).with_state(Arc::new((headers, body)));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    crate::figures::print(&listener.local_addr()?.to_string());
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, routes).await?;
    Ok(())
}

async fn answer(State(answer): State<Arc<(HeaderMap, Bytes)>>) -> (HeaderMap, Bytes) {
    (answer.0.clone(), answer.1.clone())
}
