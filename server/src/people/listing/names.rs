//! Names that begin with a text stand together in the order of names. Where hardly anybody holds the text elsewhere, they and
//! the few others are all whom a search finds, and that order's index alone knows them. Only SQLite's trigram index can tell.

use super::{
    needle::phrase_elsewhere,
    statement::{self, Values},
};
use crate::{
    Result,
    db::{Db, Lane},
};
use domain::listing::PeopleQuery;

/// So many letters of the text are asked for: one trigram, which is counted several times quicker than the text.
const BEGINNING: usize = 3;

/// Those who hold the text, told apart by whether their names begin as it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Names {
    /// Whether there is anybody whose name does not.
    pub others: bool,
}

impl Names {
    /// Nothing where more than so many others would have to be looked at, or where nothing can tell.
    pub(super) async fn of(db: &Db, query: &PeopleQuery, few: i64) -> Result<Option<Self>> {
        let (Lane::Sqlite(_), Some(beginning), false) = (db.lane(), beginning(query), db.at_rest().is_on())
        else {
            return Ok(None);
        };
        let mut values = Values::default();
        let (elsewhere, begin) = (values.text(phrase_elsewhere(beginning)), values.text(beginning));
        // Names of signs alone are empty once folded, so the text of such people begins with their username.
        let sql = format!(
            "select count(*) from (select 1 from people_search where people_search match {elsewhere}
                                   union all select 1 from people where name_key = '' and instr(search_text, {begin}) > 0
                                   limit {few} + 1) s"
        );
        let others = statement::number(db, sql, values).await?;
        Ok((others <= few).then_some(Self { others: others > 0 }))
    }

    /// Everybody who holds the text and fulfils this as well.
    pub(super) fn sql(self, columns: &str, query: &PeopleQuery, and: &str, values: &mut Values) -> String {
        let holds = format!("instr(p.search_text, {}) > 0", values.text(query.search.as_str()));
        let (from, to) = edges(query, values);
        let begin = format!(
            "select * from (select {columns} from people p where p.name_key >= {from} and p.name_key < {to} and {holds}{and})"
        );
        if !self.others {
            return begin;
        }
        let elsewhere = values.text(phrase_elsewhere(beginning(query).unwrap_or_default()));
        format!(
            "{begin}
             union all
             select * from (select {columns} from people_search f cross join people p on p.number = f.rowid
                            where f.people_search match {elsewhere} and p.name_key <> ''
                              and not (p.name_key >= {from} and p.name_key < {to}) and {holds}{and})
             union all
             select * from (select {columns} from people p where p.name_key = '' and {holds}{and})"
        )
    }
}

/// The stretch of names that begin as the text does.
pub(super) fn stretch(query: &PeopleQuery, values: &mut Values) -> String {
    let (from, to) = edges(query, values);
    format!("p.name_key >= {from} and p.name_key < {to}")
}

fn edges(query: &PeopleQuery, values: &mut Values) -> (String, String) {
    let beginning = beginning(query).unwrap_or_default();
    (values.text(beginning), values.text(format!("{beginning}{}", char::MAX)))
}

/// The first letters of the text, unless they go beyond a word: whose text begins so, their name does.
fn beginning(query: &PeopleQuery) -> Option<&str> {
    let text = query.search.as_str();
    let end = text.char_indices().map(|(at, letter)| at + letter.len_utf8()).nth(BEGINNING - 1)?;
    text.get(..end).filter(|beginning| !beginning.contains(' '))
}
