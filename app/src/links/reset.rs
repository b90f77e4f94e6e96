//! `/reset-password`: choosing another password by the link from a letter.

use super::{
    actions::ResetPassword,
    card::{CARD, Head, NewPasswordFields, behind_a_link},
};
use crate::{
    flash::Flash,
    frame::{Islands, assets},
    page::draw,
    ui::{Button, ButtonSize, Cover},
};
use domain::password::PasswordPolicy;
use leptos::{prelude::*, server_fn::ServerFn};
use server::links::{Holder, Purpose};

/// `/reset-password`
#[component]
pub fn ResetPage() -> impl IntoView {
    draw(async |visit| {
        let once_gone = (
            ("/forgot-password", "Send me a new link"),
            "If you have chosen a new password with it already, sign in with that one.",
        );
        behind_a_link(&visit, Purpose::Reset, once_gone, |holder, token, flash| {
            let policy = visit.backend.passwords.policy();
            view! {
                <ResetCard holder token flash policy />
                <Islands assets=assets(&visit) />
            }
            .into_any()
        })
        .await
    })
}

#[component]
fn ResetCard(holder: Holder, token: String, flash: Flash, policy: PasswordPolicy) -> impl IntoView {
    let summary = flash.summary();
    let error = flash.errors.of("password").map(str::to_owned);
    let username = holder.username.to_string();
    view! {
        {crate::page::title("Choose a new password")}
        <Cover foot="A second factor is asked for as always.">
            <form class=CARD method="post" action=ResetPassword::PATH novalidate>
                <Head title="Choose a new password">
                    <p>"For your account " <strong class="font-medium text-ink wrap-anywhere">{username}</strong> ". You are signed out everywhere, and sign in with the new one."</p>
                </Head>
                {summary}
                <NewPasswordFields holder token policy error />
                <Button size=ButtonSize::Large class="w-full">"Change my password"</Button>
            </form>
        </Cover>
    }
}
