//! Keys, as one sees them on a keyboard.

use leptos::prelude::*;

/// One key.
#[component]
pub fn KeyCap(#[prop(into)] label: String) -> impl IntoView {
    let look = "inline-flex h-5 min-w-5 items-center justify-center rounded-small border border-line bg-desk px-1 \
                font-sans text-tiny font-medium text-ink-faint";
    view! { <kbd class=look>{label}</kbd> }
}

/// Several keys pressed together, written with spaces: "Ctrl K".
#[component]
pub fn Shortcut(keys: &'static str) -> impl IntoView {
    let caps = keys.split(' ').map(|key| view! { <KeyCap label=key /> }).collect_view();
    view! { <span class="inline-flex items-center gap-0.5">{caps}</span> }
}
