//! A statement in the making: the values that its `$1`, `$2`, … stand for, and how it is run on either engine.

use super::{super::store::Row, pass};
use crate::{Result, db::Db};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// A value of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(i64),
    Id(Uuid),
}

/// The values of a statement, in their order.
#[derive(Debug, Default)]
pub(super) struct Values(Vec<Value>);

impl Values {
    /// Adds a value, and answers with what stands for it in the statement.
    pub(super) fn add(&mut self, value: Value) -> String {
        self.0.push(value);
        format!("${}", self.0.len())
    }

    pub(super) fn text(&mut self, text: impl Into<String>) -> String {
        self.add(Value::Text(text.into()))
    }

    pub(super) fn number(&mut self, number: i64) -> String {
        self.add(Value::Number(number))
    }
}

/// The statement with its values, ready for an engine.
macro_rules! with_values {
    ($row:ty, $sql:expr, $values:expr) => {{
        let query = sqlx::query_as::<_, $row>(AssertSqlSafe($sql));
        $values.0.into_iter().fold(query, |query, value| match value {
            Value::Text(text) => query.bind(text),
            Value::Number(number) => query.bind(number),
            Value::Id(id) => query.bind(id),
        })
    }};
}

/// The rows that a statement finds. Its text is put together from our own words; what people sent is among the values.
pub(super) async fn rows(db: &Db, sql: String, values: Values) -> Result<Vec<Row>> {
    run!(db, on => with_values!(Row, sql, values).fetch_all(on).await)
}

/// The lines of a pass.
pub(super) async fn lines_of_pass(db: &Db, sql: String, values: Values) -> Result<Vec<pass::Line>> {
    run!(db, on => with_values!(pass::Line, sql, values).fetch_all(on).await)
}

/// How many lines a statement answers with, and the lines, for whoever goes through everybody.
pub(super) async fn lines(db: &Db, sql: String, values: Values) -> Result<(i64, String)> {
    run!(db.passing(), on => with_values!((i64, String), sql, values).fetch_one(on).await)
}

/// The number that a statement answers with.
pub(super) async fn number(db: &Db, sql: String, values: Values) -> Result<i64> {
    let found: Result<(i64,)> = run!(db, on => with_values!((i64,), sql, values).fetch_one(on).await);
    found.map(|(number,)| number)
}
