//! What happened to a person, as sentences.

use super::list::when;
use crate::ui::{EmptyState, EventRow, Icon, Tone};
use domain::Timestamp;
use leptos::prelude::*;
use server::audit::Entry;

/// Entries of the trail, the newest first.
#[component]
pub fn History(entries: Vec<Entry>, now: Timestamp) -> impl IntoView {
    if entries.is_empty() {
        return view! { <EmptyState icon=Icon::History title="Nothing yet" text="What happens to this account will stand here." /> }.into_any();
    }
    let rows = entries.into_iter().map(|entry| row(entry, now)).collect_view();
    view! { <ul class="divide-y divide-line">{rows}</ul> }.into_any()
}

fn row(entry: Entry, now: Timestamp) -> impl IntoView {
    let at = when(Some(entry.at), now);
    let (icon, tone) = sign(&entry.action);
    let words = sentence(&entry);
    let from = entry.ip.map(|ip| view! { " from " <span class="font-mono text-label">{ip}</span> });
    view! { <EventRow icon tone at>{words}{from}</EventRow> }
}

/// The entry as a sentence: who did what to whom.
pub fn sentence(entry: &Entry) -> String {
    let subject = entry.subject_name.clone();
    let actor = entry.actor_name.clone().unwrap_or_else(|| match entry.actor_kind.as_str() {
        "operator" => "The operator".into(),
        "program" => "Countersign".into(),
        _ => "Someone".into(),
    });
    let whom = subject.clone().unwrap_or_else(|| "someone".into());
    match entry.action.as_str() {
        "session.signed_in" => format!("{} signed in", subject.unwrap_or(actor)),
        "session.signed_out" => format!("{} signed out", subject.unwrap_or(actor)),
        "session.sign_in_failed" => match subject {
            Some(name) => format!("A sign-in as {name} was refused"),
            None => "A sign-in to an account that does not exist was refused".into(),
        },
        "session.role_switched" => format!("{actor} went on in another role"),
        "person.created" => format!("{actor} made the account of {whom}"),
        "person.password_reset" => format!("{actor} gave {whom} a new password"),
        "person.unlocked" => format!("{actor} unlocked {whom}"),
        "people.loaded" => format!("{actor} loaded demo people"),
        other => format!("{actor}: {other}"),
    }
}

fn sign(action: &str) -> (Icon, Tone) {
    match action {
        "session.signed_in" => (Icon::LogIn, Tone::Good),
        "session.signed_out" => (Icon::LogOut, Tone::Plain),
        "session.sign_in_failed" => (Icon::CircleX, Tone::Bad),
        "person.created" => (Icon::UserPlus, Tone::Info),
        "person.password_reset" => (Icon::KeyRound, Tone::Warn),
        "person.unlocked" => (Icon::LockOpen, Tone::Good),
        _ => (Icon::Activity, Tone::Plain),
    }
}
