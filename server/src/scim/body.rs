//! What a directory sends: JSON whose names may be written in any case (RFC 7643, 2.1), and of which we keep a part.

use super::refusal::{Answer, Kind, Refusal};
use crate::Error;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{StatusCode, header, request::Parts},
};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, convert::Infallible};

/// So many fields one object may have.
const MOST_FIELDS: usize = 200;

/// An object with its names in small letters; what is null is left out, as if it had not been sent.
#[derive(Debug, Clone, Default)]
pub struct Fields(BTreeMap<String, Value>);

impl Fields {
    pub fn of(object: &Map<String, Value>) -> Answer<Self> {
        if object.len() > MOST_FIELDS {
            return Err(Refusal::bad(Kind::InvalidSyntax, "An object has too many attributes"));
        }
        let mut fields = BTreeMap::new();
        for (name, value) in object {
            if fields.insert(name.to_ascii_lowercase(), value.clone()).is_some() {
                return Err(Refusal::bad(
                    Kind::InvalidSyntax,
                    "An attribute came twice, in upper and lower case",
                ));
            }
        }
        fields.retain(|_, value| !value.is_null());
        Ok(Self(fields))
    }

    pub fn of_value(value: &Value, what: &str) -> Answer<Self> {
        let object = value.as_object();
        Self::of(object.ok_or_else(|| Refusal::bad(Kind::InvalidValue, format!("Send {what} as an object")))?)
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(&name.to_ascii_lowercase())
    }

    pub fn text(&self, name: &str) -> Answer<Option<String>> {
        self.get(name).map(|value| text(value, name)).transpose()
    }
}

pub fn text(value: &Value, name: &str) -> Answer<String> {
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| Refusal::bad(Kind::InvalidValue, format!("Send {name} as a text")))
}

/// Entra ID sends `"True"` and `"False"`.
pub fn flag(value: &Value, name: &str) -> Answer<bool> {
    let word = value.as_str().map(str::to_ascii_lowercase);
    match (value, word.as_deref()) {
        (Value::Bool(flag), _) => Ok(*flag),
        (_, Some("true")) => Ok(true),
        (_, Some("false")) => Ok(false),
        _ => Err(Refusal::bad(Kind::InvalidValue, format!("Send {name} as true or false"))),
    }
}

/// The values of an attribute that may have several; directories send one without the list, too.
pub fn several<'a>(value: &'a Value, name: &str, most: usize) -> Answer<&'a [Value]> {
    let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    if values.len() > most {
        return Err(Refusal::bad(Kind::InvalidValue, format!("Send at most {most} values of {name}")));
    }
    Ok(values)
}

/// The last part of an address. One that cannot be read names nothing.
pub struct Named(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let name = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(name.map(|Path(name)| name).unwrap_or_default()))
    }
}

/// The object that a request carries.
pub async fn read(request: Request) -> Answer<Fields> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
    if kind != "application/scim+json" && kind != "application/json" {
        let words = "Send the body as application/scim+json";
        return Err(Refusal::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, words));
    }
    let bytes = Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::from(Error::TooLarge),
        _ => Refusal::bad(Kind::InvalidSyntax, "The body could not be read"),
    })?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Fields::of(&object),
        Ok(_) => Err(Refusal::bad(Kind::InvalidSyntax, "Send one object")),
        Err(_) => Err(Refusal::bad(Kind::InvalidSyntax, "The body is no valid JSON")),
    }
}
