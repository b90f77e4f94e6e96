//! Every colour token, in both themes side by side.

use leptos::prelude::*;

use super::specimen::Group;
use crate::ui::{Badge, Button, ButtonKind, ButtonTone, Dot, Icon, Tone};

const PAPERS: [(&str, &str); 5] = [
    ("desk", "bg-desk"),
    ("paper", "bg-paper"),
    ("sheet", "bg-sheet"),
    ("wash", "bg-wash"),
    ("wash-strong", "bg-wash-strong"),
];

const INKS: [(&str, &str); 5] = [
    ("ink", "text-ink"),
    ("ink-soft", "text-ink-soft"),
    ("ink-faint", "text-ink-faint"),
    ("accent", "text-accent"),
    ("seal", "text-seal"),
];

const FILLS: [(&str, &str); 4] = [
    ("accent-fill", "bg-accent-fill text-on-accent"),
    ("accent-wash", "bg-accent-wash text-accent"),
    ("seal-fill", "bg-seal-fill text-on-seal"),
    ("bad-solid", "bg-bad-solid text-on-accent"),
];

#[component]
pub(super) fn Colours() -> impl IntoView {
    view! {
        <Group
            id="colours"
            title="Colours"
            text="Paper and ink, ink blue for action, and one seal for deciding. Pages use these names and never a raw \
                  colour. Text keeps 4.5:1 on every paper, controls 3:1."
        >
            <div class="grid gap-4 md:grid-cols-2">
                <Palette theme="light" />
                <Palette theme="dark" />
            </div>
        </Group>
    }
}

#[component]
fn Palette(theme: &'static str) -> impl IntoView {
    let papers = PAPERS.map(|(name, class)| {
        view! {
            <div class="grid gap-1">
                <div class=format!("h-12 rounded-control border border-line {class}")></div>
                <span class="text-small text-ink-faint">{name}</span>
            </div>
        }
    });
    let inks = INKS
        .map(|(name, class)| view! { <span class=format!("text-read font-medium {class}")>{name}</span> });
    let fills = FILLS.map(|(name, class)| {
        view! {
            <span class=format!("grid h-9 place-items-center rounded-control px-2 text-small font-medium {class}")>
                {name}
            </span>
        }
    });
    let badges = Tone::ALL.map(|tone| view! { <Badge label=format!("{tone:?}") tone=tone /> });
    view! {
        <div class="grid gap-5 rounded-card border border-line p-5" data-theme=theme>
            <div class="grid grid-cols-3 gap-2 sm:grid-cols-5">{papers}</div>
            <div class="flex flex-wrap gap-x-4 gap-y-1">{inks}</div>
            <div class="grid grid-cols-2 gap-2">{fills}</div>
            <div class="flex flex-wrap gap-2">{badges} <Dot label="Active" /></div>
            <div class="flex flex-wrap gap-2">
                <Button kind=ButtonKind::Button>"Save"</Button>
                <Button kind=ButtonKind::Button tone=ButtonTone::Secondary>
                    "Cancel"
                </Button>
                <Button kind=ButtonKind::Button tone=ButtonTone::Seal icon=Icon::Stamp>
                    "Approve"
                </Button>
            </div>
        </div>
    }
}
