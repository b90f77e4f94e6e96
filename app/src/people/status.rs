//! How the state of an account looks: the usual one is quiet, every other stands out.

use crate::ui::{Badge, Dot, Icon, Tone};
use domain::person::PersonStatus;
use leptos::prelude::*;

#[component]
pub fn StatusBadge(status: PersonStatus) -> impl IntoView {
    let label = status.label();
    match status {
        PersonStatus::Active => view! { <Dot label=label tone=Tone::Good /> }.into_any(),
        PersonStatus::Suspended => view! { <Badge label=label tone=Tone::Bad icon=Icon::Ban /> }.into_any(),
        PersonStatus::Locked => view! { <Badge label=label tone=Tone::Bad icon=Icon::Lock /> }.into_any(),
        PersonStatus::Invited => view! { <Badge label=label tone=Tone::Info icon=Icon::Mail /> }.into_any(),
        PersonStatus::Unverified => {
            view! { <Badge label=label tone=Tone::Warn icon=Icon::Clock /> }.into_any()
        }
    }
}
