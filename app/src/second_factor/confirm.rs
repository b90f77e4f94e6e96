//! `/confirm`: before something that matters it has to be shown once more that it is really them.

use super::{
    confirm_actions::{Confirm, SendConfirmation},
    verify::wanted,
    ways::{Forms, OtherWays, WayForm, chosen, sentence},
};
use crate::{
    flash::Flash,
    identity::{actions::SignOut, arrival::with_next},
    page::{confirm_address, draw},
    ui::{Button, ButtonLink, ButtonSize, ButtonTone, Cover, PasswordField, Toast, Toasts},
};
use domain::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use server::{
    proof::StepUp,
    second_factor::{Claimant, Way},
};

/// `/confirm`
#[component]
pub fn ConfirmPage() -> impl IntoView {
    draw(async |visit| {
        let next = wanted(&visit);
        let actor = visit.actor()?;
        let standing = *actor.standing();
        let Some(due) = standing.due() else {
            // What is left to do is setting a factor up, where one is needed and there is none.
            match standing.due_for_administration() {
                Some(_) if !next.starts_with("/account/second-factor") => {
                    visit
                        .leave_flash(Flash {
                            bad: Some(StepUp::SetUp.words().to_owned()),
                            ..Flash::default()
                        })
                        .await;
                    visit.go_to(&with_next("/account/second-factor", &next));
                }
                _ => visit.go_to(&next),
            }
            return Ok(().into_any());
        };
        let ways = match due {
            StepUp::SecondFactor => visit.backend.second_factors.ways_of(Claimant::from(actor)).await?,
            StepUp::Password | StepUp::SetUp => Vec::new(),
        };
        let can_confirm = due != StepUp::Password || visit.backend.identity.has_password(actor).await?;
        let asked = visit.parameter("method");
        let way = chosen(&ways, asked.as_deref());
        let flash = visit.take_flash().await;
        // What was typed on the page that asked stays here meanwhile.
        if !flash.values.is_empty() {
            visit.leave_flash(flash.typed()).await;
        }
        let now = visit.backend.ground.clock.now();
        Ok(view! { <ConfirmCard ways way can_confirm flash next now /> }.into_any())
    })
}

/// This page, with the method that was tried.
pub fn address(method: &str, next: &str) -> String {
    format!("{}&method={}", confirm_address(next), server::http::intake::encode(method))
}

#[component]
fn ConfirmCard(
    ways: Vec<Way>,
    way: Option<Way>,
    /// Whether they have anything to show at all.
    can_confirm: bool,
    flash: Flash,
    next: String,
    now: Timestamp,
) -> impl IntoView {
    let error = |field: &str| flash.errors.of(field).map(str::to_owned);
    let (code_error, password_error) = (error("code"), error("password"));
    let words = match &way {
        Some(way) => sentence(way),
        None if can_confirm => "Enter your password again to go on.".to_owned(),
        None => "You have no password to show. Sign out and in again as you always do: then you can go on for a quarter of an hour."
            .to_owned(),
    };
    let summary = flash.summary();
    let body = match way {
        Some(way) => {
            let method = way.method;
            let forms =
                Forms { show: Confirm::PATH, send: SendConfirmation::PATH, page: "/confirm", occasion: "confirm", next };
            view! {
                <WayForm way forms=forms.clone() error=code_error now />
                <OtherWays ways present=method forms />
            }
            .into_any()
        }
        None if !can_confirm => view! {
            <form class="grid" method="post" action=SignOut::PATH>
                <Button size=ButtonSize::Large class="w-full">"Sign out"</Button>
            </form>
        }
        .into_any(),
        None => view! {
            <form class="grid gap-4" method="post" action=Confirm::PATH novalidate>
                <input type="hidden" name="next" value=next />
                <PasswordField label="Password" name="password" error=password_error required=true large=true />
                <Button size=ButtonSize::Large class="w-full">"Confirm"</Button>
            </form>
        }
        .into_any(),
    };
    view! {
        {crate::page::title("Confirm it is you")}
        <Cover foot="You are asked before changes that matter, once in a quarter of an hour.">
            <div class="grid gap-4 rounded-card border border-line bg-sheet p-6 sm:p-7">
                <div class="grid gap-1">
                    <h1 class="text-head font-semibold tracking-tighter" id="page-title" tabindex="-1">"Confirm it is you"</h1>
                    <p class="text-ink-soft">{words}</p>
                </div>
                {summary}
                {body}
            </div>
            <p class="grid justify-items-center">
                <ButtonLink href="/" label="Not now" tone=ButtonTone::Quiet />
            </p>
        </Cover>
        <Toasts>{flash.good.map(|message| view! { <Toast message /> })}</Toasts>
    }
}
