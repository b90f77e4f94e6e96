//! The mark (two pen strokes that cross and become a check, inside a seal ring) and the word-mark beside it.

use leptos::prelude::*;

/// The mark alone, in the colour of the seal. Decoration: the name stands beside it or in a label.
#[component]
pub fn Mark(
    /// Edge length in pixels.
    #[prop(default = 22)]
    size: u8,
) -> impl IntoView {
    // Small marks are drawn with a heavier pen, or the ring would vanish.
    let (ring, pen) = if size < 32 { ("2.6", "3.3") } else { ("2.3", "3") };
    view! {
        <svg
            class="shrink-0 text-seal"
            width=size
            height=size
            viewBox="0 0 32 32"
            fill="none"
            stroke="currentColor"
            aria-hidden="true"
        >
            <path d="M27.32 10.48A12.6 12.6 0 1 1 21.52 4.68" stroke-width=ring />
            <path
                d="M8.8 15.3C11.3 16.7 13.5 19.3 15.3 22.7M11.5 23.1C14.8 17.4 19.8 11 26.9 5"
                stroke-width=pen
                stroke-linecap="round"
            />
        </svg>
    }
}

/// The mark with the name.
#[component]
pub fn Wordmark(#[prop(default = 22)] size: u8) -> impl IntoView {
    view! {
        <span class="inline-flex items-center gap-2">
            <Mark size=size />
            <span class="rail-word text-read font-semibold tracking-tighter text-ink">"Countersign"</span>
        </span>
    }
}
