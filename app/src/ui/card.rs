//! A sheet of paper on the desk: a bordered surface with an optional head.

use leptos::prelude::*;

/// A card. With a title it is a section of the page and has a line under its head.
#[component]
pub fn Card(
    #[prop(optional, into)] title: Option<String>,
    /// Something at the end of the head: a link, a legend, a count.
    #[prop(optional)]
    aside: Option<AnyView>,
    /// No padding, for lists and tables that run to the edges.
    #[prop(optional)]
    flush: bool,
    /// Further classes, for placing only.
    #[prop(optional)]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let body = if flush { "" } else { "p-4" };
    let head = title.map(|title| {
        view! {
            <header class="flex min-h-12 items-center justify-between gap-3 border-b border-line px-4 py-2">
                <h2 class="font-semibold tracking-tight">{title}</h2>
                {aside}
            </header>
        }
    });
    view! {
        <section class=format!("min-w-0 rounded-card border border-line bg-sheet {class}")>
            {head}
            <div class=body>{children()}</div>
        </section>
    }
}
