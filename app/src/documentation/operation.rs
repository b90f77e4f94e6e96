//! One operation of the API: read from the description, and drawn.

use crate::ui::{Glyph, Icon};
use leptos::prelude::*;
use serde_json::Value;

/// An operation, as much of it as the page tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    pub tag: String,
    method: String,
    path: String,
    summary: String,
    needs_token: bool,
    parameters: Vec<Field>,
    body: Vec<Field>,
    answers: Vec<Field>,
}

/// A named thing with its kind and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    name: String,
    kind: String,
    says: String,
}

/// Every operation, in the order of the description.
pub fn read(description: &Value) -> Vec<Operation> {
    let paths = description["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, methods)| {
        methods.as_object().into_iter().flatten().map(move |(method, operation)| (path, method, operation))
    });
    operations.map(|(path, method, operation)| read_one(description, path, method, operation)).collect()
}

fn read_one(description: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let parameters = operation["parameters"].as_array().into_iter().flatten().map(|parameter| Field {
        name: text(&parameter["name"]),
        kind: kind(&parameter["schema"], parameter["required"].as_bool() == Some(true)),
        says: text(&parameter["description"]),
    });
    let schema = resolve(description, &operation["requestBody"]["content"]["application/json"]["schema"]);
    let required = |name: &str| {
        schema["required"].as_array().is_some_and(|names| names.iter().any(|required| required == name))
    };
    let body = schema["properties"].as_object().into_iter().flatten().map(|(name, property)| Field {
        name: name.clone(),
        kind: kind(property, required(name)),
        says: text(&property["description"]),
    });
    let answers = operation["responses"].as_object().into_iter().flatten();
    Operation {
        tag: text(&operation["tags"][0]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        needs_token: operation["security"].is_array(),
        parameters: parameters.collect(),
        body: body.collect(),
        answers: answers
            .map(|(status, answer)| Field {
                name: status.clone(),
                kind: String::new(),
                says: text(&answer["description"]),
            })
            .collect(),
    }
}

/// What a reference to a schema stands for.
fn resolve<'a>(description: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(pointer) => description.pointer(pointer).unwrap_or(&Value::Null),
        None => schema,
    }
}

fn kind(schema: &Value, required: bool) -> String {
    let name = match &schema["type"] {
        Value::String(name) => name.clone(),
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .filter(|name| *name != "null")
            .collect::<Vec<_>>()
            .join(" or "),
        _ => "object".into(),
    };
    if required { format!("{name}, required") } else { name }
}

/// An operation that opens to show what it takes and what it answers.
#[component]
pub fn OperationView(operation: Operation, server: String) -> impl IntoView {
    let Operation { method, path, summary, needs_token, parameters, body, answers, .. } = operation;
    let colour = if method == "GET" {
        "text-info bg-info-fill border-info-line"
    } else {
        "text-good bg-good-fill border-good-line"
    };
    let id = format!("{}-{}", method.to_lowercase(), path.trim_matches('/').replace(['/', '{', '}'], "-"));
    let mut curl = format!("curl -X {method} '{server}{path}'");
    if needs_token {
        curl.push_str(" \\\n  -H \"Authorization: Bearer $TOKEN\"");
    }
    if !body.is_empty() {
        let fields: Vec<String> = body.iter().map(|field| format!("\"{}\":\"…\"", field.name)).collect();
        curl.push_str(&format!(
            " \\\n  -H 'Content-Type: application/json' \\\n  -d '{{{}}}'",
            fields.join(",")
        ));
    }
    view! {
        <details class="group border-b border-line last:border-0" id=id>
            <summary class="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-wash">
                <span class=format!("inline-grid h-5 w-14 shrink-0 place-items-center rounded-small border font-mono text-tiny font-semibold {colour}")>{method}</span>
                <code class="min-w-0 font-mono text-label font-medium break-all">{path}</code>
                <span class="min-w-0 basis-full text-ink-soft sm:basis-0 sm:flex-1 sm:truncate sm:text-end">{summary}</span>
                <span class="text-ink-faint transition-transform group-open:rotate-180 max-sm:hidden"><Glyph icon=Icon::ChevronDown /></span>
            </summary>
            <div class="grid gap-5 border-t border-line bg-paper px-4 py-5 lg:grid-cols-2">
                <div class="grid content-start gap-4">
                    <FieldList title="Parameters" fields=parameters />
                    <FieldList title="Body" fields=body />
                    <FieldList title="Answers" fields=answers />
                </div>
                <div class="grid min-w-0 content-start gap-3">
                    <h3 class="text-label font-semibold">"Request"</h3>
                    <pre class="overflow-x-auto rounded-control border border-line bg-desk p-3 font-mono text-small leading-5" tabindex="0">{curl}</pre>
                </div>
            </div>
        </details>
    }
}

#[component]
fn FieldList(title: &'static str, fields: Vec<Field>) -> impl IntoView {
    let rows = fields
        .iter()
        .map(|field| {
            view! {
                <div class="grid gap-0.5 py-2.5">
                    <dt class="flex flex-wrap items-baseline gap-2">
                        <code class="font-mono text-label font-medium">{field.name.clone()}</code>
                        <span class="text-small text-ink-faint">{field.kind.clone()}</span>
                    </dt>
                    <dd class="text-ink-soft">{field.says.clone()}</dd>
                </div>
            }
        })
        .collect_view();
    (!fields.is_empty()).then(|| view! { <div><h3 class="text-label font-semibold">{title}</h3><dl class="divide-y divide-line">{rows}</dl></div> })
}
