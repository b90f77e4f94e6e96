//! SCIM 2.0 (RFC 7643, RFC 7644): how a company's directory, such as Entra ID or Okta, looks after accounts with an API key.
//! It says how somebody should be; the same services do it as for everybody else.

mod api;
mod body;
mod discovery;
mod filter;
#[cfg(test)]
mod model;
mod name;
mod patch;
mod question;
mod refusal;
mod resource;
mod shown;
mod version;
mod wishes;

pub use refusal::tell_failures;

use crate::{Backend, Error, config};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{any, get, post},
};
use refusal::Refusal;

const ROOT: &str = "/scim/v2";
/// The schema of a person.
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// What a resource or an operation may weigh: a person is a thousandth of it.
const LARGEST_BODY: usize = 256 * 1024;

/// Whether a directory asks, rather than a browser or a program of ours.
pub fn is_under(path: &str) -> bool {
    path.strip_prefix("/scim").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The routes, or nothing where the configuration has turned them off.
pub fn routes(rules: &config::Scim) -> Router<Backend> {
    if !rules.enabled {
        return Router::new().route("/scim/{*rest}", any(turned_off));
    }
    Router::new()
        .route("/scim/v2/Users", get(api::list).post(api::create))
        .route("/scim/v2/Users/.search", post(api::search))
        .route(
            "/scim/v2/Users/{id}",
            get(api::find).put(api::replace).patch(api::patch).delete(api::deprovision),
        )
        .route("/scim/v2/ServiceProviderConfig", get(discovery::config))
        .route("/scim/v2/ResourceTypes", get(discovery::resource_types))
        .route("/scim/v2/ResourceTypes/{name}", get(discovery::resource_type))
        .route("/scim/v2/Schemas", get(discovery::schemas))
        .route("/scim/v2/Schemas/{name}", get(discovery::schema))
        .route("/scim/{*rest}", any(nothing_here))
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

async fn nothing_here() -> Refusal {
    Error::NotFound("There is no such address. GET /scim/v2/ResourceTypes lists what there is.").into()
}

async fn turned_off() -> Refusal {
    Error::NotFound("SCIM is turned off here (scim.enabled)").into()
}

async fn wrong_method() -> Refusal {
    Error::MethodNotAllowed.into()
}
