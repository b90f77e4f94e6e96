//! `/roles` and `/roles/{code}`: every role, and one of them as a form. What the form says is shown before it is saved.

use super::{
    draft::{Draft, codes},
    fields::{BuiltInBadge, Filled, RoleFields},
    matrix::Matrix,
    reach::ReachCard,
};
use crate::{
    flash::Flash,
    frame::{Framed, Surroundings},
    page::{Visit, draw},
    people::when,
    ui::{Button, ButtonLink, ButtonTone, Crumb, Icon, Section},
};
use domain::{Permission, Timestamp};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server::{
    Error, Result,
    permit::{Roles, Visible},
    roles::RoleInFull,
};

const TEXT: &str = "A role is a set of permissions. People act in one role at a time, and may do what it may. What you change acts on the next request of everybody who has the role.";

/// Who may open these pages: whoever changes roles.
pub fn manager(visit: &Visit) -> Result<Visible<Roles>> {
    let actor = visit.actor()?;
    if actor.has(Permission::RolesManage) { actor.sees_roles() } else { Err(Error::WrongRole) }
}

/// The role that the address names.
pub fn code_in_address() -> String {
    use_params_map().with_untracked(|params| params.get("code").unwrap_or_default())
}

/// `/roles`
#[component]
pub fn RolesPage() -> impl IntoView {
    draw(async |visit| {
        let visible = manager(&visit)?;
        let roles = visit.backend.roles.all_in_full(&visible).await?;
        let count = roles.len().to_string();
        let around = Surroundings::of(&visit).await?;
        Ok(view! {
            <Framed around place="/roles" title="Roles" count=Some(count)>
                <div class="mx-auto grid max-w-[92rem] grid-cols-[minmax(0,1fr)] gap-4">
                    <div class="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
                        <p class="max-w-[46rem] min-w-0 flex-1 basis-72 text-ink-soft">{TEXT}</p>
                        <ButtonLink href="/roles/new" label="New role" tone=ButtonTone::Primary icon=Icon::Plus />
                    </div>
                    <Matrix roles />
                </div>
            </Framed>
        })
    })
}

/// `/roles/{code}`
#[component]
pub fn RolePage() -> impl IntoView {
    let code = code_in_address();
    draw(async move |visit| {
        let visible = manager(&visit)?;
        let code = server::roles::named(&code)?;
        let role = visit.backend.roles.find(&visible, &code).await?;
        let reach = visit.backend.roles.reach(&visible, &code).await?;
        let draft = Draft::read(&visit, &role).unwrap_or_else(|| Draft::of(&role));
        let now = visit.backend.ground.clock.now();
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        Ok(view! {
            <Framed around place="/roles" title=role.name.to_string() crumbs=vec![Crumb::new("Roles", "/roles")] count=None>
                <div class="mx-auto grid max-w-[60rem] grid-cols-[minmax(0,1fr)] gap-7">
                    <RoleHead role=role.clone() now />
                    <RoleForm role draft flash />
                    <div class="border-t border-line pt-7">
                        <Section id="reach" title="Who has it" text="Whom a change reaches, on their very next request.">
                            <ReachCard reach now />
                        </Section>
                    </div>
                </div>
            </Framed>
        })
    })
}

/// The code, who changed it last, and what else can be done with it.
#[component]
fn RoleHead(role: RoleInFull, now: Timestamp) -> impl IntoView {
    let by = role.changed_by.as_ref().map(|name| format!(" by {name}"));
    let changed = role.changed_at.map(|at| view! { <span>"Changed " {when(Some(at), now)} {by}</span> });
    let delete = (!role.built_in).then(|| {
        view! { <ButtonLink href=format!("/roles/{}/delete", role.code) label="Delete…" tone=ButtonTone::Quiet icon=Icon::Trash /> }
    });
    view! {
        <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
            <div class="flex min-w-0 flex-1 basis-60 flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft">
                <span class="font-mono text-label wrap-anywhere">{role.code.to_string()}</span>
                {role.built_in.then(|| view! { <BuiltInBadge /> })}
                {changed}
            </div>
            <div class="flex flex-wrap gap-2">
                <ButtonLink href=format!("/roles/new?copy={}", role.code) label="Make a copy" tone=ButtonTone::Secondary icon=Icon::Copy />
                {delete}
            </div>
        </div>
    }
}

/// The form, which leads to the page that shows what changes.
#[component]
pub fn RoleForm(role: RoleInFull, draft: Draft, flash: Flash) -> impl IntoView {
    let summary = flash.summary();
    let fixed = role.code.is_super_admin();
    let filled = Filled {
        name: draft.form.name.clone(),
        dashboard: draft.form.dashboard.clone(),
        permissions: draft.form.permissions.clone(),
        fixed,
    };
    view! {
        <form method="get" action=format!("/roles/{}/review", role.code)>
            {summary.map(|summary| view! { <div class="pb-6">{summary}</div> })}
            <input type="hidden" name="version" value=draft.version />
            <input type="hidden" name="was" value=codes(draft.was.permissions).join(",") />
            <input type="hidden" name="was_name" value=draft.was.name.to_string() />
            <input type="hidden" name="was_dashboard" value=draft.was.dashboard.code() />
            <div class="divide-y divide-line">
                <RoleFields filled flash tick="permission" lead=None />
            </div>
            <div class="flex flex-wrap items-center gap-2 lg:pl-[17.5rem]">
                <Button>"See what changes"</Button>
                <ButtonLink href="/roles" label="Leave it as it is" tone=ButtonTone::Quiet />
            </div>
        </form>
    }
}
