//! What was not accepted, at the top of a form, with links to the fields. It takes the focus when the page loads.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// One problem and the field it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// Id of the field; empty when the problem belongs to no field.
    pub field: String,
    pub message: String,
}

impl FieldProblem {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// The summary. Without problems nothing is drawn.
#[component]
pub fn ErrorSummary(
    /// One sentence: what did not happen.
    #[prop(into)]
    title: String,
    /// A second sentence, where there are no fields to list.
    #[prop(optional_no_strip, into)]
    text: Option<String>,
    #[prop(optional)] problems: Vec<FieldProblem>,
    /// Off where it is shown without anything having gone wrong, as in the gallery.
    #[prop(default = true)]
    takes_focus: bool,
) -> impl IntoView {
    let lines = problems
        .into_iter()
        .map(|FieldProblem { field, message }| match field.is_empty() {
            true => view! { <li>{message}</li> }.into_any(),
            false => view! {
                <li>
                    <a class="underline underline-offset-3" href=format!("#{field}")>
                        {message}
                    </a>
                </li>
            }
            .into_any(),
        })
        .collect::<Vec<_>>();
    let list = (!lines.is_empty()).then(|| view! { <ul class="mt-1 grid gap-0.5 pl-6">{lines}</ul> });
    view! {
        <div
            class="rounded-control border border-bad-line bg-bad-fill p-3 text-bad"
            role="alert"
            tabindex="-1"
            data-error-summary=takes_focus.then_some("")
        >
            <p class="flex gap-2 font-medium">
                <Glyph icon=Icon::CircleAlert class="mt-0.5 shrink-0" />
                <span>{title}</span>
            </p>
            {text.map(|text| view! { <p class="mt-0.5 pl-6">{text}</p> })}
            {list}
        </div>
    }
}
