//! Commands for a shell that work when they are copied as they stand: first one that signs in and keeps the tokens, then one
//! for each operation, which uses what was kept.

use super::reading::Operation;
use serde_json::{Map, Value};
use server::http::intake::encode;

/// Who signs in, in the samples: on a demo somebody who can, elsewhere whoever reads puts their own name in.
#[derive(Debug, Clone)]
pub struct Someone {
    pub username: String,
    pub password: String,
}

impl Someone {
    pub fn to_fill_in() -> Self {
        Self { username: "YOUR_USERNAME".into(), password: "YOUR_PASSWORD".into() }
    }
}

/// Signs in and keeps the tokens, the own id and that of somebody else in variables.
pub fn first_step(server: &str, someone: &Someone) -> String {
    let body = serde_json::json!({ "identifier": someone.username, "password": someone.password });
    let keep = |variable: &str, before: &str| {
        format!("{variable}=$(printf %s \"$ANSWER\" | sed 's/.*{before}\"\\([^\"]*\\)\".*/\\1/')")
    };
    [
        format!("ANSWER=$(curl -s -X POST '{server}/api/v1/auth/login' \\"),
        "  -H 'Content-Type: application/json' \\".to_owned(),
        format!("  -d {})", quoted(&body.to_string())),
        keep("TOKEN", "\"access_token\":"),
        keep("REFRESH_TOKEN", "\"refresh_token\":"),
        keep("ID", "\"user\":{\"id\":"),
        // What is tried out is tried on whoever joined last, and not on oneself.
        format!("OTHER=$(curl -s '{server}/api/v1/users?sort=-created_at&limit=1' -H \"Authorization: Bearer $TOKEN\" \\"),
        "  | sed 's/.*\"id\":\"\\([^\"]*\\)\".*/\\1/')".to_owned(),
    ]
    .join("\n")
}

/// Asks for one operation.
pub fn of(operation: &Operation, server: &str, someone: &Someone) -> String {
    let mut lines = vec![format!("curl -X {} {}", operation.method, address(operation, server))];
    if operation.needs_token {
        lines.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    if !operation.sent.is_empty() {
        let sent: Map<String, Value> = operation
            .sent
            .iter()
            .map(|(name, example)| (name.clone(), fill_in(operation, name, example, someone)))
            .collect();
        let body = quoted(&Value::Object(sent).to_string());
        lines.push("-H 'Content-Type: application/json'".to_owned());
        // The shell puts the token where its name stands.
        lines.push(format!("-d {}", body.replace("$REFRESH_TOKEN", "'\"$REFRESH_TOKEN\"'")));
    }
    if operation.takes_a_file {
        lines.push("-H 'Content-Type: text/csv'".to_owned());
        lines.push("--data-binary @people.csv".to_owned());
    }
    lines.join(" \\\n  ")
}

/// The address, in quotes, with examples or variables in place of what its path names.
fn address(operation: &Operation, server: &str) -> String {
    let mut path = String::new();
    for part in operation.path.split_inclusive('/') {
        match part.strip_prefix('{').and_then(|name| name.split_once('}')) {
            Some((name, rest)) => {
                let example = operation.named.iter().find(|(known, _)| known == name);
                let variable = if path.ends_with("/users/") { "$OTHER" } else { "$ID" };
                let value = example.map_or_else(|| variable.to_owned(), |(_, value)| encode(value));
                path.push_str(&format!("{value}{rest}"));
            }
            None => path.push_str(part),
        }
    }
    let query: Vec<String> =
        operation.query.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    if path.contains('$') { format!("\"{server}{path}{query}\"") } else { format!("'{server}{path}{query}'") }
}

fn fill_in(operation: &Operation, name: &str, example: &Value, someone: &Someone) -> Value {
    match name {
        // Of somebody else they stay what they are.
        "username" if operation.needs_token => example.clone(),
        "password" if operation.path.ends_with("/users") => example.clone(),
        "identifier" | "username" => someone.username.clone().into(),
        "password" => someone.password.clone().into(),
        "refresh_token" => "$REFRESH_TOKEN".into(),
        _ => example.clone(),
    }
}

/// In single quotes, as a shell takes any text.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
