//! A row of the list, and its menu.

use super::{
    columns::{Optional, Shown},
    words::when,
};
use crate::{
    people::{role_names, status::StatusBadge},
    ui::{
        Avatar, AvatarSize, Cell, CellKind, Checkbox, CopyEntry, CutText, Icon, MenuLink, MenuRule, Row,
        RowMenu, Spare,
    },
};
use domain::{PersonId, Timestamp, folding, person::PersonStatus};
use leptos::prelude::*;
use server::{http::intake::encode, people::Person, roles::Role};

/// What every row is drawn by.
pub(super) struct Drawing<'a> {
    pub roles: &'a [Role],
    pub now: Timestamp,
    pub searched: &'a str,
    pub shown: &'a Shown,
    /// Who looks, where they may manage accounts.
    pub manager: Option<PersonId>,
}

impl Drawing<'_> {
    pub(super) fn row(&self, person: &Person) -> AnyView {
        let name = person.full_name.to_string();
        let page = format!("/people/{}", person.id);
        let marked = highlighted(&name, self.searched);
        let cells = self.shown.iter().map(|column| self.cell(person, column)).collect_view();
        let menu = self.menu(person, &page);
        let muted = person.status == PersonStatus::Suspended;
        let tick = self.manager.map(|_| {
            let (id, spoken) = (person.id.to_string(), format!("Choose {name}"));
            let own = format!("choose-{id}");
            view! {
                <Cell kind=CellKind::Select>
                    <Checkbox label="" name="people[]" value=id id=own spoken />
                </Cell>
            }
        });
        view! {
            <Row muted>
                {tick}
                <Cell kind=CellKind::Lead>
                    <a class="flex min-w-0 items-center gap-2.5 font-medium hover:underline" href=page>
                        <Avatar name=name size=AvatarSize::Row />
                        <span class="truncate">{marked}</span>
                    </a>
                </Cell>
                {cells}
                {menu}
            </Row>
        }
        .into_any()
    }

    fn cell(&self, person: &Person, column: Optional) -> AnyView {
        let label = column.label();
        let soft = "text-ink-soft";
        match column {
            Optional::Email => {
                let email = cut(person.email.as_str(), self.searched);
                view! { <Cell kind=CellKind::Line class=soft>{email}</Cell> }.into_any()
            }
            Optional::Username => {
                let username = cut(person.username.as_str(), self.searched);
                view! { <Cell label spare=Spare::Early class=soft>{username}</Cell> }.into_any()
            }
            Optional::Role => {
                let roles = usual_role(&role_names(person, self.roles));
                view! { <Cell spare=Spare::Last>{roles}</Cell> }.into_any()
            }
            Optional::Status => {
                let status = person.status;
                view! { <Cell><StatusBadge status /></Cell> }.into_any()
            }
            Optional::SecondFactor => {
                let factors = factors(person);
                view! { <Cell label spare=Spare::Early class=soft>{factors}</Cell> }.into_any()
            }
            Optional::LastSignIn => {
                let moment = when(person.last_login_at, self.now);
                view! { <Cell label spare=Spare::Late class=soft>{moment}</Cell> }.into_any()
            }
            Optional::SignIns => {
                let count = super::with_commas(person.login_count);
                view! { <Cell label spare=Spare::Early at_end=true class=soft><span class="figures">{count}</span></Cell> }.into_any()
            }
            Optional::Joined => {
                let moment = when(Some(person.created_at), self.now);
                view! { <Cell label spare=Spare::Early class=soft>{moment}</Cell> }.into_any()
            }
        }
    }

    fn menu(&self, person: &Person, page: &str) -> impl IntoView + use<> {
        let (id, label) = (format!("row-{}", person.id), format!("Actions for {}", person.full_name));
        let email = person.email.to_string();
        let write = format!("mailto:{}", encode(&email));
        // Nobody suspends themselves.
        let state = self.manager.filter(|manager| *manager != person.id).map(|_| {
            let (label, part, icon) = match person.status {
                PersonStatus::Suspended => ("Restore…", "restore", Icon::RotateCcw),
                _ => ("Suspend…", "suspend", Icon::Ban),
            };
            view! {
                <MenuRule />
                <MenuLink href=format!("{page}#{part}") label icon />
            }
        });
        let open = page.to_owned();
        view! {
            <RowMenu id label>
                <MenuLink href=open label="Open" icon=Icon::User />
                <MenuLink href=write label="Write an e-mail" icon=Icon::Mail />
                <CopyEntry value=email label="Copy e-mail address" />
                {state}
            </RowMenu>
        }
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

/// The second factors in short.
fn factors(person: &Person) -> AnyView {
    let required = person.must_have_second_factor;
    let names: Vec<&str> = person.factors.methods().map(domain::second_factor::Method::label).collect();
    if names.is_empty() {
        let words = if required { "None, required" } else { "None" };
        return view! { <span class="text-ink-faint">{words}</span> }.into_any();
    }
    let names = names.join(", ");
    view! { <span class="block truncate" title=names.clone()>{names.clone()}</span> }.into_any()
}

/// A text that may be cut in its middle; whole up to what was searched for where that stands in it.
fn cut(text: &str, searched: &str) -> AnyView {
    if folding::find(text, searched).is_none() {
        return view! { <CutText text=text.to_owned() /> }.into_any();
    }
    let marked = highlighted(text, searched);
    view! { <span class="inline-block max-w-full truncate align-bottom" title=text.to_owned()>{marked}</span> }.into_any()
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
