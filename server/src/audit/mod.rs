//! The audit trail: one entry for each thing that happened. Entries are only ever added.

pub(crate) mod store;

pub use store::{Entry, Part, RoleChange};
pub(crate) use store::{about, newest};

use crate::{Result, db::Db};
use domain::PersonId;

/// So many entries are on a page.
const PAGE: usize = 30;

/// A page of what happened to somebody, the newest first.
#[derive(Debug, Clone)]
pub struct Page {
    pub entries: Vec<Entry>,
    pub newer: Option<Part>,
    pub older: Option<Part>,
}

/// A page of what somebody may want to know about their own account.
pub(crate) async fn page_of(db: &Db, person: PersonId, part: Part) -> Result<Page> {
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut entries = store::of_oneself(db, person, part, limit).await?;
    let has_more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let goes_back = !matches!(part, Part::After(..));
    if !goes_back {
        entries.reverse();
    }
    let newer = entries.first().filter(|_| if goes_back { part != Part::Newest } else { has_more });
    let older = entries.last().filter(|_| !goes_back || has_more);
    Ok(Page {
        newer: newer.map(|entry| Part::After(entry.at, entry.id)),
        older: older.map(|entry| Part::Before(entry.at, entry.id)),
        entries,
    })
}

impl Part {
    /// As it stands in an address: `before-1790000000000000-0198…`.
    pub fn parse(text: &str) -> Option<Self> {
        let (side, rest) = text.split_once('-')?;
        let (at, id) = rest.split_once('-')?;
        let (at, id) = (domain::Timestamp::from_microseconds(at.parse().ok()?), id.parse().ok()?);
        match side {
            "before" => Some(Self::Before(at, id)),
            "after" => Some(Self::After(at, id)),
            _ => None,
        }
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Newest => Ok(()),
            Self::Before(at, id) => write!(f, "before-{}-{id}", at.microseconds()),
            Self::After(at, id) => write!(f, "after-{}-{id}", at.microseconds()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u7_a_place_in_the_trail_survives_the_address_bar() {
        let id = "0198c0de-0000-7000-8000-000000000001";
        for text in [format!("before-1790000000000000-{id}"), format!("after-17-{id}")] {
            assert_eq!(Part::parse(&text).map(|part| part.to_string()), Some(text));
        }
        for wrong in
            ["", "before", "before-x-y", "before-1-", "beside-1-0198c0de-0000-7000-8000-000000000001"]
        {
            assert_eq!(Part::parse(wrong), None, "{wrong:?}");
        }
    }
}
