//! How the gallery lays out what it shows: groups with an anchor, and named specimens in them.

use leptos::prelude::*;

/// A group of specimens.
#[component]
pub(super) fn Group(
    id: &'static str,
    title: &'static str,
    /// When to use what is shown here.
    text: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="grid min-w-0 gap-5 border-t border-line pt-8 first:border-0 first:pt-0" id=id>
            <div class="grid gap-1">
                <h2 class="text-head font-semibold tracking-tighter">{title}</h2>
                <p class="max-w-[68ch] text-ink-soft">{text}</p>
            </div>
            {children()}
        </section>
    }
}

/// One specimen, with its component's name over it.
#[component]
pub(super) fn Specimen(
    name: &'static str,
    /// Specimens side by side instead of in a column.
    #[prop(optional)]
    row: bool,
    children: Children,
) -> impl IntoView {
    let inside = if row { "flex flex-wrap items-center gap-3" } else { "grid gap-4" };
    view! {
        <div class="grid min-w-0 content-start gap-2">
            <h3 class="font-mono text-small text-ink-faint">{name}</h3>
            <div class=format!("min-w-0 {inside}")>{children()}</div>
        </div>
    }
}
