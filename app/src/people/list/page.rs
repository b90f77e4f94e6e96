//! `/people`: what the address asks for, and where it is drawn.

use super::{PeopleList, columns::Shown, filters::FilterBar, link::Link, words::count_words};
use crate::{
    frame::{Framed, Surroundings},
    page::{Visit, draw},
    people::export::InAndOut,
    ui::{ButtonLink, ButtonTone, EmptyState, Icon},
};
use domain::{
    FieldErrors, Permission,
    listing::{PageSize, PeopleColumn, PeopleFilters, PeopleOrder, PeopleQuery, SearchText},
};
use leptos::prelude::*;
use server::{
    Error, Result,
    people::{People, api::read_cursor},
    roles::Role,
};

#[component]
pub fn PeoplePage() -> impl IntoView {
    let shown = Shown::of_this_browser();
    draw(async |visit| {
        let actor = visit.actor()?.clone();
        let visible = actor.sees_people()?;
        let roles = visit.backend.roles.all().await?;
        let people = &visit.backend.people;
        let query = match read_query(|name| visit.parameter(name), &roles, people) {
            Err(Error::Invalid(errors)) => return unsearched(&visit, errors, roles, shown).await,
            asked => asked?,
        };
        let page = people.list(&visible, &query).await?;
        let now = visit.backend.ground.clock.now();
        let around = Surroundings::of(&visit).await?;
        let count = count_words(&page.total);
        let link = link_of(&query, |name| visit.parameter(name), people);
        let here = link.to(query.cursor.as_ref());
        let manager = actor.has(Permission::UsersManage).then(|| actor.id());
        let create = manager.map(|_| {
            view! {
                <InAndOut query=link.found() />
                <ButtonLink href="/people/new" label="New person" icon=Icon::UserPlus compact=true />
            }
            .into_any()
        });
        Ok(view! {
            <Framed around place="/people" title="People" count=count action=create>
                <PeopleList link here page roles shown now manager />
            </Framed>
        }
        .into_any())
    })
}

/// The search and the filters alone, where what was typed is too long to be searched for: everybody is not the answer to it.
async fn unsearched(visit: &Visit, errors: FieldErrors, roles: Vec<Role>, shown: Shown) -> Result<AnyView> {
    let people = &visit.backend.people;
    let without_search = |name: &str| visit.parameter(name).filter(|_| name != "search");
    let query = read_query(without_search, &roles, people)?;
    let link = link_of(&query, |name| visit.parameter(name), people);
    let around = Surroundings::of(visit).await?;
    let error = errors.of("search").map(str::to_owned);
    visit.set_status(&Error::Invalid(errors));
    Ok(view! {
        <Framed around place="/people" title="People" count=None>
            <FilterBar link roles shown error />
            <p class="sr-only" role="status" id="people-said"></p>
            <div id="people-found">
                <EmptyState icon=Icon::Users title="Nothing was searched for" text="Type less into the search above.">
                    <ButtonLink href="/people" label="Show everyone" tone=ButtonTone::Secondary />
                </EmptyState>
            </div>
        </Framed>
    }
    .into_any())
}

/// A parameter of an address of the list.
pub(super) fn parameter(address: &str, name: &str) -> Option<String> {
    server::http::intake::parameter(address.split_once('?').map_or("", |(_, query)| query), name)
}

/// The list that is asked for by these parameters, without its page.
fn link_of(query: &PeopleQuery, parameter: impl Fn(&str) -> Option<String>, people: &People) -> Link {
    Link {
        searched: parameter("search").unwrap_or_default().trim().to_owned(),
        filters: query.filters.clone(),
        order: query.order,
        sorts_names: people.can_order_by(PeopleColumn::Name),
    }
}

/// The address of the list that a page was reached from, whose parameters it carries. It is written anew from what is
/// understood of them, so that it leads nowhere else.
pub(in crate::people) fn way_back(
    parameter: impl Fn(&str) -> Option<String>,
    roles: &[Role],
    people: &People,
) -> String {
    read_query(&parameter, roles, people).map_or_else(
        |_| Link::default().to(None),
        |query| link_of(&query, &parameter, people).to(query.cursor.as_ref()),
    )
}

/// The same for a form that names the list's address.
pub(in crate::people) async fn way_back_to(visit: &Visit, address: &str) -> String {
    // Whoever is nobody learns nothing of what there is by where they are led.
    if visit.actor().is_err() {
        return Link::default().to(None);
    }
    match visit.backend.roles.all().await {
        Ok(roles) => way_back(|name| parameter(address, name), &roles, &visit.backend.people),
        Err(_) => Link::default().to(None),
    }
}

/// What an address of the list asks for. A filter, a cursor or an order that is not ours is passed over rather than failing.
pub(super) fn read_query(
    parameter: impl Fn(&str) -> Option<String>,
    roles: &[Role],
    people: &People,
) -> Result<PeopleQuery> {
    let search = SearchText::parse(&parameter("search").unwrap_or_default())
        .map_err(|words| Error::Invalid(FieldErrors::one("search", words)))?;
    let mut filters = PeopleFilters::parse(|name| parameter(name), &mut FieldErrors::default());
    filters.role = filters.role.filter(|code| roles.iter().any(|role| role.code == *code));
    let order = parameter("sort").and_then(|sort| sort.parse::<PeopleOrder>().ok());
    let order = order.filter(|order| people.can_order_by(order.column)).unwrap_or_default();
    let cursor = parameter("cursor").and_then(|cursor| read_cursor(&cursor).ok());
    let cursor = cursor.filter(|cursor| cursor.fits(order, &filters));
    Ok(PeopleQuery { search, filters, order, cursor, size: PageSize::default() })
}
