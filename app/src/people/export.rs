//! Taking people along as a file: the menu beside the list, and the addresses that its links lead to. They are links and no
//! scripts, by the session's cookie, with the limit that the API has.

use crate::{
    page::{confirm_address, sign_in_address},
    people::bulk,
    ui::{ButtonTone, Icon, IconButton, Menu, MenuHeading, MenuLink, MenuRule},
};
use axum::{
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use server::{
    Backend, Error,
    http::{caller::Caller, guard, intake::Params, problem::Problem},
    people::{
        Whom,
        export::{
            Format,
            api::{ExportParams, file_of, respond},
        },
    },
};

const MENU: &str = "in-and-out";

/// The menu. `query` is what the list was asked for, as it stands in an address: without its order and its page.
#[component]
pub fn InAndOut(#[prop(into)] query: String) -> impl IntoView {
    let to = |file: &str, more: &str| {
        let parameters = [query.as_str(), more].into_iter().filter(|part| !part.is_empty());
        let parameters = parameters.collect::<Vec<_>>().join("&");
        let mark = if parameters.is_empty() { "" } else { "?" };
        format!("/people/export/{file}{mark}{parameters}")
    };
    let [spreadsheet, csv, json] = [to("users.csv", "bom=true"), to("users.csv", ""), to("users.json", "")];
    view! {
        <IconButton icon=Icon::Ellipsis label="Import and export" tone=ButtonTone::Secondary opens_menu=MENU />
        <Menu id=MENU label="Import and export">
            <MenuLink href="/people/import" label="Import people" icon=Icon::Upload />
            <MenuRule />
            <MenuHeading label="Export everybody in this list" />
            <MenuLink href=spreadsheet label="For a spreadsheet (CSV)" icon=Icon::Download />
            <MenuLink href=csv label="For a program (CSV)" icon=Icon::Download />
            <MenuLink href=json label="For a program (JSON)" icon=Icon::Download />
        </Menu>
    }
}

/// `/people/export/users.csv` and `.json`, and `selected.csv` and `.json` for those who were ticked
pub async fn download(
    State(backend): State<Backend>,
    caller: Caller,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    params: Result<Params<ExportParams>, Problem>,
) -> Response {
    let list = match query {
        _ if file.starts_with("selected.") => bulk::actions::PAGE.to_owned(),
        Some(query) => format!("/people?{query}"),
        None => "/people".to_owned(),
    };
    match answer(&backend, &caller, &file, params).await {
        Ok(response) => response,
        // Back to the list, where the export is asked for once more: a page that only downloads would leave one nowhere.
        Err(Error::StepUp(_)) => Redirect::to(&confirm_address(&list)).into_response(),
        Err(Error::Unauthenticated | Error::TokenExpired) => {
            Redirect::to(&sign_in_address(&list)).into_response()
        }
        Err(error) => guard::fail(error),
    }
}

async fn answer(
    backend: &Backend,
    caller: &Caller,
    file: &str,
    params: Result<Params<ExportParams>, Problem>,
) -> Result<Response, Error> {
    let actor = caller.actor()?;
    let Params(params) = params.map_err(|_| {
        Error::Malformed("The address of this export cannot be read. Begin at the list.".into())
    })?;
    let format = match file {
        "users.csv" | "selected.csv" => Format::Csv { marked: params.is_marked() },
        "users.json" | "selected.json" => Format::Json,
        _ => return Err(Error::NotFound("There is no such export. Begin at the list.")),
    };
    if file.starts_with("selected.") {
        let whom = Whom::These(backend.people.chosen_for_export(actor).await?);
        return file_of(backend, actor, &caller.origin, whom, format).await;
    }
    respond(backend, actor, &caller.origin, params, format).await
}
