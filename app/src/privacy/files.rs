//! The file of everything that is kept about somebody: a link and no script, by the session's cookie, with the limit that the API
//! has.

use crate::page::{confirm_address, sign_in_address};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::PersonId;
use server::{
    Backend, Error, Result,
    http::{caller::Caller, guard},
    privacy::api::respond,
};

/// `/account/data.json`
pub async fn own(State(backend): State<Backend>, caller: Caller) -> Response {
    answer(respond(&backend, &caller, None).await, "/account/data")
}

/// `/people/{id}/data.json`
pub async fn of_somebody(State(backend): State<Backend>, caller: Caller, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<PersonId>() else { return guard::fail(Error::NotFound("User not found")) };
    answer(respond(&backend, &caller, Some(id)).await, &format!("/people/{id}"))
}

/// Back to the page where it is asked for once more: one that only downloads would leave one nowhere.
fn answer(outcome: Result<Response>, page: &str) -> Response {
    match outcome {
        Ok(response) => response,
        Err(Error::StepUp(_)) => Redirect::to(&confirm_address(page)).into_response(),
        Err(Error::Unauthenticated | Error::TokenExpired) => {
            Redirect::to(&sign_in_address(page)).into_response()
        }
        Err(error) => guard::fail(error),
    }
}
