//! `/verify/set-up`: a first second factor between password and session, for those who need one.

use super::{
    enrolment::AppEnrolment,
    verify::{BackToSignIn, TimeLeft, pending, wanted},
    verify_actions::{BeginFirstFactor, FinishFirstFactor},
};
use crate::{
    flash::Flash,
    identity::arrival::verify_address,
    page::draw,
    ui::{Button, ButtonSize, Cover},
};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{
    identity::{Pending, Stage},
    second_factor::NewApp,
};

/// `/verify/set-up`
#[component]
pub fn SetUpFactorPage() -> impl IntoView {
    draw(async |visit| {
        let next = wanted(&visit);
        let Some(pending) = pending(&visit, &next).await? else { return Ok(().into_any()) };
        if pending.stage == Stage::Code {
            visit.go_to(&verify_address("", &next));
            return Ok(().into_any());
        }
        let token = visit.pending_sign_in().unwrap_or_default();
        let app = visit.backend.identity.pending_set_up(token, visit.origin()).await?;
        let flash = visit.take_flash().await;
        Ok(view! { <SetUpCard pending app flash next /> }.into_any())
    })
}

#[component]
fn SetUpCard(pending: Pending, app: Option<NewApp>, flash: Flash, next: String) -> impl IntoView {
    let error = flash.errors.of("code").map(str::to_owned);
    let back = next.clone();
    let body = match app {
        Some(app) => view! { <AppEnrolment app action=FinishFirstFactor::PATH next error /> }.into_any(),
        None => view! {
            <form class="grid" method="post" action=BeginFirstFactor::PATH>
                <input type="hidden" name="next" value=next />
                <Button size=ButtonSize::Large class="w-full">"Begin"</Button>
            </form>
        }
        .into_any(),
    };
    view! {
        {crate::page::title("Set up a second factor")}
        <Cover foot="You will be asked for a code of this app whenever you sign in.">
            <div class="grid gap-5 rounded-card border border-line bg-sheet p-6 sm:p-7">
                <div class="grid gap-1">
                    <h1 class="text-head font-semibold tracking-tighter" id="page-title" tabindex="-1">"Set up a second factor"</h1>
                    <p class="text-ink-soft">"Your account needs one before you can go on. It takes a minute."</p>
                </div>
                {flash.summary()}
                {body}
                <TimeLeft left=pending.left of=pending.lasts />
            </div>
            <BackToSignIn next=back />
        </Cover>
    }
}
