//! A moment as people say it, with the exact time behind it.

use leptos::prelude::*;

/// "2 hours ago", and on hover or focus the exact time.
#[component]
pub fn Moment(
    /// As people say it: "2 hours ago".
    #[prop(into)]
    label: String,
    /// For machines, RFC 3339: "2026-11-20T08:12:00Z".
    #[prop(into)]
    datetime: String,
    /// For people who want it exactly: "20 November 2026, 08:12".
    #[prop(into)]
    exact: String,
) -> impl IntoView {
    view! {
        <time class="whitespace-nowrap figures" datetime=datetime title=exact>
            {label}
        </time>
    }
}
