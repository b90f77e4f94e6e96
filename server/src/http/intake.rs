//! What a request brings along, parsed at the edge: JSON bodies and query strings, with errors that say what is wrong.

use super::problem::Problem;
use crate::Error;
use axum::{
    Json,
    extract::{
        FromRequest, FromRequestParts, Query, Request,
        rejection::{JsonRejection, QueryRejection},
    },
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

/// The body of a request, read as JSON.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// The query string of a request.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Json(body) = Json::<T>::from_request(request, state).await.map_err(explain_json)?;
        Ok(Self(body))
    }
}

fn explain_json(rejection: JsonRejection) -> Problem {
    let message = match &rejection {
        JsonRejection::MissingJsonContentType(_) => "Send the body as application/json".to_owned(),
        JsonRejection::JsonSyntaxError(_) => "The body is no valid JSON".to_owned(),
        JsonRejection::JsonDataError(error) => plain(&error.body_text()),
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => return Error::TooLarge.into(),
        _ => "The body could not be read".to_owned(),
    };
    Error::Malformed(message).into()
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parsed = Query::<T>::from_request_parts(parts, state).await;
        let Query(params) =
            parsed.map_err(|error: QueryRejection| Error::Malformed(plain(&error.body_text())))?;
        Ok(Self(params))
    }
}

/// What serde says, without the framework's preface and without what the caller sent.
fn plain(text: &str) -> String {
    let words = text.rsplit_once(": ").map_or(text, |(_, words)| words);
    let words: String = words.chars().filter(|c| !c.is_control()).take(200).collect();
    format!("The request does not fit: {words}")
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
