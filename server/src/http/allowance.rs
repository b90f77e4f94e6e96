//! Limits at the door: every answer of the API says what is left, and one request too many is told when to come back. Forms
//! of pages are counted where nobody is signed in.

use super::{caller::Caller, guard};
use crate::{
    Backend,
    limits::{Allowance, Bucket, Limits},
};
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};

/// Counts requests to the API, and forms of strangers; everything else passes.
pub async fn bound(State(backend): State<Backend>, request: Request, next: Next) -> Response {
    let Some(bucket) = bucket(request.uri().path()) else { return next.run(request).await };
    let caller = request.extensions().get::<Caller>();
    if bucket == Bucket::Form && caller.is_some_and(|caller| caller.actor().is_ok()) {
        return next.run(request).await;
    }
    let client = match caller {
        Some(caller) => match caller.actor_or_key() {
            Ok(actor) => actor.key().map_or_else(|| actor.id().to_string(), |key| format!("key {key}")),
            Err(_) => Limits::client(&caller.origin),
        },
        None => "unknown".to_owned(),
    };
    let allowance = backend.limits.count(bucket, &client).await;
    let mut response = match allowance.check() {
        Ok(()) => next.run(request).await,
        Err(error) => guard::fail(error),
    };
    tell(&mut response, allowance);
    response
}

/// Which limit an address falls under: the narrowest.
fn bucket(path: &str) -> Option<Bucket> {
    let is_under =
        |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if is_under("/api/v1/auth") || is_under("/api/login") || is_under("/api/refresh") {
        Some(Bucket::Auth)
    } else if is_under("/api/v1/export") {
        Some(Bucket::Export)
    } else if is_under("/api/v1") || is_under("/api/users") {
        Some(Bucket::Api)
    } else if is_under("/do") {
        Some(Bucket::Form)
    } else {
        None
    }
}

fn tell(response: &mut Response, allowance: Allowance) {
    let Allowance { limit, remaining, resets_in, .. } = allowance;
    let seconds = resets_in.as_secs() + u64::from(resets_in.subsec_nanos() > 0);
    for (name, number) in [
        ("ratelimit-limit", u64::from(limit)),
        ("ratelimit-remaining", u64::from(remaining)),
        ("ratelimit-reset", seconds),
    ] {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from(number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t5_the_narrowest_limit_counts() {
        for (path, expected) in [
            ("/api/v1/auth/login", Some(Bucket::Auth)),
            ("/api/v1/auth", Some(Bucket::Auth)),
            ("/api/login", Some(Bucket::Auth)),
            ("/api/v1/authors", Some(Bucket::Api)),
            ("/api/v1/users", Some(Bucket::Api)),
            ("/api/users/search", Some(Bucket::Api)),
            ("/api/v1/export/users.csv", Some(Bucket::Export)),
            ("/api/openapi.json", None),
            ("/do/sign-in", Some(Bucket::Form)),
            ("/people", None),
        ] {
            assert_eq!(bucket(path), expected, "{path}");
        }
    }
}
