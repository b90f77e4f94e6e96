//! How many people a list has, counted no further than is told.

use super::needle::{needle, pattern, phrase, phrase_elsewhere};
use crate::{
    Result,
    db::{Db, Lane},
};
use domain::listing::PeopleQuery;

/// Counting stops here: "10,000+" says as much as a person can use.
const COUNT_AT_MOST: i64 = 10_000;

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

    pub(super) const fn exceeds(self, count: i64) -> bool {
        !self.exact || self.count > count
    }
}

pub(super) async fn everyone(db: &Db) -> Result<Total> {
    let (count,) =
        fetch_one!(db, (i64,), "select count(*) from (select 1 from people limit $1) p", COUNT_AT_MOST + 1)?;
    Ok(Total::stopped_at(count))
}

/// How many hold the text in the part of the list that a walk looks at.
pub(super) async fn hits_of_a_walk(db: &Db, query: &PeopleQuery, walk: i64) -> Result<Total> {
    let (looked_at, count): (i64, Option<i64>) = fetch_one!(
        db,
        (i64, Option<i64>),
        "select count(*), cast(sum(case when p.search_text like $1 escape '\\' then 1 else 0 end) as bigint)
         from (select search_text from people limit $2) p",
        pattern(query.search.as_str()),
        walk + 1,
    )?;
    let total = Total::stopped_at(count.unwrap_or(0));
    Ok(Total { exact: total.exact && looked_at <= walk, ..total })
}

/// How many hold the text.
pub(super) async fn hits(db: &Db, query: &PeopleQuery) -> Result<Total> {
    let stop = COUNT_AT_MOST + 1;
    let text = query.search.as_str();
    let needle = needle(text);
    let (count,): (i64,) = match db.lane() {
        // The index alone knows it, unless it was asked for a part of the text only.
        Lane::Sqlite(_) if needle == text => return indexed(db, phrase(text), stop).await.map(Total::stopped_at),
        Lane::Sqlite(on) => {
            sqlx::query_as(
                "select count(*) from (select 1 from people_search f cross join people p on p.number = f.rowid
                                       where f.people_search match $1 and instr(p.search_text, $3) > 0 limit $2) p",
            )
            .bind(phrase(needle))
            .bind(stop)
            .bind(text)
            .fetch_one(on)
            .await?
        }
        Lane::Postgres(on) => {
            sqlx::query_as(
                "select count(*) from (select 1 from people where search_text like $1 and strpos(search_text, $3) > 0 limit $2) p",
            )
            .bind(pattern(needle))
            .bind(stop)
            .bind(text)
            .fetch_one(on)
            .await?
        }
    };
    Ok(Total::stopped_at(count))
}

/// Whether hardly anyone holds the text but at the beginning of the name, so that nearly all hits stand together in the
/// order of names. Only SQLite's index knows where in a text it found something.
pub(super) async fn few_hold_it_elsewhere(db: &Db, query: &PeopleQuery, few: i64) -> Result<bool> {
    let text = query.search.as_str();
    match db.lane() {
        Lane::Sqlite(_) if needle(text) == text => {
            Ok(indexed(db, phrase_elsewhere(text), few + 1).await? <= few)
        }
        _ => Ok(false),
    }
}

/// How many rows SQLite's index has for an expression; it stops counting at this number.
async fn indexed(db: &Db, expression: String, stop: i64) -> Result<i64> {
    let sql = "select count(*) from (select 1 from people_search where people_search match $1 limit $2) p";
    fetch_one!(db, (i64,), sql, expression, stop).map(|(count,)| count)
}
