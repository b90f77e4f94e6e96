//! What differs between two states of a role, as sentences.

use crate::ui::{Glyph, Icon, Tone};
use domain::Permission;
use leptos::prelude::*;
use server::roles::RoleState;

/// One line for each thing that differs, what is lost first.
#[component]
pub fn Differences(before: RoleState, after: RoleState) -> impl IntoView {
    let rows = sentences(&before, &after)
        .into_iter()
        .map(|Sentence { icon, tone, begins, words, code }| {
            view! {
                <li class="flex items-start gap-2.5 px-4 py-2.5">
                    <span class=format!("mt-0.5 shrink-0 {}", tone.text())><Glyph icon size=16 /></span>
                    <p class="min-w-0 wrap-anywhere">
                        <span class="text-ink-soft">{begins}</span> " " <span class="font-medium">{words}</span>
                        {code.map(|code| view! { " " <span class="font-mono text-small text-ink-faint">{code}</span> })}
                    </p>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="divide-y divide-line">{rows}</ul> }
}

struct Sentence {
    icon: Icon,
    tone: Tone,
    begins: &'static str,
    words: String,
    code: Option<&'static str>,
}

fn sentences(before: &RoleState, after: &RoleState) -> Vec<Sentence> {
    let permission = |icon, tone, begins| {
        move |permission: Permission| Sentence {
            icon,
            tone,
            begins,
            words: lower(permission.says()),
            code: Some(permission.code()),
        }
    };
    let lost = before.permissions.without(after.permissions);
    let gained = after.permissions.without(before.permissions);
    let mut all: Vec<Sentence> =
        lost.iter().map(permission(Icon::Cross, Tone::Bad, "May no longer")).collect();
    all.extend(gained.iter().map(permission(Icon::Check, Tone::Good, "May now")));
    let renamed =
        (before.name != after.name).then(|| ("Is called", format!("{}, not {}", after.name, before.name)));
    let moved = (before.dashboard != after.dashboard).then(|| {
        ("Begins at the dashboard", format!("{}, not {}", after.dashboard.label(), before.dashboard.label()))
    });
    all.extend(renamed.into_iter().chain(moved).map(|(begins, words)| Sentence {
        icon: Icon::Pencil,
        tone: Tone::Plain,
        begins,
        words,
        code: None,
    }));
    all
}

/// "See every account" within a sentence.
fn lower(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map(|first| first.to_lowercase().chain(rest).collect()).unwrap_or_default()
}
