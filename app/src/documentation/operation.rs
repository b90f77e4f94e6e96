//! One operation of the API, drawn: what it takes, a request to copy, and each of its answers.

use super::reading::{Answer, Field, Operation};
use crate::ui::{CopyButton, Glyph, Icon};
use leptos::prelude::*;

/// An operation that opens to show what it takes and what it answers.
#[component]
pub fn OperationView(operation: Operation, sample: String) -> impl IntoView {
    let Operation { method, path, summary, says, needs_token, parameters, body, answers, .. } = operation;
    let colour = if method == "GET" {
        "text-info bg-info-fill border-info-line"
    } else {
        "text-good bg-good-fill border-good-line"
    };
    let id = format!("{}-{}", method.to_lowercase(), path.trim_matches('/').replace(['/', '{', '}'], "-"));
    let takes_nothing = parameters.is_empty() && body.is_empty();
    let answers = answers.into_iter().map(|answer| view! { <AnswerView answer /> }).collect_view();
    view! {
        <details class="group border-b border-line last:border-0" id=id>
            <summary class="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-wash">
                <span class=format!("inline-grid h-5 w-14 shrink-0 place-items-center rounded-small border font-mono text-tiny font-semibold {colour}")>{method}</span>
                <code class="min-w-0 font-mono text-label font-medium break-all">{path}</code>
                <span class="min-w-0 basis-full text-ink-soft sm:basis-0 sm:flex-1 sm:truncate sm:text-end">{summary}</span>
                <span class="text-ink-faint transition-transform group-open:rotate-180 max-sm:hidden"><Glyph icon=Icon::ChevronDown /></span>
            </summary>
            <div class="grid gap-6 border-t border-line bg-paper px-4 py-5">
                {(!says.is_empty()).then(|| view! { <p class="max-w-[44rem]">{worded(&says)}</p> })}
                <div class="grid gap-6 lg:grid-cols-2">
                    <div class="grid min-w-0 content-start gap-5">
                        <FieldList title="Parameters" fields=parameters />
                        <FieldList title="Body" fields=body />
                        {takes_nothing.then(|| view! {
                            <div class="grid gap-1">
                                <h3 class="text-label font-semibold">"Takes"</h3>
                                <p class="text-ink-soft">{if needs_token { "Nothing but an access token." } else { "Nothing." }}</p>
                            </div>
                        })}
                    </div>
                    <Sample title="Request" text=sample />
                </div>
                <div class="grid gap-2">
                    <h3 class="text-label font-semibold">"Answers"</h3>
                    <div class="overflow-hidden rounded-control border border-line bg-sheet">{answers}</div>
                </div>
            </div>
        </details>
    }
}

/// One answer, which opens to show its body.
#[component]
fn AnswerView(answer: Answer) -> impl IntoView {
    let Answer { status, says, fields, example } = answer;
    let colour = match status.as_bytes().first() {
        Some(b'2') => "text-good",
        Some(b'4') => "text-warn",
        _ => "text-bad",
    };
    let line = view! {
        <code class=format!("font-mono text-label font-semibold {colour}")>{status.clone()}</code>
        <span class="min-w-0 text-ink-soft">{worded(&says)}</span>
    };
    let Some(example) = example else {
        return view! { <p class="flex items-baseline gap-3 border-b border-line px-3 py-2 last:border-0">{line}<span class="ms-auto text-small text-ink-faint">"no body"</span></p> }.into_any();
    };
    view! {
        <details class="group/answer border-b border-line last:border-0">
            <summary class="flex items-baseline gap-3 px-3 py-2 hover:bg-wash">
                {line}
                <span class="ms-auto self-center text-ink-faint transition-transform group-open/answer:rotate-180"><Glyph icon=Icon::ChevronDown /></span>
            </summary>
            <div class="grid gap-6 border-t border-line px-3 py-4 lg:grid-cols-2">
                <FieldList title="Schema" fields />
                <Sample title="Example" text=example />
            </div>
        </details>
    }
    .into_any()
}

/// Text to be copied.
#[component]
pub fn Sample(title: &'static str, text: String) -> impl IntoView {
    view! {
        <div class="grid min-w-0 content-start gap-2">
            <div class="flex min-h-7 items-center justify-between gap-2">
                <h3 class="text-label font-semibold">{title}</h3>
                <CopyButton value=text.clone() label=format!("Copy {}", title.to_lowercase()) />
            </div>
            <pre class="overflow-x-auto rounded-control border border-line bg-desk p-3 font-mono text-small leading-5" tabindex="0">{text}</pre>
        </div>
    }
}

#[component]
fn FieldList(title: &'static str, fields: Vec<Field>) -> impl IntoView {
    let rows = fields
        .iter()
        .map(|field| {
            let says = (!field.says.is_empty())
                .then(|| view! { <dd class="text-ink-soft break-words">{worded(&field.says)}</dd> });
            view! {
                <div class="grid gap-0.5 py-2.5">
                    <dt class="flex flex-wrap items-baseline gap-x-2">
                        <code class="font-mono text-label font-medium break-all">{field.name.clone()}</code>
                        <span class="text-small text-ink-faint">{field.kind.clone()}</span>
                    </dt>
                    {says}
                </div>
            }
        })
        .collect_view();
    (!fields.is_empty()).then(|| view! { <div class="min-w-0"><h3 class="text-label font-semibold">{title}</h3><dl class="divide-y divide-line">{rows}</dl></div> })
}

/// Words with what stands between backquotes as code.
fn worded(text: &str) -> impl IntoView + use<> {
    let parts: Vec<AnyView> = text
        .split('`')
        .enumerate()
        .map(|(place, part)| {
            let part = part.to_owned();
            if place % 2 == 1 {
                view! { <code class="font-mono text-label text-ink break-words">{part}</code> }.into_any()
            } else {
                part.into_any()
            }
        })
        .collect();
    parts
}
