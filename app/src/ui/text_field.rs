//! One line of text, and several.

use leptos::prelude::*;

use super::field::{CONTROL, FieldAround, control_size, described_by};

/// What is typed into a field; decides the keyboard on phones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    #[default]
    Text,
    Email,
    Telephone,
    Address,
    Number,
    Date,
    DateTime,
}

impl InputKind {
    const fn attribute(self) -> &'static str {
        match self {
            InputKind::Text => "text",
            InputKind::Email => "email",
            InputKind::Telephone => "tel",
            InputKind::Address => "url",
            InputKind::Number => "number",
            InputKind::Date => "date",
            InputKind::DateTime => "datetime-local",
        }
    }
}

/// A labelled line of text.
#[component]
pub fn TextField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    /// Where two forms on a page share a name; else the name is the id.
    #[prop(optional, into)]
    id: Option<String>,
    #[prop(optional)] kind: InputKind,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
    /// Why the value was not accepted: `error=problem` with an `Option<String>` at hand.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    /// The `autocomplete` token, as "username" or "email".
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    #[prop(optional)] placeholder: Option<&'static str>,
    #[prop(optional)] required: bool,
    #[prop(optional)] optional: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional)] read_only: bool,
    /// For names and codes: no capitals, no spelling marks.
    #[prop(optional)]
    verbatim: bool,
    #[prop(optional)] large: bool,
    #[prop(optional)] aside: Option<AnyView>,
    /// What tells of errors while one types, under the id that ends in `-error`.
    #[prop(optional)]
    live: Option<AnyView>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let described = described_by(&id, hint.is_some(), error.is_some() || live.is_some());
    let invalid = error.is_some().then_some("true");
    view! {
        <FieldAround id=id.clone() label=label hint=hint error=error optional=optional aside=aside live=live>
            <input
                class=format!("{CONTROL} {}", control_size(large))
                id=id
                name=name
                type=kind.attribute()
                value=value
                placeholder=placeholder
                autocomplete=autocomplete
                autocapitalize=verbatim.then_some("none")
                spellcheck=verbatim.then_some("false")
                required=required
                disabled=disabled
                readonly=read_only
                aria-describedby=described
                aria-invalid=invalid
            />
        </FieldAround>
    }
}

/// A labelled field of several lines.
#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip, into)] error: Option<String>,
    #[prop(default = 4)] rows: u32,
    #[prop(optional)] required: bool,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let described = described_by(&id, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    view! {
        <FieldAround id=id.clone() label=label hint=hint error=error optional=optional aside=None>
            <textarea
                class=format!("{CONTROL} px-2.5 py-1.5 text-work touch:text-read")
                id=id
                name=name
                rows=rows
                required=required
                aria-describedby=described
                aria-invalid=invalid
            >
                {value}
            </textarea>
        </FieldAround>
    }
}
