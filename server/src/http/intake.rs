//! What a request brings along, parsed at the edge: JSON bodies, query strings and names in addresses, with errors that say
//! what is wrong. Where a caller is needed, handlers take the outcome (`Result<Body<…>, Problem>`) and look at it only after the
//! caller: whoever may not ask is told that, whatever they sent.

use super::problem::Problem;
use crate::{
    Actor, Error,
    permit::{Action, Permit},
};
use axum::{
    Json,
    body::Bytes,
    extract::{
        FromRequest, FromRequestParts, Path, Query, Request,
        rejection::{JsonRejection, QueryRejection},
    },
    http::{StatusCode, request::Parts},
};
use domain::FieldErrors;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use std::{fmt::Display, str::FromStr};

/// The body of a request, read as JSON.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// The same where a body may be left out.
#[derive(Debug)]
pub struct MaybeBody<T>(pub Option<T>);

/// The query string of a request.
#[derive(Debug)]
pub struct Params<T>(pub T);

/// The person that an address names.
#[derive(Debug)]
pub struct Named<T>(pub T);

/// The person that an address names, and what of theirs.
#[derive(Debug)]
pub struct NamedWithin<P, T>(pub P, pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Json(body) =
            Json::<T>::from_request(request, state).await.map_err(|error| explain_json(&error))?;
        Ok(Self(body))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for MaybeBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(whole, state).await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::from(Error::TooLarge),
            _ => malformed("The body could not be read"),
        })?;
        if bytes.is_empty() {
            return Ok(Self(None));
        }
        let Body(body) = Body::from_request(Request::from_parts(parts, bytes.into()), state).await?;
        Ok(Self(Some(body)))
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

impl<S: Send + Sync, P: FromStr, T: FromStr> FromRequestParts<S> for NamedWithin<P, T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let names = Path::<(String, String)>::from_request_parts(parts, state).await.ok();
        let (person, thing) = names.map(|Path((person, thing))| (person.parse(), thing.parse())).unzip();
        let person = person.and_then(Result::ok).ok_or(Error::NotFound("User not found"))?;
        let thing = thing.and_then(Result::ok).ok_or(Error::NotFound("They have nothing with this id"))?;
        Ok(Self(person, thing))
    }
}

/// Permits the action on what the address names. Whoever's role may not do it is told that, whatever they named.
pub fn permit_on<A: Action>(
    actor: &Actor,
    named: Result<Named<A::Resource>, Problem>,
) -> Result<Permit<A>, Problem> {
    actor.check_role::<A>()?;
    let Named(resource) = named?;
    Ok(actor.permit::<A>(resource)?)
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
        Some((field, rest)) if is_a_name(field) => {
            let expected =
                rest.rsplit_once("expected ").map_or("another kind of value", |(_, expected)| expected);
            wrong(field, &format!("Send {}", expected.split(" at line").next().unwrap_or(expected)))
        }
        _ => malformed("The body does not have the shape that this operation takes"),
    }
}

/// Reads "…string: limit: invalid digit found in string", "…duplicate field `limit`" and "…unknown field `x`, expected one of
/// `search`, `limit`". The names that are repeated are our own.
fn explain_query(error: &QueryRejection) -> Problem {
    let words = error.body_text();
    let words = words.split_once("string: ").map_or(words.as_str(), |(_, rest)| rest);
    let mut quoted = words.split('`').skip(1).step_by(2);
    if words.contains("duplicate field") {
        return wrong(quoted.next().unwrap_or_default(), "This parameter came twice");
    }
    if words.contains("unknown field") {
        let known: Vec<&str> = quoted.skip(1).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return malformed(&format!(
            "The query has a parameter that this operation does not take. It takes: {known}"
        ));
    }
    match words.split_once(": ") {
        Some((name, rest))
            if is_a_name(name) && ["digit", "integer", "number"].iter().any(|word| rest.contains(word)) =>
        {
            wrong(name, "Send a whole number")
        }
        Some((name, _)) if is_a_name(name) => wrong(name, "Send another kind of value"),
        _ => malformed("The query cannot be read"),
    }
}

fn is_a_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn malformed(words: &str) -> Problem {
    Error::Malformed(words.to_owned()).into()
}

fn wrong(field: &str, words: &str) -> Problem {
    Error::Invalid(FieldErrors::one(field, words)).into()
}

/// A parameter that may be left out. Forms of browsers send empty what nobody filled in, so that is left out as well.
pub fn maybe_empty<'de, D, T>(value: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr,
    T::Err: Display,
{
    let text = String::deserialize(value)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

/// The same for a switch that is off where it is left out.
pub fn maybe_empty_switch<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    Ok(maybe_empty(value)?.unwrap_or_default())
}

/// A parameter of a query string, decoded.
pub fn parameter(query: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// The names of all parameters of a query string, decoded, each as often as it comes.
pub fn parameter_names(query: &str) -> Vec<String> {
    url::form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name.into_owned()).collect()
}

/// Every value of a parameter that may come several times, up to so many.
pub fn parameters(query: &str, name: &str, most: usize) -> Vec<String> {
    url::form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| key == name)
        .take(most)
        .map(|(_, value)| value.into_owned())
        .collect()
}

/// A text as part of an address.
pub fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
