//! `/account/email`: asking for another address, and what waits until both addresses have agreed.

use super::email_actions::{ChangeEmail, WithdrawEmailChange};
use crate::{
    flash::Flash,
    frame::{Framed, Surroundings},
    moments,
    page::draw,
    ui::{Badge, Button, ButtonLink, ButtonTone, Card, Crumb, Icon, InputKind, Notice, TextField, Tone},
};
use domain::person::EmailAddress;
use leptos::{prelude::*, server_fn::ServerFn};
use server::links::EmailChange;

/// `/account/email`
#[component]
pub fn EmailPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?.clone();
        // Asked for here already, so that nothing typed is lost on the way.
        actor.standing().check()?;
        let waiting = visit.backend.links.email_change(&actor).await?;
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        Ok(view! {
            <Framed around place="/account" title="E-mail address" crumbs=vec![Crumb::new("My account", "/account")] count=None>
                <div class="mx-auto grid max-w-[34rem] grid-cols-[minmax(0,1fr)] gap-6">
                    {waiting.map(|change| view! { <Waiting change present=actor.email().clone() /> })}
                    <EmailForm flash present=actor.email().clone() />
                </div>
            </Framed>
        })
    })
}

/// What waits: which address has agreed, until when, and a way to stop it.
#[component]
pub fn Waiting(change: EmailChange, present: EmailAddress) -> impl IntoView {
    let until = moments::in_full(change.expires_at);
    let stop = view! {
        <form method="post" action=WithdrawEmailChange::PATH>
            <Button tone=ButtonTone::Secondary>"Stop the change"</Button>
        </form>
    };
    view! {
        <Notice icon=Icon::Mail title="Your address is about to change" action=stop.into_any()>
            <p>"Open the letter at both addresses and confirm it there, until " {until} ". Then letters go to the new one."</p>
            <ul class="mt-2 grid gap-1.5">
                <Side email=change.new_email.to_string() agreed=change.confirmed_at.is_some() />
                <Side email=present.to_string() agreed=change.approved_at.is_some() />
            </ul>
        </Notice>
    }
}

#[component]
fn Side(email: String, agreed: bool) -> impl IntoView {
    let (label, tone) = if agreed { ("Confirmed", Tone::Good) } else { ("Waits", Tone::Warn) };
    view! {
        <li class="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span class="min-w-0 font-medium text-ink wrap-anywhere">{email}</span>
            <Badge label tone />
        </li>
    }
}

#[component]
fn EmailForm(flash: Flash, present: EmailAddress) -> impl IntoView {
    let summary = flash.summary();
    let error = flash.errors.of("email").map(str::to_owned);
    let email = flash.value("email");
    view! {
        <Card>
            <form class="grid gap-4" method="post" action=ChangeEmail::PATH novalidate>
                {summary}
                <p class="text-ink-soft">
                    "Your address is " <strong class="font-medium text-ink wrap-anywhere">{present.to_string()}</strong>
                    ". We write to it and to the new one; it changes when you have confirmed it in both letters. You stay signed in everywhere."
                </p>
                <TextField label="New e-mail address" name="email" kind=InputKind::Email value=email error autocomplete="email" required=true />
                <p class="text-label text-ink-faint">
                    "If letters to your present address no longer reach you, ask whoever looks after the accounts to change it."
                </p>
                <div class="flex flex-wrap gap-2">
                    <Button>"Write to both addresses"</Button>
                    <ButtonLink href="/account" label="Keep it" tone=ButtonTone::Quiet />
                </div>
            </form>
        </Card>
    }
}
