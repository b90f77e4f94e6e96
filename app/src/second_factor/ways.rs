//! The ways to confirm, as a form for one of them and links to the others; at sign-in and later alike.

use super::passkeys::PasskeyForm;
use crate::ui::{Button, ButtonSize, ButtonTone, CodeField, Icon, TextField};
use domain::{Timestamp, second_factor::Method};
use leptos::prelude::*;
use server::second_factor::Way;

/// Where the forms of a page lead.
#[derive(Clone)]
pub struct Forms {
    /// Takes the code.
    pub show: &'static str,
    /// Sends one.
    pub send: &'static str,
    /// The page itself, with another method: `…?method=`.
    pub page: &'static str,
    /// What a passkey is asked for here.
    pub occasion: &'static str,
    pub next: String,
}

impl Forms {
    fn address(&self, method: Method) -> String {
        let next = server::http::intake::encode(&self.next);
        format!("{}?method={method}&next={next}", self.page)
    }
}

/// The way that was asked for, or the usual one.
pub fn chosen(ways: &[Way], asked: Option<&str>) -> Option<Way> {
    let asked = asked.and_then(Method::from_code);
    let found = ways.iter().find(|way| Some(way.method) == asked);
    found.or_else(|| ways.first()).cloned()
}

/// What to do, in a sentence.
pub fn sentence(way: &Way) -> String {
    let to = way.to.as_deref().unwrap_or_default();
    match (way.method, &way.sent) {
        (Method::Passkey, _) => "Use a passkey: your device asks for your fingerprint, face or PIN.".into(),
        (Method::Totp, _) => "Enter the 6-digit code from your authenticator app.".into(),
        (Method::Recovery, _) => "Enter one of the recovery codes that you kept. Each works once.".into(),
        (Method::Email, Some(_)) => format!("Enter the 6-digit code that we sent to {to}."),
        (Method::Sms, Some(_)) => format!("Enter the 6-digit code that we sent to the number {to}."),
        (Method::Email, None) => format!("We can send a code to {to}."),
        (Method::Sms, None) => format!("We can send a code to the number {to}."),
    }
}

/// The form for this way: a field where there is a code to enter, else a button that sends one.
#[component]
pub fn WayForm(
    way: Way,
    forms: Forms,
    error: Option<String>,
    now: Timestamp,
    /// Between the field and the button.
    #[prop(optional)]
    extra: Option<AnyView>,
) -> impl IntoView {
    let method = way.method;
    if method == Method::Passkey {
        let before = view! {
            <Hidden method next=forms.next />
            {extra}
        };
        let button = view! { <Button size=ButtonSize::Large icon=Icon::Fingerprint class="w-full">"Use a passkey"</Button> };
        return view! {
            <PasskeyForm action=forms.show occasion=forms.occasion field="code" before=before.into_any() otherwise="Choose another way below.">
                {button}
            </PasskeyForm>
        }
        .into_any();
    }
    let is_sent = matches!(method, Method::Email | Method::Sms);
    let Some(field) = field(&way, error) else {
        return view! {
            <form class="grid" method="post" action=forms.send>
                <Hidden method next=forms.next />
                <Button size=ButtonSize::Large class="w-full">"Send a code"</Button>
            </form>
        }
        .into_any();
    };
    let rests = way.sent.as_ref().map(|sent| sent.again_from.since(now).as_secs());
    let next = forms.next.clone();
    view! {
        <form class="grid gap-4" method="post" action=forms.show novalidate>
            <Hidden method next=forms.next />
            {field}
            {extra}
            <Button size=ButtonSize::Large class="w-full">"Verify"</Button>
        </form>
        {is_sent
            .then(|| {
                view! {
                    <form class="grid" method="post" action=forms.send>
                        <Hidden method next />
                        <Button tone=ButtonTone::Quiet>
                            <span data-rests=rests.filter(|rests| *rests > 0)>"Send another code"</span>
                        </Button>
                    </form>
                }
            })}
    }
    .into_any()
}

/// The field for this way's code; nothing where a code has to be sent first.
fn field(way: &Way, error: Option<String>) -> Option<AnyView> {
    match way.method {
        Method::Passkey => None,
        Method::Recovery => Some(
            view! {
                <TextField label="Recovery code" name="code" error autocomplete="off" placeholder="xxxxx-xxxxx" verbatim=true required=true large=true />
            }
            .into_any(),
        ),
        Method::Totp => Some(view! { <CodeField label="Code from your app" name="code" error autofocus=true /> }.into_any()),
        Method::Email | Method::Sms => {
            way.sent.as_ref().map(|_| view! { <CodeField label="Code" name="code" error autofocus=true /> }.into_any())
        }
    }
}

#[component]
fn Hidden(method: Method, next: String) -> impl IntoView {
    view! {
        <input type="hidden" name="method" value=method.code() />
        <input type="hidden" name="next" value=next />
    }
}

/// Links to the other ways. A code is sent by its button, never by a mere visit.
#[component]
pub fn OtherWays(ways: Vec<Way>, present: Method, forms: Forms) -> impl IntoView {
    let others: Vec<Way> = ways.into_iter().filter(|way| way.method != present).collect();
    if others.is_empty() {
        return ().into_any();
    }
    let lines = others
        .into_iter()
        .map(|way| {
            let words = match way.method {
                Method::Passkey => "Use a passkey",
                Method::Totp => "Use my authenticator app",
                Method::Sms => "Get a code by text message",
                Method::Email => "Get a code by e-mail",
                Method::Recovery => "Use a recovery code",
            };
            view! {
                <li>
                    <a class="inline-flex items-center py-1 text-accent underline-offset-3 hover:underline touch:min-h-11" href=forms.address(way.method)>
                        {words}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="border-t border-line pt-4" aria-labelledby="other-ways">
            <h2 class="text-label text-ink-faint" id="other-ways">"Other ways"</h2>
            <ul>{lines}</ul>
        </nav>
    }
    .into_any()
}
