//! `/register`, where everybody may register.

use super::{
    actions::Register,
    card::{BackToSignIn, CARD, Head, Told},
};
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

/// `/register`
#[component]
pub fn RegisterPage() -> impl IntoView {
    draw(async |visit| {
        if visit.actor().is_ok() {
            visit.go_to("/");
            return Ok(().into_any());
        }
        if !visit.backend.links.registration_is_open().await? {
            return Err(Error::NotFound(
                "Registration is closed here. Ask whoever looks after the accounts.",
            ));
        }
        let flash = visit.take_flash().await;
        let policy = visit.backend.passwords.policy();
        let hours = visit.backend.config.links.verification_hours;
        Ok(match flash.good {
            Some(_) => view! { <Sent email=flash.value("email") hours /> }.into_any(),
            None => view! {
                <RegisterCard flash policy />
                <Islands assets=assets(&visit) />
            }
            .into_any(),
        })
    })
}

#[component]
fn Sent(email: String, hours: u32) -> impl IntoView {
    view! {
        <Told title="Check your mail" way=("/login", "Back to sign in")>
            <p role="status">"We have sent a letter to " <strong class="font-medium text-ink wrap-anywhere">{email}</strong> ". Open the link in it, and your account is ready."</p>
            <p>{format!("The link works once, for {hours} hours. If nothing comes, look in your spam folder.")}</p>
        </Told>
    }
}

#[component]
fn RegisterCard(flash: Flash, policy: PasswordPolicy) -> impl IntoView {
    let summary = flash.summary();
    let [full_name, username, email, born, password] =
        ["full_name", "username", "email", "date_of_birth", "password"]
            .map(|field| (flash.value(field), flash.errors.of(field).map(str::to_owned)));
    let meter = view! {
        <StrengthMeter policy password="password".to_owned() username="username".to_owned() email="email".to_owned() />
    };
    view! {
        {crate::page::title("Create an account")}
        <Cover>
            <form class=CARD method="post" action=Register::PATH novalidate>
                <Head title="Create an account">
                    <p>"A letter with a link comes to your address; then you can sign in."</p>
                </Head>
                {summary}
                <TextField label="Full name" name="full_name" value=full_name.0 error=full_name.1 autocomplete="name" required=true large=true />
                <TextField label="Username" name="username" value=username.0 error=username.1 hint="Letters a to z, digits, dots, dashes and underscores." autocomplete="username" verbatim=true required=true large=true />
                <TextField label="E-mail" name="email" kind=InputKind::Email value=email.0 error=email.1 autocomplete="email" verbatim=true required=true large=true />
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
                <TextField label="Date of birth" name="date_of_birth" kind=InputKind::Date error=born.1 hint="You must be at least 13. We look at the date once and do not keep it." autocomplete="bday" required=true large=true />
                <Button size=ButtonSize::Large class="w-full">"Create my account"</Button>
            </form>
            <BackToSignIn />
        </Cover>
    }
}
