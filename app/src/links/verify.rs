//! `/verify-email`: showing that an address is one's own. It takes a press, since scanners of mail open every link.

use super::{
    actions::VerifyAddress,
    card::{CARD, Head, gone, summary},
};
use crate::{
    flash::Flash,
    page::draw,
    ui::{Button, ButtonSize, Cover},
};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{
    Error,
    links::{Holder, Purpose},
};

/// `/verify-email`
#[component]
pub fn VerifyEmailPage() -> impl IntoView {
    draw(async |visit| {
        visit.hide_address();
        let token = visit.parameter("token").unwrap_or_default();
        match visit.backend.links.look(Purpose::Verification, &token).await {
            Ok(holder) => {
                let flash = visit.take_flash().await;
                Ok(view! { <VerifyCard holder token flash /> }.into_any())
            }
            Err(error @ Error::LinkGone) => {
                visit.set_status(&error);
                let what_now = "Sign in: if your address is not verified yet, we send you a new link then.";
                Ok(gone(("/login", "Sign in"), what_now))
            }
            Err(error) => Err(error),
        }
    })
}

#[component]
fn VerifyCard(holder: Holder, token: String, flash: Flash) -> impl IntoView {
    let summary = summary(&flash);
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
