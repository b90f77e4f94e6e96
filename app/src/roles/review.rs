//! `/roles/{code}/review`: what a draft changes and for whom, before it is saved.

use super::{
    actions::SaveRole,
    difference::Differences,
    draft::{Draft, codes},
    pages::{RoleForm, code_in_address, manager},
    reach::ReachCard,
};
use crate::{
    flash::Flash,
    frame::{Framed, Surroundings},
    moments,
    page::draw,
    ui::{Button, ButtonLink, ButtonTone, Card, Crumb, EmptyState, Icon, Notice, Section, Tone},
};
use domain::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use server::{
    Error,
    permit::ManageRole,
    roles::{Reach, RoleInFull, RoleState},
};

/// `/roles/{code}/review`
#[component]
pub fn ReviewPage() -> impl IntoView {
    let code = code_in_address();
    draw(async move |visit| {
        let visible = manager(&visit)?;
        let code = server::roles::named(&code)?;
        // Asked for here already, so that whoever has to show that it is them comes back to what they are about to save.
        visit.actor()?.permit::<ManageRole>(code.clone())?;
        let role = visit.backend.roles.find(&visible, &code).await?;
        let reach = visit.backend.roles.reach(&visible, &code).await?;
        let now = visit.backend.ground.clock.now();
        let draft = Draft::read(&visit, &role).unwrap_or_else(|| Draft::of(&role));
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        let name = role.name.to_string();
        let crumbs = vec![Crumb::new("Roles", "/roles"), Crumb::new(name.clone(), format!("/roles/{code}"))];
        let (title, content) = match draft.form().parse(&code) {
            Ok(wished) => {
                let after = draft.over(&role, &RoleState::from(&wished));
                ("What changes".to_owned(), view! { <Review role draft after reach flash now /> }.into_any())
            }
            Err(errors) => {
                visit.set_status(&Error::Invalid(errors.clone()));
                let flash = Flash { errors, ..Flash::default() };
                (name, view! { <RoleForm role draft flash /> }.into_any())
            }
        };
        Ok(view! {
            <Framed around place="/roles" title crumbs count=None>
                <div class="mx-auto grid max-w-[60rem] grid-cols-[minmax(0,1fr)] gap-7">{content}</div>
            </Framed>
        })
    })
}

#[component]
fn Review(
    role: RoleInFull,
    draft: Draft,
    after: RoleState,
    reach: Reach,
    flash: Flash,
    now: Timestamp,
) -> impl IntoView {
    let before = RoleState::from(&role);
    let form = format!("/roles/{}?{}", role.code, draft.query());
    let text = format!("For everybody who acts as {}.", role.name);
    let summary = flash.summary();
    let meanwhile = (draft.version != role.version)
        .then(|| view! { <Meanwhile role=role.clone() draft=draft.clone() now /> });
    if before == after {
        return view! {
            {meanwhile}
            <EmptyState icon=Icon::CircleCheck title="Nothing changes" text="The role is already as you want it.">
                <ButtonLink href=form label="Back to the form" tone=ButtonTone::Secondary />
                <ButtonLink href="/roles" label="All roles" tone=ButtonTone::Quiet />
            </EmptyState>
        }
        .into_any();
    }
    let save = match reach.people {
        0 => "Save the role".to_owned(),
        1 => "Save for 1 person".to_owned(),
        count => format!("Save for {} people", crate::people::with_commas(count)),
    };
    let shown = (before.clone(), after.clone());
    view! {
        {summary}
        {meanwhile}
        <div class="divide-y divide-line">
            <Section id="changes" title="What changes" text>
                <Card flush=true><Differences before=shown.0 after=shown.1 /></Card>
            </Section>
            <Section id="reach" title="For whom" text="It acts on their very next request, also where they are signed in now. Nobody is signed out.">
                <ReachCard reach now />
            </Section>
        </div>
        <form class="flex flex-wrap items-center gap-2 lg:pl-[17.5rem]" method="post" action=SaveRole::PATH>
            <input type="hidden" name="code" value=role.code.to_string() />
            <input type="hidden" name="version" value=role.version />
            <input type="hidden" name="name" value=after.name.to_string() />
            <input type="hidden" name="dashboard" value=after.dashboard.code() />
            <input type="hidden" name="permissions" value=codes(after.permissions).join(",") />
            <input type="hidden" name="was[permissions]" value=codes(before.permissions).join(",") />
            <input type="hidden" name="was[name]" value=before.name.to_string() />
            <input type="hidden" name="was[dashboard]" value=before.dashboard.code() />
            <Button>{save}</Button>
            <ButtonLink href=form label="Back to the form" tone=ButtonTone::Quiet />
        </form>
    }
    .into_any()
}

/// Somebody else was quicker: who, when, and what they changed.
#[component]
fn Meanwhile(role: RoleInFull, draft: Draft, now: Timestamp) -> impl IntoView {
    let who = role.changed_by.as_ref().map_or_else(|| "Somebody".to_owned(), ToString::to_string);
    let at = role.changed_at.map(|at| format!(" {}", moments::ago(at, now))).unwrap_or_default();
    let current = RoleState::from(&role);
    let differs = (draft.was != current).then(|| {
        view! {
            <div class="mt-2 rounded-control border border-line bg-sheet text-ink">
                <Differences before=draft.was.clone() after=current />
            </div>
        }
    });
    view! {
        <Notice tone=Tone::Warn icon=Icon::Users title=format!("{who} changed this role{at}, after you opened it")>
            <p>"Below stands what you change in the role as it is now. What you left alone stays as it is. This was changed:"</p>
            {differs}
        </Notice>
    }
}
