//! Back and forth through a list whose pages are found by key, so there are no page numbers.

use leptos::prelude::*;

use super::{ButtonLink, ButtonTone, Glyph, Icon};

/// Previous and next, with a sentence about where one is.
#[component]
pub fn Pagination(
    /// As "26–50 of 1,284".
    #[prop(into)]
    summary: String,
    previous: Option<String>,
    next: Option<String>,
) -> impl IntoView {
    // A step that leads nowhere keeps its place, so that the other does not move under the pointer.
    let nowhere = "inline-flex h-8 items-center gap-1.5 rounded-control px-3 font-medium text-ink-faint \
                   touch:h-11";
    let back = match previous {
        Some(href) => view! { <ButtonLink href=href label="Previous" tone=ButtonTone::Secondary icon=Icon::ChevronLeft /> }
            .into_any(),
        None => view! {
            <span class=nowhere aria-hidden="true">
                <Glyph icon=Icon::ChevronLeft />
                "Previous"
            </span>
        }
        .into_any(),
    };
    let forth = match next {
        Some(href) => view! { <ButtonLink href=href label="Next" tone=ButtonTone::Secondary icon_after=Icon::ChevronRight /> }
            .into_any(),
        None => view! {
            <span class=nowhere aria-hidden="true">
                "Next"
                <Glyph icon=Icon::ChevronRight />
            </span>
        }
        .into_any(),
    };
    view! {
        <nav class="flex items-center justify-between gap-3 pt-4" aria-label="Pages of this list">
            <p class="text-label text-ink-faint figures">{summary}</p>
            <div class="flex gap-2">{back} {forth}</div>
        </nav>
    }
}
