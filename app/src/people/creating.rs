//! `/people/new`: making an account, with a password or by an invitation.

use super::{
    create_actions::CreatePerson,
    fields::{EmailField, FullNameField, RoleFields, Typed, UsernameField},
};
use crate::{
    flash::Flash,
    frame::{Framed, Surroundings},
    identity::strength::StrengthMeter,
    page::draw,
    ui::{Button, ButtonLink, ButtonTone, Crumb, PasswordField, PasswordPurpose, Radio},
};
use domain::password::PasswordPolicy;
use leptos::{prelude::*, server_fn::ServerFn};
use server::roles::Role;

/// `/people/new`
#[component]
pub fn NewPersonPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?;
        // Asked before anything is typed, not after.
        actor.permit::<server::permit::CreatePerson>(())?;
        let roles = visit.backend.people.roles_to_give(actor).await?;
        let policy = visit.backend.passwords.policy();
        let invites = visit.backend.links.invites();
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        Ok(view! {
            <Framed around place="/people" title="New person" crumbs=vec![Crumb::new("People", "/people")] count=None>
                <div class="mx-auto max-w-[36rem]">
                    <NewPersonForm flash roles policy invites />
                </div>
            </Framed>
        })
    })
}

#[component]
fn NewPersonForm(
    flash: Flash,
    roles: Vec<Role>,
    policy: PasswordPolicy,
    /// Whether invitations can be sent here.
    invites: bool,
) -> impl IntoView {
    let summary = flash.summary();
    let typed = Typed::again(&flash).unwrap_or_default();
    let by_invitation = invites && flash.value("way") != "password";
    let ways = invites.then(|| {
        view! {
            <fieldset class="grid gap-2">
                <legend class="mb-2 text-label font-medium">"How they get in"</legend>
                <Radio label="By invitation" name="way" value="invitation" checked=by_invitation hint="A letter with a link, by which they choose a password of their own." />
                <Radio label="With a password that you give them" name="way" value="password" checked=!by_invitation hint="The account can be used at once." />
            </fieldset>
        }
    });
    view! {
        <form class="group grid gap-5" method="post" action=CreatePerson::PATH novalidate>
            {summary}
            <FullNameField value=typed.full_name flash=flash.clone() />
            <UsernameField value=flash.value("username") flash=flash.clone() />
            <EmailField value=typed.email flash=flash.clone() own=String::new() />
            <RoleFields roles chosen=typed.roles flash=flash.clone() />
            {ways}
            <Password policy error=flash.errors.of("password").map(str::to_owned) />
            <div class="flex flex-wrap gap-2">
                <Button>"Create the account"</Button>
                <ButtonLink href="/people" label="Cancel" tone=ButtonTone::Quiet />
            </div>
        </form>
    }
}

/// Out of sight while an invitation is chosen, with or without scripts.
#[component]
fn Password(policy: PasswordPolicy, error: Option<String>) -> impl IntoView {
    let meter = view! {
        <StrengthMeter policy password="password".to_owned() username="username".to_owned() email="email".to_owned() />
    };
    view! {
        <div class="group-has-[#way-invitation:checked]:hidden">
            <PasswordField
                label="Password"
                name="password"
                purpose=PasswordPurpose::New
                hint=policy.advice()
                error
                meter=meter.into_any()
            />
        </div>
    }
}
