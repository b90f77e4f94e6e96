//! A page of the list with filters. Whoever one of them finds is few enough to be sorted, or they are met soon while walking
//! along the order; only where neither is so, more is looked through.

use super::{
    Page, Total,
    conditions::{self, Conditions},
    count, cut,
    order::Direction,
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

/// How much is looked at before another way is taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Up to so many are sorted at once.
    pub few: i64,
    /// How many rows a walk looks at: usually the first stride has enough of them.
    pub strides: [i64; 2],
    /// Up to so many are sorted where a walk met too few; of more, a page shows those whom the walk met and where to go on.
    pub many: i64,
    /// Where only looking at people tells whether they fulfil several things, so many are counted among.
    pub counted: i64,
}

impl Bounds {
    /// With a million people, whom a filter finds are either few, or one of two hundred at least: then the longer stride meets
    /// a page of them, unless they keep to the far end of the order.
    const USUAL: Self = Self { few: 5_000, strides: [600, 12_000], many: 200_000, counted: 20_000 };
}

/// A question with filters, at a moment.
struct Question<'a> {
    db: &'a Db,
    now: Timestamp,
    query: &'a PeopleQuery,
    direction: Direction,
}

pub(super) async fn page(db: &Db, now: Timestamp, query: &PeopleQuery) -> Result<Page> {
    page_within(db, now, query, Bounds::USUAL).await
}

pub(super) async fn page_within(
    db: &Db,
    now: Timestamp,
    query: &PeopleQuery,
    bounds: Bounds,
) -> Result<Page> {
    let question = Question { db, now, query, direction: Direction::of(query) };
    let sources = Source::of(db, query);
    let Some((source, size)) = sources::fewest(&sources, db, now, query, Total::STOP).await? else {
        return Ok(cut(Vec::new(), query, Total { count: 0, exact: true }, now));
    };
    let total = count::filtered(db, now, query, &sources, (source, size), bounds.counted).await?;
    if size <= bounds.few {
        return Ok(cut(question.sorted(source, bounds.few).await?, query, total, now));
    }
    let mut rows = Vec::new();
    for stride in bounds.strides {
        rows = question.walk(stride).await?;
        if super::is_full(&rows, query) {
            return Ok(cut(rows, query, total, now));
        }
    }
    let Some(end) = question.end_of_walk(bounds.strides[1]).await? else {
        return Ok(cut(rows, query, total, now));
    };
    match sources::fewest(&sources, db, now, query, bounds.many + 1).await? {
        Some((source, size)) if size <= bounds.many => {
            Ok(cut(question.sorted(source, bounds.many).await?, query, total, now))
        }
        _ => Ok(Page { resume: Some(end), ..cut(rows, query, total, now) }),
    }
}

impl Question<'_> {
    /// The page's rows and one more, out of everybody whom a source finds.
    async fn sorted(&self, source: Source, at_most: i64) -> Result<Vec<Row>> {
        let mut values = Values::default();
        let ids = source.sql(self.db, self.now, self.query, &mut values);
        let people = sources::people_of(self.db, &ids, at_most);
        let conditions = Conditions::of(self.db, self.now, self.query, Some(source), &mut values).sql();
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
        // Each column once; the key may be the id.
        let mut columns = conditions.columns.clone();
        columns.extend(["id", self.direction.key]);
        let columns: Vec<String> = columns.into_iter().map(|column| format!("p.{column}")).collect();
        let (order, limit) = (self.direction.of_people(), self.limit());
        let sql = format!(
            "select {COLUMNS} from (select p.id as own from (select {} {} limit {stride}) p
                                    where {} {order} limit {limit}) h
             join people p on p.id = h.own {order}",
            columns.join(", "),
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
            _ => None,
        };
        let without_factor = match (query.order.column, filters.factor) {
            (PeopleColumn::Created, Some(FactorFilter::None)) if status.is_none() => {
                conditions::factor(filters)
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
        let narrowed = status.into_iter().chain(on_the_key).chain(without_factor).chain([within]);
        let narrowed = narrowed.collect::<Vec<_>>().join(" and ");
        Self { sql: format!("from people p where {narrowed} {order}"), known: None }
    }
}
