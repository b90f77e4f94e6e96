//! The description of the REST API (OpenAPI), served as JSON and drawn as a page at `/api/docs`. `answers` adds what every
//! operation may answer, `examples` makes an example of each body.

mod answers;
mod examples;

use super::problem::ProblemBody;
use crate::Backend;
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use domain::role::BUILT_IN;
use serde_json::Value;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Object, ObjectBuilder, Type,
        schema::SchemaType,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

/// What stands above the routes; these bring their own descriptions.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Countersign",
        description = "Sign in with POST /api/v1/auth/login and send the access token as `Authorization: Bearer …`; or send an \
            API key, made under My account, in its place: it may do what it was made for, and nothing to the account itself. \
            Bodies are JSON in UTF-8, at most 1 MiB. Moments are RFC 3339 in UTC, such as `2026-11-21T09:30:00Z`, with up to six \
            decimals of a second. Lists come in pages: ask with `next_cursor` as `cursor` for the next one, until it is null. \
            Every error has the same shape: a word, a sentence, the wrong fields, and the request's id. One client may send 100 \
            requests a minute, 10 of them to sign in, unless the installation says otherwise; every answer says what is left."
    ),
    components(schemas(ProblemBody)),
    modifiers(&BearerToken)
)]
pub struct Description;

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build(),
        );
        openapi.components.get_or_insert_default().add_security_scheme("bearer", scheme);
    }
}

/// The whole description: the routes', with the answers and examples that they have in common.
pub fn complete(routes: &utoipa::openapi::OpenApi) -> Value {
    // What cannot be written as JSON cannot be described; the tests read it.
    let mut description = serde_json::to_value(routes).unwrap_or_default();
    answers::add(&mut description);
    description
}

/// A role that is asked for: the codes that every installation has, and what they mean.
pub fn role_asked_for() -> Object {
    let names: Vec<String> = BUILT_IN.iter().map(|role| format!("`{}` ({})", role.code, role.name)).collect();
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .description(Some(format!(
            "The code of the role to act in; your usual one when it is left out. Every installation has {}.",
            names.join(", ")
        )))
        .examples(BUILT_IN.iter().map(|role| role.code))
        .build()
}

/// Serves the description, written out once.
pub fn serve(description: &Value) -> MethodRouter<Backend> {
    let json = format!("{description:#}");
    get(move || async move { as_json(json) })
}

fn as_json(json: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response()
}
