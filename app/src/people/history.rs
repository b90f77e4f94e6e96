//! What happened, as sentences: a timeline by day on a person's page, single rows on a dashboard.

use super::{
    list::when,
    sentences,
    values::{in_words, label, why_refused},
};
use crate::{
    moments,
    ui::{EmptyState, EventRow, Icon, Timeline, TimelineDay, TimelineItem, Tone},
};
use domain::{Timestamp, device::Device};
use leptos::prelude::*;
use server::audit::{Entry, RoleChange};

/// Of somebody who was erased or forgotten the trail has the id alone.
pub(super) const GONE: &str = "somebody whose account is gone";
/// The same where a sentence begins.
pub(super) const GONE_FIRST: &str = "Somebody whose account is gone";

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
            // Whoever sees this card may read the trail.
            let place = place(&entry, true);
            view! { <EventRow icon tone at>{words}{place}</EventRow> }
        })
        .collect_view();
    view! { <ul class="divide-y divide-line">{rows}</ul> }
}

/// Sign-ins and refused ones, with the device and the address that each came from.
#[component]
pub fn SignIns(entries: Vec<Entry>, now: Timestamp) -> impl IntoView {
    let rows = entries
        .into_iter()
        .map(|entry| {
            let (icon, tone) = sign(&entry.action);
            let at = when(Some(entry.at), now);
            let words = match entry.outcome.as_str() {
                "refused" => "Refused",
                _ => "Signed in",
            };
            let why = entry
                .detail("why")
                .filter(|_| words == "Refused")
                .map(|why| format!(", {}", why_refused(&why)));
            let device = device(&entry);
            view! { <EventRow icon tone at>{words}{why}{device}</EventRow> }
        })
        .collect_view();
    view! { <ul class="divide-y divide-line">{rows}</ul> }
}

/// What happened to one person, the newest day first.
#[component]
pub fn History(
    entries: Vec<Entry>,
    now: Timestamp,
    reader: Reader,
    /// Whether whoever reads it may read the whole trail.
    #[prop(optional)]
    sees_trail: bool,
) -> impl IntoView {
    if entries.is_empty() {
        return view! { <EmptyState in_card=true icon=Icon::History title="Nothing yet" text="What happens to this account will stand here." /> }.into_any();
    }
    let days = moments::by_day(entries, |entry| entry.at, now)
        .into_iter()
        .map(|(title, entries)| {
            let items = entries.into_iter().map(|entry| item(entry, now, reader, sees_trail)).collect_view();
            view! { <TimelineDay title>{items}</TimelineDay> }
        })
        .collect_view();
    view! { <Timeline>{days}</Timeline> }.into_any()
}

fn item(entry: Entry, now: Timestamp, reader: Reader, sees_trail: bool) -> impl IntoView {
    let (icon, tone) = sign(&entry.action);
    let at = when(Some(entry.at), now);
    let words = sentence(&entry, reader);
    let place = match reader {
        Reader::Oneself => device(&entry).map(IntoAny::into_any),
        Reader::Other => place(&entry, sees_trail).map(IntoAny::into_any),
    };
    let changes = changes(&entry);
    view! { <TimelineItem icon tone at>{words}{place}{changes}</TimelineItem> }
}

/// The fields that were changed, each as it was and as it is.
fn changes(entry: &Entry) -> Option<impl IntoView + use<>> {
    // Its sentence says it all.
    if entry.action.starts_with("session.") {
        return None;
    }
    let lines = entry
        .changes()
        .into_iter()
        .filter(|change| change.before.is_some() || change.after.is_some())
        .map(|change| {
            let label = label(&change.field);
            let [before, after] = [change.before, change.after].map(|value| value.map(|value| in_words(&change.field, &value, &entry.role_names)));
            let between = before.is_some() && after.is_some();
            view! {
                <span class="block wrap-anywhere">
                    <span class="text-ink-faint">{label}": "</span>
                    {before.map(|before| view! { <del class="decoration-ink-faint">{before}</del> })}
                    {between.then(|| view! { <span aria-hidden="true">" → "</span><span class="sr-only">" became "</span> })}
                    {after.map(|after| view! { <ins class="text-ink no-underline">{after}</ins> })}
                </span>
            }
        })
        .collect::<Vec<_>>();
    (!lines.is_empty())
        .then(|| view! { <span class="mt-0.5 block text-label text-ink-soft" data-changes="">{lines}</span> })
}

/// On a line of its own: with what, and from where. That is theirs to know unless an administrator did it.
fn device(entry: &Entry) -> Option<impl IntoView + use<>> {
    let device = entry.user_agent.as_deref().map(|agent| Device::read(agent).name);
    let ip = entry.ip.clone().map(|ip| view! { <span class="font-mono wrap-anywhere">{ip}</span> });
    let is_known = entry.is_of_oneself() && (device.is_some() || ip.is_some());
    let between = (device.is_some() && ip.is_some()).then_some(", ");
    is_known.then(|| view! { <span class="block text-label text-ink-faint">{device}{between}{ip}</span> })
}

/// From where someone signed in or out. From where an administrator acted is for those to see who may read the trail.
fn place(entry: &Entry, sees_trail: bool) -> Option<impl IntoView + use<>> {
    let is_shown = entry.action.starts_with("session.") && (sees_trail || entry.is_of_oneself());
    let ip = entry.ip.clone().filter(|_| is_shown);
    ip.map(|ip| view! { " from " <span class="font-mono text-label">{ip}</span> })
}

/// The entry as a sentence: who did what to whom.
pub(crate) fn sentence(entry: &Entry, reader: Reader) -> String {
    let whom = match (reader, &entry.subject_name) {
        (Reader::Oneself, Some(_)) => "you".to_owned(),
        (_, Some(name)) => name.to_string(),
        (_, None) if entry.person_id.is_some() => GONE.into(),
        _ => "someone".into(),
    };
    let who = match whom.as_str() {
        "you" => "You",
        GONE => GONE_FIRST,
        name => name,
    };
    let actor = entry.actor_name.as_ref().map(ToString::to_string);
    let actor = actor.unwrap_or_else(|| match entry.actor_kind.as_str() {
        _ if entry.actor_id.is_some() => GONE_FIRST.into(),
        "operator" => "The operator".into(),
        "program" => "Countersign".into(),
        _ => "Someone".into(),
    });
    match entry.action.as_str() {
        "session.signed_in" => format!("{who} signed in"),
        "session.second_factor_asked" => format!("{who} entered the right password"),
        "session.stepped_up" => {
            format!("{who} confirmed that it is still {}", if whom == "you" { "you" } else { "them" })
        }
        "person.codes_paused" => format!("Codes of {whom} were paused after too many wrong ones"),
        "device.remembered" => format!("{who} had a device remembered"),
        "device.forgotten" => format!("{who} had a device forgotten"),
        "second_factor.enrolment_begun" => format!("{who} began to set up a second factor"),
        "second_factor.passkey_renamed" => format!("{who} renamed a passkey"),
        "second_factor.passkey_copied" => {
            format!("A passkey of {whom} was refused: there may be a copy of it")
        }
        "second_factor.enrolled" => format!("{who} set up a second factor"),
        "second_factor.removed" => format!("A second factor of {whom} was removed"),
        "second_factor.recovery_codes_made" => format!("{who} got new recovery codes"),
        "second_factor.recovery_code_used" => format!("{who} used a recovery code"),
        "second_factor.code_sent" => format!("A code was sent to {whom}"),
        "second_factor.accepted" => format!("{who} confirmed with a second factor"),
        "session.signed_out" => format!("{who} signed out"),
        "session.sign_in_failed" if entry.person_id.is_none() => {
            "A sign-in to an account that does not exist was refused".into()
        }
        "session.sign_in_failed" => format!("A sign-in as {whom} was refused"),
        "session.refreshed" => format!("{who} stayed signed in over the API"),
        "session.refresh_reused" => format!("A stolen token of {whom} was refused, and its sign-in ended"),
        "session.role_switched" => match &entry.role_change {
            Some(RoleChange { from, to }) => format!("{who} went on as {to}, after {from}"),
            None => format!("{who} went on in another role"),
        },
        "person.created" if whom == "you" => format!("{actor} made your account"),
        "person.created" => format!("{actor} made the account of {whom}"),
        "person.password_reset" => format!("{actor} gave {whom} a new password"),
        "person.password_reset_by_link" if whom == "you" => {
            "You chose a new password by a link from your mail".into()
        }
        "person.password_reset_by_link" => format!("{whom} chose a new password by a link from their mail"),
        "password.reset_asked" => "Somebody asked for a link to reset a password".into(),
        "link.sent" => format!("A link was sent to {whom}"),
        "person.registered" => format!("{who} registered"),
        "person.registered_again" => "Somebody registered with an address that has an account".into(),
        "person.told_of_registration" => format!("Somebody tried to register with the address of {whom}"),
        "person.verification_asked" => format!("{who} signed in before the address was verified"),
        "person.verified" if whom == "you" => "You verified your address".into(),
        "person.verified" => format!("{whom} verified the address"),
        "person.invited" => format!("{actor} invited {whom}"),
        "person.invitation_accepted" => format!("{who} accepted the invitation"),
        "person.invitation_revoked" => format!("{actor} took back an invitation"),
        "person.forgotten" => "An account whose address was never verified was removed".into(),
        "person.locked" if whom == "you" => "Your account was locked after wrong passwords".into(),
        "person.locked" => format!("{whom} was locked after wrong passwords"),
        "person.unlocked" => format!("{actor} unlocked {whom}"),
        "provider.connected" => format!("{who} connected another way to sign in"),
        "provider.parted" => format!("{who} removed a way to sign in"),
        "role.made" => format!("{actor} made the role{}", named(entry)),
        "role.changed" => format!("{actor} changed what the role{} may do", named(entry)),
        "role.deleted" => format!("{actor} deleted the role{}", named(entry)),
        "person.role_handed_over" => {
            format!("{actor} gave {whom} another role, because{} was deleted", named(entry))
        }
        "provider.password_dropped" => {
            "The password was dropped: a provider says whose address it is".to_owned()
        }
        "people.loaded" => format!("{actor} loaded demo people"),
        "people.exported" => format!("{actor} exported people as a file"),
        "people.listed_at_once" => format!("{actor} was answered with a list of everybody, or of very many"),
        "people.export_finished" => format!("{actor} was handed the last row of an export"),
        "people.import_checked" => format!("{actor} had a file of people checked"),
        "people.import_started" => format!("{actor} started an import of people"),
        "people.imported" => format!("{actor} imported people from a file"),
        "people.import_cancelled" => format!("{actor} cancelled an import of people"),
        "people.import_failed" => "An import of people failed".into(),
        other => sentences::of_account(entry, who, &actor)
            .or_else(|| sentences::of_operation(entry, &actor))
            .unwrap_or_else(|| format!("{actor}: {other}")),
    }
}

/// What it is called, within a sentence.
fn named(entry: &Entry) -> String {
    entry.detail("name").map(|name| format!(" “{name}”")).unwrap_or_default()
}

pub(crate) fn sign(action: &str) -> (Icon, Tone) {
    match action {
        "session.signed_in" => (Icon::LogIn, Tone::Good),
        "session.signed_out" => (Icon::LogOut, Tone::Plain),
        "session.sign_in_failed" => (Icon::CircleX, Tone::Bad),
        "person.codes_paused" => (Icon::Lock, Tone::Bad),
        "second_factor.passkey_copied" => (Icon::CircleX, Tone::Bad),
        "second_factor.enrolled" => (Icon::ShieldCheck, Tone::Good),
        "second_factor.removed" => (Icon::ShieldCheck, Tone::Warn),
        "second_factor.recovery_code_used" => (Icon::KeyRound, Tone::Warn),
        "provider.connected" | "provider.parted" | "provider.password_dropped" => {
            (Icon::KeyRound, Tone::Info)
        }
        "person.created" | "person.registered" | "person.invited" => (Icon::UserPlus, Tone::Info),
        "person.verified" | "person.invitation_accepted" => (Icon::CircleCheck, Tone::Good),
        "person.password_reset" | "person.password_reset_by_link" => (Icon::KeyRound, Tone::Warn),
        "person.locked" => (Icon::Lock, Tone::Bad),
        "person.unlocked" => (Icon::LockOpen, Tone::Good),
        "people.exported" | "people.export_finished" | "people.listed_at_once" => {
            (Icon::Download, Tone::Warn)
        }
        "people.import_failed" => (Icon::Upload, Tone::Bad),
        action if action.starts_with("people.import") => (Icon::Upload, Tone::Info),
        "role.deleted" => (Icon::Trash, Tone::Warn),
        "role.made" | "role.changed" | "person.role_handed_over" => (Icon::ShieldCheck, Tone::Info),
        "person.forgotten" => (Icon::Trash, Tone::Plain),
        other => sentences::sign(other),
    }
}
