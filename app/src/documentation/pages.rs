//! `/api/docs`: every operation of the API, drawn from its OpenAPI description.

use super::operation::{Operation, OperationView, read};
use crate::{page::draw, ui::Wordmark};
use leptos::prelude::*;
use server::http::router;

/// `/api/docs`
#[component]
pub fn ApiPage() -> impl IntoView {
    draw(async |visit| {
        let description = router::api().into_openapi();
        let json =
            serde_json::to_value(&description).map_err(|cause| server::Error::Internal(cause.into()))?;
        let server = visit.backend.config.public_url.trim_end_matches('/').to_owned();
        Ok(view! { <Documentation operations=read(&json) server /> })
    })
}

#[component]
fn Documentation(operations: Vec<Operation>, server: String) -> impl IntoView {
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
            let server = server.clone();
            let operations = group
                .into_iter()
                .map(|operation| view! { <OperationView operation server=server.clone() /> })
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
            {groups}
        </main>
    }
}
