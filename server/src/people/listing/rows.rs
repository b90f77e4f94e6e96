//! The rows of a page, by whichever plan suits the question.

use super::{
    super::store::{COLUMNS, Row},
    names::Names,
    needle::Needle,
    order::Direction,
    statement::{self, Values},
};
use crate::{
    Result,
    db::{Db, Lane},
};
use domain::listing::PeopleQuery;

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
    /// Names that begin as the text does stand together in the order; the trigram index knows the few others.
    Names(Names),
}

/// The rows of a page and one more, which tells whether there is another page.
pub(super) async fn fetch(db: &Db, query: &PeopleQuery, plan: Plan) -> Result<Vec<Row>> {
    let mut values = Values::default();
    let direction = Direction::of(query);
    let key = direction.key;
    let within = direction.within(query, (&format!("p.{key}"), "p.id"), &mut values);
    let order = direction.of_people();
    let limit = i64::from(query.size.get()) + 1;
    let text = query.search.as_str();
    let needle = Needle::of(db, text);
    let sql = match plan {
        Plan::Stretch => format!("select {COLUMNS} from people p where {within} {order} limit {limit}"),
        // Ids first, from the index of the order alone, then the few whole rows.
        Plan::Walk(rows) => format!(
            "select {COLUMNS} from (select p.own from (select p.{key}, p.id as own, p.search_text from people p
                                                       where {within} {order} limit {rows}) p
                                    where {} {} limit {limit}) h
             join people p on p.id = h.own {order}",
            needle.is_held(db, "p.search_text", &mut values),
            direction.by(&format!("p.{key}"), "p.own"),
        ),
        Plan::EndOfWalk(rows) => format!(
            "select {COLUMNS} from people p
             where p.id = (select p.id from people p where {within} {order} limit 1 offset {rows} - 1)"
        ),
        Plan::Hits => hits(db, &needle, &within, &order, limit, &mut values),
        Plan::Names(names) => {
            // Each part of them in order, so that none is gone through to its end.
            let and = format!(" and {within} {order} limit {limit}");
            let ids = names.sql(&format!("p.{key}, p.id"), query, &and, &mut values);
            format!(
                "select {COLUMNS} from (select id as own from ({ids}) s {} limit {limit}) h
                 join people p on p.id = h.own {order}",
                direction.by(key, "id"),
            )
        }
    };
    statement::rows(db, sql, values).await
}

/// The trigram index's hits, sorted.
fn hits(db: &Db, needle: &Needle<'_>, within: &str, order: &str, limit: i64, values: &mut Values) -> String {
    let holds = needle.is_held(db, "p.search_text", values);
    // Ids first: what tells the order is less to carry than whole rows with their roles.
    let found = match db.lane() {
        Lane::Sqlite(_) => format!(
            "select p.id as own from people_search f cross join people p on p.number = f.rowid
             where f.people_search match {} and {holds} and {within} {order} limit {limit}",
            values.text(needle.phrase())
        ),
        Lane::Postgres(_) => format!(
            "select p.id as own from (select * from people q where {} offset 0) p
             where {holds} and {within} {order} limit {limit}",
            needle.is_like("q.search_text", values)
        ),
    };
    format!("select {COLUMNS} from ({found}) h join people p on p.id = h.own {order}")
}
