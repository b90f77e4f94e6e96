//! A question that must be answered first. The browser's own `<dialog>`: focus, Escape and the veil come with it.

use leptos::prelude::*;

/// A dialog, opened by a `Button` with `opens_dialog`. Its children are usually one form that ends in `DialogActions`.
#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    /// A question or a command: "Suspend Maria?".
    #[prop(into)]
    title: String,
    /// What will happen, and whether it can be undone.
    #[prop(optional, into)]
    text: Option<String>,
    #[prop(optional)] wide: bool,
    children: Children,
) -> impl IntoView {
    let labelled = format!("{id}-title");
    view! {
        <dialog
            class="dialog"
            id=id
            aria-labelledby=labelled
            closedby="any"
            data-width=wide.then_some("wide")
        >
            <div class="grid gap-4 p-5">
                <div class="grid gap-1">
                    <h2 class="text-title font-semibold tracking-tight" id=labelled.clone()>
                        {title}
                    </h2>
                    {text.map(|text| view! { <p class="text-ink-soft">{text}</p> })}
                </div>
                {children()}
            </div>
        </dialog>
    }
}

/// The buttons at the foot: first the one that changes nothing, last the one that acts.
#[component]
pub fn DialogActions(children: Children) -> impl IntoView {
    view! { <div class="mt-1 flex flex-wrap justify-end gap-2">{children()}</div> }
}
