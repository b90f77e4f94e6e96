//! Taking the trail along: the addresses that the page's links lead to, by the session's cookie, with the limit that the API has.

use super::filter;
use crate::page::file_of;
use axum::{
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use server::{
    Backend, Error,
    audit::{
        TrailForm,
        export::{Shape, respond},
    },
    http::{caller::Caller, intake},
};

/// Where the file of what the form asks for is.
pub fn address(form: &TrailForm, shape: Shape) -> String {
    let conditions = filter::query(form);
    let mark = if conditions.is_empty() { "" } else { "?" };
    format!("/audit/export/{}{mark}{conditions}", shape.file())
}

/// `/audit/export/audit.csv` and `.json`
pub async fn download(
    State(backend): State<Backend>,
    caller: Caller,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let form = filter::read(|name| intake::parameter(&query, name));
    let page = filter::address(&form, "");
    match answer(&backend, &caller, &file, &form).await {
        // The page says beside each field what is wrong with it.
        Err(Error::Invalid(_)) => Redirect::to(&page).into_response(),
        outcome => file_of(&page, outcome),
    }
}

async fn answer(backend: &Backend, caller: &Caller, file: &str, form: &TrailForm) -> Result<Response, Error> {
    let shape = Shape::ALL.into_iter().find(|shape| shape.file() == file);
    let shape = shape.ok_or(Error::NotFound("There is no such export. Begin at the audit trail."))?;
    respond(backend, caller.actor()?, &caller.origin, form, shape).await
}
