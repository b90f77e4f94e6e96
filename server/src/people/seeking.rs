//! Looking for people by any combination of what is known of them, for programs that ask so: a page by its place in the list.

use super::{
    People, Person,
    listing::sought::{self, Sought},
};
use crate::{
    Result,
    permit::{People as AllPeople, Visible},
};

/// A part of whom was looked for, the oldest account first.
#[derive(Debug)]
pub struct Found {
    pub people: Vec<Person>,
    /// How many there are in all.
    pub total: i64,
}

impl People {
    /// Whether the store can answer this: of names and addresses that are encrypted it knows only which address is whose.
    pub fn can_seek(&self, terms: &Sought) -> bool {
        !self.ground.db.at_rest().is_on() || terms.is_told_by_encrypted_texts()
    }

    /// Those who fulfil the terms: so many, after having left out so many.
    pub async fn seek(
        &self,
        _visible: &Visible<AllPeople>,
        terms: &Sought,
        left_out: i64,
        count: i64,
    ) -> Result<Found> {
        let (db, now) = (&self.ground.db, self.ground.clock.now());
        let total = sought::count(db, terms).await?;
        let rows = if count > 0 && left_out < total {
            sought::rows(db, terms, left_out, count).await?
        } else {
            Vec::new()
        };
        Ok(Found { people: rows.into_iter().map(|row| row.seen_at(now)).collect(), total })
    }
}
