//! Figures that lead somewhere. No tile without a use: each one is a link to what it counts, for whoever may look there.

use leptos::prelude::*;

use super::{Glyph, Icon, Tone};

/// Tiles side by side on one sheet; two to a row on phones. Best with four or five.
#[component]
pub fn Tiles(children: Children) -> impl IntoView {
    let grid = "grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line lg:auto-cols-fr \
                lg:grid-flow-col lg:grid-cols-none *:last:odd:max-lg:col-span-2";
    view! { <div class=grid>{children()}</div> }
}

/// One figure.
#[component]
pub fn Tile(
    #[prop(into)] label: String,
    #[prop(into)] figure: String,
    /// What puts the figure in its place: "4 more than last week".
    #[prop(into)]
    note: String,
    /// Left out where one may know the figure and no more.
    #[prop(optional, into)]
    href: Option<String>,
    #[prop(optional)] tone: Tone,
) -> impl IntoView {
    let colour = if tone == Tone::Plain { "text-ink" } else { tone.text() };
    let arrow = href.is_some().then(|| {
        view! {
            <span class="text-accent opacity-0 transition-opacity group-hover:opacity-100">
                <Glyph icon=Icon::ArrowRight size=14 />
            </span>
        }
    });
    let content = view! {
        <span class="text-label text-ink-soft">{label}</span>
        <span class="flex items-center justify-between gap-2">
            <span class=format!("text-show font-semibold tracking-tighter figures {colour}")>{figure}</span>
            {arrow}
        </span>
        <span class="text-label text-ink-faint">{note}</span>
    };
    match href {
        Some(href) => view! {
            <a
                class="group grid content-start gap-1 bg-sheet p-4 transition-colors hover:bg-accent-wash focus-visible:-outline-offset-2"
                href=href
            >
                {content}
            </a>
        }
        .into_any(),
        None => view! { <div class="grid content-start gap-1 bg-sheet p-4">{content}</div> }.into_any(),
    }
}
