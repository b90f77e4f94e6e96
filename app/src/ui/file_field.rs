//! A file to send along. Its form needs `enctype="multipart/form-data"`.

use leptos::prelude::*;

use super::field::{CONTROL, FieldAround, described_by};

/// A labelled choice of one file, drawn by the browser itself.
#[component]
pub fn FileField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    /// The kinds that the browser offers, as ".csv,text/csv".
    #[prop(into)]
    accept: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip, into)] error: Option<String>,
) -> impl IntoView {
    let described = described_by(&name, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let button = "file:mr-3 file:h-full file:border-0 file:border-r file:border-line file:bg-wash file:px-3 file:font-medium \
                  file:text-ink cursor-pointer";
    view! {
        <FieldAround id=name.clone() label=label hint=hint error=error optional=false aside=None live=None>
            <input
                class=format!("{CONTROL} {button} h-9 pr-2.5 text-work touch:h-11 touch:text-read")
                id=name.clone()
                name=name
                type="file"
                accept=accept
                required=true
                aria-describedby=described
                aria-invalid=invalid
            />
        </FieldAround>
    }
}
