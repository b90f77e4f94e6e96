//! `/account/second-factor`: one's own second factors, recovery codes and remembered devices, and setting factors up.

use super::{
    enrolment::AppEnrolment,
    own_actions::{
        BeginApp, BeginCodes, ConfirmApp, ConfirmCodes, ForgetDevice, NewRecoveryCodes, PAGE, RemoveFactor,
    },
    own_passkeys::PasskeysPart,
    verify::wanted,
};
use crate::{
    account::sections::{AccountSection, Section as AccountPart},
    flash::Flash,
    frame::{Framed, Surroundings},
    page::draw,
    people::when,
    ui::{
        Badge, Button, ButtonLink, ButtonSize, ButtonTone, Card, CodeField, CopyAllButton, Crumb, Fold, Icon,
        InputKind, Notice, PrintButton, Section, TextField, Tone,
    },
};
use domain::{Timestamp, second_factor::Method};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{
    identity::Device,
    second_factor::{Factor, NewApp, Overview},
};

/// `/account/second-factor`
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?;
        let overview = visit.backend.second_factors.overview(actor).await?;
        let devices = visit.backend.identity.devices(actor).await?;
        let now = visit.backend.ground.clock.now();
        let around = Surroundings::of(&visit).await?;
        let flash = around.flash().clone();
        let next = wanted(&visit);
        Ok(view! {
            <AccountSection around section=AccountPart::SecondFactor>
                <div class="grid gap-6">
                    <Standing overview=overview.clone() />
                    {Flash { bad: None, ..flash.clone() }.summary()}
                    <div class="divide-y divide-line">
                        <PasskeysPart overview=overview.clone() flash=flash.clone() next=next.clone() now />
                        <AppPart factor=of(&overview, Method::Totp) next=next.clone() now />
                        <EmailPart factor=of(&overview, Method::Email) next=next.clone() now />
                        {overview.offers_sms.then(|| view! { <SmsPart factor=of(&overview, Method::Sms) flash next now /> })}
                        <RecoveryPart overview=overview.clone() />
                        {(!devices.is_empty()).then(|| view! { <DevicesPart devices now /> })}
                    </div>
                </div>
            </AccountSection>
        })
    })
}

fn of(overview: &Overview, method: Method) -> Option<Factor> {
    overview.factors.iter().find(|factor| factor.method == method).cloned()
}

#[component]
fn Standing(overview: Overview) -> impl IntoView {
    if overview.factors.is_empty() {
        view! {
            <Notice tone=Tone::Warn icon=Icon::TriangleAlert title="Your password is all that guards your account">
                "With a second factor, someone who learns your password still cannot sign in as you."
            </Notice>
        }
        .into_any()
    } else {
        view! {
            <Notice tone=Tone::Good icon=Icon::ShieldCheck title="Your sign-in asks for a second factor">
                "Removing or adding one signs you out on your other devices."
            </Notice>
        }
        .into_any()
    }
}

/// Whether it is set up, since when, and for which address or number.
#[component]
fn State(factor: Option<Factor>, now: Timestamp) -> impl IntoView {
    match factor {
        Some(Factor { since, hint, .. }) => view! {
            <p class="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Badge label="On" tone=Tone::Good />
                <span class="text-ink-soft">
                    {hint.map(|hint| view! { <span class="break-all">{hint}</span> ", " })}
                    "set up "
                    {when(Some(since), now)}
                </span>
            </p>
        }
        .into_any(),
        None => view! { <p><Badge label="Off" /></p> }.into_any(),
    }
}

#[component]
fn Remove(method: Method, words: &'static str) -> impl IntoView {
    view! {
        <Fold summary="Remove…">
            <form class="grid justify-items-start gap-3" method="post" action=RemoveFactor::PATH>
                <input type="hidden" name="method" value=method.code() />
                <p class="text-ink-soft">{words}</p>
                <Button tone=ButtonTone::Danger>"Remove it"</Button>
            </form>
        </Fold>
    }
}

#[component]
fn AppPart(factor: Option<Factor>, next: String, now: Timestamp) -> impl IntoView {
    let is_on = factor.is_some();
    let words = if is_on { "Set up another app" } else { "Set up an app" };
    let tone = if is_on { ButtonTone::Secondary } else { ButtonTone::Primary };
    view! {
        <Section id="app" title="Authenticator app" text="An app on your phone or computer that shows a new code every 30 seconds. It works without a network and on every computer.">
            <div class="grid justify-items-start gap-3">
                <State factor now />
                <form method="post" action=BeginApp::PATH>
                    <input type="hidden" name="next" value=next />
                    <Button tone icon=Icon::Smartphone>{words}</Button>
                </form>
                {is_on.then(|| view! { <Remove method=Method::Totp words="Your app's codes will no longer be taken. You can set an app up again at any time." /> })}
            </div>
        </Section>
    }
}

#[component]
fn EmailPart(factor: Option<Factor>, next: String, now: Timestamp) -> impl IntoView {
    let is_on = factor.is_some();
    let action = if is_on {
        view! { <Remove method=Method::Email words="No codes will be sent to your address any more." /> }
            .into_any()
    } else {
        view! {
            <form method="post" action=BeginCodes::PATH>
                <input type="hidden" name="method" value="email" />
                <input type="hidden" name="next" value=next />
                <Button tone=ButtonTone::Secondary icon=Icon::Mail>"Send me a code to set it up"</Button>
            </form>
        }
        .into_any()
    };
    view! {
        <Section id="email" title="Codes by e-mail" text="A code goes to the address of your account whenever you sign in. Only as safe as your mailbox.">
            <div class="grid justify-items-start gap-3">
                <State factor now />
                {action}
            </div>
        </Section>
    }
}

#[component]
fn SmsPart(factor: Option<Factor>, flash: Flash, next: String, now: Timestamp) -> impl IntoView {
    let is_on = factor.is_some();
    let error = flash.errors.of("phone").map(str::to_owned);
    let number = flash.value("phone");
    let words = if is_on { "Use another number" } else { "Send me a code" };
    view! {
        <Section id="sms" title="Codes by text message" text="A code goes to your phone. Better than nothing, but text messages can be intercepted.">
            <div class="grid justify-items-start gap-3">
                <State factor now />
                <form class="grid w-full max-w-80 gap-3" method="post" action=BeginCodes::PATH novalidate>
                    <input type="hidden" name="method" value="sms" />
                    <input type="hidden" name="next" value=next />
                    <TextField label="Phone number" name="phone" kind=InputKind::Telephone value=number error hint="With the country's code, such as +43 660 123 4567." autocomplete="tel" required=true />
                    <Button tone=ButtonTone::Secondary icon=Icon::Smartphone class="justify-self-start">{words}</Button>
                </form>
                {is_on.then(|| view! { <Remove method=Method::Sms words="No codes will be sent to this number any more." /> })}
            </div>
        </Section>
    }
}

#[component]
fn RecoveryPart(overview: Overview) -> impl IntoView {
    let left = overview.recovery_codes_left;
    let words = match left {
        0 => "None is left.".to_owned(),
        1 => "One is left.".to_owned(),
        left => format!("{left} are left."),
    };
    let body = if overview.factors.is_empty() {
        view! { <p class="text-ink-soft">"You get ten of them with your first second factor."</p> }.into_any()
    } else {
        view! {
            <p class=if left < 3 { "text-warn" } else { "text-ink-soft" }>{words}</p>
            <Fold summary="Make new ones…" open={left == 0}>
                <form class="grid justify-items-start gap-3" method="post" action=NewRecoveryCodes::PATH>
                    <p class="text-ink-soft">"The old ones stop working. You will see the new ones once."</p>
                    <Button tone=ButtonTone::Secondary>"Make ten new codes"</Button>
                </form>
            </Fold>
        }
        .into_any()
    };
    view! {
        <Section id="recovery" title="Recovery codes" text="For the day your phone is lost. Each of them signs you in once.">
            <div class="grid justify-items-start gap-3">{body}</div>
        </Section>
    }
}

#[component]
fn DevicesPart(devices: Vec<Device>, now: Timestamp) -> impl IntoView {
    let rows = devices
        .into_iter()
        .map(|device| {
            view! {
                <li class="flex items-center justify-between gap-4 py-3 first:pt-0">
                    <div class="min-w-0">
                        <p class="break-words">{device.user_agent}</p>
                        <p class="text-label text-ink-faint">
                            "Last used "
                            {when(Some(device.last_used_at), now)}
                            " from "
                            <span class="font-mono">{device.ip}</span>
                        </p>
                    </div>
                    <form method="post" action=ForgetDevice::PATH>
                        <input type="hidden" name="device" value=device.id.to_string() />
                        <Button tone=ButtonTone::Secondary>"Forget"</Button>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! {
        <Section id="devices" title="Remembered devices" text="They are asked for your password alone. Forget those that you do not know or use.">
            <ul class="divide-y divide-line">{rows}</ul>
        </Section>
    }
}

/// `/account/second-factor/app`
#[component]
pub fn AppPage() -> impl IntoView {
    draw(async |visit| {
        let Some(app) = visit.backend.second_factors.pending_enrolment(visit.actor()?).await? else {
            visit.go_to(PAGE);
            return Ok(().into_any());
        };
        let around = Surroundings::of(&visit).await?;
        let flash = around.flash().clone();
        let next = wanted(&visit);
        Ok(view! { <AppCard around app flash next /> }.into_any())
    })
}

#[component]
fn AppCard(around: Surroundings, app: NewApp, flash: Flash, next: String) -> impl IntoView {
    let error = flash.errors.of("code").map(str::to_owned);
    view! {
        <Framed around place="/account" title="Set up an authenticator app" crumbs=steps() count=None>
            <div class="mx-auto grid max-w-[26rem] gap-4">
                <Card>
                    <div class="grid gap-4">
                        {Flash { bad: None, ..flash }.summary()}
                        <AppEnrolment app action=ConfirmApp::PATH next error />
                    </div>
                </Card>
                <p class="grid justify-items-center"><ButtonLink href=PAGE label="Not now" tone=ButtonTone::Quiet /></p>
            </div>
        </Framed>
    }
}

fn steps() -> Vec<Crumb> {
    vec![Crumb::new("My account", "/account"), Crumb::new("Second factor", PAGE)]
}

/// `/account/second-factor/code`
#[component]
pub fn CodePage() -> impl IntoView {
    draw(async |visit| {
        visit.actor()?;
        let method = visit.parameter("method").and_then(|code| Method::from_code(&code));
        let (title, words) = match method {
            Some(Method::Email) => {
                ("Codes by e-mail", "Enter the 6-digit code that we sent to your address.")
            }
            Some(Method::Sms) => {
                ("Codes by text message", "Enter the 6-digit code that we sent to your phone.")
            }
            _ => {
                visit.go_to(PAGE);
                return Ok(().into_any());
            }
        };
        let method = method.map_or("", Method::code);
        let around = Surroundings::of(&visit).await?;
        let flash = around.flash().clone();
        let error = flash.errors.of("code").map(str::to_owned);
        let next = wanted(&visit);
        Ok(view! {
            <Framed around place="/account" title crumbs=steps() count=None>
                <div class="mx-auto grid max-w-[26rem] gap-4">
                    <Card>
                        <form class="grid gap-4" method="post" action=ConfirmCodes::PATH novalidate>
                            {Flash { bad: None, ..flash }.summary()}
                            <p class="text-ink-soft">{words}</p>
                            <input type="hidden" name="method" value=method />
                            <input type="hidden" name="next" value=next />
                            <CodeField label="Code" name="code" error autofocus=true />
                            <Button size=ButtonSize::Large class="w-full">"Turn it on"</Button>
                        </form>
                    </Card>
                    <p class="grid justify-items-center">
                        <ButtonLink href=PAGE label="No code came, try again" tone=ButtonTone::Quiet />
                    </p>
                </div>
            </Framed>
        }
        .into_any())
    })
}

/// `/account/second-factor/codes`
#[component]
pub fn RecoveryCodesPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?;
        let next = match wanted(&visit).as_str() {
            "/" => PAGE.to_owned(),
            next => next.to_owned(),
        };
        let around = Surroundings::of(&visit).await?;
        let wrapped = around.flash().value("codes");
        // They are shown once: whoever comes back finds none.
        let Ok(codes) = visit.backend.second_factors.unwrap_codes(actor, &wrapped) else {
            visit.go_to(PAGE);
            return Ok(().into_any());
        };
        let codes: Vec<String> = codes.shown().collect();
        let text = codes.join("\n");
        let items = codes
            .into_iter()
            .map(|code| view! { <li><code class="font-mono">{code}</code></li> })
            .collect_view();
        Ok(view! {
            <Framed around place="/account" title="Your recovery codes" crumbs=steps() count=None>
                <div class="mx-auto grid max-w-[30rem] gap-4">
                    <Card>
                        <div class="grid gap-4">
                            <p>"Keep these ten codes where you keep things you must not lose, apart from your phone. "
                                <strong class="font-medium">"You will not see them again."</strong>
                            </p>
                            <ol class="grid gap-x-8 gap-y-2 rounded-control bg-wash px-5 py-4 sm:grid-cols-2" aria-label="Recovery codes">{items}</ol>
                            <p class="flex flex-wrap items-center gap-2">
                                <CopyAllButton value=text label="Copy them" />
                                <PrintButton label="Print them" />
                            </p>
                            <ButtonLink href=next label="I have kept them" size=ButtonSize::Large />
                        </div>
                    </Card>
                </div>
            </Framed>
        }
        .into_any())
    })
}
