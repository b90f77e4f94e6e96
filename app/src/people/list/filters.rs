//! Above the list: the search, the filters, and a sentence of what is filtered by, each part of which can be taken away. A form
//! that is sent as it is; where scripts run, the list follows at once (`public/people.js`).

use super::{
    columns::{ColumnChoice, Shown},
    link::Link,
};
use crate::ui::{
    Button, ButtonKind, ButtonLink, ButtonSize, ButtonTone, Choice, FilterChip, Icon, InputKind, Menu,
    MenuSide, SearchBox, Select, TextField,
};
use domain::{
    listing::{FactorFilter, PeopleOrder, SearchText, SignInFilter},
    person::PersonStatus,
    second_factor::Method,
};
use leptos::prelude::*;
use server::roles::Role;

/// The line with the search, the filters and the columns.
#[component]
pub(super) fn FilterBar(
    link: Link,
    roles: Vec<Role>,
    shown: Shown,
    /// Why nothing was searched for.
    #[prop(optional_no_strip)]
    error: Option<String>,
) -> impl IntoView {
    let set = link.filters.pairs().len();
    let count = (set > 0).then(|| view! { <span class="figures text-ink-faint">{set}</span> });
    let order = (link.order != PeopleOrder::default()).then(|| {
        view! { <input type="hidden" name="sort" value=link.order.to_string() /> }
    });
    let (searched, back) = (link.searched.clone(), link.to(None));
    view! {
        <div class="mb-3 flex flex-wrap items-center gap-2">
            <form class="flex w-full min-w-0 flex-wrap items-center gap-2 md:w-auto" role="search" action="/people" data-people-form="">
                <div class="min-w-0 flex-1 basis-44 md:w-72 md:flex-none">
                    <SearchBox label="Search people" name="search" value=searched longest=SearchText::LONGEST error />
                </div>
                <Button tone=ButtonTone::Secondary icon=Icon::ListFilter kind=ButtonKind::Button opens_menu="people-filters">
                    "Filters"
                    <span id="people-filter-count">{count}</span>
                </Button>
                <Menu id="people-filters" label="Filters" side=MenuSide::End>
                    <Fields link roles />
                </Menu>
                {order}
            </form>
            <div class="max-md:hidden">
                <Button tone=ButtonTone::Quiet icon=Icon::Settings kind=ButtonKind::Button opens_menu="people-columns">
                    "Columns"
                </Button>
            </div>
            <ColumnChoice shown back />
        </div>
    }
}

/// A field for each filter.
#[component]
fn Fields(link: Link, roles: Vec<Role>) -> impl IntoView {
    let filters = &link.filters;
    let text = |value: Option<String>| value.unwrap_or_default();
    let any = |label: &str| Choice::new("", label);
    let role_choices = roles.iter().map(|role| Choice::new(role.code.to_string(), role.name.clone()));
    let role_choices = std::iter::once(any("Any role")).chain(role_choices).collect();
    let statuses = PersonStatus::ALL.into_iter().map(|status| Choice::new(status.code(), status.label()));
    let statuses = std::iter::once(any("Any status")).chain(statuses).collect();
    let factors = factor_choices().into_iter().map(|(filter, label)| Choice::new(filter.to_string(), label));
    let factors = std::iter::once(any("With or without")).chain(factors).collect();
    let mut sign_ins = vec![SignInFilter::Never];
    sign_ins.extend([7, 30, 90].map(SignInFilter::Within));
    sign_ins.extend([30, 90, 365].map(SignInFilter::NotFor));
    // A number of days that somebody wrote into the address stays among the choices.
    sign_ins.extend(filters.signed_in.filter(|filter| !sign_ins.contains(filter)));
    let sign_ins = sign_ins.into_iter().map(|filter| Choice::new(filter.to_string(), sign_in_label(filter)));
    let sign_ins = std::iter::once(any("Any time, or never")).chain(sign_ins).collect();
    let role = text(filters.role.as_ref().map(ToString::to_string));
    let status = text(filters.status.map(|status| status.code().to_owned()));
    let factor = text(filters.factor.map(|factor| factor.to_string()));
    let signed_in = text(filters.signed_in.map(|filter| filter.to_string()));
    let (from, to) = (
        text(filters.created_from.map(|day| day.to_string())),
        text(filters.created_to.map(|day| day.to_string())),
    );
    view! {
        <div class="grid gap-3 p-2 md:w-72">
            <Select label="Role" name="role" id="filter-role" choices=role_choices selected=role />
            <Select label="Status" name="status" id="filter-status" choices=statuses selected=status />
            <Select label="Second factor" name="mfa" id="filter-mfa" choices=factors selected=factor />
            <Select label="Last sign-in" name="last_login" id="filter-last-login" choices=sign_ins selected=signed_in />
            <div class="grid grid-cols-2 gap-2">
                <TextField label="Joined from" name="created_from" id="filter-from" kind=InputKind::Date value=from />
                <TextField label="Joined until" name="created_to" id="filter-to" kind=InputKind::Date value=to />
            </div>
            <div class="flex items-center justify-between gap-2 pt-1">
                <ButtonLink href="/people" label="Clear all" tone=ButtonTone::Quiet size=ButtonSize::Small />
                <Button size=ButtonSize::Small>"Show people"</Button>
            </div>
        </div>
    }
}

fn factor_choices() -> Vec<(FactorFilter, &'static str)> {
    let mut choices = vec![(FactorFilter::None, "None"), (FactorFilter::Any, "At least one")];
    let methods = Method::ALL.into_iter().filter(|method| *method != Method::Recovery);
    choices.extend(methods.map(|method| (FactorFilter::With(method), method.label())));
    choices
}

fn sign_in_label(filter: SignInFilter) -> String {
    match filter {
        SignInFilter::Never => "Never".into(),
        SignInFilter::Within(1) => "In the last day".into(),
        SignInFilter::Within(days) => format!("In the last {days} days"),
        SignInFilter::NotFor(1) => "Not for a day, or never".into(),
        SignInFilter::NotFor(days) => format!("Not for {days} days, or never"),
    }
}

/// What the list is narrowed by, as a sentence whose parts can be taken away; nothing where it is not.
pub(super) fn sentence(link: &Link, roles: &[Role]) -> Option<AnyView> {
    let mut parts = Vec::new();
    if !link.searched.is_empty() {
        parts.push(("are found by", link.searched.clone(), link.without_search()));
    }
    for (filter, value) in link.filters.pairs() {
        let (name, value) = in_words(link, filter, value, roles);
        parts.push((name, value, link.without(filter)));
    }
    let first = parts.len() == 1;
    let chips = parts.into_iter().enumerate().map(|(place, (name, value, remove))| {
        let and = (place > 0).then(|| view! { <span>"and"</span> });
        view! { {and} <FilterChip name value remove /> }
    });
    let chips = chips.collect_view();
    let clear = (!first).then(|| view! { <a class="link touch:py-3" href=link.everybody()>"Clear"</a> });
    link.is_narrowed().then(|| {
        view! {
            <p class="mb-3 flex flex-wrap items-center gap-1.5 text-label text-ink-soft">
                <span>"People who"</span>
                {chips}
                {clear}
            </p>
        }
        .into_any()
    })
}

/// The two halves of a chip: "have role", "Staff".
fn in_words(link: &Link, filter: &str, value: String, roles: &[Role]) -> (&'static str, String) {
    let filters = &link.filters;
    match filter {
        "role" => {
            let role = roles.iter().find(|role| role.code.as_str() == value);
            ("have role", role.map_or(value, |role| role.name.clone()))
        }
        "status" => ("are", filters.status.map_or(value, |status| status.label().to_lowercase())),
        "mfa" => {
            let label = match filters.factor {
                Some(FactorFilter::None) => "none",
                Some(FactorFilter::Any) => "at least one",
                Some(FactorFilter::With(method)) => method.label(),
                None => "",
            };
            ("have as second factor", label.to_owned())
        }
        "last_login" => match filters.signed_in {
            Some(SignInFilter::Never) => ("signed in", "never".into()),
            Some(filter @ SignInFilter::Within(_)) => ("signed in", sign_in_label(filter).to_lowercase()),
            Some(filter) => ("signed in", sign_in_label(filter).to_lowercase()),
            None => ("signed in", value),
        },
        "created_from" => ("joined from", value),
        _ => ("joined until", value),
    }
}
