//! The file of everything that is kept about somebody: a link and no script, by the session's cookie, with the limit that the API
//! has.

use crate::{page::file_of, people::read_id};
use axum::{
    extract::{Path, State},
    response::Response,
};
use server::{
    Backend,
    http::{caller::Caller, guard},
    privacy::api::respond,
};

/// `/account/data.json`
pub async fn own(State(backend): State<Backend>, caller: Caller) -> Response {
    file_of("/account/data", respond(&backend, &caller, None).await)
}

/// `/people/{id}/data.json`
pub async fn of_somebody(State(backend): State<Backend>, caller: Caller, Path(id): Path<String>) -> Response {
    match read_id(&id) {
        Ok(id) => file_of(&format!("/people/{id}"), respond(&backend, &caller, Some(id)).await),
        Err(error) => guard::fail(error),
    }
}
