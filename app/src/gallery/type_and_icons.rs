//! The type scale, the mono, keys, the mark, and all icons.

use leptos::prelude::*;

use super::specimen::{Group, Specimen};
use crate::ui::{
    CopyAllButton, CopyButton, CutText, Glyph, Icon, KeyCap, Mark, Moment, PrintButton, Shortcut, Wordmark,
};

const SIZES: [(&str, &str, &str); 8] = [
    ("text-show", "28/34", "text-show font-semibold tracking-tighter"),
    ("text-head", "22/28", "text-head font-semibold tracking-tighter"),
    ("text-title", "18/24", "text-title font-semibold tracking-tight"),
    ("text-read", "16/24", "text-read"),
    ("text-work", "14/20", "text-work"),
    ("text-label", "13/20", "text-label"),
    ("text-small", "12/16", "text-small"),
    ("text-tiny", "11/16", "text-tiny"),
];

#[component]
pub(super) fn TypeAndIcons() -> impl IntoView {
    let sizes = SIZES.map(|(name, size, class)| {
        view! {
            <div class="grid gap-x-4 sm:grid-cols-[9rem_minmax(0,1fr)] sm:items-baseline">
                <span class="font-mono text-small text-ink-faint">{name} " " {size}</span>
                <span class=format!("truncate {class}")>"Every decision is signed, 14 minutes after it was asked"</span>
            </div>
        }
    });
    let icons = Icon::ALL.map(|icon| {
        view! {
            <span class="grid size-10 place-items-center rounded-control border border-line text-ink-soft" title=format!("{icon:?}")>
                <Glyph icon=icon size=18 />
            </span>
        }
    });
    view! {
        <Group
            id="type"
            title="Type and icons"
            text="Inter for everything, JetBrains Mono for ids and codes. Work areas are set 14/20, reading areas 16/24."
        >
            <Specimen name="Scale">{sizes}</Specimen>
            <div class="grid gap-6 sm:grid-cols-2">
                <Specimen name="Mark, Wordmark" row=true>
                    <Mark size=64 />
                    <Mark size=32 />
                    <Mark size=16 />
                    <Wordmark />
                </Specimen>
                <Specimen name="KeyCap, Shortcut" row=true>
                    <KeyCap label="Esc" />
                    <Shortcut keys="Ctrl K" />
                </Specimen>
                <Specimen name="CutText, CopyButton, CopyAllButton, PrintButton">
                    <p class="flex w-56 items-center">
                        <span class="min-w-0 font-mono text-label">
                            <CutText text="0193a5c2-7b1e-7c40-9a55-2f8be1d0c6a7" />
                        </span>
                        <CopyButton value="0193a5c2-7b1e-7c40-9a55-2f8be1d0c6a7" label="Copy id" />
                        <CopyAllButton value="One\nTwo" label="Copy them" />
                        <PrintButton label="Print them" />
                    </p>
                </Specimen>
                <Specimen name="Moment, .link" row=true>
                    <Moment label="2 hours ago" datetime="2026-11-20T08:12:00Z" exact="20 November 2026, 08:12" />
                    <a class="link" href="#type">
                        "A link in a sentence"
                    </a>
                </Specimen>
            </div>
            <Specimen name="Glyph" row=true>
                {icons}
            </Specimen>
        </Group>
    }
}
