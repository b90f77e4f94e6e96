//! `/mailbox`, in development only: the newest letters and what became of them.

use crate::{
    frame::{Framed, Surroundings},
    moments,
    page::draw,
    ui::{Badge, EmptyState, Icon, Moment, Tone},
};
use domain::Timestamp;
use leptos::prelude::*;
use server::mail::{Posted, newest};

const SHOWN: i64 = 50;

/// `/mailbox`
#[component]
pub fn MailboxPage() -> impl IntoView {
    draw(async |visit| {
        // Letters hold what only their readers should see, so even here one must be able to see everyone.
        visit.actor()?.sees_people()?;
        let letters = newest(&visit.backend.ground.db, &visit.backend.config.public_url, SHOWN).await?;
        let now = visit.backend.ground.clock.now();
        let around = Surroundings::of(&visit).await?;
        let content = if letters.is_empty() {
            view! { <EmptyState icon=Icon::Mail title="No letters yet" text="What the program writes to people will stand here." /> }.into_any()
        } else {
            let letters = letters.into_iter().map(|posted| letter(posted, now)).collect_view();
            view! { <div class="overflow-hidden rounded-card border border-line bg-sheet">{letters}</div> }
                .into_any()
        };
        Ok(view! {
            <Framed around place="/mailbox" title="Mail box" count=None>
                <div class="mx-auto grid max-w-[60rem] gap-4">
                    <p class="text-ink-soft">"Letters of this installation. Without a mail server each is also a file in the data folder, under outbox."</p>
                    {content}
                </div>
            </Framed>
        })
    })
}

fn letter(posted: Posted, now: Timestamp) -> impl IntoView {
    let tone = match posted.state.as_str() {
        "done" => Tone::Good,
        "dead" => Tone::Bad,
        _ => Tone::Warn,
    };
    let state = match posted.state.as_str() {
        "done" => "Sent",
        "dead" => "Given up",
        _ => "Waiting",
    };
    view! {
        <details class="group border-b border-line last:border-0">
            <summary class="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-wash">
                <span class="min-w-0 flex-1 basis-60">
                    <span class="block truncate font-medium">{posted.letter.subject}</span>
                    <span class="block truncate text-label text-ink-faint">"To " {posted.to}</span>
                </span>
                <Badge label=state tone />
                <span class="text-label text-ink-faint">
                    <Moment label=moments::ago(posted.at, now) datetime=moments::exact(posted.at) exact=moments::in_full(posted.at) />
                </span>
            </summary>
            <pre class="overflow-x-auto border-t border-line bg-paper px-4 py-4 font-mono text-small leading-5 whitespace-pre-wrap" tabindex="0">{posted.letter.text}</pre>
        </details>
    }
}
