//! Errors as SCIM tells them (RFC 7644, 3.12), out of the one table that says how each error is told.

use super::is_under;
use crate::{Error, http::guard::Failure};
use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    FieldErrors,
    person::{EmailAddress, ExternalId, Username},
};
use serde_json::json;
use std::time::Duration;

const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
pub const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/scim+json");

/// What kind of mistake it was, as the standard calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    InvalidFilter,
    InvalidPath,
    InvalidSyntax,
    InvalidValue,
    Mutability,
    NoTarget,
    Uniqueness,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::InvalidPath => "invalidPath",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidValue => "invalidValue",
            Self::Mutability => "mutability",
            Self::NoTarget => "noTarget",
            Self::Uniqueness => "uniqueness",
        }
    }
}

/// An error on its way out.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    kind: Option<Kind>,
    detail: String,
    retry_after: Option<Duration>,
}

pub type Answer<T> = Result<T, Refusal>;

impl Refusal {
    /// A bad request, of a kind that the standard has a word for.
    pub fn bad(kind: Kind, detail: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, kind: Some(kind), detail: detail.into(), retry_after: None }
    }

    pub fn plain(status: StatusCode, detail: &str) -> Self {
        Self { status, kind: None, detail: detail.to_owned(), retry_after: None }
    }

    fn of(error: &Error) -> Self {
        let told = error.told();
        let (status, kind, detail) = match error {
            Error::Invalid(errors) => (400, Some(Kind::InvalidValue), in_words(errors)),
            Error::Malformed(_) => (400, Some(Kind::InvalidSyntax), told.message),
            Error::Conflict(Username::TAKEN | EmailAddress::TAKEN | ExternalId::TAKEN) => {
                (409, Some(Kind::Uniqueness), told.message)
            }
            Error::TooLarge => (413, None, "That is more than one request may carry".to_owned()),
            Error::Unauthenticated => (401, None, "Send an API key as bearer token".to_owned()),
            Error::WrongRole => (403, None, "The key, or the role it acts in, may not do this".to_owned()),
            _ => (told.status, None, told.message),
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, kind, detail, retry_after: told.retry_after }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        error.log();
        Self::of(&error)
    }
}

/// Our fields by the names that a directory knows them by.
fn in_words(errors: &FieldErrors) -> String {
    let name = |field: &str| match field {
        "username" => "userName".to_owned(),
        "full_name" => "displayName".to_owned(),
        "email" => "emails".to_owned(),
        "external_id" => "externalId".to_owned(),
        other => other.to_owned(),
    };
    let words = errors.iter().map(|error| format!("{}: {}", name(&error.field), error.message));
    words.collect::<Vec<_>>().join(". ")
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut body = json!({
            "schemas": [ERROR], "status": self.status.as_u16().to_string(), "detail": self.detail,
        });
        if let Some(kind) = self.kind {
            body["scimType"] = kind.word().into();
        }
        let mut response =
            (self.status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body.to_string()).into_response();
        let headers = response.headers_mut();
        if let Some(wait) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// What a layer of the guard met before any of our routes: a directory understands no other words than SCIM's.
pub async fn tell_failures(request: Request, next: Next) -> Response {
    let is_ours = is_under(request.uri().path());
    let response = next.run(request).await;
    let Some(Failure(error)) = response.extensions().get::<Failure>().filter(|_| is_ours) else {
        return response;
    };
    let mut told = Refusal::of(error).into_response();
    for (name, value) in response.headers() {
        let is_of_the_body = [header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name);
        if !is_of_the_body {
            told.headers_mut().insert(name, value.clone());
        }
    }
    told
}
