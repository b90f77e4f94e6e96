//! How far an import is, in a word and in a notice.

use crate::{
    people::with_commas,
    ui::{Badge, Icon, Notice, Tone},
};
use leptos::prelude::*;
use server::people::import::{Import, State};

#[component]
pub(super) fn StateBadge(state: State) -> impl IntoView {
    let (label, tone) = match state {
        State::Reading => ("Coming in", Tone::Info),
        State::Checked => ("Checked", Tone::Plain),
        State::Waiting | State::Running => ("Under way", Tone::Info),
        State::Inviting => ("Inviting", Tone::Info),
        State::Done => ("Done", Tone::Good),
        State::Failed => ("Failed", Tone::Bad),
        State::Cancelled => ("Cancelled", Tone::Warn),
    };
    view! { <Badge label tone /> }
}

/// What came of an import that has ended; nothing for one that has not.
#[component]
pub(super) fn Outcome(held: Import) -> impl IntoView {
    let import = held;
    let written = format!(
        "{} made, {} changed, {} as they were, {} left out.",
        people(import.made),
        with_commas(import.updated),
        with_commas(import.same),
        with_commas(import.skipped + import.wrong),
    );
    let title = if import.skipped + import.wrong == 0 { "Everybody is in" } else { "The import is done" };
    match import.state {
        State::Done => Some(view! {
            <Notice tone=Tone::Good icon=Icon::CircleCheck title>{written}</Notice>
        }.into_any()),
        State::Cancelled => Some(view! {
            <Notice tone=Tone::Warn icon=Icon::Ban title="This import was cancelled">
                {if import.made + import.updated == 0 { "Nothing was written.".to_owned() } else { format!("Until then: {written}") }}
            </Notice>
        }.into_any()),
        State::Failed => Some(view! {
            <Notice tone=Tone::Bad icon=Icon::CircleX title="This import failed">{import.trouble.unwrap_or_default()}</Notice>
        }.into_any()),
        _ => None,
    }
}

/// "1 person", "1,284 people".
pub(super) fn people(count: i64) -> String {
    format!("{} {}", with_commas(count), if count == 1 { "person" } else { "people" })
}
