//! The guard at the door: bounds on size and time, no foreign writes, no panic that reaches a client, and the headers
//! that tell browsers to be strict.

use super::{
    allowance, cookies,
    cors::{self, Cors},
    metrics,
    problem::Problem,
    upload,
};
use crate::{Backend, Error, scim};
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use std::{any::Any, sync::Arc, time::Duration};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
};

/// What a form or a JSON body may weigh.
pub const LARGEST_BODY: usize = 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(30);

/// An error that a layer met before any page was drawn; whoever draws pages turns it into one.
#[derive(Debug, Clone)]
pub struct Failure(pub Arc<Error>);

/// Puts the guard around the routes. Outermost comes `identify`, so that everything has a request id.
pub fn enclose(routes: Router, backend: &Backend) -> Router {
    let compress = CompressionLayer::new()
        .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("font/")));
    routes
        .route_layer(from_fn(metrics::measure))
        .layer(CatchPanicLayer::custom(confess))
        .layer(from_fn_with_state(backend.clone(), allowance::bound))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(backend.clone(), refuse_foreign_writes))
        .layer(from_fn_with_state(backend.clone(), refuse_large_bodies))
        .layer(from_fn_with_state(backend.clone(), bound_time))
        .layer(from_fn_with_state(Cors::new(&backend.config.api), cors::share))
        .layer(from_fn(scim::tell_failures))
        .layer(compress)
        .layer(from_fn_with_state(backend.clone(), add_headers))
}

async fn bound_time(State(backend): State<Backend>, request: Request, next: Next) -> Response {
    let is_file = upload::largest(&backend, request.method(), request.uri().path()).is_some();
    let patience = if is_file { upload::PATIENCE } else { PATIENCE };
    tokio::time::timeout(patience, next.run(request)).await.unwrap_or_else(|_| fail(Error::TimedOut))
}

/// A panic becomes an error like any other: logged, told as "technical difficulties" with the request's id.
fn confess(panic: Box<dyn Any + Send>) -> Response {
    let words =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    fail(Error::Internal(anyhow::anyhow!("a panic: {}", words.unwrap_or("without words"))))
}

/// An answer that carries its error, so that a page can be drawn for it; JSON where none is.
pub fn fail(error: Error) -> Response {
    let error = Arc::new(error);
    let mut response = Problem::from(error.clone()).into_response();
    response.extensions_mut().insert(Failure(error));
    response
}

/// The same, where the rest of the body is not worth reading.
pub fn hang_up(error: Error) -> Response {
    let mut response = fail(error);
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// An unsafe request must come from our own pages: browsers say where a request comes from, and what comes from
/// elsewhere is refused. Clients that are no browsers say nothing, and pass unless they carry the session's cookie.
async fn refuse_foreign_writes(State(backend): State<Backend>, request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let is_known = is_from_here(request.headers(), &backend.config.public_url)
        || cors::is_shared(request.uri().path(), request.headers(), &backend.config.api);
    if is_safe || is_known {
        return next.run(request).await;
    }
    tracing::warn!(origin = ?request.headers().get(header::ORIGIN), "a write from a foreign page was refused");
    fail(Error::ForeignForm)
}

/// Where a browser says no more than its origin, that must be the host it asked for, or our public address: proxies may
/// write another host.
fn is_from_here(headers: &HeaderMap, public_url: &str) -> bool {
    let word = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if let Some(site) = word(HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match word(header::ORIGIN) {
        Some(origin) => is_of_host(origin, word(header::HOST)) || is_of_address(origin, public_url),
        // Neither header: no browser of our time. Without a cookie there is nothing to protect.
        None => cookies::session_token(headers).is_none() && cookies::pending_sign_in(headers).is_none(),
    }
}

fn is_of_host(origin: &str, host: Option<&str>) -> bool {
    let from = origin.split_once("://").map(|(_, from)| from);
    from.is_some() && from == host
}

/// Written as browsers write origins: in small letters, without the usual port. An address without a host has none.
fn is_of_address(origin: &str, address: &str) -> bool {
    let own = url::Url::parse(address).map(|address| address.origin());
    own.is_ok_and(|own| own.is_tuple() && own.ascii_serialization() == origin)
}

/// Refuses a body by its announced length before a byte of it is read.
async fn refuse_large_bodies(State(backend): State<Backend>, request: Request, next: Next) -> Response {
    let file = upload::largest(&backend, request.method(), request.uri().path());
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > file.unwrap_or(LARGEST_BODY)) {
        let mib = backend.config.imports.largest_mib;
        return hang_up(if file.is_some() { Error::FileTooLarge { mib } } else { Error::TooLarge });
    }
    next.run(request).await
}

async fn add_headers(State(backend): State<Backend>, request: Request, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let strict = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=()",
        ),
    ];
    for (name, value) in strict {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pages with a one-time link in their address tell not even ourselves where one came from.
    headers
        .entry(header::REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("strict-origin-when-cross-origin"));
    // Pages bring a policy of their own, with a nonce; everything else may load nothing at all.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ));
    // What was drawn for one person stays with that person.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if backend.config.is_https() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
    response
}
