//! The audit trail: one entry for each thing that happened, only ever added, each in its place in a chain that proves that
//! nothing in it was changed, removed, added or moved (docs/adr/0015).

pub mod api;
mod checking;
mod draft;
mod ends;
pub mod export;
mod happening;
mod notary;
mod note;
mod query;
mod report;
mod retention;
mod sealer;
pub(crate) mod store;
mod verify;

pub use checking::{Checking, Proof};
pub(crate) use draft::Draft;
pub use ends::{End, Noted};
pub use happening::Happening;
pub use notary::Notary;
pub use query::{TrailForm, TrailQuery};
pub use report::{Break, Report, What};
pub use store::{Entry, FieldChange, Part, RoleChange};
pub(crate) use store::{about, newest, sign_ins_of};
pub use verify::{Haste, Progress};

use crate::{
    Error, Result, config,
    db::Db,
    ground::Ground,
    permit::{Trail, Visible},
};
use domain::{FieldErrors, PersonId, listing::PageSize};
use note::Note;
use query::{Somebody, Who};
use std::path::Path;

/// So many entries are on a page of one's own.
const PAGE: usize = 30;

/// The service for the trail as a whole.
#[derive(Debug, Clone)]
pub struct Audit {
    ground: Ground,
    rules: config::Audit,
    note: Note,
    checking: Checking,
}

/// A page of what happened, the newest first.
#[derive(Debug, Clone)]
pub struct Page {
    pub entries: Vec<Entry>,
    pub newer: Option<Part>,
    pub older: Option<Part>,
}

impl Audit {
    pub fn new(ground: Ground, rules: config::Audit, data_dir: &Path) -> Self {
        Self { ground, rules, note: Note::in_folder(data_dir), checking: Checking::default() }
    }

    /// Turns what was typed into conditions; people are looked up by their usernames.
    pub async fn read(&self, _visible: &Visible<Trail>, form: &TrailForm) -> Result<TrailQuery> {
        let mut errors = FieldErrors::default();
        let mut query = form.parse(&mut errors);
        for (name, value) in form.set() {
            match (name, query::kind(value)) {
                ("actor", Some(kind)) => query.actor = Some(Who::Kind(kind)),
                ("actor", None) => {
                    query.actor = self.person(name, value, &mut errors).await?.map(Who::Person)
                }
                ("subject", _) => query.subject = self.person(name, value, &mut errors).await?,
                _ => {}
            }
        }
        if errors.is_empty() { Ok(query) } else { Err(Error::Invalid(errors)) }
    }

    async fn person(&self, field: &str, text: &str, errors: &mut FieldErrors) -> Result<Option<PersonId>> {
        Ok(match errors.check(field, query::somebody(text)) {
            Some(Somebody::Known(id)) => Some(id),
            Some(Somebody::Named(username)) => {
                let found = store::search::person_named(&self.ground.db, &username).await?;
                errors.check(field, found.ok_or("Nobody has this username"))
            }
            None => None,
        })
    }

    /// A page of the entries that fit.
    pub async fn find(
        &self,
        _visible: &Visible<Trail>,
        query: &TrailQuery,
        part: Part,
        size: PageSize,
    ) -> Result<Page> {
        let size = usize::from(size.get());
        Ok(cut(store::search::find(&self.ground.db, query, part, one_more(size)).await?, part, size))
    }

    /// Every action that stands in the trail.
    pub async fn actions(&self, _visible: &Visible<Trail>) -> Result<Vec<String>> {
        store::search::actions(&self.ground.db).await
    }
}

/// A page of what somebody may want to know about their own account.
pub(crate) async fn page_of(db: &Db, person: PersonId, part: Part) -> Result<Page> {
    Ok(cut(store::of_oneself(db, person, part, one_more(PAGE)).await?, part, PAGE))
}

fn one_more(size: usize) -> i64 {
    i64::try_from(size + 1).unwrap_or(i64::MAX)
}

/// Cuts what was found to the page's size, and names the edges that the pages beside it begin at.
fn cut(mut entries: Vec<Entry>, part: Part, size: usize) -> Page {
    let has_more = entries.len() > size;
    entries.truncate(size);
    let goes_back = !matches!(part, Part::After(..));
    if !goes_back {
        entries.reverse();
    }
    let newer = entries.first().filter(|_| if goes_back { part != Part::Newest } else { has_more });
    let older = entries.last().filter(|_| !goes_back || has_more);
    Page {
        newer: newer.map(|entry| Part::After(entry.at, entry.id)),
        older: older.map(|entry| Part::Before(entry.at, entry.id)),
        entries,
    }
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
