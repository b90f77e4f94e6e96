//! The gallery page itself: a head, a list of groups at the side, and the groups.

use leptos::prelude::*;

use super::actions::Actions;
use super::colours::Colours;
use super::content::Content;
use super::fields::Fields;
use super::lists::Lists;
use super::messages::Messages;
use super::type_and_icons::TypeAndIcons;
use crate::frame::{Islands, assets};
use crate::page::Visit;
use crate::ui::{Mark, ThemeSwitch};

const GROUPS: [(&str, &str); 7] = [
    ("colours", "Colours"),
    ("type", "Type and icons"),
    ("actions", "Actions"),
    ("fields", "Fields"),
    ("blocks", "Content"),
    ("lists", "Lists"),
    ("messages", "Messages and waiting"),
];

/// The gallery.
#[component]
pub fn GalleryPage() -> impl IntoView {
    let places = GROUPS
        .into_iter()
        .map(|(id, title)| {
            view! {
                <li>
                    <a class="rail-link" href=format!("#{id}")>
                        {title}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        {crate::page::title("Components")}
        <a class="skip-link" href="#content">
            "Skip to content"
        </a>
        <header class="top-bar [--top-bar:3.5rem]">
            <a class="reach" href="/" aria-label="Countersign, home">
                <Mark size=24 />
            </a>
            <h1 class="flex-1 truncate font-semibold">"Interface"</h1>
            <ThemeSwitch bare=true />
        </header>
        <div class="mx-auto grid max-w-[80rem] gap-10 px-4 py-8 lg:grid-cols-[12rem_minmax(0,1fr)] lg:px-6">
            <nav class="max-lg:hidden" aria-label="Groups">
                <ul class="sticky top-22 grid gap-px">{places}</ul>
            </nav>
            <main class="grid min-w-0 gap-12" id="content">
                <Colours />
                <TypeAndIcons />
                <Actions />
                <Fields />
                <Content />
                <Lists />
                <Messages />
            </main>
        </div>
        <Islands assets=assets(&Visit::current()) />
    }
}
