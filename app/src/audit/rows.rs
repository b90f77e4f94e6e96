//! The list: days, and under each what happened in a sentence, which opens to all that is known of it.

use super::details::EntryDetails;
use crate::{
    moments,
    people::{Reader, sentence, sign},
    ui::{Badge, EmptyState, Glyph, Icon, Tone},
};
use domain::Timestamp;
use leptos::prelude::*;
use server::audit::Entry;

/// What was found, the newest day first.
#[component]
pub fn TrailRows(entries: Vec<Entry>, now: Timestamp, is_filtered: bool, sees_people: bool) -> impl IntoView {
    if entries.is_empty() {
        let (title, text) = if is_filtered {
            ("Nothing fits", "No entry meets all of these conditions. Take one of them away.")
        } else {
            ("Nothing yet", "Everything that people and programs do here will stand in this list, for good.")
        };
        return view! { <EmptyState icon=Icon::ScrollText title text /> }.into_any();
    }
    let days = moments::by_day(entries, |entry| entry.at, now)
        .into_iter()
        .map(|(title, entries)| {
            let rows = entries.into_iter().map(|entry| row(entry, sees_people)).collect_view();
            view! {
                <section class="grid gap-2">
                    <h2 class="text-label font-medium text-ink-faint">{title}</h2>
                    <ul class="divide-y divide-line overflow-hidden rounded-card border border-line bg-sheet">{rows}</ul>
                </section>
            }
        })
        .collect_view();
    view! { <div class="grid gap-5">{days}</div> }.into_any()
}

fn row(entry: Entry, sees_people: bool) -> impl IntoView {
    let (icon, tone) = sign(&entry.action);
    let words = sentence(&entry, Reader::Other);
    let was_refused = entry.outcome == "refused";
    let ip = entry.ip.clone().map(|ip| {
        view! { <span class="font-mono text-label wrap-anywhere text-ink-faint">{ip}</span> }
    });
    let by = by(&entry).map(|by| view! { <span class="text-label text-ink-faint">{by}</span> });
    let (exact, full, time) =
        (moments::exact(entry.at), moments::in_full(entry.at), moments::time_of_day(entry.at));
    let line = "grid cursor-pointer grid-cols-[auto_auto_minmax(0,1fr)_auto] items-start gap-x-3 px-4 py-2.5 \
                hover:bg-wash touch:min-h-11";
    view! {
        <li>
            <details class="fold">
                <summary class=line>
                    <Glyph icon=Icon::ChevronRight size=14 class="mt-[5px] text-ink-faint" />
                    <span class=format!("grid size-6 place-items-center rounded-full bg-wash {}", tone.text())>
                        <Glyph icon size=13 />
                    </span>
                    <span class="flex min-w-0 flex-wrap items-baseline gap-x-3 gap-y-0.5 pt-0.5">
                        <span class="min-w-0 wrap-anywhere">{words}</span>
                        {was_refused.then(|| view! { <Badge label="Refused" tone=Tone::Bad /> })}
                        {by}
                        {ip}
                    </span>
                    <time class="pt-0.5 text-label whitespace-nowrap text-ink-faint figures" datetime=exact title=full>
                        {time}
                    </time>
                </summary>
                <div class="border-t border-line bg-desk px-4 py-4 md:pl-[4.5rem]">
                    <EntryDetails entry sees_people />
                </div>
            </details>
        </li>
    }
}

/// In whose name it was done, where the sentence does not say: by a key, or in a role.
fn by(entry: &Entry) -> Option<String> {
    (entry.actor_kind == "api key").then(|| "with an API key".to_owned())
}
