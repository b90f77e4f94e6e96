//! What every field has around its control: label, hint and error, tied together by ids.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// The look of a text control; an error is shown by `aria-invalid`, so look and meaning cannot differ.
pub(super) const CONTROL: &str = "block w-full min-w-0 rounded-control border border-line-strong bg-sheet text-ink \
                                  transition-colors hover:border-ink-faint disabled:opacity-55 \
                                  aria-invalid:border-bad";

/// Height of a control in forms; on touch screens 44 pixels and 16 pixel type, or phones would zoom in.
pub(super) const fn control_size(large: bool) -> &'static str {
    if large {
        "h-10 px-3 text-work touch:h-11 touch:text-read"
    } else {
        "h-9 px-2.5 text-work touch:h-11 touch:text-read"
    }
}

/// The ids that `aria-describedby` names, in reading order.
pub(super) fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (true, true) => Some(format!("{id}-hint {id}-error")),
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (false, false) => None,
    }
}

/// Label above, control, then hint and error below.
#[component]
pub(super) fn FieldAround(
    id: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    /// Says "(optional)" behind the label; required is the usual case and needs no star.
    optional: bool,
    /// Something at the end of the label's line, as a link "Forgot it?".
    aside: Option<AnyView>,
    /// What tells of errors while one types; it takes the place of the error.
    #[prop(optional_no_strip)]
    live: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    view! {
        <div class="grid min-w-0 content-start gap-1.5">
            <div class="flex items-baseline justify-between gap-3">
                <label class="text-label font-medium text-ink" for=id>
                    {label}
                    {optional.then(|| view! { <span class="font-normal text-ink-faint">" (optional)"</span> })}
                </label>
                {aside}
            </div>
            {children()}
            {hint.map(|hint| view! { <p class="text-label text-ink-faint" id=hint_id>{hint}</p> })}
            {live.or_else(|| error.map(|error| view! { <FieldError id=error_id message=error /> }.into_any()))}
        </div>
    }
}

/// The message under a field that was not accepted.
#[component]
pub fn FieldError(id: String, message: String) -> impl IntoView {
    view! {
        <p class="flex gap-1.5 text-label text-bad" id=id>
            <Glyph icon=Icon::CircleAlert size=14 class="mt-[3px] shrink-0" />
            <span>{message}</span>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::described_by;

    #[test]
    fn a_field_is_described_by_what_it_shows() {
        assert_eq!(described_by("email", false, false), None);
        assert_eq!(described_by("email", true, false).as_deref(), Some("email-hint"));
        assert_eq!(described_by("email", true, true).as_deref(), Some("email-hint email-error"));
    }
}
