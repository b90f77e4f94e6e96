//! Facts about one thing, as a list of names and values.

use leptos::prelude::*;

/// The list; its children are `Fact`s.
#[component]
pub fn Facts(children: Children) -> impl IntoView {
    view! { <dl class="grid gap-x-6 gap-y-3 sm:grid-cols-[9.5rem_minmax(0,1fr)]">{children()}</dl> }
}

/// One fact: its name, and its value as children.
#[component]
pub fn Fact(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <div class="grid gap-0.5 sm:col-span-2 sm:grid-cols-subgrid">
            <dt class="text-ink-faint">{name}</dt>
            <dd class="min-w-0">{children()}</dd>
        </div>
    }
}
