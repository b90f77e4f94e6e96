//! A six digit code: six boxes to the eye, one field to everything else, so that pasting and autofill just work.

use leptos::prelude::*;

use super::field::{FieldAround, described_by};

/// A labelled one-time code.
#[component]
pub fn CodeField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip, into)] error: Option<String>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let described = described_by(&name, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let boxes = (0..6).map(|_| view! { <span aria-hidden="true"></span> }).collect_view();
    view! {
        <FieldAround id=name.clone() label=label hint=hint error=error optional=false aside=None>
            <div class="code-boxes">
                {boxes}
                <input
                    id=name.clone()
                    name=name
                    type="text"
                    inputmode="numeric"
                    autocomplete="one-time-code"
                    pattern="[0-9]{6}"
                    maxlength="6"
                    required=true
                    autofocus=autofocus
                    aria-describedby=described
                    aria-invalid=invalid
                />
            </div>
        </FieldAround>
    }
}
