//! Filters that read as words of a sentence and are taken away one by one.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// One filter that is set: "have role Staff", with a cross that leads to the list without it.
#[component]
pub fn FilterChip(
    /// The lighter half, as "have role".
    #[prop(into)]
    name: String,
    /// The heavier half, as "Staff".
    #[prop(into)]
    value: String,
    /// The list's address without this filter.
    #[prop(into)]
    remove: String,
) -> impl IntoView {
    let spoken = format!("Remove filter: {name} {value}");
    view! {
        <span class="inline-flex h-7 max-w-full items-center rounded-control border border-line bg-sheet text-label touch:h-11">
            <span class="min-w-0 truncate pl-2">
                <span class="text-ink-faint">{name}" "</span>
                <span class="font-medium text-ink">{value}</span>
            </span>
            <a
                class="ml-0.5 grid h-full w-7 shrink-0 place-items-center rounded-control text-ink-faint hover:text-ink touch:-my-px touch:h-11 touch:w-11"
                href=remove
                aria-label=spoken
            >
                <Glyph icon=Icon::Cross size=13 />
            </a>
        </span>
    }
}
