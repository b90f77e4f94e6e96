//! Parts of one page. Each part has an address of its own, so tabs are links.

use leptos::prelude::*;

/// One part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub count: Option<u64>,
    pub current: bool,
}

impl Tab {
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), count: None, current: false }
    }

    /// A number behind the word.
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// Whether this is the part one is looking at.
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

/// The row of tabs; on phones it can be swiped, or takes a second line.
#[component]
pub fn Tabs(
    tabs: Vec<Tab>,
    #[prop(default = "Parts of this page".into(), into)] label: String,
    /// Where there are so many that the present one could be out of sight on a phone: they take more lines instead.
    #[prop(optional)]
    wrapped: bool,
) -> impl IntoView {
    let look = "relative flex h-10 items-center gap-1.5 whitespace-nowrap text-ink-soft hover:text-ink \
                aria-[current]:font-medium aria-[current]:text-ink aria-[current]:after:absolute \
                aria-[current]:after:inset-x-0 aria-[current]:after:-bottom-px aria-[current]:after:h-0.5 \
                aria-[current]:after:bg-accent touch:h-11";
    let items = tabs
        .into_iter()
        .map(|tab| {
            let count = tab.count.map(|count| {
                view! {
                    <span class="rounded-full bg-wash-strong px-1.5 text-tiny font-medium text-ink-soft figures">
                        {count}
                    </span>
                }
            });
            view! {
                <li>
                    <a class=look href=tab.href aria-current=tab.current.then_some("page")>
                        {tab.label}
                        {count}
                    </a>
                </li>
            }
        })
        .collect_view();
    let (around, row) = if wrapped {
        ("-mx-4 border-b border-line px-4 lg:mx-0 lg:px-0", "flex flex-wrap gap-x-5")
    } else {
        (
            "-mx-4 overflow-x-auto overflow-y-hidden border-b border-line px-4 [scrollbar-width:none] lg:mx-0 lg:px-0",
            "flex gap-5",
        )
    };
    view! {
        <nav class=around aria-label=label>
            <ul class=row>{items}</ul>
        </nav>
    }
}
