//! `/account/password`: another password, for whoever knows the present one, and the providers that sign one in beside it.

use super::{
    actions::ChangePassword,
    sections::{AccountSection, Section as AccountPart},
};
use crate::{
    flash::Flash,
    frame::Surroundings,
    identity::strength::StrengthMeter,
    page::draw,
    providers::own::{Connection, Connections},
    ui::{Button, ButtonLink, ButtonTone, PasswordField, PasswordPurpose, Section},
};
use domain::password::PasswordPolicy;
use leptos::{prelude::*, server_fn::ServerFn};
use server::Actor;

const TEXT: &str = "Everywhere else you are signed out at once, and you get a letter about it. Your API keys go on working until you revoke them.";

/// `/account/password`
#[component]
pub fn PasswordPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?.clone();
        let policy = visit.backend.passwords.policy();
        let has_password = visit.backend.identity.has_password(&actor).await?;
        let providers = &visit.backend.providers;
        let links = providers.links(&actor).await?.into_iter();
        let connections: Vec<Connection> =
            links.map(|link| Connection { name: providers.name_of(&link.issuer), link }).collect();
        let now = visit.backend.ground.clock.now();
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        let password = if has_password {
            view! { <PasswordForm flash policy actor /> }.into_any()
        } else {
            view! { <NoPassword flash /> }.into_any()
        };
        Ok(view! {
            <AccountSection around section=AccountPart::Password>
                <div class="divide-y divide-line">
                    {password}
                    <Connections connections has_password now />
                </div>
            </AccountSection>
        })
    })
}

/// For whoever signs in elsewhere, or by a passkey alone.
#[component]
fn NoPassword(flash: Flash) -> impl IntoView {
    view! {
        <Section id="choose-password" title="You have no password" text="You sign in another way, and can go on so.">
            <div class="grid justify-items-start gap-3">
                {flash.summary()}
                <p class="text-ink-soft">"With a password you can also sign in here itself. A link to choose one comes by mail."</p>
                <ButtonLink href="/forgot-password" label="Send me a link" tone=ButtonTone::Secondary />
            </div>
        </Section>
    }
}

#[component]
fn PasswordForm(flash: Flash, policy: PasswordPolicy, actor: Actor) -> impl IntoView {
    let summary = flash.summary();
    let [current_error, error] =
        ["current_password", "password"].map(|field| flash.errors.of(field).map(str::to_owned));
    let meter = view! {
        <StrengthMeter policy password="password".to_owned() username="username".to_owned() email="email".to_owned() />
    };
    view! {
        <Section id="change-password" title="Change your password" text=TEXT>
            <form class="grid max-w-96 gap-4" method="post" action=ChangePassword::PATH novalidate>
                {summary}
                // For password managers and the meter; without names, so they are not sent.
                <input type="text" id="username" autocomplete="username" value=actor.username().to_string() hidden />
                <input type="text" id="email" value=actor.email().to_string() hidden />
                <PasswordField label="Password you have now" name="current_password" error=current_error required=true />
                <PasswordField
                    label="New password"
                    name="password"
                    purpose=PasswordPurpose::New
                    hint=policy.advice()
                    error
                    meter=meter.into_any()
                    required=true
                />
                <div><Button>"Change password"</Button></div>
            </form>
        </Section>
    }
}
