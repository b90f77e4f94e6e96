//! The list of people: a page of it in constant time, however many there are and wherever one has leafed to.
//!
//! Without a search the page is a stretch of the order's own index. With one there are several plans: where nearly all who hold
//! the text have it at the beginning of their name, they are a stretch of the names; a common text is met soon while walking in
//! order, so a short walk is tried; else its hits are looked up in the trigram index, counted and sorted in one pass.
//! `filtered` says how it is with filters.

mod bounds;
mod conditions;
mod count;
mod filtered;
#[cfg(test)]
mod model;
mod names;
mod needle;
mod order;
mod pass;
mod rows;
pub(super) mod sought;
mod sources;
mod statement;
mod stretch;
mod these;

use super::store::{Person, Row};
use crate::{Result, db::Db};
use bounds::Bounds;
use domain::{
    Timestamp,
    listing::{Cursor, CursorKey, PeopleColumn, PeopleQuery},
    person::search_text,
};
use names::Names;
use needle::Needle;
use rows::{Plan, fetch};
use sources::Source;

pub use count::Total;
pub(super) use stretch::{Stretch, stretch, stretch_of};
pub(super) use these::these;

/// How many rows a walk may look at before it gives up: along the names, the index holds all that it needs.
const WALK_ALONG_NAMES: i64 = 20_000;
const WALK_ELSEWHERE: i64 = 5_000;

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

pub(super) async fn page(db: &Db, now: Timestamp, query: &PeopleQuery) -> Result<Page> {
    page_within(db, now, query, Bounds::USUAL).await
}

async fn page_within(db: &Db, now: Timestamp, query: &PeopleQuery, bounds: Bounds) -> Result<Page> {
    let mut page = found(db, now, query, bounds).await?;
    if db.at_rest().is_on() && !query.search.is_empty() {
        // Terms tell nearly always rightly who holds a text; now it can be read.
        let count = page.people.len();
        page.people.retain(|person| holds(person, query));
        page.total.exact &= page.people.len() == count;
    }
    Ok(page)
}

/// Whether somebody holds the text that is searched for.
fn holds(person: &Person, query: &PeopleQuery) -> bool {
    search_text(&person.username, &person.full_name, &person.email).contains(query.search.as_str())
}

async fn found(db: &Db, now: Timestamp, query: &PeopleQuery, bounds: Bounds) -> Result<Page> {
    if !query.filters.is_empty() {
        return filtered::page(db, now, query, bounds).await;
    }
    if query.search.is_empty() {
        let total = count::everyone(db).await?;
        return Ok(cut(fetch(db, query, Plan::Stretch).await?, query, total, now));
    }
    if Needle::of(db, query.search.as_str()).is_short() {
        let walk = walk(query);
        let total = count::hits_of_a_walk(db, query, walk).await?;
        let rows = fetch(db, query, Plan::Walk(walk)).await?;
        let resume = if is_full(&rows, query) { None } else { end_of_walk(db, query, walk).await? };
        return Ok(Page { resume, ..cut(rows, query, total, now) });
    }
    searched(db, now, query, bounds).await
}

async fn searched(db: &Db, now: Timestamp, query: &PeopleQuery, bounds: Bounds) -> Result<Page> {
    if query.order.column == PeopleColumn::Name
        && let Some(names) = Names::of(db, query, bounds.others).await?
    {
        let found = Source::Names(names).size(db, now, query, Total::STOP).await?;
        let rows = fetch(db, query, Plan::Names(names)).await?;
        return Ok(cut(rows, query, Total::stopped_at(found), now));
    }
    let rows = fetch(db, query, Plan::Walk(bounds.first)).await?;
    if is_full(&rows, query) {
        return Ok(cut(rows, query, count::hits(db, query).await?, now));
    }
    let pass = pass::hits(db, now, query, bounds.counted).await?;
    let total = Total::stopped_at(pass.found).of(pass.is_whole);
    if pass.is_whole {
        return Ok(cut(pass.rows, query, total, now));
    }
    let rows = fetch(db, query, Plan::Walk(walk(query))).await?;
    if is_full(&rows, query) {
        return Ok(cut(rows, query, total, now));
    }
    Ok(cut(fetch(db, query, Plan::Hits).await?, query, total, now))
}

/// Whether there are rows for the whole page and one beyond.
fn is_full(rows: &[Row], query: &PeopleQuery) -> bool {
    rows.len() > usize::from(query.size.get())
}

/// How many rows a walk in this order looks at.
const fn walk(query: &PeopleQuery) -> i64 {
    match query.order.column {
        PeopleColumn::Name => WALK_ALONG_NAMES,
        _ => WALK_ELSEWHERE,
    }
}

/// Where a walk over the whole of its bound ends, so that one can go on from there; nothing at the end of the list.
async fn end_of_walk(db: &Db, query: &PeopleQuery, walk: i64) -> Result<Option<Cursor>> {
    let last = fetch(db, query, Plan::EndOfWalk(walk)).await?;
    let backwards = query.cursor.as_ref().is_some_and(|cursor| cursor.backwards);
    Ok(last.first().map(|row| cursor_at(row, query, backwards)))
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
        PeopleColumn::Status => CursorKey::Text(row.status.code().to_owned()),
        PeopleColumn::SignIns => CursorKey::Number(row.login_count),
        PeopleColumn::Created => CursorKey::Number(0),
        PeopleColumn::Role => CursorKey::Text(row.role_codes.clone()),
        PeopleColumn::SecondFactor => CursorKey::Number(row.factors.number()),
    };
    Cursor { order: query.order, filters: query.filters.clone(), key, id: row.id(), backwards }
}
