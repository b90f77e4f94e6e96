//! A button that copies a value; drawn only where scripts run.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// Copies, then shows a tick for a moment.
#[component]
pub fn CopyButton(
    #[prop(into)] value: String,
    /// As "Copy request id".
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <button
            class="reach inline-grid size-7 shrink-0 place-items-center rounded-control text-ink-faint hover:bg-wash hover:text-ink"
            type="button"
            data-copy=value
            data-needs-script=""
            aria-label=label.clone()
            title=label
        >
            <Glyph icon=Icon::Copy size=14 />
            <Glyph icon=Icon::Check size=14 />
        </button>
    }
}
