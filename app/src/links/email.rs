//! `/confirm-email` and `/approve-email`: agreeing to another e-mail address by the letter at the new one and by the letter at
//! the present one, which can stop it as well. It takes a press, since scanners of mail open every link.

use super::{
    card::{CARD, Head, Told},
    email_actions::{ApproveEmail, ConfirmEmail},
};
use crate::{
    flash::Flash,
    page::{Visit, draw},
    ui::{Button, ButtonSize, ButtonTone, Cover},
};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{
    Error, Result,
    links::{EmailChange, Holder, Side},
};

/// `/confirm-email`
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    draw(async |visit| behind(&visit, Side::New).await)
}

/// `/approve-email`
#[component]
pub fn ApproveEmailPage() -> impl IntoView {
    draw(async |visit| behind(&visit, Side::Present).await)
}

async fn behind(visit: &Visit, side: Side) -> Result<AnyView> {
    visit.hide_address();
    let token = visit.parameter("token").unwrap_or_default();
    match visit.backend.links.look_at_email_change(side, &token).await {
        Ok((holder, change)) => {
            let flash = visit.take_flash().await;
            Ok(match side {
                Side::New => view! { <NewCard holder change token flash /> }.into_any(),
                Side::Present => view! { <PresentCard holder change token flash /> }.into_any(),
            })
        }
        Err(error @ Error::LinkGone) => {
            visit.set_status(&error);
            Ok(view! {
                <Told title="This link no longer works" way=("/account", "My account")>
                    <p>{Error::LINK_GONE.trim_start_matches("This link no longer works. ")}</p>
                    <p>"On the page of your account you see whether your address changed, and can ask for it anew."</p>
                </Told>
            }
            .into_any())
        }
        Err(error) => Err(error),
    }
}

#[component]
fn NewCard(holder: Holder, change: EmailChange, token: String, flash: Flash) -> impl IntoView {
    let summary = flash.summary();
    let (username, new) = (holder.username.to_string(), change.new_email.to_string());
    view! {
        {crate::page::title("Confirm your new e-mail address")}
        <Cover>
            <form class=CARD method="post" action=ConfirmEmail::PATH novalidate>
                <Head title="Confirm your new e-mail address">
                    <p>"The account " <strong class="font-medium text-ink wrap-anywhere">{username}</strong> " is to have the address " <strong class="font-medium text-ink wrap-anywhere">{new}</strong> ". If you asked for that, confirm it. It changes when the present address has agreed as well."</p>
                    <p>"If it wasn't you, close this page. Nothing happens without you."</p>
                </Head>
                {summary}
                <input type="hidden" name="token" value=token />
                <Button size=ButtonSize::Large class="w-full">"Confirm this address"</Button>
            </form>
        </Cover>
    }
}

#[component]
fn PresentCard(holder: Holder, change: EmailChange, token: String, flash: Flash) -> impl IntoView {
    let summary = flash.summary();
    let (username, new) = (holder.username.to_string(), change.new_email.to_string());
    view! {
        {crate::page::title("Approve your new e-mail address")}
        <Cover>
            <form class=CARD method="post" action=ApproveEmail::PATH novalidate>
                <Head title="Approve your new e-mail address">
                    <p>"Letters about the account " <strong class="font-medium text-ink wrap-anywhere">{username}</strong> " are to go to " <strong class="font-medium text-ink wrap-anywhere">{new}</strong> " from then on, and links to reset its password as well."</p>
                    <p>"If it wasn't you who asked for that, stop it and change your password: somebody is signed in as you."</p>
                </Head>
                {summary}
                <input type="hidden" name="token" value=token />
                <div class="grid gap-2">
                    <Button size=ButtonSize::Large class="w-full" name="decision" value="approve">"Approve the change"</Button>
                    <Button size=ButtonSize::Large class="w-full" tone=ButtonTone::Danger name="decision" value="stop">"Stop it"</Button>
                </div>
            </form>
        </Cover>
    }
}
