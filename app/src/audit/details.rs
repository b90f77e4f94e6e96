//! All that is known of one entry: what changed from what to what, who did it in which role, from where, and its place in the chain.

use super::filter::said;
use crate::{
    moments,
    people::with_commas,
    ui::{Fact, Facts},
};
use domain::person::FullName;
use leptos::prelude::*;
use serde_json::Value;
use server::{audit::Entry, http::intake::encode};

#[component]
pub fn EntryDetails(entry: Entry, sees_people: bool) -> impl IntoView {
    let details = entry.details();
    let changes = changes(&details);
    let place = match entry.place {
        Some(place) => with_commas(place),
        None => "It gets one within about a second".to_owned(),
    };
    let role = entry.role_code.clone().map(|role| view! { <Fact name="In the role">{role}</Fact> });
    let ip = entry.ip.clone().map(|ip| {
        let href = format!("/audit?ip={}", encode(&ip));
        view! { <Fact name="From"><a class="link font-mono text-label" href=href>{ip}</a></Fact> }
    });
    let agent = entry.user_agent.clone().map(|agent| view! { <Fact name="With">{agent}</Fact> });
    let request = entry
        .request_id
        .clone()
        .map(|id| view! { <Fact name="Request"><code class="font-mono text-label">{id}</code></Fact> });
    let others =
        others(&details).into_iter().map(|(name, value)| view! { <Fact name>{value}</Fact> }).collect_view();
    let erased = entry.is_erased.then(|| {
        view! { <p class="text-ink-soft">"What this entry told of a person was erased. Its place in the chain is proven all the same."</p> }
    });
    let (what, code) = (said(&entry.action), entry.action.clone());
    let outcome = if entry.outcome == "refused" { "Refused" } else { "Done" };
    let (when, id) = (moments::to_the_second(entry.at), entry.id.to_string());
    let (by, about) = (actor(&entry, sees_people), subject(&entry, sees_people));
    view! {
        <div class="grid gap-4">
            {erased}
            {(!changes.is_empty()).then(|| view! { <Changes changes /> })}
            <Facts>
                <Fact name="What">{what}" "<code class="font-mono text-label text-ink-faint">{code}</code></Fact>
                <Fact name="How it ended">{outcome}</Fact>
                <Fact name="When">{when}</Fact>
                <Fact name="By whom">{by}</Fact>
                {role}
                <Fact name="About">{about}</Fact>
                {others}
                {ip}
                {agent}
                {request}
                <Fact name="Place in the chain"><span class="figures">{place}</span></Fact>
                <Fact name="Id"><code class="font-mono text-label">{id}</code></Fact>
            </Facts>
        </div>
    }
}

/// What changed, field by field.
#[component]
fn Changes(changes: Vec<(String, String, String)>) -> impl IntoView {
    let rows = changes
        .into_iter()
        .map(|(field, before, after)| {
            view! {
                <tr class="border-t border-line align-top">
                    <th class="py-1.5 pr-3 text-left font-normal text-ink-faint" scope="row">{field}</th>
                    <td class="py-1.5 pr-3 wrap-anywhere text-ink-soft">{before}</td>
                    <td class="py-1.5 wrap-anywhere">{after}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="w-full max-w-[44rem] table-fixed">
            <caption class="sr-only">"What changed"</caption>
            <thead>
                <tr class="text-left text-label text-ink-faint">
                    <th class="w-[28%] pb-1 font-medium" scope="col">"Field"</th>
                    <th class="w-[36%] pb-1 font-medium" scope="col">"Before"</th>
                    <th class="w-[36%] pb-1 font-medium" scope="col">"After"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn actor(entry: &Entry, sees_people: bool) -> AnyView {
    let kind = match entry.actor_kind.as_str() {
        "operator" => "The operator, on the command line",
        "program" => "Countersign itself",
        "anonymous" => "Somebody who was not signed in",
        _ => "",
    };
    match entry.actor_id {
        Some(id) => {
            let key = (entry.actor_kind == "api key").then_some(", with an API key");
            let person = person(
                &id.to_string(),
                entry.actor_name.as_ref().map(FullName::as_str),
                entry.actor_username.as_deref(),
                sees_people,
            );
            view! { {person}{key} }.into_any()
        }
        None => kind.into_any(),
    }
}

fn subject(entry: &Entry, sees_people: bool) -> AnyView {
    if let Some(id) = entry.person_id {
        if entry.actor_id == Some(id) && entry.subject_kind == "person" {
            return "Themselves".into_any();
        }
        let what = (entry.subject_kind != "person").then(|| view! { ", " {entry.subject_kind.clone()} });
        let person = person(
            &id.to_string(),
            entry.subject_name.as_ref().map(FullName::as_str),
            entry.subject_username.as_deref(),
            sees_people,
        );
        return view! { {person}{what} }.into_any();
    }
    let id = entry.subject_id.clone().map(|id| view! { " "<code class="font-mono text-label">{id}</code> });
    match entry.subject_kind.as_str() {
        "person" => "An account that does not exist".into_any(),
        kind => view! { {kind.to_owned()}{id} }.into_any(),
    }
}

/// A person by name, with what else the trail says of them one step away.
fn person(id: &str, name: Option<&str>, username: Option<&str>, sees_people: bool) -> AnyView {
    let Some(name) = name.map(str::to_owned) else {
        return view! { "Somebody whose account is gone "<code class="font-mono text-label">{id.to_owned()}</code> }
            .into_any();
    };
    let page = format!("/people/{id}");
    let name =
        if sees_people { view! { <a class="link" href=page>{name}</a> }.into_any() } else { name.into_any() };
    let trail = format!("/audit?subject={}", encode(username.unwrap_or(id)));
    let username = username.map(|username| view! { " "<span class="font-mono text-label text-ink-faint">{username.to_owned()}</span> });
    view! { {name}{username}" · "<a class="link" href=trail>"all about them"</a> }.into_any()
}

/// Field, before, after.
fn changes(details: &Value) -> Vec<(String, String, String)> {
    let changes = details["changes"].as_object().into_iter().flatten();
    changes.map(|(field, change)| (words(field), told(&change["before"]), told(&change["after"]))).collect()
}

/// What else the entry tells.
fn others(details: &Value) -> Vec<(String, String)> {
    let others = details.as_object().into_iter().flatten().filter(|(name, _)| *name != "changes");
    others.map(|(name, value)| (words(name), told(value))).collect()
}

fn words(name: &str) -> String {
    let mut words = name.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// A value as one reads it; what was not there is a dash.
fn told(value: &Value) -> String {
    match value {
        Value::Null => "–".into(),
        Value::Bool(yes) => if *yes { "Yes" } else { "No" }.into(),
        Value::String(text) if text.is_empty() => "–".into(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.is_empty() => "–".into(),
        Value::Array(values) => values.iter().map(told).collect::<Vec<_>>().join(", "),
        Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn u7_each_field_is_told_before_and_after() {
        let details = json!({
            "why": "asked for",
            "changes": { "full_name": { "before": "A", "after": "B" }, "roles": { "after": ["PIN", "STAFF"] }, "email": { "before": "", "after": null } },
        });
        let line =
            |field: &str, before: &str, after: &str| (field.to_owned(), before.to_owned(), after.to_owned());
        assert_eq!(
            changes(&details),
            [line("Email", "–", "–"), line("Full name", "A", "B"), line("Roles", "–", "PIN, STAFF")]
        );
        assert_eq!(others(&details), [("Why".to_owned(), "asked for".to_owned())]);
        assert!(changes(&json!(null)).is_empty() && others(&json!("x")).is_empty());
    }
}
