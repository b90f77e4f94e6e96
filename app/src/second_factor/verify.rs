//! `/verify`: the code between password and session.

use super::{
    verify_actions::{GiveUp, SendCode, Verify},
    ways::{Forms, OtherWays, WayForm, chosen, sentence},
};
use crate::{
    flash::Flash,
    identity::arrival::set_up_address,
    page::{Visit, draw, own_path, sign_in_address},
    ui::{Button, ButtonTone, Checkbox, Cover, Progress, Toast, Toasts},
};
use domain::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use server::{
    Error, Result,
    http::cookies,
    identity::{Pending, Stage},
    second_factor::Way,
};
use std::time::Duration;

/// `/verify`
#[component]
pub fn VerifyPage() -> impl IntoView {
    draw(async |visit| {
        let next = wanted(&visit);
        let Some(pending) = pending(&visit, &next).await? else { return Ok(().into_any()) };
        if pending.stage == Stage::SetUp {
            visit.go_to(&set_up_address(&next));
            return Ok(().into_any());
        }
        let asked = visit.parameter("method");
        let way = chosen(&pending.ways, asked.as_deref());
        let flash = visit.take_flash().await;
        let days = visit.backend.config.security.remember_device_days;
        let now = visit.backend.ground.clock.now();
        Ok(view! { <VerifyCard pending way flash next days now /> }.into_any())
    })
}

/// The page to go to afterwards.
pub fn wanted(visit: &Visit) -> String {
    let next = visit.parameter("next");
    next.as_deref().and_then(own_path).unwrap_or("/").to_owned()
}

/// The sign-in of this browser that waits. Whoever has none is led to the first step, which leads on those who are in.
pub async fn pending(visit: &Visit, next: &str) -> Result<Option<Pending>> {
    let Some(token) = visit.pending_sign_in() else {
        visit.go_to(&sign_in_address(next));
        return Ok(None);
    };
    match visit.backend.identity.pending(token).await {
        Ok(pending) => Ok(Some(pending)),
        Err(error @ Error::SignInOver) => {
            visit.set_cookie(cookies::clear_pending_sign_in(&visit.backend.config));
            // Anybody can open this page with any cookie; a message is a row, and so many a minute are enough.
            if visit.bound().await.is_ok() {
                visit.leave_flash(Flash::of_error(&error)).await;
            }
            visit.go_to(&sign_in_address(next));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[component]
fn VerifyCard(
    pending: Pending,
    way: Option<Way>,
    flash: Flash,
    next: String,
    days: u32,
    now: Timestamp,
) -> impl IntoView {
    let forms = Forms {
        show: Verify::PATH,
        send: SendCode::PATH,
        page: "/verify",
        occasion: "verify",
        next: next.clone(),
    };
    let words = way.as_ref().map_or_else(
        || {
            "Text messages cannot be sent from here right now. Ask whoever runs Countersign for help."
                .to_owned()
        },
        sentence,
    );
    let error = flash.errors.of("code").map(str::to_owned);
    let summary = flash.summary();
    let body = way.map(|way| {
        let method = way.method;
        let remember = (days > 0).then(|| {
            let label = format!("Remember this device for {days} days");
            view! { <Checkbox label name="remember_device" value="on" /> }.into_any()
        });
        let remember = remember.unwrap_or_else(|| ().into_any());
        view! {
            <WayForm way forms=forms.clone() error now extra=remember />
            <OtherWays ways=pending.ways present=method forms />
        }
    });
    view! {
        {crate::page::title("Verify")}
        <Cover foot="A second factor keeps your account yours, even if someone learns your password.">
            <div class="grid gap-4 overflow-hidden rounded-card border border-line bg-sheet p-6 sm:p-7">
                <div class="grid gap-1">
                    <h1 class="text-head font-semibold tracking-tighter" id="page-title" tabindex="-1">"Confirm it is you"</h1>
                    <p class="text-ink-soft">{words}</p>
                </div>
                {summary}
                {body}
                <TimeLeft left=pending.left of=pending.lasts />
            </div>
            <BackToSignIn next />
        </Cover>
        <Toasts>{flash.good.map(|message| view! { <Toast message /> })}</Toasts>
    }
}

/// How long the sign-in waits.
#[component]
pub fn TimeLeft(left: Duration, of: Duration) -> impl IntoView {
    let seconds = |span: Duration| u32::try_from(span.as_secs()).unwrap_or(u32::MAX).max(1);
    let minutes = left.as_secs().div_ceil(60);
    let words = match minutes {
        ..=1 => "This sign-in waits for another minute.".to_owned(),
        minutes => format!("This sign-in waits for another {minutes} minutes."),
    };
    view! {
        <div class="grid gap-1.5">
            <Progress label="Time left to confirm, in seconds" value=seconds(left) max=seconds(of) runs_out=true />
            <p class="text-label text-ink-faint">{words}</p>
        </div>
    }
}

/// Gives the sign-in up.
#[component]
pub fn BackToSignIn(next: String) -> impl IntoView {
    view! {
        <form class="grid justify-items-center" method="post" action=GiveUp::PATH>
            <input type="hidden" name="next" value=next />
            <Button tone=ButtonTone::Quiet>"Back to sign-in"</Button>
        </form>
    }
}
