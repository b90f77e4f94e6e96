//! The list of people: search, a table whose heads sort, and pages to leaf through. The address bar holds its state.

use super::{pages::role_names, status::StatusBadge};
use crate::{
    moments,
    ui::{
        Avatar, AvatarSize, ButtonLink, ButtonTone, Cell, CellKind, Column, CutText, EmptyState, FilterChip,
        Icon, MenuLink, Moment, Pagination, Row, RowMenu, SearchBox, Sort, Spare, Table,
    },
};
use domain::{
    Timestamp, folding,
    listing::{Cursor, PeopleColumn, PeopleOrder, PeopleQuery},
};
use leptos::prelude::*;
use server::{
    http::intake::encode,
    people::{Page, Person, Total, api::write_cursor},
    roles::Role,
};

/// The list with everything around it. `searched` is what was typed, as it was typed.
#[component]
pub fn PeopleList(
    query: PeopleQuery,
    page: Page,
    roles: Vec<Role>,
    now: Timestamp,
    searched: String,
) -> impl IntoView {
    let link = Link { searched: searched.trim().to_owned(), order: query.order };
    let order = query.order.to_string();
    let chip = (!link.searched.is_empty()).then(|| {
        let everyone = Link { searched: String::new(), order: query.order };
        view! {
            <div class="flex flex-wrap items-center gap-1.5 text-label text-ink-soft">
                <span>"whose name, username or e-mail has"</span>
                <FilterChip name="" value=link.searched.clone() remove=everyone.to(None) />
            </div>
        }
    });
    let rows = page.people.iter().map(|person| row(person, &roles, now, &link.searched)).collect_view();
    let table = if page.people.is_empty() {
        let text = if link.searched.is_empty() {
            "This page of the list is empty."
        } else {
            "Try fewer letters, or a part of the e-mail address."
        };
        view! {
            <EmptyState icon=Icon::Users title="No users found" text=text>
                <ButtonLink href="/people" label="Show everyone" tone=ButtonTone::Secondary />
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <Table label="People" columns=columns(&link)>{rows}</Table> }.into_any()
    };
    let summary = summary(&page.total, page.people.len());
    let previous = page.previous.as_ref().map(|cursor| link.to(Some(cursor)));
    let next = page.next.as_ref().map(|cursor| link.to(Some(cursor)));
    let resume = page.resume.as_ref().map(|cursor| {
        let on = link.to(Some(cursor));
        view! {
            <p class="pt-3 text-ink-soft">
                "Words this short are looked for in 20,000 people at a time. "
                <a class="link" href=on>"Look through the next ones"</a>
                ", or type one letter more."
            </p>
        }
    });
    view! {
        <div class="mb-4 flex flex-wrap items-center gap-2">
            <form class="w-full md:w-72" role="search" action="/people">
                <SearchBox label="Search people" name="search" value=link.searched.clone() />
                <input type="hidden" name="sort" value=order />
            </form>
            {chip}
        </div>
        {table}
        {resume}
        <Pagination summary previous next />
    }
}

/// The address of the list in some state.
struct Link {
    searched: String,
    order: PeopleOrder,
}

impl Link {
    fn to(&self, cursor: Option<&Cursor>) -> String {
        let mut parameters = Vec::new();
        if !self.searched.is_empty() {
            parameters.push(format!("search={}", encode(&self.searched)));
        }
        if self.order != PeopleOrder::default() {
            parameters.push(format!("sort={}", self.order));
        }
        if let Some(cursor) = cursor {
            parameters.push(format!("cursor={}", write_cursor(cursor)));
        }
        if parameters.is_empty() { "/people".into() } else { format!("/people?{}", parameters.join("&")) }
    }
}

fn columns(link: &Link) -> Vec<Column> {
    let sortable = |label, column: PeopleColumn| {
        let there = Link { searched: link.searched.clone(), order: link.order.toggled(column) };
        let now = (link.order.column == column).then_some(if link.order.descending {
            Sort::Descending
        } else {
            Sort::Ascending
        });
        Column::new(label).sorted(there.to(None), now)
    };
    vec![
        sortable("Name", PeopleColumn::Name),
        sortable("E-mail", PeopleColumn::Email),
        sortable("Username", PeopleColumn::Username).spare(Spare::Early),
        Column::new("Role").spare(Spare::Last),
        Column::new("Status"),
        sortable("Last sign-in", PeopleColumn::LastSignIn).spare(Spare::Late),
        sortable("Joined", PeopleColumn::Created).spare(Spare::Early),
        Column::actions(),
    ]
}

fn row(person: &Person, roles: &[Role], now: Timestamp, searched: &str) -> impl IntoView + use<> {
    let name = person.full_name.to_string();
    let page = format!("/people/{}", person.id);
    let email = person.email.to_string();
    let (menu, actions, write) =
        (format!("row-{}", person.id), format!("Actions for {name}"), format!("mailto:{}", encode(&email)));
    let (username, status, roles) = (person.username.to_string(), person.status, role_names(person, roles));
    let (last_sign_in, joined) = (when(person.last_login_at, now), when(Some(person.created_at), now));
    let marked = highlighted(&name, searched);
    let open = page.clone();
    view! {
        <Row>
            <Cell kind=CellKind::Lead>
                <a class="flex min-w-0 items-center gap-2.5 font-medium hover:underline" href=page>
                    <Avatar name=name size=AvatarSize::Row />
                    <span class="truncate">{marked}</span>
                </a>
            </Cell>
            <Cell kind=CellKind::Line class="text-ink-soft"><CutText text=email /></Cell>
            <Cell label="Username" spare=Spare::Early class="text-ink-soft"><CutText text=username /></Cell>
            <Cell spare=Spare::Last>{usual_role(&roles)}</Cell>
            <Cell><StatusBadge status /></Cell>
            <Cell label="Last sign-in" spare=Spare::Late class="text-ink-soft">{last_sign_in}</Cell>
            <Cell label="Joined" spare=Spare::Early class="text-ink-soft">{joined}</Cell>
            <RowMenu id=menu label=actions>
                <MenuLink href=open label="Open" icon=Icon::User />
                <MenuLink href=write label="Write an e-mail" icon=Icon::Mail />
            </RowMenu>
        </Row>
    }
}

/// The usual role, and how many there are besides; their names for those who listen or rest on it.
fn usual_role(names: &str) -> impl IntoView + use<> {
    let (usual, others) = names.split_once(", ").unwrap_or((names, ""));
    let more = (!others.is_empty()).then(|| {
        view! {
            <span class="text-ink-faint figures" aria-hidden="true">{format!("+{}", others.split(", ").count())}</span>
            <span class="sr-only">{format!(", {others}")}</span>
        }
    });
    view! {
        <span class="flex min-w-0 gap-1.5" title=names.to_owned()>
            <span class="truncate">{usual.to_owned()}</span>
            {more}
        </span>
    }
}

/// The text with what was searched for marked in it.
fn highlighted(text: &str, searched: &str) -> AnyView {
    match folding::find(text, searched) {
        Some(hit) => {
            let (before, rest) = text.split_at(hit.start);
            let (mark, after) = rest.split_at(hit.len());
            view! { {before.to_owned()}<mark>{mark.to_owned()}</mark>{after.to_owned()} }.into_any()
        }
        None => text.to_owned().into_any(),
    }
}

/// A moment as people say it, or that there was none.
pub(super) fn when(moment: Option<Timestamp>, now: Timestamp) -> AnyView {
    match moment {
        Some(moment) => {
            view! { <Moment label=moments::ago(moment, now) datetime=moments::exact(moment) exact=moments::in_full(moment) /> }.into_any()
        }
        None => view! { <span class="text-ink-faint">"Never"</span> }.into_any(),
    }
}

/// How many there are: "182", or "10,000+".
pub(super) fn count_words(total: &Total) -> Option<String> {
    (total.count > 0).then(|| format!("{}{}", with_commas(total.count), if total.exact { "" } else { "+" }))
}

fn summary(total: &Total, shown: usize) -> String {
    match count_words(total) {
        None => String::new(),
        Some(count) if total.exact && total.count == 1 => format!("{count} person"),
        Some(count) => format!("{shown} of {count} people"),
    }
}

/// A number with its thousands set apart.
pub fn with_commas(number: i64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_set_apart_in_thousands() {
        assert_eq!(
            ["7", "182", "1,284", "1,000,000"],
            [7, 182, 1_284, 1_000_000].map(with_commas).each_ref().map(String::as_str)
        );
    }

    #[test]
    fn u5_the_address_holds_the_state_of_the_list() {
        let link = Link { searched: "zoë & co".into(), order: "-email".parse().unwrap() };
        assert_eq!(link.to(None), "/people?search=zo%C3%AB%20%26%20co&sort=-email");
        assert_eq!(Link { searched: String::new(), order: PeopleOrder::default() }.to(None), "/people");
    }
}
