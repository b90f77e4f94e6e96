//! An example of a body, put together from its schema: each property's own example, and something plain where it has none.

use serde_json::{Map, Value, json};

/// Schemas that hold each other end here.
const DEEPEST: usize = 8;

/// An example of what the schema describes.
pub(super) fn example_of(schema: &Value, components: &Value) -> Value {
    example_at(schema, components, 0)
}

/// The schema that a reference stands for.
pub(super) fn resolve<'a>(schema: &'a Value, components: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/components")) {
        Some(pointer) => components.pointer(pointer).unwrap_or(&Value::Null),
        None => schema,
    }
}

fn example_at(schema: &Value, components: &Value, depth: usize) -> Value {
    let schema = resolve(schema, components);
    let own = schema.get("example").or_else(|| schema["examples"].get(0)).or_else(|| schema["enum"].get(0));
    if let Some(own) = own {
        return own.clone();
    }
    if depth > DEEPEST {
        return Value::Null;
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        let mut choices = schema[several].as_array().into_iter().flatten();
        if let Some(choice) = choices.find(|choice| choice["type"] != "null") {
            return example_at(choice, components, depth + 1);
        }
    }
    match kind(schema) {
        "object" => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let examples = properties
                .map(|(name, property)| (name.clone(), example_at(property, components, depth + 1)));
            Value::Object(examples.collect::<Map<_, _>>())
        }
        "array" => json!([example_at(&schema["items"], components, depth + 1)]),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or(json!(1)),
        "boolean" => json!(true),
        "string" if schema["format"] == "uuid" => json!("0198c0de-0000-7000-8000-000000000000"),
        "string" if schema["format"] == "date-time" => json!("2026-11-21T09:30:00Z"),
        "string" => json!("text"),
        _ => Value::Null,
    }
}

/// The type of a schema; of one that may be null, the other one.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(kinds) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default()
        }
        kind => kind.as_str().unwrap_or_default(),
    }
}
