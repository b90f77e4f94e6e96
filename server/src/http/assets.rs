//! The files that pages load: scripts, styles, fonts. A release carries them inside, compressed; in development they are
//! read from the folder that the build writes. Their address holds a hash of them all, so browsers keep them for good.

use crate::Backend;
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::path::{Component, PathBuf};

/// A file that was built in.
#[derive(Debug)]
pub struct File {
    pub path: &'static str,
    pub plain: &'static [u8],
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

/// Where the files are.
#[derive(Debug, Clone)]
pub enum Site {
    Embedded { hash: &'static str, files: &'static [File] },
    Folder(PathBuf),
}

impl Site {
    /// What stands between `/assets/` and a file's own path.
    pub fn hash(&self) -> &str {
        match self {
            Self::Embedded { hash, .. } => hash,
            Self::Folder(_) => "development",
        }
    }

    /// The address of a file of the site.
    pub fn address(&self, path: &str) -> String {
        format!("/assets/{}/{path}", self.hash())
    }

    async fn serve(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        match self {
            Self::Embedded { files, .. } => {
                let file = files.iter().find(|file| file.path == path)?;
                let (bytes, encoding) = file.best(headers);
                Some(answer(path, Body::from(bytes), encoding))
            }
            Self::Folder(folder) => {
                let relative = PathBuf::from(path);
                if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
                    return None;
                }
                let bytes = tokio::fs::read(folder.join(relative)).await.ok()?;
                Some(answer(path, Body::from(bytes), None))
            }
        }
    }
}

impl File {
    /// The smallest form that the browser takes.
    fn best(&self, headers: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
        let accepted =
            headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let accepts = |name: &str| {
            accepted.split(',').any(|item| {
                let mut parts = item.split(';').map(str::trim);
                let refused = |weight: &str| weight.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
                parts.next() == Some(name) && !parts.any(refused)
            })
        };
        match (self.brotli, self.gzip) {
            (Some(bytes), _) if accepts("br") => (bytes, Some("br")),
            (_, Some(bytes)) if accepts("gzip") => (bytes, Some("gzip")),
            _ => (self.plain, None),
        }
    }
}

/// `/assets/{hash}/…`
pub async fn asset(
    State(backend): State<Backend>,
    Path((hash, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let Some(mut response) = backend.site.serve(&path, &headers).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A page of an older release still finds its file, but must not keep the new one under the old name.
    let lasting = matches!(&backend.site, Site::Embedded { hash: current, .. } if *current == hash);
    let cache = if lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// Files that browsers ask for by a name of their own.
pub async fn well_known_file(
    State(backend): State<Backend>,
    uri: axum::http::Uri,
    headers: HeaderMap,
) -> Response {
    let Some(mut response) = backend.site.serve(uri.path().trim_start_matches('/'), &headers).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    response
}

fn answer(path: &str, body: Body, encoding: Option<&'static str>) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("ico") => "image/x-icon",
        Some("png") => "image/png",
        Some("json" | "webmanifest") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
