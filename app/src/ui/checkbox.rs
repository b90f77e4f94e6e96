//! Ticks and radios: the whole line is the target.

use leptos::prelude::*;

const LINE: &str = "flex items-start gap-2.5 touch:min-h-11 touch:items-center";
/// With a hint below it, the tick stands beside the first line.
const LINES: &str = "flex items-start gap-2.5 touch:py-1";

/// Something that is on or off.
#[component]
pub fn Checkbox(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    /// Sent when ticked.
    #[prop(default = "true".into(), into)]
    value: String,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
    /// In a table's row there is no room for words: they are spoken instead of `label`.
    #[prop(optional, into)]
    spoken: Option<String>,
    #[prop(optional)] checked: bool,
    #[prop(optional)] disabled: bool,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let line = if hint.is_some() { LINES } else { LINE };
    view! {
        <label class=line for=id>
            <input
                class="tick"
                type="checkbox"
                id=id.clone()
                name=name
                value=value
                checked=checked
                disabled=disabled
                aria-label=spoken
            />
            <Words label=label hint=hint />
        </label>
    }
}

/// One of several that exclude each other; group them in a `<fieldset>` with a `<legend>`.
#[component]
pub fn Radio(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] checked: bool,
    #[prop(optional)] disabled: bool,
) -> impl IntoView {
    let id = format!("{name}-{value}");
    let line = if hint.is_some() { LINES } else { LINE };
    view! {
        <label class=line for=id>
            <input class="tick" type="radio" id=id.clone() name=name value=value checked=checked disabled=disabled />
            <Words label=label hint=hint />
        </label>
    }
}

#[component]
fn Words(label: String, hint: Option<String>) -> impl IntoView {
    view! {
        <span>
            {label}
            {hint.map(|hint| view! { <span class="block text-label text-ink-faint">{hint}</span> })}
        </span>
    }
}
