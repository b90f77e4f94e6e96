//! A choice out of a list, drawn by the browser itself.

use leptos::prelude::*;

use super::field::{CONTROL, FieldAround, control_size, described_by};

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// A labelled list to choose from.
#[component]
pub fn Select(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    choices: Vec<Choice>,
    /// The value that is chosen now.
    #[prop(optional, into)]
    selected: String,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip, into)] error: Option<String>,
    /// Sends the form as soon as another entry is chosen, where scripts run.
    #[prop(optional)]
    autosubmit: bool,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let described = described_by(&id, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let options = choices
        .into_iter()
        .map(|choice| {
            let chosen = choice.value == selected;
            view! { <option value=choice.value selected=chosen>{choice.label}</option> }
        })
        .collect_view();
    view! {
        <FieldAround id=id.clone() label=label hint=hint error=error optional=false aside=None>
            <select
                class=format!("{CONTROL} {} select-arrow", control_size(false))
                id=id
                name=name
                data-autosubmit=autosubmit.then_some("")
                aria-describedby=described
                aria-invalid=invalid
            >
                {options}
            </select>
        </FieldAround>
    }
}
