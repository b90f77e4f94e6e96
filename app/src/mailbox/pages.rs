//! `/mailbox`, in development only: the newest letters and what became of them.

use crate::{
    frame::{Framed, Surroundings},
    moments,
    page::draw,
    ui::{Badge, ButtonLink, ButtonSize, ButtonTone, EmptyState, Icon, Moment, Tone},
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
            let home = visit.backend.config.public_url.trim_end_matches('/').to_owned();
            let letters = letters.into_iter().map(|posted| letter(posted, &home, now)).collect_view();
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

fn letter(posted: Posted, home: &str, now: Timestamp) -> impl IntoView + use<> {
    let tone = match posted.state.as_str() {
        "done" => Tone::Good,
        "dead" => Tone::Bad,
        _ => Tone::Warn,
    };
    let state = match posted.state.as_str() {
        "done" => "Sent",
        "dead" => "Given up",
        "held" => "Held back",
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
            <div class="grid gap-4 border-t border-line bg-paper px-4 py-4">
                {posted.trouble.map(|why| view! { <p class="text-label text-warn">"Not sent: " {why}</p> })}
                <pre class="overflow-x-auto font-mono text-small leading-5 wrap-anywhere whitespace-pre-wrap" tabindex="0">{with_links(&posted.letter.text, home)}</pre>
                <div>
                    <ButtonLink
                        href=format!("/mailbox/letters/{}", posted.id)
                        label="See it as a mail program shows it"
                        tone=ButtonTone::Secondary
                        size=ButtonSize::Small
                        icon=Icon::ExternalLink
                    />
                </div>
            </div>
        </details>
    }
}

/// The text, in which addresses of our own that have a line to themselves can be followed.
fn with_links(text: &str, home: &str) -> impl IntoView + use<> {
    let lines = text.split_inclusive('\n').map(|line| {
        let address = line.trim_end();
        let is_ours = address.strip_prefix(home).is_some_and(|path| path.starts_with('/'));
        if is_ours && !address.contains(char::is_whitespace) {
            let (href, words) = (address.to_owned(), address.to_owned());
            view! { <a class="text-accent underline" href=href>{words}</a> "\n" }.into_any()
        } else {
            line.to_owned().into_any()
        }
    });
    lines.collect_view()
}
