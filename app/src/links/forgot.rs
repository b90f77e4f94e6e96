//! `/forgot-password`: asking for a reset link.

use super::{
    actions::AskForReset,
    card::{BackToSignIn, CARD, Head, Told},
};
use crate::{
    flash::Flash,
    page::draw,
    ui::{Button, ButtonSize, Cover, InputKind, TextField},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/forgot-password`
#[component]
pub fn ForgotPage() -> impl IntoView {
    draw(async |visit| {
        let flash = visit.take_flash().await;
        let minutes = visit.backend.config.links.reset_minutes;
        Ok(match flash.good.clone() {
            Some(words) => view! {
                <Told title="Check your mail" way=("/login", "Back to sign in")>
                    <p role="status">{format!("{words}.")}</p>
                    <p>{format!("The link works once, for {minutes} minutes. If nothing comes, look in your spam folder, or ask again with another address.")}</p>
                </Told>
            }
            .into_any(),
            None => view! { <ForgotCard flash /> }.into_any(),
        })
    })
}

#[component]
fn ForgotCard(flash: Flash) -> impl IntoView {
    let summary = flash.summary();
    let (value, error) = (flash.value("email"), flash.errors.of("email").map(str::to_owned));
    view! {
        {crate::page::title("Forgot password")}
        <Cover>
            <form class=CARD method="post" action=AskForReset::PATH novalidate>
                <Head title="Forgot your password?">
                    <p>"We send a link to your e-mail address, with which you choose a new one."</p>
                </Head>
                {summary}
                <TextField label="E-mail" name="email" kind=InputKind::Email value error autocomplete="email" verbatim=true required=true large=true />
                <Button size=ButtonSize::Large class="w-full">"Send reset link"</Button>
            </form>
            <BackToSignIn />
        </Cover>
    }
}
