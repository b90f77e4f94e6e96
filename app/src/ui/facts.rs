//! Facts about one thing, as a list of names and values.

use leptos::prelude::*;

/// The list; its children are `Fact`s.
#[component]
pub fn Facts(children: Children) -> impl IntoView {
    // The room of the list decides, not the window's: it may stand in a narrow card.
    view! {
        <div class="@container">
            <dl class="grid gap-x-6 gap-y-3 @min-[23rem]:grid-cols-[8rem_minmax(0,1fr)]">{children()}</dl>
        </div>
    }
}

/// One fact: its name, and its value as children.
#[component]
pub fn Fact(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <div class="grid gap-0.5 @min-[23rem]:col-span-2 @min-[23rem]:grid-cols-subgrid">
            <dt class="text-ink-faint">{name}</dt>
            <dd class="min-w-0 wrap-anywhere">{children()}</dd>
        </div>
    }
}
