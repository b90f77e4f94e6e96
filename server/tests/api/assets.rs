//! Files of a release: built in, compressed beforehand, kept for good under an address that changes with them.

use crate::support::routes;
use axum::{Router, body::Body, http::Request};
use server::{
    Backend,
    chance::Chance,
    clock::Clock,
    config::{Config, Passwords},
    http::assets::{File, Site},
    keys::Keys,
    testing::Engine,
};
use tower::ServiceExt;

const FILES: &[File] = &[
    File { path: "pkg/countersign.css", plain: b"plain css", brotli: Some(b"br css"), gzip: Some(b"gz css") },
    File { path: "pkg/countersign.wasm", plain: b"plain wasm", brotli: Some(b"br wasm"), gzip: None },
    File { path: "fonts/inter.woff2", plain: b"a font", brotli: None, gzip: None },
    File { path: "favicon.ico", plain: b"an icon", brotli: None, gzip: None },
];

const HASH: &str = "0123456789abcdef";

/// An application that carries its files inside, as a release does.
async fn release() -> (Router, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let cheap = Passwords { memory_kib: 64, iterations: 1, ..Passwords::default() };
    let config = Config { data_dir: folder.path().to_owned(), passwords: cheap, ..Config::default() };
    let chance = Chance::seeded(1);
    let keys = Keys::load_or_create(folder.path(), &chance).unwrap();
    let db = Engine::Sqlite.open(folder.path()).await;
    let site = Site::Embedded { hash: HASH, files: FILES };
    let backend = Backend::build(config, db, Clock::of_the_machine(), chance, &keys, site).await.unwrap();
    (routes(&backend), folder)
}

struct Got {
    status: u16,
    body: String,
    headers: axum::http::HeaderMap,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn get(routes: &Router, path: &str, accepts: &str) -> Got {
    let request = Request::get(path)
        .header("host", "x")
        .header("accept-encoding", accepts)
        .body(Body::empty())
        .unwrap();
    let response = routes.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = String::from_utf8_lossy(&axum::body::to_bytes(body, usize::MAX).await.unwrap()).into_owned();
    Got { status: parts.status.as_u16(), body, headers: parts.headers }
}

#[tokio::test]
async fn a_file_comes_in_the_best_form_that_the_browser_takes() {
    let (routes, _folder) = release().await;
    for (file, accepts, body, encoding) in [
        ("pkg/countersign.css", "gzip, deflate, br, zstd", "br css", "br"),
        ("pkg/countersign.css", "br;q=0.9, gzip;q=0.8", "br css", "br"),
        ("pkg/countersign.css", "gzip", "gz css", "gzip"),
        ("pkg/countersign.css", "br;q=0, gzip", "gz css", "gzip"),
        ("pkg/countersign.css", "br;q=0.0,gzip;q=0", "plain css", ""),
        ("pkg/countersign.css", "", "plain css", ""),
        ("pkg/countersign.css", "brotli", "plain css", ""),
        ("pkg/countersign.wasm", "gzip", "plain wasm", ""),
        ("fonts/inter.woff2", "br, gzip", "a font", ""),
    ] {
        let got = get(&routes, &format!("/assets/{HASH}/{file}"), accepts).await;
        assert_eq!(
            (got.status, got.body.as_str(), got.header("content-encoding")),
            (200, body, encoding),
            "{file} for {accepts:?}"
        );
        assert!(got.header("vary").contains("accept-encoding"), "{file}: a cache would mix the forms up");
    }
}

#[tokio::test]
async fn a_file_is_kept_for_good_under_its_present_address_alone() {
    let (routes, _folder) = release().await;
    let present = get(&routes, &format!("/assets/{HASH}/pkg/countersign.css"), "").await;
    assert_eq!(present.header("cache-control"), "public, max-age=31536000, immutable");
    let older = get(&routes, "/assets/fedcba9876543210/pkg/countersign.css", "").await;
    assert_eq!(
        (older.status, older.header("cache-control")),
        (200, "no-cache"),
        "a page of an older release"
    );
    let icon = get(&routes, "/favicon.ico", "").await;
    assert_eq!((icon.status, icon.header("cache-control")), (200, "public, max-age=86400"));
}

#[tokio::test]
async fn a_file_says_what_it_is() {
    let (routes, _folder) = release().await;
    for (file, kind) in [
        ("pkg/countersign.css", "text/css; charset=utf-8"),
        ("pkg/countersign.wasm", "application/wasm"),
        ("fonts/inter.woff2", "font/woff2"),
        ("favicon.ico", "image/x-icon"),
    ] {
        let got = get(&routes, &format!("/assets/{HASH}/{file}"), "").await;
        assert_eq!(
            (got.header("content-type"), got.header("x-content-type-options")),
            (kind, "nosniff"),
            "{file}"
        );
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_kept() {
    let (routes, _folder) = release().await;
    for path in ["pkg/nothing.css", "pkg", "", "../favicon.ico", "%2e%2e/favicon.ico", "%FF", "%00"] {
        let got = get(&routes, &format!("/assets/{HASH}/{path}"), "br").await;
        assert!(matches!(got.status, 400 | 404), "{path:?}: {} {}", got.status, got.body);
        assert!(!got.header("cache-control").contains("immutable"), "{path:?}");
    }
}
