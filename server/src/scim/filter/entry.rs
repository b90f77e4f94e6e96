//! Whether one of an attribute's values is meant: `[type eq "work"]`.

use super::{Filter, Literal, Operator};
use serde_json::Value;

/// Whether this value, an object with small names, fulfils the filter.
pub fn fulfils(entry: &Value, filter: &Filter) -> bool {
    match filter {
        Filter::All(filters) => filters.iter().all(|filter| fulfils(entry, filter)),
        Filter::Any(filters) => filters.iter().any(|filter| fulfils(entry, filter)),
        Filter::Not(filter) => !fulfils(entry, filter),
        Filter::Present(attribute) => !entry[attribute.name.as_str()].is_null(),
        Filter::Among(..) => false,
        Filter::Test(attribute, operator, literal) => {
            stands(&entry[attribute.name.as_str()], *operator, literal)
        }
    }
}

fn stands(value: &Value, operator: Operator, literal: &Literal) -> bool {
    let (value, literal) = (plain(value), literal.plain());
    match operator {
        Operator::Equal => value == literal,
        Operator::NotEqual => value != literal,
        Operator::Contains => literal.is_some_and(|text| value.is_some_and(|value| value.contains(&text))),
        Operator::Begins => literal.is_some_and(|text| value.is_some_and(|value| value.starts_with(&text))),
        Operator::Ends => literal.is_some_and(|text| value.is_some_and(|value| value.ends_with(&text))),
        Operator::Greater | Operator::GreaterOrEqual | Operator::Less | Operator::LessOrEqual => false,
    }
}

/// Case does not count, nor whether somebody sends `true` or `"True"`.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.to_lowercase()),
        other => Some(other.to_string()),
    }
}

impl Literal {
    fn plain(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Text(text) => Some(text.to_lowercase()),
            Self::Flag(flag) => Some(flag.to_string()),
            Self::Number(number) => Some(number.to_string()),
        }
    }
}
