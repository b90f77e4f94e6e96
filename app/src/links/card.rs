//! What the pages behind links are made of: a card for a form, a card that says one thing, and a new password.

use crate::{
    flash::Flash,
    identity::strength::StrengthMeter,
    page::Visit,
    ui::{ButtonLink, ButtonSize, ButtonTone, Cover, PasswordField, PasswordPurpose},
};
use domain::password::PasswordPolicy;
use leptos::prelude::*;
use server::{
    Error,
    links::{Holder, Purpose},
};

/// The look of a card on a cover.
pub(super) const CARD: &str = "grid gap-4 rounded-card border border-line bg-sheet p-6 sm:p-7";

/// The head of a card: what one does here, and what comes of it.
#[component]
pub(super) fn Head(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <div class="grid gap-1.5">
            <h1 class="text-head font-semibold tracking-tighter text-balance" id="page-title" tabindex="-1">{title}</h1>
            <div class="grid gap-1.5 text-ink-soft text-pretty">{children()}</div>
        </div>
    }
}

/// A card that says one thing and offers the way on.
#[component]
pub(super) fn Told(
    title: &'static str,
    /// Where the button leads, and what stands on it.
    way: (&'static str, &'static str),
    children: Children,
) -> impl IntoView {
    let (href, label) = way;
    view! {
        {crate::page::title(title)}
        <Cover>
            <div class=CARD>
                <Head title>{children()}</Head>
                <ButtonLink href label tone=ButtonTone::Secondary size=ButtonSize::Large />
            </div>
        </Cover>
    }
}

/// What stands behind a link: what its holder is asked, or the way on where it works no more.
pub(super) async fn behind_a_link(
    visit: &Visit,
    purpose: Purpose,
    (way, what_now): ((&'static str, &'static str), &'static str),
    ask: impl FnOnce(Holder, String, Flash) -> AnyView,
) -> Result<AnyView, Error> {
    visit.hide_address();
    let token = visit.parameter("token").unwrap_or_default();
    match visit.backend.links.look(purpose, &token).await {
        Ok(holder) => Ok(ask(holder, token, visit.take_flash().await)),
        Err(error @ Error::LinkGone) => {
            visit.set_status(&error);
            Ok(gone(way, what_now))
        }
        Err(error) => Err(error),
    }
}

/// The page of a link that no longer works.
fn gone(way: (&'static str, &'static str), what_now: &'static str) -> AnyView {
    view! {
        <Told title="This link no longer works" way>
            <p>{Error::LINK_GONE.trim_start_matches("This link no longer works. ")}</p>
            <p>{what_now}</p>
        </Told>
    }
    .into_any()
}

/// The fields of a form in which the holder of a link chooses a password. Their name stands there for password managers, and
/// with the address for the meter.
#[component]
pub(super) fn NewPasswordFields(
    holder: Holder,
    token: String,
    policy: PasswordPolicy,
    error: Option<String>,
) -> impl IntoView {
    let meter = view! {
        <StrengthMeter policy password="password".to_owned() username="username".to_owned() email="email".to_owned() />
    };
    view! {
        <input type="hidden" name="token" value=token />
        <input type="text" id="username" name="username" value=holder.username.to_string() autocomplete="username" readonly hidden />
        <input type="hidden" id="email" value=holder.email.to_string() />
        <PasswordField
            label="New password"
            name="password"
            purpose=PasswordPurpose::New
            hint=policy.advice()
            error
            meter=meter.into_any()
            required=true
            large=true
        />
    }
}

/// A quiet way back below a card.
#[component]
pub(super) fn BackToSignIn() -> impl IntoView {
    view! {
        <p class="text-center text-label">
            <a class="text-accent underline underline-offset-3" href="/login">"Back to sign in"</a>
        </p>
    }
}
