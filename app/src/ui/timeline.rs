//! What happened, in full sentences: grouped by day on the page of one thing, as rows on a dashboard.

use leptos::prelude::*;

use super::{Avatar, Glyph, Icon, Tone};

/// Days, newest first.
#[component]
pub fn Timeline(children: Children) -> impl IntoView {
    view! { <div class="grid gap-5">{children()}</div> }
}

/// One day; its children are `TimelineItem`s.
#[component]
pub fn TimelineDay(
    /// "Today", "Tuesday, 17 November".
    #[prop(into)]
    title: String,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="grid gap-3">
            <h3 class="text-label font-medium text-ink-faint">{title}</h3>
            <ol>{children()}</ol>
        </section>
    }
}

/// One thing that happened.
#[component]
pub fn TimelineItem(
    icon: Icon,
    #[prop(optional)] tone: Tone,
    /// When: a `Moment`.
    at: AnyView,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    let line = "relative grid grid-cols-[1.5rem_minmax(0,1fr)_auto] gap-x-3 pb-4 last:pb-0 before:absolute \
                before:top-6 before:bottom-0 before:left-3 before:w-px before:bg-line last:before:hidden";
    view! {
        <li class=line>
            <span class=format!("grid size-6 place-items-center rounded-full border border-line bg-sheet {}", tone.text())>
                <Glyph icon=icon size=13 />
            </span>
            <p class="min-w-0 pt-0.5">{children()}</p>
            <span class="pt-0.5 text-label text-ink-faint">{at}</span>
        </li>
    }
}

/// One thing that happened, as a row of a flush card: `<ul class="divide-y divide-line">`. Who did it shows a face;
/// what happened by itself shows an icon.
#[component]
pub fn EventRow(
    #[prop(optional, into)] actor: Option<String>,
    #[prop(default = Icon::Activity)] icon: Icon,
    #[prop(optional)] tone: Tone,
    /// When: a `Moment`.
    at: AnyView,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    let face = match actor {
        Some(name) => view! { <Avatar name=name /> }.into_any(),
        None => view! {
            <span class=format!("grid size-6 place-items-center rounded-full bg-wash {}", tone.text())>
                <Glyph icon=icon size=13 />
            </span>
        }
        .into_any(),
    };
    view! {
        <li class="grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-3 px-4 py-2.5">
            {face}
            <p class="min-w-0 pt-0.5">{children()}</p>
            <span class="pt-0.5 text-label text-ink-faint">{at}</span>
        </li>
    }
}
