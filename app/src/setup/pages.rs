//! `/setup`: there while nobody has an account, guarded by the token that the log shows.

use super::actions::SetUp;
use crate::{
    flash::Flash,
    frame::{Islands, assets},
    identity::strength::StrengthMeter,
    page::draw,
    ui::{Button, ButtonSize, Cover, InputKind, PasswordField, PasswordPurpose, TextField},
};
use domain::password::PasswordPolicy;
use leptos::{prelude::*, server_fn::ServerFn};
use server::Error;

/// `/setup`
#[component]
pub fn SetupPage() -> impl IntoView {
    draw(async |visit| {
        if !visit.backend.setup.is_due().await? {
            return Err(Error::NotFound("This installation is set up already"));
        }
        let flash = visit.take_flash().await;
        let policy = visit.backend.passwords.policy();
        Ok(view! {
            <SetupCard flash policy />
            <Islands assets=assets(&visit) />
        })
    })
}

#[component]
fn SetupCard(flash: Flash, policy: PasswordPolicy) -> impl IntoView {
    let summary = flash.summary();
    let [token, full_name, username, email, password] =
        ["token", "full_name", "username", "email", "password"].map(|field| {
            let error = flash.errors.of(field).map(str::to_owned);
            (flash.value(field), error)
        });
    let meter = view! {
        <StrengthMeter policy password="password".to_owned() username="username".to_owned() email="email".to_owned() />
    };
    view! {
        {crate::page::title("Set up")}
        <Cover foot="The account you make here may do everything.">
            <form class="grid gap-4 rounded-card border border-line bg-sheet p-6 sm:p-7" method="post" action=SetUp::PATH novalidate>
                <div class="grid gap-1">
                    <h1 class="text-head font-semibold tracking-tighter" id="page-title" tabindex="-1">"Make the first account"</h1>
                    <p class="text-ink-soft">"Nobody can sign in here yet. The one-time token stands in the program's log."</p>
                </div>
                {summary}
                <TextField label="One-time token" name="token" error=token.1 autocomplete="off" verbatim=true required=true large=true />
                <TextField label="Full name" name="full_name" value=full_name.0 error=full_name.1 autocomplete="name" required=true large=true />
                <TextField label="Username" name="username" value=username.0 error=username.1 autocomplete="username" verbatim=true required=true large=true />
                <TextField label="E-mail" name="email" kind=InputKind::Email value=email.0 error=email.1 autocomplete="email" required=true large=true />
                <PasswordField
                    label="Password"
                    name="password"
                    purpose=PasswordPurpose::New
                    hint=policy.advice()
                    error=password.1
                    meter=meter.into_any()
                    required=true
                    large=true
                />
                <Button size=ButtonSize::Large class="w-full">"Make my account"</Button>
            </form>
        </Cover>
    }
}
