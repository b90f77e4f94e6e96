//! Whom a condition may mean that is nobody's username: people whose name, username or address holds it, each a link away.

use super::filter::address;
use crate::{
    page::Visit,
    ui::{Icon, Notice, Tone},
};
use domain::{
    FieldErrors,
    listing::{PageSize, PeopleColumn, PeopleOrder, PeopleQuery, SearchText},
};
use leptos::prelude::*;
use server::{Result, audit::TrailForm, http::intake::encode, people::Person};

/// More than these one looks for in the list of people.
const MOST: u32 = 5;

/// What was typed into a field, and who is found by it.
#[derive(Debug)]
pub struct Meant {
    field: &'static str,
    typed: String,
    people: Vec<Person>,
    are_more: bool,
}

impl Meant {
    pub const fn field(&self) -> &'static str {
        self.field
    }
}

/// Looks for the people whom conditions may mean that name nobody.
pub async fn look_up(visit: &Visit, form: &TrailForm, errors: &FieldErrors) -> Result<Vec<Meant>> {
    // Who may read the trail and not see people is told no names.
    let Ok(visible) = visit.actor()?.sees_people() else { return Ok(Vec::new()) };
    let people = &visit.backend.people;
    let is_by_name = people.can_order_by(PeopleColumn::Name);
    let mut found = Vec::new();
    for (field, typed) in [("actor", form.actor.trim()), ("subject", form.subject.trim())] {
        let search = SearchText::parse(typed).unwrap_or_default();
        if errors.of(field).is_none() || search.is_empty() {
            continue;
        }
        let query = PeopleQuery {
            search,
            order: if is_by_name { PeopleOrder::default() } else { PeopleOrder::BY_CREATION },
            size: PageSize::parse(MOST).unwrap_or_default(),
            ..PeopleQuery::default()
        };
        let page = people.list(&visible, &query).await?;
        let are_more = page.next.is_some() || page.resume.is_some();
        found.push(Meant { field, typed: typed.to_owned(), people: page.people, are_more });
    }
    Ok(found)
}

/// The people as links to the same question about them.
#[component]
pub fn DidYouMean(meant: Meant, form: TrailForm) -> impl IntoView {
    let title = format!("Nobody has the username “{}”", meant.typed);
    let lead = match meant.people.as_slice() {
        [] if meant.are_more => "Among very many people nobody was found yet; the list of people looks on.",
        [] => "Nobody’s name, username or e-mail address holds it either.",
        _ => "Did you mean one of these?",
    };
    let links = meant
        .people
        .iter()
        .map(|person| {
            let (name, username) = (person.full_name.to_string(), person.username.to_string());
            let href = about(&form, meant.field, &username);
            view! {
                <li class="wrap-anywhere">
                    <a class="link" href=href>{name}</a>" "<span class="font-mono text-label text-ink-faint">{username}</span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let list = (!links.is_empty()).then(|| view! { <ul class="mt-1 grid gap-1" data-meant="">{links}</ul> });
    let all = meant.are_more.then(|| {
        let href = format!("/people?search={}", encode(&meant.typed));
        view! { <p class="mt-1"><a class="link" href=href>"Look for more in the list of people"</a></p> }
    });
    view! {
        <Notice tone=Tone::Info icon=Icon::Search title>
            {lead}
            {list}
            {all}
        </Notice>
    }
}

/// The same question, with this person in the place of what was typed.
fn about(form: &TrailForm, field: &str, username: &str) -> String {
    let mut form = form.clone();
    let condition = if field == "actor" { &mut form.actor } else { &mut form.subject };
    username.clone_into(condition);
    address(&form, "")
}
