//! A part of a settings page: what it is about on the left, its form on the right.

use leptos::prelude::*;

/// One part. Wrap several in a `<div class="divide-y divide-line">`.
#[component]
pub fn Section(
    /// Also the anchor of this part.
    #[prop(into)]
    id: String,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    children: Children,
) -> impl IntoView {
    let labelled = format!("{id}-title");
    view! {
        <section
            class="grid gap-x-10 gap-y-4 py-7 first:pt-0 lg:grid-cols-[15rem_minmax(0,1fr)]"
            id=id
            aria-labelledby=labelled
        >
            <div class="grid content-start gap-1">
                <h2 class="font-semibold tracking-tight" id=labelled.clone()>
                    {title}
                </h2>
                <p class="text-label text-ink-faint">{text}</p>
            </div>
            <div class="min-w-0">{children()}</div>
        </section>
    }
}
