//! The command palette: Ctrl-K or Cmd-K, type, Enter. It goes to places and people. An island; without scripts the navigation
//! leads to the same places, and the box in the top bar to the list of people.

mod people;

use domain::listing::SearchText;
use leptos::{ev, html, leptos_dom::helpers::set_timeout_with_handle, prelude::*, task::spawn_local};
use people::Search;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use web_sys::{AbortController, ScrollIntoViewOptions, ScrollLogicalPosition};

/// People are looked for when someone stops typing for so long.
const PAUSE: Duration = Duration::from_millis(160);
const NOTHING: &str = "Nothing goes by that name here.";

/// Something to go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    pub label: String,
    pub href: String,
}

/// A row of the palette.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hit {
    label: String,
    /// What tells it from others of the same name.
    note: String,
    goal: Goal,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Goal {
    Page(String),
    Person(String),
    /// The list of people, searched for what was typed.
    Everyone,
    SignOut,
}

/// The palette, closed until it is called.
#[island]
pub fn CommandPalette(
    commands: Vec<Command>,
    sign_out: String,
    /// Whether whoever is signed in may see other people.
    finds_people: bool,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let field = NodeRef::<html::Input>::new();
    let list = NodeRef::<html::Form>::new();
    let leave = NodeRef::<html::Form>::new();
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let search = RwSignal::new(Search::default());
    let hits = Memo::new(move |_| {
        let mut hits = matching(&commands, &query.get());
        if finds_people && !query.with(|words| words.trim().is_empty()) {
            hits.extend(search.with(people_in));
            hits.push(everyone(&query.get()));
        }
        hits
    });
    let said = move || {
        let nothing = if hits.with(Vec::is_empty) { NOTHING.into() } else { String::new() };
        if finds_people { search.with(Search::in_words) } else { nothing }
    };
    let open = move |words: String| {
        chosen.set(0);
        if let Some(dialog) = dialog.get_untracked()
            && !dialog.open()
        {
            // It throws only when the dialog is open already.
            let _ = dialog.show_modal();
        }
        if let Some(field) = field.get_untracked() {
            field.set_value(&words);
            let _ = field.focus();
        }
        query.set(words);
    };
    let send = move |form: NodeRef<html::Form>| {
        if let Some(form) = form.get_untracked() {
            let _ = form.request_submit();
        }
    };
    let go = move |place: usize| match hits.get_untracked().into_iter().nth(place).map(|hit| hit.goal) {
        Some(Goal::Page(href)) => go_to(&href),
        Some(Goal::Person(id)) => go_to(&format!("/people/{id}")),
        Some(Goal::Everyone) => send(list),
        Some(Goal::SignOut) => send(leave),
        None => {}
    };
    Effect::new(move |_| call_on_shortcut(open));
    Effect::new(move |_| {
        if finds_people {
            look_for_people(query, search);
        }
    });
    let keys = move |event: ev::KeyboardEvent| {
        let last = hits.get_untracked().len().saturating_sub(1);
        let at = chosen.get_untracked().min(last);
        match event.key().as_str() {
            "ArrowDown" => choose(chosen, if at == last { 0 } else { at + 1 }),
            "ArrowUp" => choose(chosen, if at == 0 { last } else { at - 1 }),
            // An input method ends a word with it.
            "Enter" if event.is_composing() => return,
            "Enter" => go(at),
            _ => return,
        }
        event.prevent_default();
    };
    let hint = if finds_people { "Find a person or a page" } else { "Where to?" };
    view! {
        <dialog class="dialog palette" node_ref=dialog aria-label="Go to anything" closedby="any">
            <form action="/people" node_ref=list>
                <input
                    class="palette-field"
                    node_ref=field
                    name="search"
                    type="text"
                    placeholder=hint
                    aria-label=hint
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="palette-hits"
                    aria-activedescendant=move || format!("palette-hit-{}", chosen.get())
                    autocomplete="off"
                    spellcheck="false"
                    maxlength=SearchText::LONGEST.to_string()
                    on:input=move |event| {
                        chosen.set(0);
                        query.set(event_target_value(&event));
                    }
                    on:keydown=keys
                />
            </form>
            <ul class="palette-hits" id="palette-hits" role="listbox" aria-label="Places, actions and people">
                {move || {
                    let rows = hits.get().into_iter().enumerate().map(|(place, hit)| {
                        view! {
                            <li
                                class="palette-hit"
                                id=format!("palette-hit-{place}")
                                role="option"
                                aria-selected=move || if chosen.get() == place { "true" } else { "false" }
                                on:click=move |_| go(place)
                                on:mousemove=move |_| chosen.set(place)
                            >
                                <span class="palette-label">{hit.label}</span>
                                <span class="palette-note">{hit.note}</span>
                            </li>
                        }
                    });
                    rows.collect_view()
                }}
            </ul>
            <p class="palette-word" data-quiet=move || search.with(|search| !search.people().is_empty()).then_some("") role="status">
                {said}
            </p>
            <form method="post" action=sign_out node_ref=leave></form>
        </dialog>
    }
}

/// The commands whose words all begin like words of the label; signing out is always one of them.
fn matching(commands: &[Command], query: &str) -> Vec<Hit> {
    let wanted = domain::folding::fold(query);
    let hit = |label: &str, goal| Hit { label: label.to_owned(), note: String::new(), goal };
    let all = commands.iter().map(|command| hit(&command.label, Goal::Page(command.href.clone())));
    all.chain([hit("Sign out", Goal::SignOut)])
        .filter(|hit| {
            let label = domain::folding::fold(&hit.label);
            wanted.split(' ').all(|start| label.split(' ').any(|word| word.starts_with(start)))
        })
        .collect()
}

fn people_in(search: &Search) -> Vec<Hit> {
    let hit = |person: &people::Person| Hit {
        label: person.full_name.clone(),
        note: person.email.clone(),
        goal: Goal::Person(person.id.clone()),
    };
    search.people().iter().map(hit).collect()
}

fn everyone(query: &str) -> Hit {
    Hit {
        label: format!("Search people for “{}”", query.trim()), note: String::new(), goal: Goal::Everyone
    }
}

fn go_to(address: &str) {
    let _ = window().location().set_href(address);
}

/// Chooses a row, and brings it into sight.
fn choose(chosen: RwSignal<usize>, place: usize) {
    chosen.set(place);
    if let Some(row) = document().get_element_by_id(&format!("palette-hit-{place}")) {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

/// Looks for people with what stands in the field, after a pause. Run in an effect: the next words call off both.
fn look_for_people(query: RwSignal<String>, search: RwSignal<Search>) {
    let words = query.get();
    search.update(|search| *search = search.narrowed(&words));
    if words.trim().is_empty() {
        return;
    }
    let Ok(question) = AbortController::new() else { return };
    let signal = question.signal();
    let question = StoredValue::new_local(question);
    let ask = move || {
        spawn_local(async move {
            if let Some(found) = people::find(&words, &signal).await {
                search.set(found);
            }
        });
    };
    let pause = set_timeout_with_handle(ask, PAUSE);
    on_cleanup(move || {
        if let Ok(pause) = pause {
            pause.clear();
        }
        question.with_value(AbortController::abort);
    });
}

/// Opens the palette on Ctrl-K, Cmd-K, or a click on anything marked `data-palette`, with what was typed there.
fn call_on_shortcut(open: impl Fn(String) + Copy + 'static) {
    use leptos::{wasm_bindgen::JsCast, web_sys};

    let keys = window_event_listener(ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && event.key() == "k" {
            event.prevent_default();
            open(String::new());
        }
    });
    let clicks = window_event_listener(ev::click, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(Ok(Some(way))) = target.map(|target| target.closest("[data-palette]")) {
            event.prevent_default();
            let typed = way.query_selector("input").ok().flatten();
            let typed = typed.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok());
            open(typed.map(|field| field.value()).unwrap_or_default());
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
        let labels = |query| matching(&commands, query).into_iter().map(|hit| hit.label).collect::<Vec<_>>();
        assert_eq!(labels("PEO"), ["Go to People"]);
        assert_eq!(labels("my acc"), ["Go to My account"]);
        assert_eq!(labels("out"), ["Sign out"]);
        assert_eq!(labels("").len(), 3);
        assert!(labels("nowhere").is_empty());
    }
}
