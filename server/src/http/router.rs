//! Every REST route, as a table of contents.

use super::{assets, health, jwks, metrics, openapi};
use crate::{Backend, Error, api_keys, identity, links, people};
use axum::{Router, routing::get};
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of the REST API with their description.
pub fn api() -> OpenApiRouter<Backend> {
    OpenApiRouter::with_openapi(openapi::Description::openapi())
        .routes(routes!(identity::api::login))
        .routes(routes!(identity::second_step_api::show_code))
        .routes(routes!(identity::second_step_api::send_code))
        .routes(routes!(identity::second_step_api::ask_for_passkey))
        .routes(routes!(identity::second_step_api::step_up))
        .routes(routes!(identity::second_step_api::send_step_up_code))
        .routes(routes!(identity::second_step_api::ask_for_own_passkey))
        .routes(routes!(identity::api::logout))
        .routes(routes!(identity::api::refresh))
        .routes(routes!(identity::api::me))
        .routes(routes!(identity::short_api::short_login))
        .routes(routes!(identity::short_api::short_refresh))
        .routes(routes!(links::api::register))
        .routes(routes!(links::api::forgot))
        .routes(routes!(links::api::reset))
        .routes(routes!(people::account_api::show, people::account_api::update))
        .routes(routes!(identity::sessions::api::change_password))
        .routes(routes!(identity::sessions::api::list, identity::sessions::api::end_all))
        .routes(routes!(identity::sessions::api::end_others))
        .routes(routes!(identity::sessions::api::end_one))
        .routes(routes!(api_keys::api::list, api_keys::api::make))
        .routes(routes!(api_keys::api::revoke))
        .routes(routes!(people::api::list))
        .routes(routes!(people::api::find))
}

/// The description of the API, complete.
pub fn description() -> Value {
    openapi::complete(&api().into_openapi())
}

/// Everything that is no page: the API and its description, the files, and the signs of life.
pub fn routes(backend: &Backend) -> Router {
    let (api, described) = api().split_for_parts();
    api.route("/api/openapi.json", openapi::serve(&openapi::complete(&described)))
        .route("/api/{*rest}", axum::routing::any(nothing_here))
        .route("/assets/{hash}/{*path}", get(assets::asset))
        .route("/favicon.ico", get(assets::well_known_file))
        .route("/robots.txt", get(assets::well_known_file))
        .route("/.well-known/jwks.json", get(jwks::jwks))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::metrics))
        .method_not_allowed_fallback(wrong_method)
        .with_state(backend.clone())
}

async fn wrong_method() -> super::problem::Problem {
    Error::MethodNotAllowed.into()
}

async fn nothing_here() -> super::problem::Problem {
    Error::NotFound("There is no such address in the API. GET /api/openapi.json describes all there are.")
        .into()
}
