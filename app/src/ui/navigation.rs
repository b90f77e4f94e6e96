//! The places one can go to, as data: the rail, the bottom bar and its sheet draw the same list.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// One place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    pub label: String,
    pub icon: Icon,
    pub href: String,
    /// What waits there; nothing is drawn for zero.
    pub count: u64,
    /// Whether it has one of the four seats of the phone's bottom bar.
    pub main: bool,
}

impl NavItem {
    pub fn new(label: impl Into<String>, icon: Icon, href: impl Into<String>) -> Self {
        Self { label: label.into(), icon, href: href.into(), count: 0, main: false }
    }

    /// How many things wait there.
    pub fn count(mut self, count: u64) -> Self {
        self.count = count;
        self
    }

    /// Gives it a seat in the bottom bar.
    pub fn main(mut self) -> Self {
        self.main = true;
        self
    }
}

/// Places that belong together; the first group usually has no title.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NavGroup {
    pub title: Option<String>,
    pub items: Vec<NavItem>,
}

impl NavGroup {
    pub fn new(items: Vec<NavItem>) -> Self {
        Self { title: None, items }
    }

    pub fn titled(title: impl Into<String>, items: Vec<NavItem>) -> Self {
        Self { title: Some(title.into()), items }
    }
}

/// The groups in the rail.
#[component]
pub(super) fn RailGroups(groups: Vec<NavGroup>, place: String) -> impl IntoView {
    let groups = groups
        .into_iter()
        .map(|group| {
            let title = group.title.map(|title| {
                view! { <p class="rail-word px-2 pb-1 text-small font-medium text-ink-faint">{title}</p> }
            });
            let items = group
                .items
                .into_iter()
                .map(|item| {
                    let current = item.href == place;
                    view! { <RailLink item=item current=current /> }
                })
                .collect_view();
            view! {
                <div>
                    {title}
                    <ul class="grid gap-px">{items}</ul>
                </div>
            }
        })
        .collect_view();
    view! { <div class="grid gap-4">{groups}</div> }
}

#[component]
fn RailLink(item: NavItem, current: bool) -> impl IntoView {
    let count = (item.count > 0).then(|| {
        view! {
            <span class="rail-count rounded-full bg-seal-fill px-1.5 text-tiny font-semibold text-on-seal figures">
                {item.count}
                <span class="sr-only">" waiting"</span>
            </span>
        }
    });
    view! {
        <li>
            <a class="rail-link" href=item.href title=item.label aria-current=current.then_some("page")>
                <Glyph icon=item.icon size=17 />
                <span class="rail-word min-w-0 flex-1 truncate">{item.label.clone()}</span>
                {count}
            </a>
        </li>
    }
}

/// One seat of the bottom bar.
#[component]
pub(super) fn BottomLink(item: NavItem, current: bool) -> impl IntoView {
    let count = (item.count > 0).then(|| {
        view! {
            <span class="absolute top-1.5 left-1/2 ml-1.5 rounded-full bg-seal-fill px-1! text-tiny font-semibold text-on-seal figures">
                {item.count}
                <span class="sr-only">" waiting"</span>
            </span>
        }
    });
    view! {
        <a class="bottom-link" href=item.href aria-current=current.then_some("page")>
            <Glyph icon=item.icon size=20 />
            <span>{item.label}</span>
            {count}
        </a>
    }
}
