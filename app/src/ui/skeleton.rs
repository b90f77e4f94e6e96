//! The shape of what is coming. It appears after 300 ms, so that quick answers show nothing.

use leptos::prelude::*;

/// One grey line or block; its size and corners come as classes, as "h-4 w-40 rounded-small".
#[component]
pub fn Skeleton(class: &'static str) -> impl IntoView {
    view! { <span class=format!("block animate-breathe bg-wash-strong {class}") aria-hidden="true"></span> }
}

/// The shape of a list: rows with a face and two lines.
#[component]
pub fn SkeletonRows(#[prop(default = 5)] rows: usize) -> impl IntoView {
    let row = || {
        view! {
            <div class="flex items-center gap-3 px-4 py-3">
                <Skeleton class="size-8 rounded-full" />
                <div class="grid flex-1 gap-2">
                    <Skeleton class="h-3 w-2/5 rounded-small" />
                    <Skeleton class="h-3 w-3/5 rounded-small" />
                </div>
            </div>
        }
    };
    view! {
        <div class="divide-y divide-line" role="status">
            <span class="sr-only">"Loading"</span>
            {(0..rows).map(|_| row()).collect_view()}
        </div>
    }
}
