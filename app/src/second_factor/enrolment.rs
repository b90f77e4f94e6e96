//! Setting up an authenticator app: the picture to scan, the same as text, and the field for its first code.

use crate::ui::{Button, ButtonSize, CodeField, CopyButton};
use leptos::prelude::*;
use server::second_factor::NewApp;

/// The steps, as a list, and the form that ends them.
#[component]
pub fn AppEnrolment(
    app: NewApp,
    /// The form that takes the first code.
    action: &'static str,
    next: String,
    error: Option<String>,
) -> impl IntoView {
    let NewApp { secret, address, picture } = app;
    let groups = secret.in_groups();
    view! {
        <ol class="grid gap-5">
            <li class="grid gap-3">
                <p>
                    <span class="font-medium">"1. Scan this code"</span>
                    " with an authenticator app, such as the one of your password manager or phone."
                </p>
                <div class="qr" inner_html=picture></div>
                <p class="text-label text-ink-soft">
                    "On this device? "
                    <a class="text-accent underline underline-offset-3" href=address>"Open it in your app"</a>
                    ", or type in this secret:"
                </p>
                <p class="flex items-center gap-2 rounded-control bg-wash px-3 py-2">
                    <code class="min-w-0 flex-1 font-mono text-label break-words" id="secret">{groups}</code>
                    <CopyButton value=secret.base32() label="Copy the secret" />
                </p>
            </li>
            <li class="grid gap-3">
                <p>
                    <span class="font-medium">"2. Enter the code"</span>
                    " that the app shows now."
                </p>
                <form class="grid gap-4" method="post" action=action novalidate>
                    <input type="hidden" name="next" value=next />
                    <CodeField label="Code from your app" name="code" error />
                    <Button size=ButtonSize::Large class="w-full">"Turn it on"</Button>
                </form>
            </li>
        </ol>
    }
}
