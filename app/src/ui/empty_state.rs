//! A place with nothing in it: what it is for, and the first step.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// An empty place. Its children are the buttons.
#[component]
pub fn EmptyState(
    icon: Icon,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// Within a card, which has a border of its own.
    #[prop(optional)]
    in_card: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let edge = if in_card { "py-10" } else { "rounded-card border border-dashed border-line py-16" };
    view! {
        <div class=format!("grid justify-items-center gap-4 px-6 text-center {edge}")>
            <span class="grid size-11 place-items-center rounded-full bg-wash text-ink-faint">
                <Glyph icon=icon size=20 />
            </span>
            <div class="grid gap-1">
                <h2 class="font-semibold">{title}</h2>
                <p class="mx-auto max-w-[26rem] text-ink-soft">{text}</p>
            </div>
            {children
                .map(|children| view! { <div class="flex flex-wrap justify-center gap-2">{children()}</div> })}
        </div>
    }
}
