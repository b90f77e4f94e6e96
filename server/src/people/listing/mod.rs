//! The list of people: a page of it in constant time, however many there are and wherever one has leafed to.
//!
//! Without a search the page is a stretch of the order's own index. With one there are two plans: a rare text is looked
//! up in the trigram index and its few hits are sorted; a common one is met soon while walking in order, so that walk
//! is tried first and is bounded.

use super::store::{COLUMNS, Person, Row};
use crate::{
    Result,
    db::{Db, Lane},
};
use domain::{
    Timestamp,
    listing::{Cursor, CursorKey, PeopleColumn, PeopleQuery, SearchText},
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// Counting stops here: "10,000+" says as much as a person can use.
const COUNT_AT_MOST: i64 = 10_000;
/// Up to so many hits are sorted whole.
const RARE: i64 = 4_000;
/// How many rows a walk may look at before it gives up.
const WALK: i64 = 20_000;
/// Shorter texts have no trigram, so only the walk can find them.
const SHORTEST_INDEXED: usize = 3;

/// A page of the list.
#[derive(Debug, Clone)]
pub struct Page {
    pub people: Vec<Person>,
    pub previous: Option<Cursor>,
    pub next: Option<Cursor>,
    pub total: Total,
    /// Where to go on when only a part of the list was looked through.
    pub resume: Option<Cursor>,
}

/// How many there are in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    pub count: i64,
    /// Otherwise there are at least this many.
    pub exact: bool,
}

impl Total {
    /// A count that was stopped one past the most it tells.
    const fn stopped_at(count: i64) -> Self {
        if count > COUNT_AT_MOST {
            Self { count: COUNT_AT_MOST, exact: false }
        } else {
            Self { count, exact: true }
        }
    }
}

pub(super) async fn page(db: &Db, now: Timestamp, query: &PeopleQuery) -> Result<Page> {
    let total = count(db, query).await?;
    if query.search.is_empty() {
        return Ok(cut(fetch(db, query, Plan::Stretch).await?, query, total, now));
    }
    if is_short(query) {
        let rows = fetch(db, query, Plan::Walk).await?;
        let resume = if is_full(&rows, query) { None } else { end_of_walk(db, query).await? };
        return Ok(Page { resume, ..cut(rows, query, total, now) });
    }
    if !total.exact || total.count > RARE {
        let rows = fetch(db, query, Plan::Walk).await?;
        if is_full(&rows, query) {
            return Ok(cut(rows, query, total, now));
        }
    }
    Ok(cut(fetch(db, query, Plan::Hits).await?, query, total, now))
}

/// Whether there are rows for the whole page and one beyond.
fn is_full(rows: &[Row], query: &PeopleQuery) -> bool {
    rows.len() > usize::from(query.size.get())
}

/// Too short for the trigram index.
fn is_short(query: &PeopleQuery) -> bool {
    query.search.as_str().chars().count() < SHORTEST_INDEXED
}

/// Where the rows of a page come from.
#[derive(Clone, Copy)]
enum Plan {
    Stretch,
    Walk,
    Hits,
}

async fn count(db: &Db, query: &PeopleQuery) -> Result<Total> {
    let stop = COUNT_AT_MOST + 1;
    let search = query.search.as_str();
    if search.is_empty() {
        let (count,) =
            fetch_one!(db, (i64,), "select count(*) from (select 1 from people limit $1) p", stop)?;
        return Ok(Total::stopped_at(count));
    }
    if is_short(query) {
        let (looked_at, count): (i64, Option<i64>) = fetch_one!(
            db,
            (i64, Option<i64>),
            "select count(*), cast(sum(case when p.search_text like $1 escape '\\' then 1 else 0 end) as bigint)
             from (select search_text from people limit $2) p",
            pattern(search),
            WALK + 1,
        )?;
        let total = Total::stopped_at(count.unwrap_or(0));
        return Ok(Total { exact: total.exact && looked_at <= WALK, ..total });
    }
    let (count,): (i64,) = match db.lane() {
        Lane::Sqlite(on) => {
            sqlx::query_as(
                "select count(*) from (select 1 from people_search where people_search match $1 limit $2)",
            )
            .bind(phrase(search))
            .bind(stop)
            .fetch_one(on)
            .await?
        }
        Lane::Postgres(on) => {
            sqlx::query_as("select count(*) from (select 1 from people where search_text like $1 limit $2) p")
                .bind(pattern(search))
                .bind(stop)
                .fetch_one(on)
                .await?
        }
    };
    Ok(Total::stopped_at(count))
}

/// Where a walk over the whole of its bound ends, so that one can go on from there; nothing at the end of the list.
async fn end_of_walk(db: &Db, query: &PeopleQuery) -> Result<Option<Cursor>> {
    let stretch = PeopleQuery { search: SearchText::default(), ..query.clone() };
    let last = fetch_beyond(db, &stretch, Plan::Stretch, 1, WALK - 1).await?;
    let backwards = query.cursor.as_ref().is_some_and(|cursor| cursor.backwards);
    Ok(last.first().map(|row| cursor_at(row, query, backwards)))
}

/// The rows of a page and one more, which tells whether there is another page.
async fn fetch(db: &Db, query: &PeopleQuery, plan: Plan) -> Result<Vec<Row>> {
    fetch_beyond(db, query, plan, i64::from(query.size.get()) + 1, 0).await
}

async fn fetch_beyond(db: &Db, query: &PeopleQuery, plan: Plan, limit: i64, skip: i64) -> Result<Vec<Row>> {
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
    // $3 bounds the page; $4 is what is searched for.
    let sql = match (plan, db.lane()) {
        (Plan::Stretch, _) => {
            format!("select {COLUMNS} from people p where {within} {order} limit $3 offset {skip}")
        }
        (Plan::Walk, _) => format!(
            "select {COLUMNS} from (select * from people p where {within} {order} limit {WALK}) p
             where p.search_text like $4 escape '\\' {order} limit $3"
        ),
        (Plan::Hits, Lane::Sqlite(_)) => format!(
            "select {COLUMNS} from people_search f cross join people p on p.number = f.rowid
             where f.people_search match $4 and {within} {order} limit $3"
        ),
        (Plan::Hits, Lane::Postgres(_)) => format!(
            "with p as materialized (select * from people where search_text like $4)
             select {COLUMNS} from p where {within} {order} limit $3"
        ),
    };
    let search = query.search.as_str();
    let search = match (plan, db.lane()) {
        (Plan::Hits, Lane::Sqlite(_)) => phrase(search),
        _ => pattern(search),
    };
    let (edge, id) = edge(query, descending);
    macro_rules! rows {
        ($edge:expr) => {
            match plan {
                Plan::Stretch => fetch_all!(db, Row, AssertSqlSafe(sql), $edge, id, limit),
                Plan::Walk | Plan::Hits => fetch_all!(db, Row, AssertSqlSafe(sql), $edge, id, limit, search),
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

/// Cuts what was fetched to the page's size, and names the edges that the next and the previous page begin at.
fn cut(mut rows: Vec<Row>, query: &PeopleQuery, total: Total, now: Timestamp) -> Page {
    let size = usize::from(query.size.get());
    let more = rows.len() > size;
    rows.truncate(size);
    let backwards = query.cursor.as_ref().is_some_and(|cursor| cursor.backwards);
    if backwards {
        rows.reverse();
    }
    let has_previous = if backwards { more } else { query.cursor.is_some() };
    let has_next = backwards || more;
    Page {
        previous: rows.first().filter(|_| has_previous).map(|row| cursor_at(row, query, true)),
        next: rows.last().filter(|_| has_next).map(|row| cursor_at(row, query, false)),
        people: rows.into_iter().map(|row| row.seen_at(now)).collect(),
        total,
        resume: None,
    }
}

fn cursor_at(row: &Row, query: &PeopleQuery, backwards: bool) -> Cursor {
    let key = match query.order.column {
        PeopleColumn::Name => CursorKey::Text(row.name_key.clone()),
        PeopleColumn::LastSignIn => CursorKey::Number(row.last_login_at.microseconds()),
        PeopleColumn::Username => CursorKey::Text(row.username().to_owned()),
        PeopleColumn::Email => CursorKey::Text(row.email().to_owned()),
        PeopleColumn::Created => CursorKey::Number(0),
    };
    Cursor { order: query.order, key, id: row.id(), backwards }
}

/// For `like`: anything around the text, whose own `%`, `_` and `\` stand for themselves.
fn pattern(search: &str) -> String {
    format!("%{}%", search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// For the trigram index of SQLite: the text as one phrase.
fn phrase(search: &str) -> String {
    format!("\"{}\"", search.replace('"', "\"\""))
}
