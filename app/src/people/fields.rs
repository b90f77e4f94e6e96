//! The fields of somebody, as the forms that make and change them draw them.

use super::live::{LiveRule, Rule};
use crate::{
    flash::Flash,
    ui::{Checkbox, Choice, Fold, InputKind, Select, TextField},
};
use domain::{
    FieldErrors,
    person::{EmailAddress, Username},
};
use leptos::prelude::*;
use server::{Error, roles::Role};

/// What stands in the fields.
#[derive(Clone, Default)]
pub(super) struct Typed {
    pub full_name: String,
    pub email: String,
    /// Codes, the usual role first.
    pub roles: Vec<String>,
}

impl Typed {
    /// What was typed before, where a form is shown again.
    pub fn again(flash: &Flash) -> Option<Self> {
        if flash.values.is_empty() {
            return None;
        }
        Some(Self {
            full_name: flash.value("full_name"),
            email: flash.value("email"),
            roles: flash
                .value("roles")
                .split(',')
                .filter(|code| !code.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    }
}

/// The roles that were chosen, the usual one first.
pub(super) fn chosen_roles(usual: String, more: Vec<String>) -> Vec<String> {
    let more: Vec<String> = more.into_iter().filter(|code| *code != usual).collect();
    std::iter::once(usual).filter(|code| !code.is_empty()).chain(more).collect()
}

/// What somebody else has already is said at its field.
pub(super) fn at_its_field(error: Error) -> Error {
    let (field, words) = match error {
        Error::Conflict(Username::TAKEN) => ("username", Username::TAKEN),
        Error::Conflict(EmailAddress::TAKEN) => ("email", EmailAddress::TAKEN),
        other => return other,
    };
    FieldErrors::one(field, words).into()
}

#[component]
pub(super) fn FullNameField(value: String, flash: Flash) -> impl IntoView {
    let error = flash.errors.of("full_name").map(str::to_owned);
    let told = error.clone().unwrap_or_default();
    let live =
        view! { <LiveRule field="full_name".to_owned() rule=Rule::FullName error=told own=String::new() /> };
    view! {
        <TextField label="Full name" name="full_name" value error autocomplete="off" required=true live=live.into_any() />
    }
}

/// `own` is the address that they have already.
#[component]
pub(super) fn EmailField(value: String, flash: Flash, own: String) -> impl IntoView {
    let error = flash.errors.of("email").map(str::to_owned);
    let told = error.clone().unwrap_or_default();
    let live = view! { <LiveRule field="email".to_owned() rule=Rule::Email error=told own /> };
    view! {
        <TextField label="E-mail" name="email" kind=InputKind::Email value error autocomplete="off" verbatim=true required=true live=live.into_any() />
    }
}

#[component]
pub(super) fn UsernameField(value: String, flash: Flash) -> impl IntoView {
    let error = flash.errors.of("username").map(str::to_owned);
    let told = error.clone().unwrap_or_default();
    let live =
        view! { <LiveRule field="username".to_owned() rule=Rule::Username error=told own=String::new() /> };
    view! {
        <TextField
            label="Username"
            name="username"
            value
            error
            hint="Letters a to z, digits, dots, dashes and underscores. It cannot be changed later."
            autocomplete="off"
            verbatim=true
            required=true
            live=live.into_any()
        />
    }
}

/// The usual role, and below a fold the others that somebody may have besides.
#[component]
pub(super) fn RoleFields(
    /// Those that may be given here.
    roles: Vec<Role>,
    chosen: Vec<String>,
    flash: Flash,
) -> impl IntoView {
    let error = flash.errors.of("roles").map(str::to_owned);
    let usual = chosen.first().cloned().unwrap_or_default();
    let prompt = usual.is_empty().then(|| Choice::new("", "Choose a role"));
    let choices = prompt
        .into_iter()
        .chain(roles.iter().map(|role| Choice::new(role.code.as_str(), role.name.clone())))
        .collect::<Vec<_>>();
    let others = chosen.iter().skip(1).cloned().collect::<Vec<_>>();
    let ticks = roles
        .into_iter()
        .map(|Role { code, name, .. }| {
            let checked = others.iter().any(|other| other == code.as_str());
            let id = format!("more-{}", code.as_str());
            view! { <Checkbox id label=name name="more_roles[]" value=code.to_string() checked /> }
        })
        .collect_view();
    let open = !others.is_empty();
    view! {
        <Select label="Role" name="role" id="roles" choices selected=usual hint="What they may do, and where they arrive after signing in." error />
        <Fold summary="More roles" open>
            <fieldset class="grid gap-2">
                <legend class="mb-2 text-label text-ink-faint">"They act in one role at a time, and can switch."</legend>
                {ticks}
            </fieldset>
        </Fold>
    }
}
