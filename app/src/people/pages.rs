//! The pages of people: what each asks the service for, and where it is drawn.

use super::{
    history::{History, Reader},
    list::PeopleList,
};
use crate::{
    frame::{Framed, Surroundings},
    page::{Visit, draw},
    people::status::StatusBadge,
    ui::{Avatar, AvatarSize, Card, Crumb, Fact, Facts},
};
use domain::{
    FieldErrors, Permission, PersonId,
    listing::{PageSize, PeopleOrder, PeopleQuery, SearchText},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server::{
    Error, Result,
    people::{Person, api::read_cursor},
    roles::Role,
};

/// `/people`
#[component]
pub fn PeoplePage() -> impl IntoView {
    draw(async |visit| {
        let visible = visit.actor()?.sees_people()?;
        let query = read_query(&visit)?;
        let page = visit.backend.people.list(&visible, &query).await?;
        let roles = visit.backend.roles.all().await?;
        let now = visit.backend.ground.clock.now();
        let around = Surroundings::of(&visit).await?;
        let count = crate::people::list::count_words(&page.total);
        Ok(view! {
            <Framed around place="/people" title="People" count=count>
                <PeopleList query page roles now searched=visit.parameter("search").unwrap_or_default() />
            </Framed>
        })
    })
}

/// What the address bar asks for. A cursor or an order that is not ours begins the list anew rather than failing.
fn read_query(visit: &Visit) -> Result<PeopleQuery> {
    let search = SearchText::parse(&visit.parameter("search").unwrap_or_default())
        .map_err(|words| Error::Invalid(FieldErrors::one("search", words)))?;
    let order = visit.parameter("sort").and_then(|sort| sort.parse::<PeopleOrder>().ok()).unwrap_or_default();
    let cursor = visit.parameter("cursor").and_then(|cursor| read_cursor(&cursor).ok());
    let cursor = cursor.filter(|cursor| cursor.fits(order));
    Ok(PeopleQuery { search, order, cursor, size: PageSize::default() })
}

/// `/people/{id}`
#[component]
pub fn PersonPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    draw(async move |visit| {
        let actor = visit.actor()?;
        let visible = actor.sees_person()?;
        let id: PersonId = id.parse().map_err(|_| Error::NotFound("User not found"))?;
        let person = visit.backend.people.find(&visible, id).await?;
        let history = visit.backend.people.history(&visible, id).await?;
        let roles = visit.backend.roles.all().await?;
        let now = visit.backend.ground.clock.now();
        let crumbs =
            if actor.has(Permission::UsersView) { vec![Crumb::new("People", "/people")] } else { Vec::new() };
        let around = Surroundings::of(&visit).await?;
        Ok(view! {
            <Framed around place="/people" title=person.full_name.to_string() crumbs count=None>
                <div class="mx-auto grid max-w-[72rem] gap-5">
                    <PersonHead person=person.clone() roles=roles.clone() />
                    <div class="grid items-start gap-6 xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
                        <PersonFacts person roles now />
                        <Card title="History">
                            <History entries=history now reader=Reader::Other />
                        </Card>
                    </div>
                </div>
            </Framed>
        })
    })
}

/// The names of a person's roles, the usual one first.
pub(super) fn role_names(person: &Person, roles: &[Role]) -> String {
    let name = |code: &domain::RoleCode| {
        roles.iter().find(|role| role.code == *code).map_or(code.to_string(), |role| role.name.clone())
    };
    person.roles.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[component]
fn PersonHead(person: Person, roles: Vec<Role>) -> impl IntoView {
    view! {
        <div class="flex flex-wrap items-center gap-4">
            <Avatar name=person.full_name.to_string() size=AvatarSize::Head />
            <div class="min-w-0 flex-1 basis-60">
                <p class="text-head font-semibold tracking-tighter text-balance break-words">{person.full_name.to_string()}</p>
                <p class="mt-1 text-ink-soft">{role_names(&person, &roles)}</p>
                <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft">
                    <span class="min-w-0 font-mono text-label wrap-anywhere">{person.username.to_string()}</span>
                    <StatusBadge status=person.status />
                </p>
            </div>
        </div>
    }
}

/// The facts of an account, on its own page and on the account page.
#[component]
pub fn PersonFacts(person: Person, roles: Vec<Role>, now: domain::Timestamp) -> impl IntoView {
    let names = role_names(&person, &roles);
    view! {
        <Card title="Details">
            <Facts>
                <Fact name="Full name">{person.full_name.to_string()}</Fact>
                <Fact name="Username"><span class="font-mono text-label">{person.username.to_string()}</span></Fact>
                <Fact name="E-mail">{person.email.to_string()}</Fact>
                <Fact name="Roles">{names}</Fact>
                <Fact name="Last sign-in">{crate::people::list::when(person.last_login_at, now)}</Fact>
                <Fact name="Sign-ins"><span class="figures">{person.login_count}</span></Fact>
                <Fact name="Member since">{crate::people::list::when(Some(person.created_at), now)}</Fact>
                <Fact name="Id"><span class="font-mono text-label">{person.id.to_string()}</span></Fact>
            </Facts>
        </Card>
    }
}
