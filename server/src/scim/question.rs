//! What a filter asks of our people. Only what can be answered rightly is: all else is refused, since a directory that is told
//! "nobody" makes somebody twice.

use super::filter::{Attribute, Filter, Literal, Operator, Wrong};
use crate::people::{MomentColumn, Sought, TextColumn, TextTest};
use domain::{RoleCode, Timestamp};
use std::cmp::Ordering;

const UNKNOWN: Wrong = "This attribute cannot be filtered by";
const WRONG_OPERATOR: Wrong = "This attribute cannot be compared so";
const NO_TEXT: Wrong = "Compare this attribute with a text";
const NO_FLAG: Wrong = "Compare this attribute with true or false";
const NO_MOMENT: Wrong = "Compare this attribute with a moment, such as \"2026-11-21T09:30:00Z\"";

/// Whom the filter means.
pub fn sought(filter: &Filter) -> Result<Sought, Wrong> {
    Ok(match filter {
        Filter::All(filters) => Sought::All(filters.iter().map(sought).collect::<Result<_, _>>()?),
        Filter::Any(filters) => Sought::Any(filters.iter().map(sought).collect::<Result<_, _>>()?),
        Filter::Not(filter) => sought(filter)?.negated(),
        Filter::Present(attribute) => present(attribute)?,
        Filter::Test(attribute, operator, literal) => test(attribute, *operator, literal)?,
        Filter::Among(attribute, filter) => match attribute.names() {
            // There is one address, so that what is asked of one value is asked of the person.
            ("emails", "") => sought(&within("emails", filter)?)?,
            ("roles", "") => role_among(filter)?,
            _ => return Err(UNKNOWN),
        },
    })
}

/// A filter on one value, as one on the person: `type` becomes `emails.type`.
fn within(name: &str, filter: &Filter) -> Result<Filter, Wrong> {
    let inner = |attribute: &Attribute| match &attribute.part {
        None => Ok(Attribute { name: name.to_owned(), part: Some(attribute.name.clone()) }),
        Some(_) => Err(UNKNOWN),
    };
    let all = |filters: &[Filter]| -> Result<Vec<_>, Wrong> {
        filters.iter().map(|filter| within(name, filter)).collect()
    };
    Ok(match filter {
        Filter::All(filters) => Filter::All(all(filters)?),
        Filter::Any(filters) => Filter::Any(all(filters)?),
        Filter::Not(filter) => Filter::Not(Box::new(within(name, filter)?)),
        Filter::Present(attribute) => Filter::Present(inner(attribute)?),
        Filter::Test(attribute, operator, literal) => {
            Filter::Test(inner(attribute)?, *operator, literal.clone())
        }
        Filter::Among(..) => return Err(UNKNOWN),
    })
}

/// Of several roles, which of them is meant can be told for one comparison alone.
fn role_among(filter: &Filter) -> Result<Sought, Wrong> {
    match filter {
        Filter::Test(attribute, Operator::Equal, literal) if attribute.names() == ("value", "") => {
            role(literal)
        }
        _ => Err(UNKNOWN),
    }
}

fn present(attribute: &Attribute) -> Result<Sought, Wrong> {
    match attribute.names() {
        ("externalid", "") => Ok(Sought::HasExternalId),
        ("id" | "username" | "displayname" | "active" | "name" | "meta" | "schemas", "")
        | ("name", "formatted")
        | ("emails", "" | "value" | "type" | "primary")
        | ("roles", "" | "value")
        | ("meta", "created" | "lastmodified" | "resourcetype" | "location" | "version") => {
            Ok(Sought::EVERYBODY)
        }
        _ => Err(UNKNOWN),
    }
}

fn test(attribute: &Attribute, operator: Operator, literal: &Literal) -> Result<Sought, Wrong> {
    if *literal == Literal::Null {
        return match operator {
            Operator::Equal => Ok(present(attribute)?.negated()),
            Operator::NotEqual => present(attribute),
            _ => Err(WRONG_OPERATOR),
        };
    }
    if operator == Operator::NotEqual {
        return Ok(test(attribute, Operator::Equal, literal)?.negated());
    }
    match attribute.names() {
        ("username", "") => words(TextColumn::Username, operator, literal),
        ("displayname", "") | ("name", "formatted") => words(TextColumn::FullName, operator, literal),
        ("emails", "" | "value") => words(TextColumn::Email, operator, literal),
        ("externalid", "") => words(TextColumn::ExternalId, operator, literal),
        ("meta", "created") => moment(MomentColumn::Created, operator, literal),
        ("meta", "lastmodified") => moment(MomentColumn::Changed, operator, literal),
        _ if operator != Operator::Equal => {
            Err(if present(attribute).is_ok() { WRONG_OPERATOR } else { UNKNOWN })
        }
        // An id that cannot be one is nobody's.
        ("id", "") => Ok(literal.text()?.parse().map_or(Sought::NOBODY, Sought::Id)),
        ("active", "") if literal.flag()? => Ok(Sought::Suspended.negated()),
        ("active", "") => Ok(Sought::Suspended),
        ("emails", "primary") => Ok(constant(literal.flag()?)),
        ("emails", "type") => Ok(constant(literal.text()?.eq_ignore_ascii_case("work"))),
        ("roles", "" | "value") => role(literal),
        ("meta", "resourcetype") => Ok(constant(literal.text()? == "User")),
        _ => Err(UNKNOWN),
    }
}

fn words(column: TextColumn, operator: Operator, literal: &Literal) -> Result<Sought, Wrong> {
    let test = match operator {
        Operator::Equal => TextTest::Is,
        Operator::Contains => TextTest::Contains,
        Operator::Begins => TextTest::Begins,
        Operator::Ends => TextTest::Ends,
        _ => return Err(WRONG_OPERATOR),
    };
    Ok(Sought::Text(column, test, literal.text()?.to_owned()))
}

fn moment(column: MomentColumn, operator: Operator, literal: &Literal) -> Result<Sought, Wrong> {
    let moment: jiff::Timestamp = literal.text()?.parse().map_err(|_| NO_MOMENT)?;
    let moment = Timestamp::from_microseconds(moment.as_microsecond());
    let stands = |order| Sought::Moment(column, order, moment);
    match operator {
        Operator::Equal => Ok(stands(Ordering::Equal)),
        Operator::Greater => Ok(stands(Ordering::Greater)),
        Operator::Less => Ok(stands(Ordering::Less)),
        Operator::GreaterOrEqual => Ok(stands(Ordering::Less).negated()),
        Operator::LessOrEqual => Ok(stands(Ordering::Greater).negated()),
        _ => Err(WRONG_OPERATOR),
    }
}

fn role(literal: &Literal) -> Result<Sought, Wrong> {
    Ok(RoleCode::parse(literal.text()?).map_or(Sought::NOBODY, |code| Sought::HasRole(code.to_string())))
}

const fn constant(holds: bool) -> Sought {
    if holds { Sought::EVERYBODY } else { Sought::NOBODY }
}

impl Literal {
    fn text(&self) -> Result<&str, Wrong> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(NO_TEXT),
        }
    }

    /// Entra ID writes `"True"`.
    fn flag(&self) -> Result<bool, Wrong> {
        match self {
            Self::Flag(flag) => Ok(*flag),
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(NO_FLAG),
        }
    }
}
