//! `/account/password`: another password, for whoever knows the present one.

use super::{
    actions::ChangePassword,
    sections::{AccountSection, Section as AccountPart},
};
use crate::{
    flash::Flash,
    frame::Surroundings,
    identity::strength::StrengthMeter,
    page::draw,
    ui::{Button, PasswordField, PasswordPurpose, Section},
};
use domain::password::PasswordPolicy;
use leptos::{prelude::*, server_fn::ServerFn};
use server::Actor;

const TEXT: &str =
    "Everywhere else you are signed out at once, and you get a letter about it. Your API keys go on working.";

/// `/account/password`
#[component]
pub fn PasswordPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?.clone();
        let policy = visit.backend.passwords.policy();
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        Ok(view! {
            <AccountSection around section=AccountPart::Password>
                <PasswordForm flash policy actor />
            </AccountSection>
        })
    })
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
