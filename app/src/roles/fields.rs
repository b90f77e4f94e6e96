//! The fields of a role, for making one and for changing one: name, dashboard, and a tick for each permission.

use crate::{
    flash::Flash,
    ui::{Badge, Checkbox, Choice, FieldError, Icon, Section, Select, TextField},
};
use domain::{Permission, PermissionGroup, dashboard::Dashboard, role::RoleName};
use leptos::prelude::*;

/// What stands in the fields.
#[derive(Debug, Clone)]
pub struct Filled {
    pub name: String,
    pub dashboard: String,
    pub permissions: Vec<String>,
    /// Super Admins have every permission, so their ticks are fixed.
    pub fixed: bool,
}

/// The sections of the form. `tick` is what a tick is sent as.
#[component]
pub fn RoleFields(filled: Filled, flash: Flash, tick: &'static str, lead: Option<AnyView>) -> impl IntoView {
    let [name_error, dashboard_error, permissions_error] =
        ["name", "dashboard", "permissions"].map(|field| flash.errors.of(field).map(str::to_owned));
    let dashboards: Vec<Choice> = Dashboard::ALL
        .into_iter()
        .map(|one| Choice::new(one.code(), format!("{}: {}", one.label(), one.says())))
        .collect();
    let groups = PermissionGroup::ALL
        .into_iter()
        .map(|group| view! { <Group group ticked=filled.permissions.clone() fixed=filled.fixed tick /> })
        .collect_view();
    let described = permissions_error.is_some().then_some("permissions-error");
    let fixed = filled.fixed.then(|| {
        view! { <p class="mb-4 text-ink-soft">"Super Admins have every permission, also those that a later version brings along. Nobody can take any of them away, so that no change locks everybody out."</p> }
    });
    let name_hint = format!("At most {} characters, without commas and semicolons.", RoleName::LONGEST);
    let rights = if filled.fixed {
        "Whoever acts in this role may do what is ticked, and nothing else."
    } else {
        "Whoever acts in this role may do what is ticked, and nothing else. Tick at least one."
    };
    view! {
        <Section id="role" title="Name and dashboard" text="What people read where they choose a role, and what they see first.">
            <div class="grid max-w-[30rem] gap-4">
                {lead}
                <TextField label="Name" name="name" value=filled.name hint=name_hint error=name_error autocomplete="off" required=true />
                <Select label="Dashboard" name="dashboard" choices=dashboards selected=filled.dashboard error=dashboard_error />
            </div>
        </Section>
        <Section id="rights" title="What it may do" text=rights>
            {fixed}
            <div class="grid gap-6" id="permissions" tabindex="-1" role="group" aria-label="What it may do" aria-describedby=described>
                {permissions_error.map(|words| view! { <FieldError id="permissions-error".to_owned() message=words /> })}
                <div class="grid gap-x-8 gap-y-6 sm:grid-cols-2">{groups}</div>
            </div>
        </Section>
    }
}

#[component]
fn Group(group: PermissionGroup, ticked: Vec<String>, fixed: bool, tick: &'static str) -> impl IntoView {
    let ticks = group
        .permissions()
        .map(|permission| {
            let code = permission.code();
            let checked = fixed || ticked.iter().any(|one| one == code);
            // Only Super Admins change roles; no other role can be given that.
            let alone = permission == Permission::RolesManage;
            let disabled = fixed || alone;
            let hint =
                if alone && !fixed { format!("{code}, for Super Admins alone") } else { code.to_owned() };
            view! {
                <Checkbox
                    label=permission.says()
                    name=tick
                    value=code
                    id=format!("permission-{code}")
                    hint
                    checked
                    disabled
                />
            }
        })
        .collect_view();
    view! {
        <fieldset class="grid content-start gap-2.5">
            <legend class="mb-2 font-medium">{group.label()}</legend>
            {ticks}
        </fieldset>
    }
}

/// That a role came with the program.
#[component]
pub fn BuiltInBadge() -> impl IntoView {
    view! { <Badge label="Built in" icon=Icon::Lock /> }
}
