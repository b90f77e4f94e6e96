//! `/verify-email`: showing that an address is one's own. It takes a press, since scanners of mail open every link.

use super::{
    actions::VerifyAddress,
    card::{CARD, Head, behind_a_link},
};
use crate::{
    flash::Flash,
    page::draw,
    ui::{Button, ButtonSize, Cover},
};
use leptos::{prelude::*, server_fn::ServerFn};
use server::links::{Holder, Purpose};

/// `/verify-email`
#[component]
pub fn VerifyEmailPage() -> impl IntoView {
    draw(async |visit| {
        let once_gone = (
            ("/login", "Sign in"),
            "Sign in: if your address is not verified yet, we send you a new link then.",
        );
        behind_a_link(&visit, Purpose::Verification, once_gone, |holder, token, flash| {
            view! { <VerifyCard holder token flash /> }.into_any()
        })
        .await
    })
}

#[component]
fn VerifyCard(holder: Holder, token: String, flash: Flash) -> impl IntoView {
    let summary = flash.summary();
    let (username, email) = (holder.username.to_string(), holder.email.to_string());
    view! {
        {crate::page::title("Verify your e-mail address")}
        <Cover>
            <form class=CARD method="post" action=VerifyAddress::PATH novalidate>
                <Head title="Verify your e-mail address">
                    <p>"Somebody registered as " <strong class="font-medium text-ink wrap-anywhere">{username}</strong> " with the address " <strong class="font-medium text-ink wrap-anywhere">{email}</strong> ". If that was you, verify it, and you can sign in."</p>
                    <p>"If it wasn't you, close this page. Nothing happens without you."</p>
                </Head>
                {summary}
                <input type="hidden" name="token" value=token />
                <Button size=ButtonSize::Large class="w-full">"Verify my address"</Button>
            </form>
        </Cover>
    }
}
