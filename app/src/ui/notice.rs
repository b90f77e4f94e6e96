//! A message that stands in the page and concerns all of it: locked, degraded, saved.

use leptos::prelude::*;

use super::{Glyph, Icon, Tone};

/// A bordered message with an optional action at its end.
#[component]
pub fn Notice(
    #[prop(default = Tone::Info)] tone: Tone,
    icon: Icon,
    #[prop(into)] title: String,
    /// A button or link at the end.
    #[prop(optional)]
    action: Option<AnyView>,
    /// What it means and what to do, in a sentence.
    children: Children,
) -> impl IntoView {
    let shape = "flex flex-wrap items-center gap-x-4 gap-y-3 rounded-card border p-4";
    view! {
        <div class=format!("{shape} {}", tone.surface()) role="status">
            <div class="flex min-w-0 flex-1 basis-64 gap-2.5">
                <span class=format!("mt-px shrink-0 {}", tone.text())>
                    <Glyph icon=icon size=18 />
                </span>
                <div class="min-w-0">
                    <p class=format!("font-medium {}", tone.text())>{title}</p>
                    <div class="text-ink-soft">{children()}</div>
                </div>
            </div>
            {action}
        </div>
    }
}
