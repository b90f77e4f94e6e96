//! What happened, as sentences: a timeline by day on a person's page, single rows on a dashboard.

use super::list::when;
use crate::{
    moments,
    ui::{EmptyState, EventRow, Icon, Timeline, TimelineDay, TimelineItem, Tone},
};
use domain::Timestamp;
use leptos::prelude::*;
use server::audit::Entry;

/// Whose eyes read the sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The person it is about: "You signed in".
    Oneself,
    Other,
}

/// The newest entries as rows, for a card on a dashboard.
#[component]
pub fn RecentEvents(entries: Vec<Entry>, now: Timestamp) -> impl IntoView {
    let rows = entries
        .into_iter()
        .map(|entry| {
            let (icon, tone) = sign(&entry.action);
            let at = when(Some(entry.at), now);
            let words = sentence(&entry, Reader::Other);
            let place = place(&entry);
            view! { <EventRow icon tone at>{words}{place}</EventRow> }
        })
        .collect_view();
    view! { <ul class="divide-y divide-line">{rows}</ul> }
}

/// What happened to one person, the newest day first.
#[component]
pub fn History(entries: Vec<Entry>, now: Timestamp, reader: Reader) -> impl IntoView {
    if entries.is_empty() {
        return view! { <EmptyState in_card=true icon=Icon::History title="Nothing yet" text="What happens to this account will stand here." /> }.into_any();
    }
    let mut days: Vec<(String, Vec<Entry>)> = Vec::new();
    for entry in entries {
        let day = moments::day_as_said(entry.at, now);
        match days.last_mut() {
            Some((title, entries)) if *title == day => entries.push(entry),
            _ => days.push((day, vec![entry])),
        }
    }
    let days = days
        .into_iter()
        .map(|(title, entries)| {
            let items = entries.into_iter().map(|entry| item(entry, now, reader)).collect_view();
            view! { <TimelineDay title>{items}</TimelineDay> }
        })
        .collect_view();
    view! { <Timeline>{days}</Timeline> }.into_any()
}

fn item(entry: Entry, now: Timestamp, reader: Reader) -> impl IntoView {
    let (icon, tone) = sign(&entry.action);
    let at = when(Some(entry.at), now);
    let words = sentence(&entry, reader);
    let place = place(&entry);
    view! { <TimelineItem icon tone at>{words}{place}</TimelineItem> }
}

/// From where someone signed in or out. From where an administrator acted is not for everyone to see.
fn place(entry: &Entry) -> Option<impl IntoView + use<>> {
    let ip = entry.ip.clone().filter(|_| entry.action.starts_with("session."));
    ip.map(|ip| view! { " from " <span class="font-mono text-label">{ip}</span> })
}

/// The entry as a sentence: who did what to whom.
fn sentence(entry: &Entry, reader: Reader) -> String {
    let whom = match (reader, &entry.subject_name) {
        (Reader::Oneself, Some(_)) => "you".to_owned(),
        (_, name) => name.clone().unwrap_or_else(|| "someone".into()),
    };
    let who = if whom == "you" { "You" } else { &whom };
    let actor = entry.actor_name.clone().unwrap_or_else(|| match entry.actor_kind.as_str() {
        "operator" => "The operator".into(),
        "program" => "Countersign".into(),
        _ => "Someone".into(),
    });
    match entry.action.as_str() {
        "session.signed_in" => format!("{who} signed in"),
        "session.signed_out" => format!("{who} signed out"),
        "session.sign_in_failed" if entry.subject_name.is_none() => {
            "A sign-in to an account that does not exist was refused".into()
        }
        "session.sign_in_failed" => format!("A sign-in as {whom} was refused"),
        "session.refreshed" => format!("{who} stayed signed in over the API"),
        "session.refresh_reused" => format!("A stolen token of {whom} was refused, and its sign-in ended"),
        "session.role_switched" => format!("{who} went on in another role"),
        "person.created" if whom == "you" => format!("{actor} made your account"),
        "person.created" => format!("{actor} made the account of {whom}"),
        "person.password_reset" => format!("{actor} gave {whom} a new password"),
        "person.locked" if whom == "you" => "Your account was locked after wrong passwords".into(),
        "person.locked" => format!("{whom} was locked after wrong passwords"),
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
        "person.locked" => (Icon::Lock, Tone::Bad),
        "person.unlocked" => (Icon::LockOpen, Tone::Good),
        _ => (Icon::Activity, Tone::Plain),
    }
}
