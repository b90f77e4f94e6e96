//! The rows of a page, by whichever plan suits the question.

use super::{
    super::store::{COLUMNS, Row},
    needle::{needle, pattern, phrase, phrase_elsewhere},
};
use crate::{
    Result,
    db::{Db, Lane},
};
use domain::listing::{CursorKey, PeopleColumn, PeopleQuery};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// Where the rows of a page come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// The next rows of the order, whatever they hold.
    Stretch,
    /// Those of the next so many rows that hold the text.
    Walk(i64),
    /// The last row that such a walk looks at.
    EndOfWalk(i64),
    /// The trigram index's hits, sorted.
    Hits,
    /// Names that begin with the text stand together in the order; the trigram index knows the few others.
    NamesAndFewHits,
}

/// The rows of a page and one more, which tells whether there is another page.
pub(super) async fn fetch(db: &Db, query: &PeopleQuery, plan: Plan) -> Result<Vec<Row>> {
    let backwards = query.cursor.as_ref().is_some_and(|cursor| cursor.backwards);
    let descending = query.order.descending != backwards;
    let (beyond, direction) = if descending { ("<", "desc") } else { (">", "asc") };
    let key = match query.order.column {
        PeopleColumn::Name => "name_key",
        PeopleColumn::Username => "username",
        PeopleColumn::Email => "email",
        PeopleColumn::LastSignIn => "last_login_at",
        PeopleColumn::Created => "id",
    };
    let within = format!("(p.{key}, p.id) {beyond} ($1, $2)");
    let order = format!("order by p.{key} {direction}, p.id {direction}");
    let text = query.search.as_str();
    // $3 bounds the page, $4 is the text that is searched for, $5 what the trigram index is asked for.
    let (holds, asked) = match db.lane() {
        Lane::Sqlite(_) => ("instr(p.search_text, $4) > 0", phrase(needle(text))),
        // Not `like`: the planner would go to the trigram index instead of along the order.
        Lane::Postgres(_) => ("strpos(p.search_text, $4) > 0", pattern(needle(text))),
    };
    let sql = match (plan, db.lane()) {
        (Plan::Stretch, _) => format!("select {COLUMNS} from people p where {within} {order} limit $3"),
        // Ids first, from the index of the order alone, then the few whole rows.
        (Plan::Walk(rows), _) => format!(
            "select {COLUMNS} from (select p.own from (select p.{key}, p.id as own, p.search_text from people p
                                                       where {within} {order} limit {rows}) p
                                    where {holds} order by p.{key} {direction}, p.own {direction} limit $3) h
             join people p on p.id = h.own {order}"
        ),
        (Plan::EndOfWalk(rows), _) => format!(
            "select {COLUMNS} from people p
             where p.id = (select p.id from people p where {within} {order} limit 1 offset {rows} - 1) limit $3"
        ),
        (Plan::Hits, Lane::Sqlite(_)) => format!(
            "select {COLUMNS} from people_search f cross join people p on p.number = f.rowid
             where f.people_search match $5 and {holds} and {within} {order} limit $3"
        ),
        (Plan::Hits | Plan::NamesAndFewHits, Lane::Postgres(_)) => format!(
            "with p as materialized (select * from people p where search_text like $5 and {holds})
             select {COLUMNS} from p where {within} {order} limit $3"
        ),
        (Plan::NamesAndFewHits, Lane::Sqlite(_)) => format!(
            "select {COLUMNS} from (
                 select own from (select p.id as own from people p
                                  where p.name_key >= $4 and p.name_key < $6 and {within} {order} limit $3) a
                 union all
                 select own from (select p.id as own from people_search f cross join people p on p.number = f.rowid
                                  where f.people_search match $5 and {within} {order} limit $3) b) h
             join people p on p.id = h.own {order} limit $3"
        ),
    };
    let limit = i64::from(query.size.get()) + 1;
    let (edge, id) = edge(query, descending);
    macro_rules! rows {
        ($edge:expr) => {
            match plan {
                Plan::Stretch | Plan::EndOfWalk(_) => {
                    fetch_all!(db, Row, AssertSqlSafe(sql), $edge, id, limit)
                }
                Plan::Walk(_) => fetch_all!(db, Row, AssertSqlSafe(sql), $edge, id, limit, text),
                Plan::Hits => fetch_all!(db, Row, AssertSqlSafe(sql), $edge, id, limit, text, asked),
                Plan::NamesAndFewHits => {
                    let (elsewhere, after) = (phrase_elsewhere(text), format!("{text}{}", char::MAX));
                    fetch_all!(db, Row, AssertSqlSafe(sql), $edge, id, limit, text, elsewhere, after)
                }
            }
        };
    }
    match edge {
        Edge::Text(text) => rows!(text),
        Edge::Number(number) => rows!(number),
        Edge::Id(edge) => rows!(edge),
    }
}

/// The value that the page begins beyond.
enum Edge {
    Text(String),
    Number(i64),
    Id(Uuid),
}

/// The edge that the cursor names, or the far end of the order for the first page.
fn edge(query: &PeopleQuery, descending: bool) -> (Edge, Uuid) {
    let id = query.cursor.as_ref().map(|cursor| cursor.id.uuid());
    let far_id = if descending { Uuid::max() } else { Uuid::nil() };
    let edge = match query.order.column {
        PeopleColumn::Created => Edge::Id(id.unwrap_or(far_id)),
        PeopleColumn::LastSignIn => match query.cursor.as_ref().map(|cursor| &cursor.key) {
            Some(CursorKey::Number(number)) => Edge::Number(*number),
            _ => Edge::Number(if descending { i64::MAX } else { i64::MIN }),
        },
        PeopleColumn::Name | PeopleColumn::Username | PeopleColumn::Email => {
            match query.cursor.as_ref().map(|cursor| &cursor.key) {
                Some(CursorKey::Text(text)) => Edge::Text(text.clone()),
                _ => Edge::Text(if descending { char::MAX.to_string() } else { String::new() }),
            }
        }
    };
    (edge, id.unwrap_or(far_id))
}
