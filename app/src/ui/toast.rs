//! What just happened, at the corner of the page after a redirect. It stays until it is closed or the page changes.

use leptos::prelude::*;

use super::{Glyph, Icon, Tone};

/// Where toasts appear.
#[component]
pub fn Toasts(children: Children) -> impl IntoView {
    view! { <div class="toasts">{children()}</div> }
}

/// One message. Bad news is announced at once, other news politely.
#[component]
pub fn Toast(
    #[prop(default = Tone::Good)] tone: Tone,
    #[prop(into)] message: String,
    /// A way on or back, as a link "Undo".
    #[prop(optional)]
    action: Option<AnyView>,
) -> impl IntoView {
    let icon = match tone {
        Tone::Good | Tone::Seal => Icon::CircleCheck,
        Tone::Warn => Icon::TriangleAlert,
        Tone::Bad => Icon::CircleAlert,
        Tone::Info | Tone::Plain => Icon::Info,
    };
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    view! {
        <div
            class="toast flex items-center gap-2.5 rounded-card bg-sheet py-2 pr-2 pl-3.5 shadow-float"
            role=role
            data-toast=""
        >
            <span class=format!("shrink-0 {}", tone.text())>
                <Glyph icon=icon size=18 />
            </span>
            <p class="min-w-0 flex-1 py-1 wrap-anywhere">{message}</p>
            {action}
            <button
                class="grid size-8 shrink-0 place-items-center rounded-control text-ink-faint hover:bg-wash hover:text-ink touch:size-11"
                type="button"
                aria-label="Close message"
                data-dismiss=""
                data-needs-script=""
            >
                <Glyph icon=Icon::Cross />
            </button>
        </div>
    }
}
