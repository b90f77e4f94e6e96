//! The list of people: search, filters, a table whose heads sort, and pages to leaf through. The address bar holds its state.

pub mod actions;
mod columns;
pub mod everybody;
mod filters;
mod link;
pub mod page;
mod row;
mod selection;
mod words;

pub(crate) use words::when;
pub use words::with_commas;

use crate::ui::{ButtonLink, ButtonTone, EmptyState, Icon, Pagination, Table};
use columns::Shown;
use domain::{PersonId, Timestamp, listing::Cursor};
use filters::FilterBar;
use leptos::prelude::*;
use link::Link;
use row::Drawing;
use server::{people::Page, roles::Role};

/// The list with everything around it.
#[component]
fn PeopleList(
    link: Link,
    /// The address of exactly this page of it.
    here: String,
    page: Page,
    roles: Vec<Role>,
    shown: Shown,
    now: Timestamp,
    /// Who looks, where they may manage accounts.
    manager: Option<PersonId>,
) -> impl IntoView {
    let sentence = filters::sentence(&link, &roles);
    let table = if page.people.is_empty() {
        nobody(&link, &page)
    } else if let Some(manager) = manager {
        let drawing =
            Drawing { roles: &roles, now, searched: &link.searched, shown: &shown, manager: Some(manager) };
        let rows = page.people.iter().map(|person| drawing.row(person)).collect_view();
        selection::table(&link, here, &page, manager, &shown, rows.into_any())
    } else {
        let drawing = Drawing { roles: &roles, now, searched: &link.searched, shown: &shown, manager };
        let rows = page.people.iter().map(|person| drawing.row(person)).collect_view();
        let (columns, whole) = (shown.heads(&link, false), shown.is_chosen());
        view! { <Table label="People" columns whole>{rows}</Table> }.into_any()
    };
    let summary = words::summary(&page.total, page.people.len());
    let previous = page.previous.as_ref().map(|cursor| link.to(Some(cursor)));
    let next = page.next.as_ref().map(|cursor| link.to(Some(cursor)));
    let resume = page.resume.as_ref().map(|cursor| resume(&link, cursor));
    view! {
        <FilterBar link=link.clone() roles shown=shown.clone() />
        <p class="sr-only" role="status" id="people-said"></p>
        <div id="people-found">
            {sentence}
            {table}
            {resume}
            <Pagination summary previous next />
        </div>
    }
}

/// An empty page, with a way back.
fn nobody(link: &Link, page: &Page) -> AnyView {
    let text = match (link.searched.is_empty(), link.filters.is_empty()) {
        _ if page.resume.is_some() => "None among those who were looked at so far.",
        (true, true) => "This page of the list is empty.",
        (false, true) => "Try fewer letters, or a part of the e-mail address.",
        (_, false) => "Nobody fits all of this. Take something away, or look at everyone.",
    };
    view! {
        <EmptyState icon=Icon::Users title="No users found" text=text>
            <ButtonLink href="/people" label="Show everyone" tone=ButtonTone::Secondary />
        </EmptyState>
    }
    .into_any()
}

/// How to go on where only a part of the list was looked through.
fn resume(link: &Link, cursor: &Cursor) -> impl IntoView + use<> {
    let on = link.to(Some(cursor));
    let (why, or) = if link.filters.is_empty() {
        ("Words this short are looked for in 20,000 people at a time. ", ", or type one letter more.")
    } else {
        (
            "Those who fit are far apart in this order, so a part of the list was looked through. ",
            ", or sort another way.",
        )
    };
    view! {
        <p class="pt-3 text-ink-soft">
            {why}
            <a class="link" href=on>"Look through the next ones"</a>
            {or}
        </p>
    }
}
