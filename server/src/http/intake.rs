//! What a request brings along, parsed at the edge: JSON bodies, query strings and names in addresses, with errors that say
//! what is wrong.

use super::problem::Problem;
use crate::Error;
use axum::{
    Json,
    extract::{
        FromRequest, FromRequestParts, Path, Query, Request,
        rejection::{JsonRejection, QueryRejection},
    },
    http::{StatusCode, request::Parts},
};
use domain::FieldErrors;
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// The body of a request, read as JSON.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// The query string of a request.
#[derive(Debug)]
pub struct Params<T>(pub T);

/// The person that an address names.
#[derive(Debug)]
pub struct Named<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Json(body) =
            Json::<T>::from_request(request, state).await.map_err(|error| explain_json(&error))?;
        Ok(Self(body))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parsed = Query::<T>::from_request_parts(parts, state).await;
        let Query(params) = parsed.map_err(|error| explain_query(&error))?;
        Ok(Self(params))
    }
}

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let name = Path::<String>::from_request_parts(parts, state).await.ok();
        let parsed = name.and_then(|Path(name)| name.parse().ok());
        parsed.map(Self).ok_or_else(|| Error::NotFound("User not found").into())
    }
}

/// Says which field is wrong, and never repeats what was sent: it may have been a password.
fn explain_json(rejection: &JsonRejection) -> Problem {
    match rejection {
        JsonRejection::MissingJsonContentType(_) => malformed("Send the body as application/json"),
        JsonRejection::JsonSyntaxError(_) => malformed("The body is no valid JSON"),
        JsonRejection::JsonDataError(error) => explain_data(&error.body_text()),
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge.into(),
        _ => malformed("The body could not be read"),
    }
}

/// Reads "…target type: field: invalid type: …" and "…target type: missing field `field` at line …".
fn explain_data(words: &str) -> Problem {
    let words = words.split_once("type: ").map_or(words, |(_, rest)| rest);
    let quoted = words.split('`').nth(1).unwrap_or_default();
    if words.starts_with("missing field") {
        return wrong(quoted, "This field is missing");
    }
    if words.contains("duplicate field") {
        return wrong(quoted, "This field came twice");
    }
    if words.contains("unknown field") {
        return malformed("The body has a field that this operation does not take");
    }
    match words.split_once(": invalid ") {
        Some((field, rest)) if field.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {
            let expected =
                rest.rsplit_once("expected ").map_or("another kind of value", |(_, expected)| expected);
            wrong(field, &format!("Send {}", expected.split(" at line").next().unwrap_or(expected)))
        }
        _ => malformed("The body does not have the shape that this operation takes"),
    }
}

fn explain_query(error: &QueryRejection) -> Problem {
    let words = error.body_text();
    match words.split('`').nth(1).filter(|_| words.contains("duplicate field")) {
        Some(field) => wrong(field, "This parameter came twice"),
        None => {
            malformed("The query has a parameter that this operation does not take, or one of another kind")
        }
    }
}

fn malformed(words: &str) -> Problem {
    Error::Malformed(words.to_owned()).into()
}

fn wrong(field: &str, words: &str) -> Problem {
    Error::Invalid(FieldErrors::one(field, words)).into()
}

/// A parameter of a query string, decoded.
pub fn parameter(query: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// A text as part of an address.
pub fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
