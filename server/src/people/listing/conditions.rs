//! The filters and the search as conditions on a row `p`.

use super::{
    needle::Needle,
    sources::Source,
    statement::{Value, Values},
};
use crate::db::{Db, Lane};
use domain::{
    Timestamp,
    listing::{Day, FactorFilter, PeopleFilters, PeopleQuery, SignInFilter},
    person::PersonStatus,
    second_factor::Factors,
};
use std::{collections::BTreeSet, time::Duration};
use uuid::Uuid;

const DAY: u64 = 86_400;

/// Everything that a row has to fulfil, and the columns that tell.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    all: Vec<String>,
    columns: BTreeSet<&'static str>,
}

impl Conditions {
    /// `known` is where the rows come from: what it is sure of is not asked once more.
    pub(super) fn of(
        db: &Db,
        now: Timestamp,
        query: &PeopleQuery,
        known: Option<Source>,
        values: &mut Values,
    ) -> Self {
        let mut found = Self::default();
        if !matches!(known, Some(Source::Names(_))) {
            found.add(&["search_text"], text(db, query, values));
        }
        if known != Some(Source::Role)
            && let Some((column, held)) = role(db, &query.filters, values)
        {
            found.add(&[column], Some(held));
        }
        found.add(&["status", "locked_until"], status(&query.filters, now, values));
        found.add(&["factors"], factor(&query.filters));
        found.add(&["last_login_at"], signed_in(&query.filters, now, values));
        found.add(&["id"], created(&query.filters, values));
        found
    }

    fn add(&mut self, columns: &[&'static str], condition: Option<String>) {
        if let Some(condition) = condition {
            self.all.push(condition);
            self.columns.extend(columns);
        }
    }

    /// The columns that tell, with the id and a key; each once, for the key may be among them.
    pub(super) fn columns_and(&self, key: &'static str) -> String {
        let mut columns = self.columns.clone();
        columns.extend(["id", key]);
        columns.into_iter().map(|column| format!("p.{column}")).collect::<Vec<_>>().join(", ")
    }

    /// All of them, for a `where`.
    pub(super) fn sql(&self) -> String {
        if self.all.is_empty() { "true".into() } else { self.all.join(" and ") }
    }
}

fn text(db: &Db, query: &PeopleQuery, values: &mut Values) -> Option<String> {
    let search = query.search.as_str();
    (!search.is_empty()).then(|| Needle::of(db, search).is_held(db, "p.search_text", values))
}

/// On SQLite, where a walk along an index opens no row, the index of roles tells; PostgreSQL has the row in its hands, with the
/// codes that stand in it.
fn role(db: &Db, filters: &PeopleFilters, values: &mut Values) -> Option<(&'static str, String)> {
    let role = filters.role.as_ref()?;
    Some(match db.lane() {
        Lane::Sqlite(_) => {
            let role = values.text(role.as_str());
            let held = format!(
                "(select count(*) from person_roles r where r.person_id = p.id and r.role_code = {role}) > 0"
            );
            ("id", held)
        }
        Lane::Postgres(_) => {
            let code = values.text(format!(",{role},"));
            ("role_codes", format!("strpos(',' || p.role_codes || ',', {code}) > 0"))
        }
    })
}

/// A lock that is over is no lock, and only an active account can be locked: as `Row::seen_at` judges.
fn status(filters: &PeopleFilters, now: Timestamp, values: &mut Values) -> Option<String> {
    let status = filters.status?;
    let stored = stored_status(status);
    Some(match status {
        PersonStatus::Active => {
            let now = values.number(now.microseconds());
            format!("{stored} and (p.locked_until is null or p.locked_until <= {now})")
        }
        PersonStatus::Locked => {
            format!("{stored} and p.locked_until > {}", values.number(now.microseconds()))
        }
        _ => stored,
    })
}

/// What stands in the column.
pub(super) fn stored_status(status: PersonStatus) -> String {
    let stored = if status == PersonStatus::Locked { PersonStatus::Active } else { status };
    format!("p.status = '{}'", stored.code())
}

pub(super) fn factor(filters: &PeopleFilters) -> Option<String> {
    Some(match filters.factor? {
        FactorFilter::Any => "p.factors > 0".into(),
        FactorFilter::None => "p.factors = 0".into(),
        FactorFilter::With(method) => {
            let numbers: Vec<String> = Factors::with(method).map(|number| number.to_string()).collect();
            format!("p.factors in ({})", numbers.join(", "))
        }
    })
}

/// Whoever never signed in has nought there.
pub(super) fn signed_in(filters: &PeopleFilters, now: Timestamp, values: &mut Values) -> Option<String> {
    let since = |days: u16| now.before(Duration::from_secs(u64::from(days) * DAY)).microseconds().max(1);
    Some(match filters.signed_in? {
        SignInFilter::Never => "p.last_login_at = 0".into(),
        SignInFilter::Within(days) => format!("p.last_login_at >= {}", values.number(since(days))),
        SignInFilter::NotFor(days) => format!("p.last_login_at < {}", values.number(since(days))),
    })
}

/// Ids begin with their time of creation, so that days are a stretch of the ids.
pub(super) fn created(filters: &PeopleFilters, values: &mut Values) -> Option<String> {
    let from = filters.created_from.map(|day| format!("p.id >= {}", values.add(first_id(midnight(day, 0)))));
    let to = filters.created_to.map(|day| format!("p.id < {}", values.add(first_id(midnight(day, 1)))));
    let both: Vec<String> = from.into_iter().chain(to).collect();
    (!both.is_empty()).then(|| both.join(" and "))
}

/// The first moment (UTC) of the day so many days later, in milliseconds.
fn midnight(day: Day, later: i64) -> u64 {
    let date = jiff::civil::Date::new(day.year, day.month, day.day).ok();
    let moment = date.and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok());
    let seconds = moment.map_or(0, |moment| moment.timestamp().as_second());
    u64::try_from((seconds + later * DAY.cast_signed()) * 1_000).unwrap_or(0)
}

fn first_id(milliseconds: u64) -> Value {
    Value::Id(Uuid::from_u128(u128::from(milliseconds) << 80))
}
