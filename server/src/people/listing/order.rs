//! The order that rows are fetched in, and the edge that a page begins beyond.

use super::statement::{Value, Values};
use domain::listing::{CursorKey, PeopleColumn, PeopleQuery};
use uuid::Uuid;

/// The list's own order or, when one leafs back, its reverse.
#[derive(Debug, Clone, Copy)]
pub(super) struct Direction {
    /// The column that the list is ordered by.
    pub key: &'static str,
    beyond: &'static str,
    word: &'static str,
}

impl Direction {
    pub(super) fn of(query: &PeopleQuery) -> Self {
        let key = match query.order.column {
            PeopleColumn::Name => "name_key",
            PeopleColumn::Username => "username",
            PeopleColumn::Email => "email",
            PeopleColumn::Status => "status",
            PeopleColumn::LastSignIn => "last_login_at",
            PeopleColumn::SignIns => "login_count",
            PeopleColumn::Created => "id",
            PeopleColumn::Role => "role_codes",
            PeopleColumn::SecondFactor => "factors",
        };
        let (beyond, word) = if is_descending(query) { ("<", "desc") } else { (">", "asc") };
        Self { key, beyond, word }
    }

    /// Rows beyond the cursor, or all of them. `of` names a key and an id.
    pub(super) fn within(self, query: &PeopleQuery, of: (&str, &str), values: &mut Values) -> String {
        let (edge, id) = edge(query);
        let (edge, id) = (values.add(edge), values.add(Value::Id(id)));
        format!("({}, {}) {} ({edge}, {id})", of.0, of.1, self.beyond)
    }

    /// The same where all keys are one: only the ids count.
    pub(super) fn within_ids(self, query: &PeopleQuery, values: &mut Values) -> String {
        let (_, id) = edge(query);
        format!("p.id {} {}", self.beyond, values.add(Value::Id(id)))
    }

    /// `order by`, by this key and this id.
    pub(super) fn by(self, key: &str, id: &str) -> String {
        format!("order by {key} {0}, {id} {0}", self.word)
    }

    /// `order by` for whole people.
    pub(super) fn of_people(self) -> String {
        self.by(&format!("p.{}", self.key), "p.id")
    }
}

fn is_descending(query: &PeopleQuery) -> bool {
    query.order.descending != query.cursor.as_ref().is_some_and(|cursor| cursor.backwards)
}

/// The edge that the cursor names, or the far end of the order for the first page.
fn edge(query: &PeopleQuery) -> (Value, Uuid) {
    use PeopleColumn::{Created, LastSignIn, SecondFactor, SignIns, Status};
    let descending = is_descending(query);
    let id = query.cursor.as_ref().map(|cursor| cursor.id.uuid());
    let id = id.unwrap_or(if descending { Uuid::max() } else { Uuid::nil() });
    let key = query.cursor.as_ref().map(|cursor| &cursor.key);
    let edge = match (query.order.column, key) {
        (Created, _) => Value::Id(id),
        (LastSignIn | SignIns | SecondFactor, Some(CursorKey::Number(number))) => Value::Number(*number),
        (LastSignIn | SignIns | SecondFactor, _) => {
            Value::Number(if descending { i64::MAX } else { i64::MIN })
        }
        (_, Some(CursorKey::Text(text))) => Value::Text(text.clone()),
        // Words in the database's own collation, where the last of all characters may come first.
        (Status, _) if descending => Value::Text("zzzz".into()),
        _ => Value::Text(if descending { char::MAX.to_string() } else { String::new() }),
    };
    (edge, id)
}
