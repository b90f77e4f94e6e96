//! Passkeys on pages: a form whose button asks the browser for one, drawn only where scripts run and browsers can.

use super::passkey_actions::SignInWithPasskey as SignInWithPasskeyForm;
use crate::ui::{Button, ButtonSize, ButtonTone, Icon};
use leptos::{prelude::*, server_fn::ServerFn};

/// A form that `passkeys.js` fills in with the answer of the browser before it is sent.
#[component]
pub fn PasskeyForm(
    action: &'static str,
    /// What is asked for: `sign-in`, `verify`, `confirm`, `add` or `first`.
    occasion: &'static str,
    /// The field that carries the answer.
    field: &'static str,
    /// What stands above the button.
    #[prop(optional)]
    before: Option<AnyView>,
    /// What to do where there are no passkeys; without it nothing is said there.
    #[prop(optional)]
    otherwise: Option<&'static str>,
    /// The button.
    children: Children,
) -> impl IntoView {
    view! {
        {otherwise
            .map(|otherwise| {
                let off = format!("Passkeys need JavaScript, which is off here. {otherwise}");
                let unable = format!("This browser cannot use passkeys here. {otherwise}");
                view! {
                    <noscript>
                        <p class="text-ink-soft">{off}</p>
                    </noscript>
                    <p class="text-ink-soft" data-no-passkeys="" hidden>{unable}</p>
                }
            })}
        <form class="grid gap-4" method="post" action=action novalidate data-passkey=occasion hidden>
            {before}
            <input type="hidden" name=field data-passkey-answer="" autocomplete="off" />
            {children()}
            <p class="text-label text-bad empty:hidden" role="alert" data-passkey-trouble=""></p>
        </form>
    }
}

/// The other way in: no name, no password.
#[component]
pub fn SignInWithPasskey(next: String) -> impl IntoView {
    let before = view! { <input type="hidden" name="next" value=next /> };
    view! {
        <PasskeyForm action=SignInWithPasskeyForm::PATH occasion="sign-in" field="answer" before=before.into_any()>
            <Button tone=ButtonTone::Secondary size=ButtonSize::Large icon=Icon::Fingerprint class="w-full">
                "Sign in with a passkey"
            </Button>
        </PasskeyForm>
    }
}
