//! The other ways to sign in, below the form on the sign-in page.

use crate::ui::{ButtonLink, ButtonSize, ButtonTone, Or};
use leptos::prelude::*;
use server::{http::intake::encode, providers::Offer};

/// A button for each provider; nothing where there is none. `next` is the page to go to afterwards.
#[component]
pub fn OtherWays(offers: Vec<Offer>, next: String) -> impl IntoView {
    (!offers.is_empty()).then(|| {
        let ways = offers
            .into_iter()
            .map(|Offer { id, name }| {
                let label = format!("Continue with {name}");
                view! {
                    <li class="grid">
                        <ButtonLink href=address(&id, &next) label size=ButtonSize::Large tone=ButtonTone::Secondary wraps=true />
                    </li>
                }
            })
            .collect_view();
        view! {
            <Or />
            <ul class="grid gap-2" aria-label="Other ways to sign in">{ways}</ul>
        }
    })
}

fn address(id: &str, next: &str) -> String {
    let path = format!("/sign-in/{id}");
    if matches!(next, "" | "/") { path } else { format!("{path}?next={}", encode(next)) }
}
