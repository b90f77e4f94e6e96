//! A line with a word in it, between two ways to do the same.

use leptos::prelude::*;

/// "or", between two hairlines.
#[component]
pub fn Or() -> impl IntoView {
    view! {
        <p class="flex items-center gap-3 text-label text-ink-faint">
            <span class="h-px flex-1 bg-line" aria-hidden="true"></span>
            "or"
            <span class="h-px flex-1 bg-line" aria-hidden="true"></span>
        </p>
    }
}
