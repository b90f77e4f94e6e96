//! Where the people that a filter or a search finds can be looked up without going through the list: an index for each.

use super::{
    conditions,
    names::Names,
    needle::Needle,
    statement::{self, Values},
};
use crate::{
    Result,
    db::{Db, Lane},
};
use domain::{Timestamp, listing::PeopleQuery, person::PersonStatus};

/// An index that knows whom a part of the question finds; or, for `Text` and `Locked`, whom it may find at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Text,
    /// Better than `Text`, where hardly anybody holds the text elsewhere than at the beginning of the name.
    Names(Names),
    Locked,
    Status(PersonStatus),
    Factor,
    Role,
    SignedIn,
    Created,
}

impl Source {
    /// Those of this question; first the ones that usually find fewest.
    pub(super) fn of(db: &Db, query: &PeopleQuery) -> Vec<Self> {
        let filters = &query.filters;
        let needle = Needle::of(db, query.search.as_str());
        let status = filters.status.map(|status| match status {
            PersonStatus::Locked => Self::Locked,
            status => Self::Status(status),
        });
        let (usual, telling) =
            if filters.status == Some(PersonStatus::Active) { (status, None) } else { (None, status) };
        let created = filters.created_from.is_some() || filters.created_to.is_some();
        let all = [
            (!needle.is_short()).then_some(Self::Text),
            telling,
            filters.role.as_ref().map(|_| Self::Role),
            filters.factor.map(|_| Self::Factor),
            filters.signed_in.map(|_| Self::SignedIn),
            created.then_some(Self::Created),
            usual,
        ];
        all.into_iter().flatten().collect()
    }

    /// Whether it finds exactly those whom this part of the question is about.
    pub(super) const fn is_exact(self) -> bool {
        !matches!(self, Self::Text | Self::Locked | Self::Status(PersonStatus::Active))
    }

    /// The ids of whom it finds.
    pub(super) fn sql(self, db: &Db, now: Timestamp, query: &PeopleQuery, values: &mut Values) -> String {
        self.selecting("p.id", db, now, query, values)
    }

    /// Whom it finds, at most so many, as rows `p` with these columns.
    pub(super) fn people(
        self,
        db: &Db,
        now: Timestamp,
        query: &PeopleQuery,
        columns: &str,
        at_most: i64,
        values: &mut Values,
    ) -> String {
        let found = self.selecting(columns, db, now, query, values);
        match self {
            Self::Role => people_of(db, &found, at_most),
            _ => format!("({found} limit {at_most}) p"),
        }
    }

    /// Whom it finds: these columns of theirs, or of whom a role's index finds the ids alone.
    fn selecting(
        self,
        columns: &str,
        db: &Db,
        now: Timestamp,
        query: &PeopleQuery,
        values: &mut Values,
    ) -> String {
        let filters = &query.filters;
        let of_people = |condition: Option<String>| {
            format!("select {columns} from people p where {}", condition.unwrap_or_else(|| "true".into()))
        };
        match self {
            Self::Names(names) => names.sql(columns, query, "", values),
            Self::Text => {
                let needle = Needle::of(db, query.search.as_str());
                match db.lane() {
                    Lane::Sqlite(_) => format!(
                        "select {columns} from people_search f cross join people p on p.number = f.rowid
                         where f.people_search match {}",
                        values.text(needle.phrase())
                    ),
                    Lane::Postgres(_) => {
                        let condition = needle.is_like("p.search_text", values);
                        of_people(Some(condition))
                    }
                }
            }
            Self::Locked => {
                of_people(Some(format!("p.locked_until > {}", values.number(now.microseconds()))))
            }
            Self::Status(status) => of_people(Some(conditions::stored_status(status))),
            Self::Factor => of_people(conditions::factor(filters)),
            Self::SignedIn => of_people(conditions::signed_in(filters, now, values)),
            Self::Created => of_people(conditions::created(filters, values)),
            Self::Role => {
                let role = filters.role.as_ref().map_or("", |role| role.as_str());
                format!(
                    "select r.person_id as id from person_roles r where r.role_code = {}",
                    values.text(role)
                )
            }
        }
    }

    /// How many it finds; it stops counting at this number.
    pub(super) async fn size(self, db: &Db, now: Timestamp, query: &PeopleQuery, stop: i64) -> Result<i64> {
        let mut values = Values::default();
        let source = match (self, db.lane()) {
            // The index alone, without the people.
            (Self::Text, Lane::Sqlite(_)) => {
                let phrase = values.text(Needle::of(db, query.search.as_str()).phrase());
                format!("select 1 from people_search where people_search match {phrase}")
            }
            _ => self.sql(db, now, query, &mut values),
        };
        statement::number(db, format!("select count(*) from ({source} limit {stop}) s"), values).await
    }
}

/// The one of them that finds fewest, and how many; counting stops at this number.
pub(super) async fn fewest(
    sources: &[Source],
    db: &Db,
    now: Timestamp,
    query: &PeopleQuery,
    stop: i64,
) -> Result<Option<(Source, i64)>> {
    let mut fewest: Option<(Source, i64)> = None;
    for source in sources {
        let size = source.size(db, now, query, stop).await?;
        if fewest.is_none_or(|(_, least)| size < least) {
            fewest = Some((*source, size));
        }
    }
    Ok(fewest)
}

/// Somebody of a source with their row: `s` and `p`. The few are looked up one by one, whatever a planner expects of them.
pub(super) fn people_of(db: &Db, source: &str, at_most: i64) -> String {
    match db.lane() {
        Lane::Sqlite(_) => format!("({source} limit {at_most}) s cross join people p on p.id = s.id"),
        Lane::Postgres(_) => format!(
            "({source} limit {at_most}) s cross join lateral (select * from people q where q.id = s.id offset 0) p"
        ),
    }
}
