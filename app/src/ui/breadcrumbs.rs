//! The way here: crumbs on a desk, one step back on a phone.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// A place above the present one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    pub href: String,
}

impl Crumb {
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// The places above, from the outermost inwards. The page's own title follows them and is not repeated.
#[component]
pub fn Breadcrumbs(crumbs: Vec<Crumb>) -> impl IntoView {
    let items = crumbs
        .into_iter()
        .map(|crumb| {
            view! {
                <li class="flex items-center gap-1.5">
                    <a class="reach max-w-56 truncate rounded-small text-ink-faint hover:text-ink" href=crumb.href>
                        {crumb.label}
                    </a>
                    <span class="text-line-strong">
                        <Glyph icon=Icon::ChevronRight size=14 />
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="hidden shrink-0 md:block" aria-label="Breadcrumbs">
            <ol class="flex items-center gap-1.5">{items}</ol>
        </nav>
    }
}

/// One step back, shown on phones only.
#[component]
pub fn BackLink(crumb: Crumb) -> impl IntoView {
    view! {
        <a
            class="-ml-2 grid size-11 shrink-0 place-items-center rounded-control text-ink-soft hover:bg-wash md:hidden"
            href=crumb.href
            aria-label=format!("Back to {}", crumb.label)
        >
            <Glyph icon=Icon::ChevronLeft size=20 />
        </a>
    }
}
