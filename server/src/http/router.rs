//! Every REST route, as a table of contents.

use super::{assets, health, jwks, metrics, openapi};
use crate::{Backend, Error, api_keys, audit, identity, links, people, privacy, roles, scim, second_factor};
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
        .routes(routes!(people::preferences_api::show, people::preferences_api::change))
        .routes(routes!(
            links::email_change_api::show,
            links::email_change_api::ask,
            links::email_change_api::withdraw
        ))
        .routes(routes!(links::email_change_api::confirm))
        .routes(routes!(links::email_change_api::approve))
        .routes(routes!(links::email_change_api::stop))
        .routes(routes!(identity::sessions::api::change_password))
        .routes(routes!(identity::sessions::api::list, identity::sessions::api::end_all))
        .routes(routes!(identity::sessions::api::end_others))
        .routes(routes!(identity::sessions::api::end_one))
        .routes(routes!(api_keys::api::list, api_keys::api::make))
        .routes(routes!(api_keys::api::revoke))
        .routes(routes!(people::import::api::check))
        .routes(routes!(people::import::api::find))
        .routes(routes!(people::import::api::start))
        .routes(routes!(people::import::api::cancel))
        .routes(routes!(people::import::api::errors))
        .routes(routes!(people::export::api::as_csv))
        .routes(routes!(people::export::api::as_json))
        .routes(routes!(people::api::list, people::create_api::create))
        .routes(routes!(people::create_api::taken))
        .routes(routes!(people::api::find, people::person_api::update, people::person_api::suspend))
        .routes(routes!(people::person_api::restore))
        .routes(routes!(people::person_api::unlock))
        .routes(routes!(people::notes_api::list, people::notes_api::add))
        .routes(routes!(links::invitation_api::send_again, links::invitation_api::revoke))
        .routes(routes!(identity::sessions::of_others_api::list, identity::sessions::of_others_api::end_all))
        .routes(routes!(identity::sessions::of_others_api::end_one))
        .routes(routes!(api_keys::of_others_api::list))
        .routes(routes!(api_keys::of_others_api::revoke))
        .routes(routes!(second_factor::api::remove_all))
        .routes(routes!(privacy::api::own_data))
        .routes(routes!(privacy::api::data_of))
        .routes(routes!(privacy::api::erase))
        .routes(routes!(people::short_list_api::list, people::short_api::short_create))
        .routes(routes!(
            people::short_api::short_find,
            people::short_api::short_update,
            people::short_api::short_suspend
        ))
        .routes(routes!(people::short_list_api::search))
        .routes(routes!(audit::api::list))
        .routes(routes!(audit::export::as_csv))
        .routes(routes!(audit::export::as_json))
        .routes(routes!(roles::api::list, roles::api::make))
        .routes(routes!(roles::api::find, roles::api::change, roles::api::delete))
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
        .merge(scim::routes(&backend.config.scim))
        .with_state(backend.clone())
}

async fn wrong_method() -> super::problem::Problem {
    Error::MethodNotAllowed.into()
}

async fn nothing_here() -> super::problem::Problem {
    Error::NotFound("There is no such address in the API. GET /api/openapi.json describes all there are.")
        .into()
}
