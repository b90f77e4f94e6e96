//! A field to search in the list below it. Put it into a `<form role="search" method="get">`.

use leptos::prelude::*;

use super::field::CONTROL;
use super::{Glyph, Icon};

/// A search field; its label is its placeholder, spoken and shown.
#[component]
pub fn SearchBox(
    #[prop(into)] label: String,
    #[prop(default = "q".into(), into)] name: String,
    #[prop(optional, into)] value: String,
) -> impl IntoView {
    let id = format!("search-{name}");
    view! {
        <div class="relative">
            <label class="sr-only" for=id.clone()>
                {label.clone()}
            </label>
            <span class="pointer-events-none absolute inset-y-0 left-2.5 grid place-items-center text-ink-faint">
                <Glyph icon=Icon::Search size=15 />
            </span>
            <input
                class=format!("{CONTROL} h-8 pr-2.5 pl-8 text-work touch:h-11 touch:text-read")
                id=id
                name=name
                type="search"
                value=value
                placeholder=label
                autocomplete="off"
                enterkeyhint="search"
            />
        </div>
    }
}
