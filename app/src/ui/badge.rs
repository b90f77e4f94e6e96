//! A short word about a state. What is usual gets a dot; a box is for what stands out.

use leptos::prelude::*;

use super::{Glyph, Icon, Tone};

/// A state that stands out, in a small box.
#[component]
pub fn Badge(
    #[prop(into)] label: String,
    #[prop(optional)] tone: Tone,
    #[prop(optional)] icon: Option<Icon>,
) -> impl IntoView {
    let shape = "inline-flex h-5 shrink-0 items-center gap-1 rounded-small border px-1.5 align-middle text-small \
                 font-medium whitespace-nowrap";
    view! {
        <span class=format!("{shape} {} {}", tone.surface(), tone.text())>
            {icon.map(|icon| view! { <Glyph icon=icon size=12 /> })}
            {label}
        </span>
    }
}

/// A usual state: a dot and a quiet word.
#[component]
pub fn Dot(#[prop(into)] label: String, #[prop(default = Tone::Good)] tone: Tone) -> impl IntoView {
    view! {
        <span class="inline-flex items-center gap-1.5 align-middle whitespace-nowrap text-ink-soft">
            <span class=format!("size-1.5 shrink-0 rounded-full {}", tone.solid())></span>
            {label}
        </span>
    }
}
