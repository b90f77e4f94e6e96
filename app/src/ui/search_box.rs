//! A field to search in the list below it. Put it into a `<form role="search" method="get">`.

use leptos::prelude::*;

use super::field::{CONTROL, FieldError, described_by};
use super::{Glyph, Icon};

/// A search field; its label is its placeholder, spoken and shown.
#[component]
pub fn SearchBox(
    #[prop(into)] label: String,
    #[prop(default = "q".into(), into)] name: String,
    #[prop(optional, into)] value: String,
    /// So many characters at most.
    #[prop(optional)]
    longest: Option<usize>,
    /// Why nothing was searched for.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
) -> impl IntoView {
    let id = format!("search-{name}");
    let error_id = format!("{id}-error");
    let (invalid, described) = (error.is_some().then_some("true"), described_by(&id, false, error.is_some()));
    let longest = longest.map(|longest| longest.to_string());
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
                maxlength=longest
                aria-invalid=invalid
                aria-describedby=described
                autocomplete="off"
                enterkeyhint="search"
            />
        </div>
        {error.map(|error| view! { <div class="pt-1.5"><FieldError id=error_id message=error /></div> })}
    }
}
