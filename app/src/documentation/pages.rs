//! `/api/docs`: every operation of the API, drawn from its OpenAPI description.

use super::{
    operation::{OperationView, Sample},
    reading::{Operation, read},
    sample::{self, Someone},
};
use crate::{page::draw, ui::Wordmark};
use leptos::prelude::*;
use server::http::router;

/// `/api/docs`
#[component]
pub fn ApiPage() -> impl IntoView {
    draw(async |visit| {
        let config = &visit.backend.config;
        let server = config.public_url.trim_end_matches('/').to_owned();
        // The sign-in page of a demo shows the same accounts.
        let accounts = if config.development { server::demo::accounts(&config.data_dir) } else { Vec::new() };
        let someone = accounts.into_iter().next().map_or_else(Someone::to_fill_in, |account| Someone {
            username: account.username,
            password: account.password,
        });
        let limits = format!(
            "One client may send {} requests a minute, {} of them to sign in; RateLimit headers say what is left.",
            config.limits.api_per_minute, config.limits.auth_per_minute
        );
        Ok(view! { <Documentation operations=read(&router::description()) server someone limits /> })
    })
}

#[component]
fn Documentation(
    operations: Vec<Operation>,
    server: String,
    someone: Someone,
    limits: String,
) -> impl IntoView {
    let first_step = sample::first_step(&server, &someone);
    let mut groups: Vec<(String, Vec<Operation>)> = Vec::new();
    for operation in operations {
        match groups.iter_mut().find(|(tag, _)| *tag == operation.tag) {
            Some((_, group)) => group.push(operation),
            None => groups.push((operation.tag.clone(), vec![operation])),
        }
    }
    let groups = groups
        .into_iter()
        .map(|(tag, group)| {
            let operations = group
                .into_iter()
                .map(|operation| {
                    let sample = sample::of(&operation, &server, &someone);
                    view! { <OperationView operation sample /> }
                })
                .collect_view();
            view! {
                <section class="grid gap-3">
                    <h2 class="text-title font-semibold tracking-tight">{tag}</h2>
                    <div class="overflow-hidden rounded-card border border-line bg-sheet">{operations}</div>
                </section>
            }
        })
        .collect_view();
    view! {
        {crate::page::title("API")}
        <a class="skip-link" href="#content">"Skip to content"</a>
        <header class="border-b border-line bg-sheet">
            <div class="mx-auto flex max-w-[72rem] items-center justify-between gap-4 px-4 py-3">
                <a href="/" aria-label="Countersign, home"><Wordmark /></a>
                <a class="link text-label" href="/api/openapi.json">"openapi.json"</a>
            </div>
        </header>
        <main class="mx-auto grid max-w-[72rem] min-w-0 gap-8 px-4 py-8" id="content">
            <div class="grid gap-2">
                <h1 class="text-head font-semibold tracking-tighter" id="page-title" tabindex="-1">"The API"</h1>
                <p class="max-w-[44rem] text-read text-ink-soft">
                    "Every page stands on the same services as this interface. Ask for a token with "
                    <code class="font-mono text-label">"POST /api/v1/auth/login"</code> ", send it as "
                    <code class="font-mono text-label">"Authorization: Bearer …"</code> ", and it may do what you may do."
                </p>
            </div>
            <section class="grid items-start gap-x-6 gap-y-5 lg:grid-cols-2">
                <div class="grid gap-3">
                    <h2 class="text-title font-semibold tracking-tight">"Begin here"</h2>
                    <p class="text-ink-soft">
                        "The command signs in and keeps what the others on this page need: the access token as "
                        <code class="font-mono text-label">"$TOKEN"</code> ", the token that renews it as "
                        <code class="font-mono text-label">"$REFRESH_TOKEN"</code> " and your own id as "
                        <code class="font-mono text-label">"$ID"</code> "."
                    </p>
                    <ul class="grid list-disc gap-1.5 ps-5 text-ink-soft">
                        <li>"Bodies are JSON in UTF-8, at most 1 MiB. A field that is not known is refused."</li>
                        <li>"Moments are RFC 3339 in UTC, such as " <code class="font-mono text-label">"2026-11-21T09:30:00Z"</code> ", with up to six decimals of a second."</li>
                        <li>"Lists come in pages: send " <code class="font-mono text-label">"next_cursor"</code> " back as " <code class="font-mono text-label">"cursor"</code> " until it is null."</li>
                        <li>"Errors have one shape: a word, a sentence, the wrong " <code class="font-mono text-label">"fields"</code> " by name, and the request’s id."</li>
                        <li>{limits}</li>
                    </ul>
                </div>
                <Sample title="Sign in" text=first_step />
            </section>
            {groups}
        </main>
    }
}
