//! What every operation may answer besides what is its own: the errors that stand in front of all of them, the headers, and an
//! example of each body. The examples of errors are made by the table that makes the errors.

use super::examples::example_of;
use crate::{Error, http::problem::Problem};
use domain::FieldErrors;
use serde_json::{Map, Value, json};
use std::time::Duration;

const REQUEST_ID: &str = "0198c0de5a7b7c3e9f10a2b3c4d5e6f7";

/// Completes every operation.
pub(super) fn add(description: &mut Value) {
    description["components"]["headers"] = headers();
    let components = description["components"].clone();
    let paths = description["paths"].as_object_mut().into_iter().flatten();
    for (path, methods) in paths {
        for operation in methods.as_object_mut().into_iter().flat_map(Map::values_mut) {
            complete(operation, path, &components);
        }
    }
}

/// The headers that answers carry.
fn headers() -> Value {
    let header = |kind: &str, says: &str| json!({ "description": says, "schema": { "type": kind } });
    json!({
        "X-Request-Id": header("string", "The id of the request, as logs and errors name it"),
        "RateLimit-Limit": header("integer", "How many requests a client may send within a minute"),
        "RateLimit-Remaining": header("integer", "How many of them are left"),
        "RateLimit-Reset": header("integer", "Seconds until there are more"),
        "Retry-After": header("integer", "Seconds to wait before the next try"),
        "WWW-Authenticate": header("string", "`Bearer`: send an access token"),
    })
}

fn complete(operation: &mut Value, path: &str, components: &Value) {
    let takes = Takes::of(operation, components);
    if let Some(body) = operation.pointer_mut("/requestBody/content/application~1json") {
        add_example(body, components);
    }
    let Some(answers) = operation["responses"].as_object_mut() else { return };
    for (status, words) in takes.common_answers() {
        answers.entry(status).or_insert_with(|| json!({ "description": words }));
    }
    for (status, answer) in answers.iter_mut() {
        let code = status.parse::<u16>().unwrap_or(0);
        answer["headers"] = headers_of(code);
        if code < 400 {
            if let Some(body) = answer.pointer_mut("/content/application~1json") {
                add_example(body, components);
            }
            continue;
        }
        if answer["content"].is_null() {
            answer["content"] =
                json!({ "application/json": { "schema": { "$ref": "#/components/schemas/ProblemBody" } } });
        }
        if let Some(body) = answer.pointer_mut("/content/application~1json")
            && body.get("example").is_none()
            && let Some(error) = takes.error(code, path)
        {
            body["example"] = serde_json::to_value(Problem::from(error).body(REQUEST_ID)).unwrap_or_default();
        }
    }
}

fn add_example(body: &mut Value, components: &Value) {
    if body.get("example").is_none() {
        body["example"] = example_of(&body["schema"], components);
    }
}

fn headers_of(status: u16) -> Value {
    let mut names = vec!["X-Request-Id", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"];
    match status {
        401 => names.push("WWW-Authenticate"),
        423 | 429 | 503 => names.push("Retry-After"),
        _ => {}
    }
    let headers = names
        .into_iter()
        .map(|name| (name.to_owned(), json!({ "$ref": format!("#/components/headers/{name}") })));
    Value::Object(headers.collect())
}

/// What an operation takes, as far as its errors depend on it.
struct Takes {
    token: bool,
    query: Option<String>,
    body: bool,
    /// The first field that the body must have.
    field: Option<String>,
}

impl Takes {
    fn of(operation: &Value, components: &Value) -> Self {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let mut queries = parameters.filter(|parameter| parameter["in"] == "query");
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let schema = super::examples::resolve(schema, components);
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Self {
            token: operation["security"].is_array(),
            query: queries.next().and_then(|parameter| text(&parameter["name"])),
            body: operation["requestBody"].is_object(),
            field: text(&schema["required"][0]),
        }
    }

    fn common_answers(&self) -> Vec<(&'static str, &'static str)> {
        let read = self.query.is_some() || self.body;
        let malformed =
            if self.body { "The body cannot be read" } else { "The query has a parameter that is not taken" };
        [
            (read, "400", malformed),
            (self.token, "401", "No good token"),
            (self.body, "413", "The body is larger than 1 MiB"),
            (read, "422", "A value is missing or wrong; `fields` names each"),
            (true, "429", "Too many requests; try again after `Retry-After`"),
            (true, "500", "Something went wrong on our side; it is in the log under the request's id"),
            (true, "503", "The database is away or much is asked just now; try again after `Retry-After`"),
        ]
        .into_iter()
        .filter_map(|(applies, status, words)| applies.then_some((status, words)))
        .collect()
    }

    /// An error with this status, as this operation would tell it.
    fn error(&self, status: u16, path: &str) -> Option<Error> {
        let quarter = Duration::from_secs(15 * 60);
        Some(match status {
            400 if self.body => Error::Malformed("The body is no valid JSON".into()),
            400 => Error::Malformed("The query has a parameter that this operation does not take".into()),
            401 if self.token || path.ends_with("/refresh") => Error::Unauthenticated,
            401 => Error::InvalidCredentials { left: None },
            403 if self.token => Error::WrongRole,
            403 => Error::Suspended,
            404 => Error::NotFound("User not found"),
            409 => Error::Conflict(domain::person::Username::TAKEN),
            410 => Error::LinkGone,
            413 => Error::TooLarge,
            422 => Error::Invalid(match (&self.field, &self.query) {
                (Some(field), _) => FieldErrors::one(field, "This field is missing"),
                (None, Some(_)) => FieldErrors::one("limit", "Send a whole number"),
                (None, None) => FieldErrors::default(),
            }),
            423 => Error::Locked { minutes: 15, retry_after: quarter },
            429 => Error::TooMany { retry_after: Duration::from_secs(60) },
            500 => Error::Internal(anyhow::anyhow!("an example")),
            503 => Error::unavailable("an example"),
            _ => return None,
        })
    }
}
