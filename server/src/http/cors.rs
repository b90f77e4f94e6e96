//! Which other origins' pages may call the API: those that the configuration names, with a token of their own and never with
//! the cookie of whoever sits in front of the browser.

use crate::config::Api;
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use std::{sync::Arc, time::Duration};
use tower::{Layer, Service};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may remember what a preflight said.
const REMEMBERED: Duration = Duration::from_secs(600);

/// The origins, ready to be compared.
#[derive(Clone, Debug)]
pub struct Cors(Option<Arc<CorsLayer>>);

impl Cors {
    pub fn new(rules: &Api) -> Self {
        let origins: Vec<HeaderValue> =
            rules.cors_origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
        let told =
            ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after", "x-request-id"];
        let layer = CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins.clone()))
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
            .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT])
            .expose_headers(told.map(HeaderName::from_static))
            .max_age(REMEMBERED);
        Self((!origins.is_empty()).then(|| Arc::new(layer)))
    }
}

/// Answers preflights and says in the answers of the API which origin may read them.
pub async fn share(State(Cors(layer)): State<Cors>, request: Request, next: Next) -> Response {
    match layer {
        Some(layer) if is_api(request.uri().path()) => match layer.layer(next).call(request).await {
            Ok(response) => response.map(Body::new),
            Err(never) => match never {},
        },
        _ => next.run(request).await,
    }
}

/// Whether a page of a configured origin asks the API. Such a request brings its own token, so its cookies do not count.
pub fn is_shared(path: &str, headers: &HeaderMap, rules: &Api) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    is_api(path) && origin.is_some_and(|origin| rules.cors_origins.iter().any(|known| known == origin))
}

fn is_api(path: &str) -> bool {
    path.starts_with("/api/")
}
