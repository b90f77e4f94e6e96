//! Light, dark, or as the system: remembered by `enhance.js`, drawn by the server from the cookie.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// Three small buttons in a row, with the word "Theme" before them.
#[component]
pub fn ThemeSwitch(
    /// Without the word, for bars.
    #[prop(optional)]
    bare: bool,
    /// Where the choice is kept with the account, for somebody who is signed in.
    #[prop(optional, into)]
    action: Option<String>,
) -> impl IntoView {
    let choices = [
        ("system", Icon::Monitor, "As the system"),
        ("light", Icon::Sun, "Light"),
        ("dark", Icon::Moon, "Dark"),
    ];
    let look = "grid size-7 place-items-center rounded-small border border-transparent text-ink-faint hover:text-ink \
                aria-pressed:border-line aria-pressed:bg-sheet aria-pressed:text-ink touch:size-11";
    let buttons = choices
        .into_iter()
        .map(|(choice, icon, label)| {
            view! {
                <button
                    class=look
                    type="button"
                    data-theme-choice=choice
                    aria-pressed="false"
                    aria-label=label
                    title=label
                >
                    <Glyph icon=icon size=15 />
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="flex items-center justify-between gap-3 px-2 py-1" data-needs-script="">
            {(!bare).then(|| view! { <span class="text-ink-soft">"Theme"</span> })}
            <div class="flex gap-0.5 rounded-control bg-wash p-0.5" role="group" aria-label="Theme" data-theme-action=action>
                {buttons}
            </div>
        </div>
    }
}
