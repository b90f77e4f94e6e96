//! `/verify/set-up`: a first second factor between password and session, for those who need one. A passkey, an authenticator app or
//! codes by e-mail; each is a form of its own, and the passkey's stands there where scripts run and browsers can.

use super::{
    enrolment::AppEnrolment,
    passkeys::PasskeyForm,
    set_up_actions::{
        BeginFirstCodes, BeginFirstFactor, FinishFirstCodes, FinishFirstFactor, FinishFirstPasskey,
    },
    verify::{BackToSignIn, TimeLeft, pending, wanted},
};
use crate::{
    flash::Flash,
    identity::arrival::{set_up_address, verify_address},
    page::draw,
    ui::{Button, ButtonLink, ButtonSize, ButtonTone, CodeField, Cover, Icon, TextField, Toast, Toasts},
};
use domain::{device::Device, second_factor::Method};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{
    identity::{Pending, Stage},
    second_factor::NewApp,
};

/// `/verify/set-up`, or with `method=email` the field for the code that was sent.
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
        let flash = visit.take_flash().await;
        let good = flash.good.clone();
        let body = if visit.parameter("method").as_deref() == Some(Method::Email.code()) {
            view! { <CodeSent flash next=next.clone() /> }.into_any()
        } else {
            let app = visit.backend.identity.pending_set_up(token, visit.origin()).await?;
            let offers_passkeys = visit.backend.second_factors.offers_passkeys();
            let device = Device::read(visit.origin().user_agent.as_deref().unwrap_or_default()).name;
            view! { <Ways app offers_passkeys device flash next=next.clone() /> }.into_any()
        };
        Ok(view! { <SetUpCard pending next>{body}</SetUpCard> <Toasts>{good.map(|message| view! { <Toast message /> })}</Toasts> }
            .into_any())
    })
}

#[component]
fn SetUpCard(pending: Pending, next: String, children: Children) -> impl IntoView {
    view! {
        {crate::page::title("Set up a second factor")}
        <Cover foot="You will be asked for it whenever you sign in.">
            <div class="grid gap-5 rounded-card border border-line bg-sheet p-6 sm:p-7">
                <div class="grid gap-1">
                    <h1 class="text-head font-semibold tracking-tighter" id="page-title" tabindex="-1">"Set up a second factor"</h1>
                    <p class="text-ink-soft">"Your account needs one before you can go on. It takes a minute."</p>
                </div>
                {children()}
                <TimeLeft left=pending.left of=pending.lasts />
            </div>
            <BackToSignIn next />
        </Cover>
    }
}

/// What there is to choose from.
#[component]
fn Ways(
    app: Option<NewApp>,
    offers_passkeys: bool,
    device: String,
    flash: Flash,
    next: String,
) -> impl IntoView {
    let error = flash.errors.of("code").map(str::to_owned);
    let (passkey_error, passkey_name) = (
        flash.errors.of("passkey_name").map(str::to_owned),
        flash.values.get("passkey_name").cloned().unwrap_or(device),
    );
    let passkey = offers_passkeys
        .then(|| view! { <Passkey name=passkey_name error=passkey_error next=next.clone() /> });
    let app = match app {
        Some(app) => {
            view! { <AppEnrolment app action=FinishFirstFactor::PATH next=next.clone() error /> }.into_any()
        }
        None => view! {
            <form class="grid" method="post" action=BeginFirstFactor::PATH>
                <input type="hidden" name="next" value=next.clone() />
                <Button size=ButtonSize::Large class="w-full">"Begin"</Button>
            </form>
        }
        .into_any(),
    };
    view! {
        {flash.summary()}
        {passkey}
        <section class="grid gap-3" aria-labelledby="app-title">
            <h2 class="font-semibold tracking-tight" id="app-title">"With an authenticator app"</h2>
            {app}
        </section>
        <section class="grid gap-3 border-t border-line pt-5" aria-labelledby="email-title">
            <h2 class="font-semibold tracking-tight" id="email-title">"With codes by e-mail"</h2>
            <p class="text-ink-soft">"A code goes to the address of your account whenever you sign in. Only as safe as your mailbox."</p>
            <form class="grid" method="post" action=BeginFirstCodes::PATH>
                <input type="hidden" name="next" value=next />
                <Button tone=ButtonTone::Secondary icon=Icon::Mail class="justify-self-start">"Send me a code to set it up"</Button>
            </form>
        </section>
    }
}

/// Hidden until it is sure that this browser can: without scripts the app comes first.
#[component]
fn Passkey(name: String, error: Option<String>, next: String) -> impl IntoView {
    let before = view! {
        <input type="hidden" name="next" value=next />
        <div class="grid gap-1">
            <h2 class="font-semibold tracking-tight">"With a passkey"</h2>
            <p class="text-ink-soft">"Your phone, computer or security key keeps it, unlocked by your fingerprint, face or PIN."</p>
        </div>
        <TextField label="Name" name="name" id="passkey_name" value=name error hint="To tell it from others, such as Laptop or Blue key." autocomplete="off" required=true />
    };
    view! {
        <PasskeyForm action=FinishFirstPasskey::PATH occasion="first" field="answer" before=before.into_any()>
            <Button size=ButtonSize::Large icon=Icon::Fingerprint class="w-full">"Set up a passkey"</Button>
            <hr class="border-line" />
        </PasskeyForm>
    }
}

/// The field for the code that was sent to the address of the account.
#[component]
fn CodeSent(flash: Flash, next: String) -> impl IntoView {
    let error = flash.errors.of("code").map(str::to_owned);
    let back = set_up_address(&next);
    view! {
        <form class="grid gap-4" method="post" action=FinishFirstCodes::PATH novalidate>
            {flash.summary()}
            <p class="text-ink-soft">"Enter the 6-digit code that we sent to your address."</p>
            <input type="hidden" name="next" value=next />
            <CodeField label="Code" name="code" error autofocus=true />
            <Button size=ButtonSize::Large class="w-full">"Turn it on"</Button>
        </form>
        <p class="grid justify-items-center">
            <ButtonLink href=back label="No code came, or another way" tone=ButtonTone::Quiet />
        </p>
    }
}
