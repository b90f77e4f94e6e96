//! A password with a toggle that shows it. The toggle appears only where scripts run.

use leptos::prelude::*;

use super::field::{CONTROL, FieldAround, control_size, described_by};
use super::{Glyph, Icon};

/// Whether a password is asked for or made; password managers want to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasswordPurpose {
    #[default]
    Current,
    New,
}

/// A labelled password.
#[component]
pub fn PasswordField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional)] purpose: PasswordPurpose,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip, into)] error: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] large: bool,
    #[prop(optional)] aside: Option<AnyView>,
    /// What is drawn right under the field while one types.
    #[prop(optional)]
    meter: Option<AnyView>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let described = described_by(&id, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let autocomplete = match purpose {
        PasswordPurpose::Current => "current-password",
        PasswordPurpose::New => "new-password",
    };
    view! {
        <FieldAround id=id.clone() label=label hint=hint error=error optional=false aside=aside>
            <div>
                <div class="relative">
                    <input
                        class=format!("{CONTROL} {} pr-11!", control_size(large))
                        id=id.clone()
                        name=name
                        type="password"
                        autocomplete=autocomplete
                        required=required
                        aria-describedby=described
                        aria-invalid=invalid
                    />
                    <button
                        class="absolute inset-y-0 right-0 grid w-10 place-items-center rounded-control text-ink-faint hover:text-ink touch:w-11"
                        type="button"
                        data-reveal=id
                        data-needs-script=""
                        aria-label="Show password"
                        aria-pressed="false"
                        title="Show password"
                    >
                        <Glyph icon=Icon::Eye />
                        <Glyph icon=Icon::EyeOff />
                    </button>
                </div>
                {meter}
            </div>
        </FieldAround>
    }
}
