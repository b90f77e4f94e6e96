//! Taking people along as a file: the menu beside the list, and the addresses that its links lead to. They are links and no
//! scripts, by the session's cookie, with the limit that the API has.

use crate::{
    page,
    people::bulk,
    ui::{ButtonTone, Icon, IconButton, Menu, MenuHeading, MenuLink, MenuRule},
};
use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use domain::BulkChangeId;
use leptos::prelude::*;
use server::{
    Backend, Error,
    http::{caller::Caller, intake::Params, problem::Problem},
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

/// `/people/export/users.csv` and `.json`, and `selected-ID.csv` and `.json` for those who were ticked
pub async fn download(
    State(backend): State<Backend>,
    caller: Caller,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    params: Result<Params<ExportParams>, Problem>,
) -> Response {
    let list = match (ticked(&file), query) {
        (Some((change, _)), _) => bulk::actions::page_of(change, "/people"),
        (None, Some(query)) => format!("/people?{query}"),
        (None, None) => "/people".to_owned(),
    };
    page::file_of(&list, answer(&backend, &caller, &file, params).await)
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
    let ticked = ticked(file);
    let format = match ticked.map_or(file, |(_, kind)| kind) {
        "users.csv" | "csv" => Format::Csv { marked: params.is_marked() },
        "users.json" | "json" => Format::Json,
        _ => return Err(Error::NotFound("There is no such export. Begin at the list.")),
    };
    if let Some((change, _)) = ticked {
        let whom = Whom::These(backend.people.chosen_for_export(actor, change).await?);
        return file_of(backend, actor, &caller.origin, whom, format).await;
    }
    respond(backend, actor, &caller.origin, params, format).await
}

/// The choice that a file is of, and which kind of file it is; nothing where the file is of a list.
fn ticked(file: &str) -> Option<(BulkChangeId, &str)> {
    let (id, kind) = file.strip_prefix("selected-")?.split_once('.')?;
    Some((id.parse().ok()?, kind))
}
