//! What the program goes on without, for whoever can see to it.

use crate::{
    moments,
    ui::{Icon, Notice, Tone},
};
use domain::Timestamp;
use leptos::prelude::*;

#[component]
pub fn RedisNotice(since: Timestamp, now: Timestamp) -> impl IntoView {
    let title = format!("Redis has not answered since {}", moments::time(since, now));
    view! {
        <Notice tone=Tone::Warn icon=Icon::Server title>
            "Everything goes on: people sign in and work as before, and requests are counted without it. The program goes back to \
             it by itself; whoever looks after the server should see why it does not answer."
        </Notice>
    }
}
