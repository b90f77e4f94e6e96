//! Terms that somebody fulfils or not, and the condition that they become. Each is either true or false of everybody, also of
//! whom nothing is known: else `not` would lose people.

use super::{
    super::store::{COLUMNS, Row},
    statement::{self, Value, Values},
};
use crate::{
    Result,
    db::{Db, Lane},
};
use domain::{PersonId, Timestamp, folding::fold, person::PersonStatus};
use std::cmp::Ordering;

/// Whom one looks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Sought {
    /// All of these; without any it is everybody.
    All(Vec<Sought>),
    /// Any of these; without any it is nobody.
    Any(Vec<Sought>),
    Not(Box<Sought>),
    Id(PersonId),
    Text(TextColumn, TextTest, String),
    Suspended,
    HasExternalId,
    HasRole(String),
    /// The moment stands so to this one.
    Moment(MomentColumn, Ordering, Timestamp),
}

/// A text that is known of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextColumn {
    Username,
    FullName,
    Email,
    /// The one in which case counts.
    ExternalId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextTest {
    Is,
    Contains,
    Begins,
    Ends,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MomentColumn {
    Created,
    Changed,
}

impl Sought {
    pub const EVERYBODY: Self = Self::All(Vec::new());
    pub const NOBODY: Self = Self::Any(Vec::new());

    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Whether the store can tell it without reading names and addresses.
    pub fn is_told_by_encrypted_texts(&self) -> bool {
        match self {
            Self::All(terms) | Self::Any(terms) => terms.iter().all(Self::is_told_by_encrypted_texts),
            Self::Not(term) => term.is_told_by_encrypted_texts(),
            Self::Text(TextColumn::FullName, ..) => false,
            Self::Text(TextColumn::Email, test, _) => *test == TextTest::Is,
            _ => true,
        }
    }
}

pub(in crate::people) async fn count(db: &Db, terms: &Sought) -> Result<i64> {
    let mut values = Values::default();
    let condition = condition(db, terms, &mut values);
    let sql = format!("select count(*) from people p where {condition}");
    statement::number(db, sql, values).await
}

/// Those who fulfil the terms, by their creation. The places are counted along the ids alone.
pub(in crate::people) async fn rows(db: &Db, terms: &Sought, left_out: i64, count: i64) -> Result<Vec<Row>> {
    let mut values = Values::default();
    let condition = condition(db, terms, &mut values);
    let sql = format!(
        "select {COLUMNS} from (select p.id as own from people p where {condition}
                                order by p.id limit {count} offset {left_out}) h
         join people p on p.id = h.own order by p.id"
    );
    statement::rows(db, sql, values).await
}

fn condition(db: &Db, terms: &Sought, values: &mut Values) -> String {
    match terms {
        Sought::All(terms) if terms.is_empty() => "1 = 1".into(),
        Sought::Any(terms) if terms.is_empty() => "1 = 0".into(),
        Sought::All(terms) => joined(db, terms, " and ", values),
        Sought::Any(terms) => joined(db, terms, " or ", values),
        Sought::Not(term) => format!("not ({})", condition(db, term, values)),
        Sought::Id(id) => format!("p.id = {}", values.add(Value::Id(id.uuid()))),
        Sought::Text(column, test, text) => is_so(db, *column, *test, text, values),
        Sought::Suspended => format!("p.status = '{}'", PersonStatus::Suspended.code()),
        Sought::HasExternalId => "p.external_id is not null".into(),
        Sought::HasRole(code) => format!(
            "exists (select 1 from person_roles r where r.person_id = p.id and r.role_code = {})",
            values.text(code)
        ),
        Sought::Moment(column, order, moment) => {
            let column = match column {
                MomentColumn::Created => "created_at",
                MomentColumn::Changed => "updated_at",
            };
            let sign = match order {
                Ordering::Less => "<",
                Ordering::Equal => "=",
                Ordering::Greater => ">",
            };
            format!("p.{column} {sign} {}", values.number(moment.microseconds()))
        }
    }
}

fn joined(db: &Db, terms: &[Sought], word: &str, values: &mut Values) -> String {
    let conditions: Vec<String> = terms.iter().map(|term| condition(db, term, values)).collect();
    format!("({})", conditions.join(word))
}

/// Not `like`: SQLite's takes upper and lower case for one, and what is looked for is no pattern.
fn is_so(db: &Db, column: TextColumn, test: TextTest, text: &str, values: &mut Values) -> String {
    let (name, text) = match column {
        TextColumn::Username => ("p.username", text.to_lowercase()),
        TextColumn::FullName => ("p.name_key", fold(text)),
        // Encrypted, one address is always the same text.
        TextColumn::Email => ("p.email", db.at_rest().keep(&text.to_lowercase())),
        TextColumn::ExternalId => ("p.external_id", text.to_owned()),
    };
    let length = text.chars().count();
    let known = if column == TextColumn::ExternalId { "p.external_id is not null and " } else { "" };
    if test != TextTest::Is && length == 0 {
        return format!("({known}1 = 1)");
    }
    let text = values.text(text);
    let test = match (test, db.lane()) {
        (TextTest::Is, _) => format!("{name} = {text}"),
        (TextTest::Begins, _) => format!("substr({name}, 1, {length}) = {text}"),
        (TextTest::Contains, Lane::Sqlite(_)) => format!("instr({name}, {text}) > 0"),
        (TextTest::Contains, Lane::Postgres(_)) => format!("strpos({name}, {text}) > 0"),
        (TextTest::Ends, Lane::Sqlite(_)) => format!("substr({name}, -{length}) = {text}"),
        (TextTest::Ends, Lane::Postgres(_)) => format!("right({name}, {length}) = {text}"),
    };
    format!("({known}{test})")
}
