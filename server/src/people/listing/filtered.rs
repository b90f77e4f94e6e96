//! A page of the list with filters. Whoever one of them finds is few enough to be sorted, or they are met soon while walking
//! along the order; only where neither is so, more is looked through.

use super::{
    Page, Total,
    bounds::Bounds,
    conditions::{self, Conditions},
    count, cut, is_full,
    names::{self, Names},
    order::Direction,
    pass::pass,
    sources::{self, Source},
    statement::{self, Values},
};
use crate::{
    Result,
    db::Db,
    people::store::{COLUMNS, Row},
};
use domain::{
    Timestamp,
    listing::{Cursor, FactorFilter, PeopleColumn, PeopleQuery, SignInFilter},
};

/// A question with filters, at a moment.
struct Question<'a> {
    db: &'a Db,
    now: Timestamp,
    query: &'a PeopleQuery,
    direction: Direction,
    /// What knows who holds the text.
    text: Option<Source>,
}

pub(super) async fn page(db: &Db, now: Timestamp, query: &PeopleQuery, bounds: Bounds) -> Result<Page> {
    let (sources, text) = told_apart(db, query, bounds).await?;
    let question = Question { db, now, query, direction: Direction::of(query), text };
    let fewest = sources::fewest(&sources, db, now, query, Total::STOP).await?;
    if let Some((source, size)) = fewest.filter(|(_, size)| *size <= bounds.few) {
        let total = question.total(&sources, (source, size), bounds).await?;
        return Ok(cut(question.sorted(source, bounds.few).await?, query, total, now));
    }
    // A filter that finds a known number, else the text.
    let text = text.map(|text| (text, Total::STOP));
    let Some(telling) = fewest.filter(|(_, size)| *size < Total::STOP).or(text).or(fewest) else {
        return Ok(cut(Vec::new(), query, Total { count: 0, exact: true }, now));
    };
    let rows = question.walk(bounds.strides[0]).await?;
    if is_full(&rows, query) {
        return Ok(cut(rows, query, question.total(&sources, telling, bounds).await?, now));
    }
    let total = if text.is_some() {
        let pass = pass(db, now, query, telling.0, bounds.counted).await?;
        let total = Total::stopped_at(pass.found).of(pass.is_whole);
        if pass.is_whole {
            return Ok(cut(pass.rows, query, total, now));
        }
        total
    } else {
        question.total(&sources, telling, bounds).await?
    };
    let rows = question.walk(bounds.strides[1]).await?;
    if is_full(&rows, query) {
        return Ok(cut(rows, query, total, now));
    }
    let Some(end) = question.end_of_walk(bounds.strides[1]).await? else {
        return Ok(cut(rows, query, total, now));
    };
    let all: Vec<Source> = question.text.into_iter().chain(sources).collect();
    match sources::fewest(&all, db, now, query, bounds.many + 1).await? {
        Some((source, size)) if size <= bounds.many => {
            Ok(cut(question.sorted(source, bounds.many).await?, query, total, now))
        }
        _ => Ok(Page { resume: Some(end), ..cut(rows, query, total, now) }),
    }
}

/// The sources of the filters, and the one of the text, which costs most to ask.
async fn told_apart(db: &Db, query: &PeopleQuery, bounds: Bounds) -> Result<(Vec<Source>, Option<Source>)> {
    let (text, filters): (Vec<Source>, Vec<Source>) =
        Source::of(db, query).into_iter().partition(|source| *source == Source::Text);
    if text.is_empty() {
        return Ok((filters, None));
    }
    let names = Names::of(db, query, bounds.others).await?;
    Ok((filters, Some(names.map_or(Source::Text, Source::Names))))
}

impl Question<'_> {
    async fn total(&self, sources: &[Source], fewest: (Source, i64), bounds: Bounds) -> Result<Total> {
        count::filtered(self.db, self.now, self.query, sources, fewest, bounds.counted).await
    }

    /// The page's rows and one more, out of everybody whom a source finds.
    async fn sorted(&self, source: Source, at_most: i64) -> Result<Vec<Row>> {
        let mut values = Values::default();
        let conditions = Conditions::of(self.db, self.now, self.query, Some(source), &mut values);
        let columns = conditions.columns_and(self.direction.key);
        let people = source.people(self.db, self.now, self.query, &columns, at_most, &mut values);
        let conditions = conditions.sql();
        let key = format!("p.{}", self.direction.key);
        let within = self.direction.within(self.query, (&key, "p.id"), &mut values);
        let order = self.direction.of_people();
        let limit = self.limit();
        let sql = format!(
            "select {COLUMNS} from (select p.id as own from {people} where {conditions} and {within} {order} limit {limit}) h
             join people p on p.id = h.own {order}"
        );
        statement::rows(self.db, sql, values).await
    }

    /// Those of the next so many rows of the order that fulfil everything.
    async fn walk(&self, stride: i64) -> Result<Vec<Row>> {
        let mut values = Values::default();
        let way = Way::of(self, &mut values);
        let conditions = Conditions::of(self.db, self.now, self.query, way.known, &mut values);
        let (order, limit) = (self.direction.of_people(), self.limit());
        let sql = format!(
            "select {COLUMNS} from (select p.id as own from (select {} {} limit {stride}) p
                                    where {} {order} limit {limit}) h
             join people p on p.id = h.own {order}",
            conditions.columns_and(self.direction.key),
            way.sql,
            conditions.sql(),
        );
        statement::rows(self.db, sql, values).await
    }

    /// Where a walk ends that has not come to the end of the list.
    async fn end_of_walk(&self, stride: i64) -> Result<Option<Cursor>> {
        let mut values = Values::default();
        let way = Way::of(self, &mut values);
        let sql = format!(
            "select {COLUMNS} from people p where p.id = (select p.id {} limit 1 offset {})",
            way.sql,
            stride - 1
        );
        let last = statement::rows(self.db, sql, values).await?;
        let backwards = self.query.cursor.as_ref().is_some_and(|cursor| cursor.backwards);
        Ok(last.first().map(|row| super::cursor_at(row, self.query, backwards)))
    }

    /// The page's rows and one more, which tells whether there is another page.
    fn limit(&self) -> i64 {
        i64::from(self.query.size.get()) + 1
    }
}

/// The rows that a walk goes along, from `from` to `order by`: the order's index, or one that knows a filter as well.
struct Way {
    sql: String,
    /// What all of its rows fulfil.
    known: Option<Source>,
}

impl Way {
    fn of(question: &Question<'_>, values: &mut Values) -> Self {
        let (query, direction) = (question.query, question.direction);
        let filters = &query.filters;
        if let (PeopleColumn::Created, Some(role)) = (query.order.column, &filters.role) {
            let role = values.text(role.as_str());
            let within = direction.within(query, ("r.person_id", "r.person_id"), values);
            let order = direction.by("r.person_id", "r.person_id");
            let sql = format!(
                "from person_roles r join people p on p.id = r.person_id where r.role_code = {role} and {within} {order}"
            );
            return Self { sql, known: Some(Source::Role) };
        }
        // `last_login_at` and `id` have indexes that begin with the status, and `status` is one itself.
        let status = match query.order.column {
            PeopleColumn::Created | PeopleColumn::LastSignIn | PeopleColumn::Status => {
                filters.status.map(conditions::stored_status)
            }
            _ => None,
        };
        let on_the_key = match (query.order.column, filters.signed_in) {
            (PeopleColumn::LastSignIn, _) => conditions::signed_in(filters, question.now, values),
            // Whoever never signed in has no sign-ins.
            (PeopleColumn::SignIns, Some(SignInFilter::Never)) => Some("p.login_count = 0".into()),
            (PeopleColumn::SignIns, Some(SignInFilter::Within(_))) => Some("p.login_count > 0".into()),
            (PeopleColumn::Created, _) => conditions::created(filters, values),
            (PeopleColumn::SecondFactor, _) => conditions::factor(filters),
            _ => None,
        };
        let without_factor = match (query.order.column, filters.factor) {
            (PeopleColumn::Created, Some(FactorFilter::None)) if status.is_none() => {
                conditions::factor(filters)
            }
            _ => None,
        };
        let of_names = match (query.order.column, question.text) {
            (PeopleColumn::Name, Some(Source::Names(found))) if !found.others => {
                Some(names::stretch(query, values))
            }
            _ => None,
        };
        // Of one status, only the ids differ.
        let one_status = query.order.column == PeopleColumn::Status && status.is_some();
        let (within, order) = if one_status {
            (direction.within_ids(query, values), direction.by("p.id", "p.id"))
        } else {
            let key = format!("p.{}", direction.key);
            (direction.within(query, (&key, "p.id"), values), direction.of_people())
        };
        let narrowed =
            status.into_iter().chain(on_the_key).chain(without_factor).chain(of_names).chain([within]);
        let narrowed = narrowed.collect::<Vec<_>>().join(" and ");
        Self { sql: format!("from people p where {narrowed} {order}"), known: None }
    }
}
