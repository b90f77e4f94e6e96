//! `/accept-invitation`: taking an account that somebody else has made.

use super::{
    actions::AcceptInvitation,
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

/// `/accept-invitation`
#[component]
pub fn InvitationPage() -> impl IntoView {
    draw(async |visit| {
        let once_gone = (
            ("/login", "Sign in"),
            "If you have accepted the invitation already, sign in. Else ask whoever invited you to send it again.",
        );
        behind_a_link(&visit, Purpose::Invitation, once_gone, |holder, token, flash| {
            let policy = visit.backend.passwords.policy();
            view! {
                <InvitationCard holder token flash policy />
                <Islands assets=assets(&visit) />
            }
            .into_any()
        })
        .await
    })
}

#[component]
fn InvitationCard(holder: Holder, token: String, flash: Flash, policy: PasswordPolicy) -> impl IntoView {
    let summary = flash.summary();
    let error = flash.errors.of("password").map(str::to_owned);
    let title = format!("Welcome, {}", holder.full_name.first_name());
    let username = holder.username.to_string();
    view! {
        {crate::page::title("Accept the invitation")}
        <Cover>
            <form class=CARD method="post" action=AcceptInvitation::PATH novalidate>
                <Head title>
                    <p>"An account is waiting for you. Your username is " <strong class="font-medium text-ink wrap-anywhere">{username}</strong> "; choose a password, and it is yours."</p>
                </Head>
                {summary}
                <NewPasswordFields holder token policy error />
                <Button size=ButtonSize::Large class="w-full">"Take my account"</Button>
            </form>
        </Cover>
    }
}
