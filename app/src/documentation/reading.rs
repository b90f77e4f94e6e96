//! Operations of the API, read from its description: what each takes, what it answers, and examples of both.

use serde_json::Value;

/// Schemas that hold each other are written out so far.
const DEEPEST: usize = 5;

/// An operation, as much of it as the page tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    pub tag: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    pub says: String,
    pub needs_token: bool,
    pub parameters: Vec<Field>,
    pub body: Vec<Field>,
    /// A file in place of fields.
    pub takes_a_file: bool,
    pub answers: Vec<Answer>,
    /// The query and the body of a request that works, for those who copy it.
    pub query: Vec<(String, String)>,
    /// What the path names, where an example of it works everywhere.
    pub named: Vec<(String, String)>,
    pub sent: Vec<(String, Value)>,
}

/// A named thing with its kind and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub kind: String,
    pub says: String,
}

/// One way in which an operation ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: String,
    pub says: String,
    pub fields: Vec<Field>,
    pub example: Option<String>,
}

/// Every operation, in the order of the description.
pub fn read(description: &Value) -> Vec<Operation> {
    let paths = description["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, methods)| {
        methods.as_object().into_iter().flatten().map(move |(method, operation)| (path, method, operation))
    });
    operations.map(|(path, method, operation)| read_one(description, path, method, operation)).collect()
}

/// A parameter's name with the example of it, if it has one.
fn with_example(parameter: &Value) -> Option<(String, String)> {
    Some((text(&parameter["name"]), plain(example(parameter)?)))
}

fn read_one(description: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    let parameters = || operation["parameters"].as_array().into_iter().flatten();
    let queries = parameters().filter(|parameter| parameter["in"] == "query");
    let body = &operation["requestBody"]["content"]["application/json"];
    let schema = resolve(description, &body["schema"]);
    let examples = body["example"].as_object().into_iter().flatten();
    let answers = operation["responses"].as_object().into_iter().flatten();
    Operation {
        tag: text(&operation["tags"][0]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        says: text(&operation["description"]),
        needs_token: operation["security"].is_array(),
        parameters: parameters()
            .map(|parameter| Field {
                name: text(&parameter["name"]),
                kind: kind(description, &parameter["schema"]) + required(parameter["required"] == true),
                says: text(&parameter["description"]),
            })
            .collect(),
        body: fields(description, &body["schema"], Side::Request),
        takes_a_file: operation["requestBody"]["content"]["text/csv"].is_object(),
        answers: answers.map(|(status, answer)| read_answer(description, status, answer)).collect(),
        query: queries.filter_map(with_example).collect(),
        named: parameters().filter(|parameter| parameter["in"] == "path").filter_map(with_example).collect(),
        sent: examples
            // Where nothing has to be there, the example as a whole says what one may send.
            .filter(|(name, _)| is_required(schema, name) || schema["required"].is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    }
}

fn read_answer(description: &Value, status: &str, answer: &Value) -> Answer {
    let (body, file) = (&answer["content"]["application/json"], &answer["content"]["text/csv"]);
    Answer {
        status: status.to_owned(),
        says: text(&answer["description"]),
        fields: fields(description, &body["schema"], Side::Answer),
        example: match file["example"].as_str() {
            Some(file) => Some(file.to_owned()),
            None => body.get("example").map(|example| format!("{example:#}")),
        },
    }
}

/// Who writes a body: whoever asks wants to know what they must send.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Answer,
}

fn fields(description: &Value, schema: &Value, side: Side) -> Vec<Field> {
    let mut found = Vec::new();
    gather(description, schema, side, "", DEEPEST, &mut found);
    found
}

/// Writes out the properties, those of what they hold after each: `items[].username`.
fn gather(
    description: &Value,
    schema: &Value,
    side: Side,
    before: &str,
    depth: usize,
    found: &mut Vec<Field>,
) {
    if depth == 0 {
        return;
    }
    let schema = resolve(description, schema);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let is_required = is_required(schema, name);
        let held = resolve(description, property);
        let kind = kind(description, property);
        // What may be null is there, as null.
        let optional = if is_required || kind.contains("null") { "" } else { ", may be left out" };
        found.push(Field {
            name: format!("{before}{name}"),
            kind: kind + if side == Side::Request { required(is_required) } else { optional },
            says: text(if property["description"].is_string() {
                &property["description"]
            } else {
                &held["description"]
            }),
        });
        if held["items"].is_object() {
            gather(description, &held["items"], side, &format!("{before}{name}[]."), depth - 1, found);
        } else {
            gather(description, held, side, &format!("{before}{name}."), depth - 1, found);
        }
    }
}

/// What a reference to a schema stands for; of several choices, the one that is not null.
fn resolve<'a>(description: &'a Value, schema: &'a Value) -> &'a Value {
    let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array()).or(schema["allOf"].as_array());
    let chosen = choices.and_then(|choices| choices.iter().find(|choice| choice["type"] != "null"));
    let schema = chosen.unwrap_or(schema);
    match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(pointer) => description.pointer(pointer).unwrap_or(&Value::Null),
        None => schema,
    }
}

fn kind(description: &Value, schema: &Value) -> String {
    let held = resolve(description, schema);
    let mut names: Vec<&str> = match &held["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => vec!["object"],
    };
    // The usual kind first, then that it may be missing.
    names.sort_by_key(|name| *name == "null");
    let mut kind = names.join(" or ");
    if held["items"].is_object() {
        kind = kind.replacen("array", &format!("array of {}s", self::kind(description, &held["items"])), 1);
    }
    if let Some(format) = held["format"].as_str().filter(|format| !format.starts_with("int")) {
        kind = kind.replacen("string", &format!("string ({format})"), 1);
    }
    kind
}

fn is_required(schema: &Value, name: &str) -> bool {
    schema["required"].as_array().is_some_and(|names| names.iter().any(|required| required == name))
}

const fn required(yes: bool) -> &'static str {
    if yes { ", required" } else { "" }
}

fn example(parameter: &Value) -> Option<&Value> {
    parameter.get("example").or_else(|| parameter["schema"].get("example"))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A value as it stands in an address.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
