//! How far something is: a thin bar, and the spinner of a busy button.

use leptos::prelude::*;

/// A thin line that fills. Without a value it only says that something is going on.
#[component]
pub fn Progress(
    /// What is progressing, for screen readers.
    #[prop(into)]
    label: String,
    #[prop(optional)] value: Option<u32>,
    #[prop(default = 100)] max: u32,
    /// The value is seconds: it runs out, and the page is asked for anew when it has.
    #[prop(optional)]
    runs_out: bool,
) -> impl IntoView {
    let runs_out = runs_out.then_some("");
    view! { <progress class="bar" aria-label=label value=value max=max data-runs-out=runs_out></progress> }
}

/// The turning sign of a busy button; hidden until its button has `aria-busy`.
#[component]
pub fn Spinner() -> impl IntoView {
    view! {
        <svg
            class="busy-sign animate-turn"
            width="16"
            height="16"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2.5"
            stroke-linecap="round"
            aria-hidden="true"
        >
            <path d="M12 3a9 9 0 1 0 9 9" />
        </svg>
    }
}
