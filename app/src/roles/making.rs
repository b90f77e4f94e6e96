//! `/roles/new`: making a role, from nothing or as a copy of another.

use super::{
    actions::MakeRole,
    draft::codes,
    fields::{Filled, RoleFields},
    pages::manager,
};
use crate::{
    flash::Flash,
    frame::{Framed, Surroundings},
    page::draw,
    ui::{Button, ButtonLink, ButtonTone, Choice, Crumb, Select, TextField},
};
use domain::{Permission, Permissions, RoleCode, dashboard::Dashboard, role::LEAST};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{permit::ManageRole, roles::RoleInFull};

/// `/roles/new`
#[component]
pub fn NewRolePage() -> impl IntoView {
    draw(async |visit| {
        let visible = manager(&visit)?;
        let actor = visit.actor()?;
        // Before anything is typed that asking for it later would lose.
        actor.permit::<ManageRole>(actor.role().clone())?;
        let roles = visit.backend.roles.all_in_full(&visible).await?;
        let asked = visit.parameter("copy").and_then(|code| RoleCode::parse(&code).ok());
        let copied = roles.iter().find(|role| asked.as_ref() == Some(&role.code)).cloned();
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        Ok(view! {
            <Framed around place="/roles" title="New role" crumbs=vec![Crumb::new("Roles", "/roles")] count=None>
                <div class="mx-auto grid max-w-[60rem] grid-cols-[minmax(0,1fr)] gap-7">
                    <ChooseCopy roles copied=copied.clone() />
                    <NewRoleForm copied flash />
                </div>
            </Framed>
        })
    })
}

/// Which role to begin with: the page is asked for anew, with its ticks.
#[component]
fn ChooseCopy(roles: Vec<RoleInFull>, copied: Option<RoleInFull>) -> impl IntoView {
    let nothing = Choice::new("", "Nothing");
    let others = roles.iter().map(|role| Choice::new(role.code.as_str(), role.name.as_str()));
    let choices: Vec<Choice> = [nothing].into_iter().chain(others).collect();
    let selected = copied.map(|role| role.code.to_string()).unwrap_or_default();
    view! {
        <form class="flex flex-wrap items-end gap-2" action="/roles/new">
            <div class="w-full max-w-72">
                <Select label="Begin with a copy of" name="copy" choices selected autosubmit=true />
            </div>
            <Button tone=ButtonTone::Secondary>"Copy"</Button>
        </form>
    }
}

#[component]
fn NewRoleForm(copied: Option<RoleInFull>, flash: Flash) -> impl IntoView {
    let summary = flash.summary();
    let code_error = flash.errors.of("code").map(str::to_owned);
    let typed = flash.values.contains_key("code");
    let copy = copied.as_ref().map(|role| role.code.to_string()).unwrap_or_default();
    let (dashboard, permissions) = match &copied {
        Some(role) => (role.dashboard, role.permissions.without(Permissions::of(&[Permission::RolesManage]))),
        None => (Dashboard::Member, LEAST),
    };
    let filled = if typed {
        Filled {
            name: flash.value("name"),
            dashboard: flash.value("dashboard"),
            permissions: flash.value("permissions").split(',').map(str::to_owned).collect(),
            fixed: false,
        }
    } else {
        let (name, dashboard) = (String::new(), dashboard.code().to_owned());
        Filled { name, dashboard, permissions: codes(permissions), fixed: false }
    };
    let code = view! {
        <TextField
            label="Code"
            name="code"
            value=flash.value("code")
            error=code_error
            hint="For programs and files: 2 to 40 capital letters, digits and underscores, with a letter first, as CASE_WORKER. It stays as it is."
            autocomplete="off"
            verbatim=true
            required=true
        />
    };
    view! {
        <form method="post" action=MakeRole::PATH novalidate>
            {summary.map(|summary| view! { <div class="pb-6">{summary}</div> })}
            <input type="hidden" name="copy" value=copy />
            <div class="divide-y divide-line">
                <RoleFields filled flash tick="permission[]" lead=Some(code.into_any()) />
            </div>
            <div class="flex flex-wrap items-center gap-2 lg:pl-[17.5rem]">
                <Button>"Make the role"</Button>
                <ButtonLink href="/roles" label="Cancel" tone=ButtonTone::Quiet />
            </div>
        </form>
    }
}
