//! The description of the REST API (OpenAPI), served as JSON and drawn as a page at `/api/docs`.

use super::problem::ProblemBody;
use crate::Backend;
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// What stands above the routes; these bring their own descriptions.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Countersign",
        description = "Sign in with POST /api/v1/auth/login and send the access token as `Authorization: Bearer …`; or send an API key, made under My account, in its place: it may do what it was made for, and nothing to the account itself. Every error has the same shape: a word, a sentence, the wrong fields, and the request's id."
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

/// Serves the description, written out once.
pub fn serve(description: utoipa::openapi::OpenApi) -> MethodRouter<Backend> {
    let json = description.to_pretty_json().unwrap_or_default();
    get(move || async move { as_json(json) })
}

fn as_json(json: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response()
}
