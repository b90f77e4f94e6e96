//! Buttons that copy a value or print the page; drawn only where scripts run.

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

const WORDED: &str = "inline-flex h-8 shrink-0 items-center gap-1.5 rounded-control border border-line-strong/55 bg-sheet px-3 \
                      font-medium text-ink hover:bg-wash touch:min-h-11";

/// The same with words on it, for more than one line.
#[component]
pub fn CopyAllButton(#[prop(into)] value: String, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <button class=WORDED type="button" data-copy=value data-needs-script="">
            <Glyph icon=Icon::Copy />
            <Glyph icon=Icon::Check />
            {label}
        </button>
    }
}

/// Opens the browser's own dialog for printing.
#[component]
pub fn PrintButton(#[prop(into)] label: String) -> impl IntoView {
    view! {
        <button class=WORDED type="button" data-print="" data-needs-script="">
            <Glyph icon=Icon::FileText />
            {label}
        </button>
    }
}
