//! One pass over everybody whom a source finds: how many of them fulfil everything, and a page of these, in one statement.

use super::{
    conditions::Conditions,
    needle::Needle,
    order::Direction,
    rows::{Plan, fetch},
    sources::Source,
    statement::{self, Values},
};
use crate::{
    Result,
    db::{Db, Lane},
    people::store::{COLUMNS, Row},
};
use domain::{Timestamp, listing::PeopleQuery};

/// What was found on the way.
#[derive(Debug)]
pub(super) struct Pass {
    /// The page's rows and one more.
    pub rows: Vec<Row>,
    /// How many fulfil everything.
    pub found: i64,
    /// Whether everybody was looked at whom the source finds. Else there may be more, and other rows.
    pub is_whole: bool,
}

/// A line of the answer: the same counts in each, and a row unless the page is empty.
#[derive(Debug)]
pub(super) struct Line {
    looked_at: i64,
    found: i64,
    row: Option<Row>,
}

macro_rules! read_by {
    ($($row:ty),+) => {$(
        impl sqlx::FromRow<'_, $row> for Line {
            fn from_row(line: &$row) -> sqlx::Result<Self> {
                use sqlx::Row as _;
                let has_row = line.try_get::<Option<String>, _>("username")?.is_some();
                let row = if has_row { Some(Row::from_row(line)?) } else { None };
                Ok(Self { looked_at: line.try_get("looked_at")?, found: line.try_get("found")?, row })
            }
        }
    )+};
}

read_by!(sqlx::sqlite::SqliteRow, sqlx::postgres::PgRow);

/// Those who hold the text, counted and a page of them; no more than so many are sorted.
pub(super) async fn hits(db: &Db, now: Timestamp, query: &PeopleQuery, at_most: i64) -> Result<Pass> {
    let needle = Needle::of(db, query.search.as_str());
    if !matches!(db.lane(), Lane::Sqlite(_)) || !needle.is_known_to_the_index() {
        return pass(db, now, query, Source::Text, at_most).await;
    }
    // SQLite's index alone can count them, and sorting without keeping everybody is quicker.
    let found = Source::Text.size(db, now, query, at_most + 1).await?;
    let is_whole = found <= at_most;
    let rows = if is_whole { fetch(db, query, Plan::Hits).await? } else { Vec::new() };
    Ok(Pass { rows, found, is_whole })
}

/// Looks at no more people than this.
pub(super) async fn pass(
    db: &Db,
    now: Timestamp,
    query: &PeopleQuery,
    source: Source,
    at_most: i64,
) -> Result<Pass> {
    let mut values = Values::default();
    let direction = Direction::of(query);
    let conditions = Conditions::of(db, now, query, Some(source), &mut values);
    let people =
        source.people(db, now, query, &conditions.columns_and(direction.key), at_most + 1, &mut values);
    let (key, limit) = (direction.key, i64::from(query.size.get()) + 1);
    let within = direction.within(query, ("key", "own"), &mut values);
    let sql = format!(
        "with h as materialized (select p.{key} as key, p.id as own, {} as fits from {people})
         select c.looked_at, c.found, {COLUMNS}
         from (select count(*) as looked_at, count(case when fits then 1 end) as found from h) c
         left join (select own from h where fits and {within} {} limit {limit}) x on true
         left join people p on p.id = x.own {}",
        conditions.sql(),
        direction.by("key", "own"),
        direction.of_people(),
    );
    let lines = statement::lines_of_pass(db, sql, values).await?;
    let (looked_at, found) = lines.first().map_or((0, 0), |line| (line.looked_at, line.found));
    let rows = lines.into_iter().filter_map(|line| line.row).collect();
    Ok(Pass { rows, found, is_whole: looked_at <= at_most })
}
