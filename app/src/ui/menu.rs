//! Menus: a popover beside its button, a sheet from below on phones. They open without script.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// Where a menu opens, seen from its button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MenuSide {
    /// Below, its right edge under the button's: for buttons at the end of a row.
    #[default]
    Start,
    /// Below, its left edge under the button's.
    End,
    /// Above, for buttons at the foot of the page.
    Above,
}

impl MenuSide {
    const fn attribute(self) -> Option<&'static str> {
        match self {
            MenuSide::Start => None,
            MenuSide::End => Some("end"),
            MenuSide::Above => Some("above"),
        }
    }
}

/// A menu, opened by a `Button` or `IconButton` with `opens_menu`.
#[component]
pub fn Menu(
    #[prop(into)] id: String,
    /// What it acts on, for screen readers.
    #[prop(into)]
    label: String,
    #[prop(optional)] side: MenuSide,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="menu" id=id popover="auto" role="group" aria-label=label data-side=side.attribute()>
            {children()}
        </div>
    }
}

/// An entry that goes somewhere.
#[component]
pub fn MenuLink(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] current: bool,
) -> impl IntoView {
    view! {
        <a class="menu-item" href=href aria-current=current.then_some("page")>
            {icon.map(|icon| view! { <Glyph icon=icon /> })}
            <span class="min-w-0 flex-1 truncate">{label}</span>
        </a>
    }
}

/// An entry that does something: it submits the form around it, or opens a dialog.
#[component]
pub fn MenuButton(
    #[prop(into)] label: String,
    #[prop(optional)] icon: Option<Icon>,
    /// For what takes something away.
    #[prop(optional)]
    danger: bool,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    /// Id of the dialog that asks first.
    #[prop(optional, into)]
    opens_dialog: Option<String>,
    /// The key that does the same.
    #[prop(optional)]
    shortcut: Option<&'static str>,
    #[prop(optional)] disabled: bool,
) -> impl IntoView {
    let kind = if opens_dialog.is_some() { "button" } else { "submit" };
    view! {
        <button
            class="menu-item"
            type=kind
            name=name
            value=value
            disabled=disabled
            command=opens_dialog.is_some().then_some("show-modal")
            commandfor=opens_dialog
            data-tone=danger.then_some("danger")
        >
            {icon.map(|icon| view! { <Glyph icon=icon /> })}
            <span class="min-w-0 flex-1 truncate">{label}</span>
            {shortcut.map(|keys| view! { <super::Shortcut keys=keys /> })}
        </button>
    }
}

/// An entry that copies a value, and shows a tick for a moment; drawn only where scripts run.
#[component]
pub fn CopyEntry(#[prop(into)] value: String, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <button class="menu-item" type="button" data-copy=value data-needs-script="">
            <Glyph icon=Icon::Copy />
            <Glyph icon=Icon::Check />
            <span class="min-w-0 flex-1 truncate">{label}</span>
        </button>
    }
}

/// A hairline between groups of entries.
#[component]
pub fn MenuRule() -> impl IntoView {
    view! { <hr class="my-1 border-line" /> }
}

/// A quiet heading over a group of entries.
#[component]
pub fn MenuHeading(#[prop(into)] label: String) -> impl IntoView {
    view! { <p class="px-2 pt-1.5 pb-1 text-small font-medium text-ink-faint">{label}</p> }
}
