//! What is shown when a page cannot be: one sentence, a way on, and the request's id to quote.

use crate::ui::{ButtonLink, ButtonSize, ButtonTone, CopyButton, Cover, CutText};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Uri, header},
    middleware::Next,
    response::Response,
};
use leptos::prelude::*;
use server::{
    Backend,
    error::Told,
    http::{caller::current_request_id, guard::Failure},
};

/// The page for an error.
pub fn error_page(told: &Told, request_id: &str) -> impl IntoView + use<> {
    let title = heading(told);
    view! {
        {crate::page::title(title)}
        <Face title status=told.status message=told.message.clone() request_id=request_id.to_owned() />
    }
}

#[component]
fn Face(title: &'static str, status: u16, message: String, request_id: String) -> impl IntoView {
    view! {
        <Cover centred=true>
            <div class="grid justify-items-center gap-5 text-center">
                <div class="grid gap-2">
                    <p class="font-mono text-label text-ink-faint">{status}</p>
                    <h1 class="text-show font-semibold tracking-tighter text-balance" id="page-title" tabindex="-1">{title}</h1>
                    <p class="text-read text-ink-soft text-pretty">{message}</p>
                </div>
                <div class="flex flex-wrap justify-center gap-2">
                    <ButtonLink href="/" label="Go to my dashboard" size=ButtonSize::Large tone=ButtonTone::Secondary />
                </div>
                <p class="flex max-w-full items-center gap-1 text-label text-ink-faint">
                    <span class="shrink-0">"Request"</span>
                    <code class="min-w-0 font-mono"><CutText text=request_id.clone() /></code>
                    <CopyButton value=request_id label="Copy request id" />
                </p>
            </div>
        </Cover>
    }
}

fn heading(told: &Told) -> &'static str {
    match (told.status, told.code) {
        (403, "foreign_form") => "That came from another site",
        (400, _) => "That could not be read",
        (401, _) => "Sign in to go on",
        (403, _) => "Not for this role",
        (404, _) => "Nothing here",
        (405, _) => "Not like this",
        (408, _) => "That took too long",
        (410, _) => "No longer there",
        (413, _) => "Too large",
        (422, _) => "That needs another look",
        (429, _) => "A little slower, please",
        (503, _) => "Back in a moment",
        _ => "We could not finish that",
    }
}

/// Draws a page for a failure that a layer met before any page was drawn; the API and files keep their own answers.
pub async fn draw_failures(State(backend): State<Backend>, request: Request, next: Next) -> Response {
    let is_page = is_page(request.uri());
    let response = next.run(request).await;
    match response.extensions().get::<Failure>() {
        Some(Failure(error)) if is_page => {
            let html = document(&backend, &error.told(), &current_request_id());
            let (mut parts, _) = response.into_parts();
            parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            // These told of the body that is replaced here.
            parts.headers.remove(header::CONTENT_LENGTH);
            parts.headers.remove(header::CONTENT_ENCODING);
            parts.headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
            Response::from_parts(parts, Body::from(html))
        }
        _ => response,
    }
}

/// A page of failure loads its style and nothing that runs.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

fn is_page(uri: &Uri) -> bool {
    uri.path() == "/api/docs"
        || !["/api/", "/scim/", "/assets/", "/healthz", "/readyz", "/metrics"]
            .iter()
            .any(|start| uri.path().starts_with(start))
}

fn document(backend: &Backend, told: &Told, request_id: &str) -> String {
    let title = heading(told);
    let owner = Owner::new();
    owner.with(|| {
        view! {
            <!DOCTYPE html>
            <html lang="en">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                    <meta name="color-scheme" content="light dark" />
                    <title inner_html=format!("{title} · Countersign")></title>
                    <link rel="stylesheet" href=backend.site.address("pkg/countersign.css") />
                </head>
                <body>
                    <Face title status=told.status message=told.message.clone() request_id=request_id.to_owned() />
                </body>
            </html>
        }
        .to_html()
    })
}
