//! Buttons, links that look like buttons, and buttons that are an icon alone.

use leptos::prelude::*;

use super::{Glyph, Icon, Spinner};

/// How much a button asks for attention. One primary in a view; the seal only where a decision is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonTone {
    #[default]
    Primary,
    Secondary,
    Quiet,
    Danger,
    Seal,
}

impl ButtonTone {
    const fn classes(self) -> &'static str {
        match self {
            ButtonTone::Primary => {
                "border-transparent bg-accent-fill text-on-accent hover:bg-accent-fill-hover"
            }
            ButtonTone::Secondary => "border-line-strong/55 bg-sheet text-ink hover:bg-wash",
            ButtonTone::Quiet => "border-transparent text-ink-soft hover:bg-wash hover:text-ink",
            ButtonTone::Danger => "border-transparent bg-bad-solid text-on-accent hover:bg-bad-solid-hover",
            ButtonTone::Seal => "border-transparent bg-seal-fill text-on-seal hover:bg-seal-fill-hover",
        }
    }
}

/// Height and type of a button. On touch screens every size is 44 pixels high.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonSize {
    Small,
    #[default]
    Regular,
    Large,
}

impl ButtonSize {
    const fn classes(self) -> &'static str {
        match self {
            ButtonSize::Small => "h-7 px-2 text-label",
            ButtonSize::Regular => "h-8 px-3 text-work",
            ButtonSize::Large => "h-10 px-4 text-work touch:text-read",
        }
    }

    /// The same, where the words may take several lines.
    const fn least_height(self) -> &'static str {
        match self {
            ButtonSize::Small => "min-h-7 px-2 text-label",
            ButtonSize::Regular => "min-h-8 px-3 text-work",
            ButtonSize::Large => "min-h-10 px-4 text-work touch:text-read",
        }
    }
}

/// What pressing a button does by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    #[default]
    Submit,
    Button,
}

impl ButtonKind {
    const fn attribute(self) -> &'static str {
        match self {
            ButtonKind::Submit => "submit",
            ButtonKind::Button => "button",
        }
    }
}

const SHAPE: &str = "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-control border font-medium \
                     whitespace-nowrap select-none transition-colors disabled:pointer-events-none \
                     disabled:opacity-50 aria-busy:pointer-events-none touch:min-h-11";

/// Below the phone's width a button with an icon may hide its word (`ButtonLink compact=true`).
const COMPACT: &str = "max-sm:w-11 max-sm:px-0";

/// Words that somebody else chose, and which may be long, take another line instead of more room.
fn shape(size: ButtonSize, wraps: bool) -> (String, &'static str) {
    if wraps {
        let words = "min-w-0 max-w-full py-1.5 text-center text-balance";
        (SHAPE.replace("whitespace-nowrap", words), size.least_height())
    } else {
        (SHAPE.to_owned(), size.classes())
    }
}

/// How such words break.
const LONG: &str = "min-w-0 break-words";

/// A button with a verb on it. It submits its form unless told otherwise; while the form is sent, `enhance.js` sets
/// `aria-busy` and the spinner takes the icon's place.
#[component]
pub fn Button(
    #[prop(optional)] tone: ButtonTone,
    #[prop(optional)] size: ButtonSize,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional)] disabled: bool,
    #[prop(optional)] busy: bool,
    /// Id of the menu (popover) that the button opens.
    #[prop(optional, into)]
    opens_menu: Option<String>,
    /// Id of the dialog that the button opens.
    #[prop(optional, into)]
    opens_dialog: Option<String>,
    /// Id of the dialog that the button closes without doing anything.
    #[prop(optional, into)]
    closes_dialog: Option<String>,
    /// For words that somebody else chose.
    #[prop(optional)]
    wraps: bool,
    /// Further classes, for placing only.
    #[prop(optional)]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let plain = opens_menu.is_some() || opens_dialog.is_some() || closes_dialog.is_some();
    let kind = if plain { ButtonKind::Button } else { kind };
    let command = match (&opens_dialog, &closes_dialog) {
        (Some(_), _) => Some("show-modal"),
        (None, Some(_)) => Some("close"),
        (None, None) => None,
    };
    let (shape, height) = shape(size, wraps);
    let words = children();
    let words = if wraps { view! { <span class=LONG>{words}</span> }.into_any() } else { words };
    view! {
        <button
            class=format!("{shape} {} {height} {class}", tone.classes())
            type=kind.attribute()
            name=name
            value=value
            disabled=disabled
            aria-busy=busy.then_some("true")
            popovertarget=opens_menu
            command=command
            commandfor=opens_dialog.or(closes_dialog)
        >
            <Spinner />
            {icon.map(|icon| view! { <Glyph icon=icon /> })}
            {words}
        </button>
    }
}

/// A link that looks like a button: it goes somewhere and changes nothing.
#[component]
pub fn ButtonLink(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    #[prop(optional)] tone: ButtonTone,
    #[prop(optional)] size: ButtonSize,
    #[prop(optional)] icon: Option<Icon>,
    /// An icon after the words, as on "Next".
    #[prop(optional)]
    icon_after: Option<Icon>,
    /// On phones only the icon is drawn; the words stay for screen readers.
    #[prop(optional)]
    compact: bool,
    /// For words that somebody else chose.
    #[prop(optional)]
    wraps: bool,
    /// Further classes, for placing only.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let compact_class = if compact { COMPACT } else { "" };
    let (shape, height) = shape(size, wraps);
    view! {
        <a class=format!("{shape} {} {height} {compact_class} {class}", tone.classes()) href=href>
            {icon.map(|icon| view! { <Glyph icon=icon /> })}
            <span class=compact.then_some("max-sm:sr-only").or(wraps.then_some(LONG))>{label}</span>
            {icon_after.map(|icon| view! { <Glyph icon=icon /> })}
        </a>
    }
}

/// A button that is an icon alone; its label is spoken, and shown on hover.
#[component]
pub fn IconButton(
    icon: Icon,
    #[prop(into)] label: String,
    #[prop(default = ButtonTone::Quiet)] tone: ButtonTone,
    #[prop(default = ButtonKind::Button)] kind: ButtonKind,
    /// Id of the menu (popover) that the button opens.
    #[prop(optional, into)]
    opens_menu: Option<String>,
    /// Further classes, for placing only.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let shape = "inline-grid size-8 shrink-0 place-items-center rounded-control border transition-colors \
                 touch:size-11";
    view! {
        <button
            class=format!("{shape} {} {class}", tone.classes())
            type=kind.attribute()
            aria-label=label.clone()
            title=label
            popovertarget=opens_menu
        >
            <Glyph icon=icon />
        </button>
    }
}
