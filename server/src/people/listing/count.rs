//! How many people a list has, counted no further than is told.

use super::{
    conditions::Conditions,
    needle::{Needle, pattern},
    sources::Source,
    statement::{self, Values},
};
use crate::{
    Result,
    db::{Db, Lane},
};
use domain::{Timestamp, listing::PeopleQuery, person::PersonStatus};

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
    /// One past the most that is told.
    pub(super) const STOP: i64 = COUNT_AT_MOST + 1;

    /// A count that was stopped one past the most it tells.
    pub(super) const fn stopped_at(count: i64) -> Self {
        if count > COUNT_AT_MOST {
            Self { count: COUNT_AT_MOST, exact: false }
        } else {
            Self { count, exact: true }
        }
    }

    /// The same where not everybody was looked at.
    pub(super) const fn of(self, everybody: bool) -> Self {
        Self { exact: self.exact && everybody, ..self }
    }
}

pub(super) async fn everyone(db: &Db) -> Result<Total> {
    let (count,) =
        fetch_one!(db, (i64,), "select count(*) from (select 1 from people limit $1) p", COUNT_AT_MOST + 1)?;
    Ok(Total::stopped_at(count))
}

/// How many fulfil everything, where `fewest` of the sources and its size are known; at most `looked_at` people are looked at.
pub(super) async fn filtered(
    db: &Db,
    now: Timestamp,
    query: &PeopleQuery,
    sources: &[Source],
    fewest: (Source, i64),
    looked_at: i64,
) -> Result<Total> {
    let (source, size) = fewest;
    match sources {
        [_] if query.search.is_empty() && source.is_exact() => Ok(Total::stopped_at(size)),
        // Those who are locked are few; the others are counted along the index alone.
        [Source::Status(PersonStatus::Active)] if query.search.is_empty() => {
            let locked = locked(db, now).await?;
            let active = source.size(db, now, query, Total::STOP + locked).await?;
            Ok(Total::stopped_at(active - locked))
        }
        _ => fulfilling(db, now, query, fewest, looked_at).await,
    }
}

/// How many of those whom a source finds fulfil everything; of more than can be looked at, at least so many.
async fn fulfilling(
    db: &Db,
    now: Timestamp,
    query: &PeopleQuery,
    fewest: (Source, i64),
    looked_at: i64,
) -> Result<Total> {
    let (source, size) = fewest;
    let mut values = Values::default();
    let conditions = Conditions::of(db, now, query, Some(source), &mut values);
    let people = source.people(db, now, query, &conditions.columns_and("id"), looked_at, &mut values);
    let (conditions, stop) = (conditions.sql(), Total::STOP);
    let sql = format!("select count(*) from (select 1 from {people} where {conditions} limit {stop}) h");
    let total = Total::stopped_at(statement::number(db, sql, values).await?);
    if !total.exact {
        return Ok(total);
    }
    let is_known = size < Total::STOP;
    let size = if is_known { size } else { source.size(db, now, query, looked_at + 1).await? };
    Ok(total.of(size <= looked_at))
}

/// How many are locked right now.
async fn locked(db: &Db, now: Timestamp) -> Result<i64> {
    let sql = "select count(*) from (select 1 from people where locked_until > $1 and status = 'active' limit $2) p";
    fetch_one!(db, (i64,), sql, now, COUNT_AT_MOST).map(|(count,)| count)
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
    let needle = Needle::of(db, query.search.as_str());
    let stop = COUNT_AT_MOST + 1;
    let mut values = Values::default();
    let from = match db.lane() {
        // The index alone knows it, unless it was asked for a part of the text only.
        Lane::Sqlite(_) if needle.is_known_to_the_index() => {
            return indexed(db, needle.phrase(), stop).await.map(Total::stopped_at);
        }
        Lane::Sqlite(_) => {
            let asked = values.text(needle.phrase());
            format!(
                "people_search f cross join people p on p.number = f.rowid where f.people_search match {asked}"
            )
        }
        Lane::Postgres(_) => format!("people p where {}", needle.is_like("p.search_text", &mut values)),
    };
    let held = needle.is_held(db, "p.search_text", &mut values);
    let sql = format!("select count(*) from (select 1 from {from} and {held} limit {stop}) p");
    statement::number(db, sql, values).await.map(Total::stopped_at)
}

/// How many rows SQLite's index has for an expression; it stops counting at this number.
async fn indexed(db: &Db, expression: String, stop: i64) -> Result<i64> {
    let sql = "select count(*) from (select 1 from people_search where people_search match $1 limit $2) p";
    fetch_one!(db, (i64,), sql, expression, stop).map(|(count,)| count)
}
