//! The page with one thing in its middle: signing in, an error, the first set-up. Certificate lace lies behind it.

use leptos::prelude::*;

use super::Mark;

/// A cover page: the mark, then its children in one narrow column.
#[component]
pub fn Cover(
    /// In the middle of the window rather than near its top, for pages that are a sentence or two.
    #[prop(optional)]
    centred: bool,
    /// A quiet line at the foot.
    #[prop(optional, into)]
    foot: Option<String>,
    children: Children,
) -> impl IntoView {
    let place = if centred { "content-center" } else { "content-start pt-[max(2rem,11dvh)]" };
    let name =
        (!centred).then(|| view! { <p class="text-title font-semibold tracking-tighter">"Countersign"</p> });
    view! {
        <a class="skip-link" href="#content">
            "Skip to content"
        </a>
        <main class=format!("lace grid min-h-dvh justify-items-center gap-6 px-4 py-10 {place}") id="content">
            <div class="grid w-full max-w-[23.5rem] gap-6">
                <div class="grid justify-items-center gap-3">
                    <Mark size=44 />
                    {name}
                </div>
                {children()}
            </div>
            {foot.map(|foot| view! { <p class="pt-4 text-center text-label text-ink-faint">{foot}</p> })}
        </main>
    }
}
