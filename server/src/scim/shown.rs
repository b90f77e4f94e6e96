//! Which attributes an answer has (RFC 7644, 3.9): those that `attributes` names, or all but those of `excludedAttributes`.

use super::{
    filter::Attribute,
    refusal::{Answer, Kind, Refusal},
};
use serde_json::{Map, Value};

/// So many names are looked at.
const MOST: usize = 100;
/// What every answer has.
const ALWAYS: [&str; 2] = ["schemas", "id"];

#[derive(Debug, Clone, Default)]
pub struct Shown {
    only: Option<Vec<Attribute>>,
    without: Vec<Attribute>,
}

impl Shown {
    /// As they stand in an address, between commas.
    pub fn parse(only: Option<&str>, without: Option<&str>) -> Answer<Self> {
        let without = without.map(names).transpose()?.unwrap_or_default();
        Ok(Self { only: only.filter(|names| !names.trim().is_empty()).map(names).transpose()?, without })
    }

    pub fn of(&self, resource: Map<String, Value>) -> Value {
        let shown = resource.into_iter().filter_map(|(name, value)| {
            if ALWAYS.contains(&name.as_str()) {
                return Some((name, value));
            }
            let of_this = |attribute: &&Attribute| attribute.name.eq_ignore_ascii_case(&name);
            let value = match &self.only {
                Some(only) => with(value, &only.iter().filter(of_this).collect::<Vec<_>>())?,
                None => value,
            };
            let value = without(value, &self.without.iter().filter(of_this).collect::<Vec<_>>())?;
            Some((name, value))
        });
        Value::Object(shown.collect())
    }
}

fn names(text: &str) -> Answer<Vec<Attribute>> {
    let names: Vec<&str> =
        text.split(',').map(str::trim).filter(|name| !name.is_empty()).take(MOST + 1).collect();
    if names.len() > MOST {
        return Err(Refusal::bad(Kind::InvalidValue, "Name at most 100 attributes"));
    }
    let attribute = |name| Attribute::parse(name).map_err(|words| Refusal::bad(Kind::InvalidValue, words));
    names.into_iter().map(attribute).collect()
}

/// What is left of a value of which these parts are wanted.
fn with(value: Value, wanted: &[&Attribute]) -> Option<Value> {
    if wanted.is_empty() {
        return None;
    }
    let parts: Option<Vec<&str>> = wanted.iter().map(|attribute| attribute.part.as_deref()).collect();
    match parts {
        Some(parts) => Some(sifted(value, &|part| parts.iter().any(|one| one.eq_ignore_ascii_case(part)))),
        None => Some(value),
    }
}

fn without(value: Value, unwanted: &[&Attribute]) -> Option<Value> {
    if unwanted.iter().any(|attribute| attribute.part.is_none()) {
        return None;
    }
    let is_unwanted = |name: &str| {
        unwanted
            .iter()
            .filter_map(|attribute| attribute.part.as_deref())
            .any(|part| part.eq_ignore_ascii_case(name))
    };
    Some(sifted(value, &|part| !is_unwanted(part)))
}

fn sifted(value: Value, keeps: &dyn Fn(&str) -> bool) -> Value {
    match value {
        Value::Object(parts) => Value::Object(parts.into_iter().filter(|(name, _)| keeps(name)).collect()),
        Value::Array(values) => values.into_iter().map(|value| sifted(value, keeps)).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn u6_an_answer_has_what_was_asked_for() {
        let resource = json!({
            "schemas": ["x"], "id": "1", "userName": "ada", "name": { "formatted": "Ada L", "givenName": "Ada" },
            "emails": [{ "value": "a@b.c", "type": "work" }],
        });
        for (only, without, expected) in [
            (Some("USERNAME"), None, json!({ "schemas": ["x"], "id": "1", "userName": "ada" })),
            (
                Some("emails.value,nothing"),
                None,
                json!({ "schemas": ["x"], "id": "1", "emails": [{ "value": "a@b.c" }] }),
            ),
            (
                None,
                Some("id,schemas,emails,name.givenName"),
                json!({ "schemas": ["x"], "id": "1", "userName": "ada", "name": { "formatted": "Ada L" } }),
            ),
            (
                Some("name,name.formatted"),
                Some("name.formatted"),
                json!({ "schemas": ["x"], "id": "1", "name": { "givenName": "Ada" } }),
            ),
            (Some(" "), None, resource.clone()),
        ] {
            let shown = Shown::parse(only, without).unwrap();
            assert_eq!(shown.of(resource.as_object().unwrap().clone()), expected, "{only:?} {without:?}");
        }
        for wrong in ["a b", "é", &vec!["a"; 101].join(",")] {
            assert!(Shown::parse(Some(wrong), None).is_err(), "{wrong} was taken");
        }
    }
}
