//! Limits at the door: every answer of the API says what is left, and one request too many is told when to come back. Forms
//! of pages are counted where nobody is signed in, and those that cost a hash or prove who one is from everybody.

use super::{caller::Caller, guard};
use crate::{
    Backend,
    limits::{Allowance, Bucket, Limits},
    scim,
};
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};

/// Forms that are counted whoever sends them: with a session of one's own one could have any number of hashes computed.
const FOR_EVERYBODY: [&str; 9] = [
    "/do/sign-in",
    "/do/sign-in-with-passkey",
    "/do/verify",
    "/do/register",
    "/do/forgot-password",
    "/do/reset-password",
    "/do/accept-invitation",
    "/do/confirm",
    "/do/change-password",
];

/// Where people or the trail leave as a file.
const EXPORTS: [&str; 3] = ["/api/v1/export", "/people/export", "/audit/export"];

/// Counts requests to the API, and forms of strangers; everything else passes.
pub async fn bound(State(backend): State<Backend>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let Some(bucket) = bucket(path) else { return next.run(request).await };
    let caller = request.extensions().get::<Caller>();
    let is_in = caller.is_some_and(|caller| caller.actor().is_ok());
    if bucket == Bucket::Form && is_in && !FOR_EVERYBODY.contains(&path) {
        return next.run(request).await;
    }
    let client = match caller {
        Some(caller) => match caller.actor_or_key() {
            Ok(actor) if is_counted_by_person(bucket, path) => {
                actor.key().map_or_else(|| actor.id().to_string(), |key| format!("key {key}"))
            }
            _ => Limits::client(&caller.origin),
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

/// Whether whoever sends a good token is counted as themselves. Where one says who one is, a token says nothing: else each
/// that one has would be good for as many guesses again.
fn is_counted_by_person(bucket: Bucket, path: &str) -> bool {
    match bucket {
        Bucket::Api | Bucket::Export | Bucket::Scim => true,
        Bucket::Auth => {
            matches!(path, "/api/v1/auth/me" | "/api/v1/auth/logout")
                || path.starts_with("/api/v1/auth/step-up")
        }
        Bucket::Form | Bucket::Letters => false,
    }
}

/// Which limit an address falls under: the narrowest.
fn bucket(path: &str) -> Option<Bucket> {
    let is_under =
        |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if is_under("/api/v1/auth") || is_under("/api/login") || is_under("/api/refresh") {
        Some(Bucket::Auth)
    } else if EXPORTS.iter().any(|prefix| is_under(prefix)) || is_data_of_somebody(path) {
        Some(Bucket::Export)
    } else if is_under("/api/v1") || is_under("/api/users") {
        Some(Bucket::Api)
    } else if scim::is_under(path) {
        Some(Bucket::Scim)
    } else if is_under("/do") {
        Some(Bucket::Form)
    } else {
        None
    }
}

/// Whether this takes along everything that is kept about one person.
fn is_data_of_somebody(path: &str) -> bool {
    let is_api = path.starts_with("/api/v1/") && path.ends_with("/data");
    let is_page = ["/people/", "/account/"].iter().any(|place| path.starts_with(place));
    is_api || (is_page && path.ends_with("/data.json"))
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
            ("/people/export/users.csv", Some(Bucket::Export)),
            ("/audit/export/audit.csv", Some(Bucket::Export)),
            ("/audit", None),
            ("/api/v1/account/data", Some(Bucket::Export)),
            ("/api/v1/users/0198c0de-0000-7000-8000-000000000000/data", Some(Bucket::Export)),
            ("/account/data.json", Some(Bucket::Export)),
            ("/account/data", None),
            ("/scim/v2/Users", Some(Bucket::Scim)),
            ("/scimitar", None),
            ("/api/openapi.json", None),
            ("/do/sign-in", Some(Bucket::Form)),
            ("/people", None),
        ] {
            assert_eq!(bucket(path), expected, "{path}");
        }
    }
}
