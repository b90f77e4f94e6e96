//! The command palette: Ctrl-K or Cmd-K, type, Enter. An island; without scripts the navigation leads to the same places.

use leptos::{ev, html, prelude::*};
use serde::{Deserialize, Serialize};

/// Something to go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    pub label: String,
    pub href: String,
}

/// The palette, closed until it is called.
#[island]
pub fn CommandPalette(commands: Vec<Command>, sign_out: String) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let field = NodeRef::<html::Input>::new();
    let leave = NodeRef::<html::Form>::new();
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let hits = Memo::new(move |_| matching(&commands, &query.get()));
    let open = move || {
        query.set(String::new());
        chosen.set(0);
        if let Some(dialog) = dialog.get_untracked()
            && !dialog.open()
        {
            // It throws only when the dialog is open already.
            let _ = dialog.show_modal();
        }
        if let Some(field) = field.get_untracked() {
            field.set_value("");
            let _ = field.focus();
        }
    };
    let go = move |place: usize| match hits.get_untracked().get(place) {
        Some(command) if command.href.is_empty() => {
            if let Some(form) = leave.get_untracked() {
                let _ = form.request_submit();
            }
        }
        Some(command) => {
            let _ = window().location().set_href(&command.href);
        }
        None => {}
    };
    Effect::new(move |_| call_on_shortcut(open));
    let keys = move |event: ev::KeyboardEvent| {
        let last = hits.get_untracked().len().saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => chosen.update(|at| *at = if *at == 0 { last } else { *at - 1 }),
            "Enter" => go(chosen.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <dialog class="dialog palette" node_ref=dialog aria-label="Go to anything" closedby="any">
            <input
                class="palette-field"
                node_ref=field
                type="text"
                placeholder="Where to?"
                aria-label="Where to?"
                role="combobox"
                aria-expanded="true"
                aria-controls="palette-hits"
                aria-activedescendant=move || format!("palette-hit-{}", chosen.get())
                autocomplete="off"
                spellcheck="false"
                on:input=move |event| {
                    query.set(event_target_value(&event));
                    chosen.set(0);
                }
                on:keydown=keys
            />
            <ul class="palette-hits" id="palette-hits" role="listbox" aria-label="Places and actions">
                {move || {
                    let rows = hits.get().into_iter().enumerate().map(|(place, command)| {
                        view! {
                            <li
                                class="palette-hit"
                                id=format!("palette-hit-{place}")
                                role="option"
                                aria-selected=move || if chosen.get() == place { "true" } else { "false" }
                                on:click=move |_| go(place)
                                on:mousemove=move |_| chosen.set(place)
                            >
                                {command.label}
                            </li>
                        }
                    });
                    rows.collect_view()
                }}
            </ul>
            <p class="palette-empty" role="status">
                {move || hits.with(Vec::is_empty).then_some("Nothing goes by that name here.")}
            </p>
            <form method="post" action=sign_out node_ref=leave></form>
        </dialog>
    }
}

/// The commands whose words all begin like words of the label; signing out is always one of them.
fn matching(commands: &[Command], query: &str) -> Vec<Command> {
    let wanted = domain::folding::fold(query);
    let leave = Command { label: "Sign out".into(), href: String::new() };
    let all = commands.iter().cloned().chain([leave]);
    all.filter(|command| {
        let label = domain::folding::fold(&command.label);
        wanted.split(' ').all(|start| label.split(' ').any(|word| word.starts_with(start)))
    })
    .collect()
}

/// Opens the palette on Ctrl-K, Cmd-K, or a click on anything marked `data-palette`.
fn call_on_shortcut(open: impl Fn() + Copy + 'static) {
    use leptos::wasm_bindgen::JsCast;

    let keys = window_event_listener(ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && event.key() == "k" {
            event.prevent_default();
            open();
        }
    });
    let clicks = window_event_listener(ev::click, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<leptos::web_sys::Element>().ok());
        if target.is_some_and(|target| target.closest("[data-palette]").is_ok_and(|hit| hit.is_some())) {
            event.prevent_default();
            open();
        }
    });
    on_cleanup(move || {
        keys.remove();
        clicks.remove();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_typed_word_begins_a_word_of_the_label() {
        let commands = [("Go to People", "/people"), ("Go to My account", "/account")]
            .map(|(label, href)| Command { label: label.into(), href: href.into() });
        let labels =
            |query| matching(&commands, query).into_iter().map(|command| command.label).collect::<Vec<_>>();
        assert_eq!(labels("PEO"), ["Go to People"]);
        assert_eq!(labels("my acc"), ["Go to My account"]);
        assert_eq!(labels("out"), ["Sign out"]);
        assert_eq!(labels("").len(), 3);
        assert!(labels("nowhere").is_empty());
    }
}
