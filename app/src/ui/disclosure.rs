//! Something folded away under a line of words.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// Opens in place, without script.
#[component]
pub fn Fold(
    #[prop(into)] summary: String,
    #[prop(optional)] open: bool,
    children: Children,
) -> impl IntoView {
    let line = "-mx-1 inline-flex items-center gap-1 rounded-small px-1 text-label text-ink-soft hover:text-ink \
                touch:min-h-11";
    view! {
        <details class="fold" open=open>
            <summary class=line>
                <Glyph icon=Icon::ChevronRight size=14 />
                {summary}
            </summary>
            <div class="pt-2">{children()}</div>
        </details>
    }
}
