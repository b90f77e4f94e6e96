//! `/roles/{code}/delete`: who has the role, which one they get in its place, and the question.

use super::{
    actions::DeleteRole,
    pages::{code_in_address, manager},
    reach::ReachCard,
};
use crate::{
    flash::Flash,
    frame::{Framed, Surroundings},
    page::draw,
    ui::{Button, ButtonLink, ButtonTone, Choice, Crumb, Icon, Notice, Select, Tone},
};
use domain::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use server::{
    permit::ManageRole,
    roles::{Reach, RoleInFull},
};

/// `/roles/{code}/delete`
#[component]
pub fn DeleteRolePage() -> impl IntoView {
    let code = code_in_address();
    draw(async move |visit| {
        let visible = manager(&visit)?;
        let code = server::roles::named(&code)?;
        visit.actor()?.permit::<ManageRole>(code.clone())?;
        let roles = visit.backend.roles.all_in_full(&visible).await?;
        let role = visit.backend.roles.find(&visible, &code).await?;
        let reach = visit.backend.roles.reach(&visible, &code).await?;
        let now = visit.backend.ground.clock.now();
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        let crumbs =
            vec![Crumb::new("Roles", "/roles"), Crumb::new(role.name.to_string(), format!("/roles/{code}"))];
        let title = format!("Delete {}", role.name);
        let content = if role.built_in {
            view! {
                <Notice tone=Tone::Warn icon=Icon::Lock title="This role came with Countersign">
                    "It cannot be deleted. Nobody has to have it."
                </Notice>
            }
            .into_any()
        } else {
            view! { <Question role roles reach flash now /> }.into_any()
        };
        Ok(view! {
            <Framed around place="/roles" title crumbs count=None>
                <div class="mx-auto grid max-w-[44rem] grid-cols-[minmax(0,1fr)] gap-5">{content}</div>
            </Framed>
        })
    })
}

#[component]
fn Question(
    role: RoleInFull,
    roles: Vec<RoleInFull>,
    reach: Reach,
    flash: Flash,
    now: Timestamp,
) -> impl IntoView {
    let summary = flash.summary();
    let error = flash.errors.of("move_to").map(str::to_owned);
    let is_held = reach.people > 0;
    let others = roles.iter().filter(|one| one.code != role.code);
    let none = Choice::new("", "Choose a role");
    let choices: Vec<Choice> = [none]
        .into_iter()
        .chain(others.map(|one| Choice::new(one.code.as_str(), one.name.as_str())))
        .collect();
    let select = is_held.then(|| {
        view! {
            <div class="max-w-72">
                <Select label="Role that they get in its place" name="move_to" choices error />
            </div>
        }
    });
    let words = if is_held {
        "Their sessions and API keys in this role end, and they go on in the other one. The deletion cannot be undone; a new role may have the same code."
    } else {
        "Nobody loses anything. API keys that were made in it are revoked. The deletion cannot be undone; a new role may have the same code."
    };
    view! {
        {summary}
        <ReachCard reach now />
        <p class="text-ink-soft">{words}</p>
        <form class="grid gap-5" method="post" action=DeleteRole::PATH novalidate>
            <input type="hidden" name="code" value=role.code.to_string() />
            {select}
            <div class="flex flex-wrap items-center gap-2">
                <Button tone=ButtonTone::Danger>"Delete the role"</Button>
                <ButtonLink href=format!("/roles/{}", role.code) label="Keep it" tone=ButtonTone::Quiet />
            </div>
        </form>
    }
}
