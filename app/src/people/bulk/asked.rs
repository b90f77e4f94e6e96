//! The question before a change of many people: exactly how many they are and who, and what becomes of them.

use super::{actions::ChangePeople, words};
use crate::{
    people::{role_names, status::StatusBadge},
    ui::{
        Avatar, AvatarSize, Button, ButtonLink, ButtonTone, Card, Choice, Fold, Icon, Notice, Select, Tone,
    },
};
use domain::{BulkChangeId, FieldErrors};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{
    Actor,
    people::{BulkAction, BulkChange, Person},
    roles::Role,
};

/// So many are shown with all that tells them apart; the others are folded away.
const FIRST: usize = 8;
/// So many are named at all; a file has the others as well.
pub(super) const NAMED: usize = 500;

/// The question, with everything that belongs to it.
pub(super) struct Asked<'a> {
    pub change: &'a BulkChange,
    /// The first of them, as far as they are there.
    pub named: &'a [Person],
    pub roles: &'a [Role],
    pub to_give: Vec<Role>,
    pub actor: &'a Actor,
    /// The list in which they were chosen, as it was.
    pub list: &'a str,
    /// How many it showed, where everybody in it was chosen.
    pub shown: Option<usize>,
}

impl Asked<'_> {
    pub(super) fn draw(self, errors: &FieldErrors) -> AnyView {
        let BulkChange { action, people, .. } = self.change;
        let count = people.len();
        let oneself = (*action == BulkAction::Suspend && people.contains(&self.actor.id())).then(|| {
            view! {
                <Notice tone=Tone::Warn icon=Icon::TriangleAlert title="You are among them">
                    "Nobody suspends themselves, so your own account is left out."
                </Notice>
            }
        });
        let others = self.shown.filter(|shown| *shown != count).map(|shown| {
            let title = words::others_match(shown, count);
            view! {
                <Notice tone=Tone::Warn icon=Icon::TriangleAlert title>
                    "Somebody changed people after you opened the list. Look at who they are now before you go on."
                </Notice>
            }
        });
        let who = self.who();
        let next = if action.changes_people() {
            self.confirmation(errors)
        } else {
            files(self.change.id, self.list)
        };
        view! {
            {others}
            {oneself}
            <p class="text-ink-soft">{words::consequence(action)}</p>
            <Card title=words::people(count) flush=true>
                <ul class="divide-y divide-line">{who}</ul>
            </Card>
            {next}
        }
        .into_any()
    }

    /// Who they are: the first ones, the others in a fold, and how many these are not.
    fn who(&self) -> AnyView {
        let count = self.change.people.len();
        let (first, others) = self.named.split_at(self.named.len().min(FIRST));
        let first = first.iter().map(|person| self.person(person)).collect_view();
        let others = (!others.is_empty()).then(|| {
            let rows = others.iter().map(name).collect_view();
            view! {
                <li class="px-4 py-2.5">
                    <Fold summary=words::show(count, NAMED)>
                        <ul class="grid gap-1.5">{rows}</ul>
                    </Fold>
                </li>
            }
        });
        let gone = count.min(NAMED).saturating_sub(self.named.len());
        let gone =
            (gone > 0).then(|| view! { <li class="px-4 py-2.5 text-ink-soft">{words::gone(gone)}</li> });
        let more = count.saturating_sub(NAMED);
        let more = (more > 0).then(|| {
            view! { <li class="px-4 py-2.5 text-ink-soft">{format!("and {} more", words::people(more))} {self.file()}</li> }
        });
        view! { {first} {others} {gone} {more} }.into_any()
    }

    /// The way to all of them where they are too many to be named; an export has its own.
    fn file(&self) -> Option<AnyView> {
        let file = format!("/people/export/selected-{}.csv", self.change.id);
        self.change
            .action
            .changes_people()
            .then(|| view! { ". " <a class="link" href=file>"Take all of them along (CSV)"</a> }.into_any())
    }

    fn confirmation(&self, errors: &FieldErrors) -> AnyView {
        let BulkChange { id, action, people, .. } = self.change;
        let role = action.is_about_a_role().then(|| {
            // Any role can be taken; given are those that one may give.
            let roles =
                if matches!(action, BulkAction::GiveRole(_)) { &self.to_give[..] } else { self.roles };
            let choices = roles.iter().map(|role| Choice::new(role.code.to_string(), role.name.clone()));
            let choices = std::iter::once(Choice::new("", "Choose a role")).chain(choices).collect();
            let error = errors.of("role").map(str::to_owned);
            view! { <Select label="Role" name="role" choices error /> }
        });
        let tone = if *action == BulkAction::Suspend { ButtonTone::Danger } else { ButtonTone::Primary };
        let (verb, change) = (words::verb(action, people.len()), id.to_string());
        let list = self.list.to_owned();
        let shown =
            self.shown.map(|shown| view! { <input type="hidden" name="shown" value=shown.to_string() /> });
        view! {
            <form class="grid gap-4" method="post" action=ChangePeople::PATH>
                <input type="hidden" name="change" value=change />
                <input type="hidden" name="list" value=list />
                {shown}
                {role}
                <div class="flex flex-wrap justify-end gap-2">
                    <ButtonLink href=self.list label="Change nothing" tone=ButtonTone::Secondary />
                    <Button tone>{verb}</Button>
                </div>
            </form>
        }
        .into_any()
    }

    fn person(&self, person: &Person) -> impl IntoView + use<> {
        let name = person.full_name.to_string();
        let roles = role_names(person, self.roles);
        let addresses = format!("{} · {}", person.username, person.email);
        view! {
            <li class="flex items-center gap-3 px-4 py-2.5">
                <Avatar name=name.clone() size=AvatarSize::Row />
                <span class="min-w-0 flex-1">
                    <a class="block truncate font-medium hover:underline" href=format!("/people/{}", person.id)>{name}</a>
                    <span class="block truncate text-label text-ink-soft">{addresses}</span>
                </span>
                <span class="max-w-40 truncate text-label text-ink-soft max-md:hidden">{roles}</span>
                <StatusBadge status=person.status />
            </li>
        }
    }
}

/// Somebody in the fold.
fn name(person: &Person) -> impl IntoView + use<> {
    let (page, name) = (format!("/people/{}", person.id), person.full_name.to_string());
    let username = person.username.to_string();
    view! {
        <li class="flex min-w-0 items-center gap-2">
            <a class="inline-flex min-w-0 items-center font-medium hover:underline touch:min-h-11" href=page>
                <span class="truncate">{name}</span>
            </a>
            <span class="truncate text-label text-ink-soft">{username}</span>
        </li>
    }
}

/// The files in which they can be taken along.
fn files(change: BulkChangeId, list: &str) -> AnyView {
    let to = |kind: &str| format!("/people/export/selected-{change}.{kind}");
    view! {
        <div class="flex flex-wrap justify-end gap-2">
            <ButtonLink href=list label="Back to the list" tone=ButtonTone::Quiet />
            <ButtonLink href=to("json") label="For a program (JSON)" tone=ButtonTone::Secondary />
            <ButtonLink href=to("csv") label="For a program (CSV)" tone=ButtonTone::Secondary />
            <ButtonLink href=to("csv?bom=true") label="For a spreadsheet (CSV)" />
        </div>
    }
    .into_any()
}
