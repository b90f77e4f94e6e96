//! What a proof of the chain came to, in figures and in sentences.

use super::{draft::BETWEEN, ends::End};
use crate::http::moments::iso;
use domain::Timestamp;
use std::{fmt, time::Duration};

/// What a proof came to.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many entries were looked at.
    pub entries: u64,
    /// The first place that is there; what was before it was removed when its time was over.
    pub from: i64,
    pub head: Option<End>,
    /// How many were emptied by an erasure, and proven all the same.
    pub erased: u64,
    /// How many wait for their place: usual for about a second.
    pub waiting: u64,
    /// The moment of the oldest of them, where it waits for too long.
    pub waiting_since: Option<Timestamp>,
    /// How many breaks there are, and the first.
    pub breaks: u64,
    pub first: Option<Break>,
    pub took: Duration,
}

/// A place at which the chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    pub place: i64,
    pub what: What,
    /// The entry that stands there: its id, its moment and its action.
    pub entry: Option<(String, String, String)>,
}

/// In which way it does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Something else stands in this place than what was sealed.
    Foreign,
    /// From here up to there nothing stands.
    Missing {
        up_to: i64,
    },
    /// Somebody kept another seal of this place, or this place is beyond the end.
    NotWhatWasNoted,
    /// So many entries have places beyond the ends of the chain.
    Outside(i64),
    /// An end of the chain is not vouched for.
    Forged(&'static str),
    NoEnds,
}

impl Break {
    pub(super) const fn of(place: i64, what: What) -> Self {
        Self { place, what, entry: None }
    }

    /// The entry is read from the fields that were proven.
    pub(super) fn of_entry(place: i64, fixed: &str) -> Self {
        let mut fields = fixed.split(BETWEEN);
        let id = fields.next().unwrap_or_default().split('-').next().unwrap_or_default();
        let id = uuid::Uuid::parse_str(id).map_or_else(|_| id.to_owned(), |id| id.to_string());
        let at = fields.next().and_then(|at| at.parse().ok()).map(Timestamp::from_microseconds);
        let entry = (id, at.map(iso).unwrap_or_default(), fields.next().unwrap_or_default().to_owned());
        Self { place, what: What::Foreign, entry: Some(entry) }
    }
}

impl Report {
    /// Whether everything is proven and nothing waits for too long.
    pub const fn is_whole(&self) -> bool {
        self.first.is_none() && self.waiting_since.is_none()
    }

    pub(super) fn add(&mut self, found: Break) {
        self.breaks += 1;
        if self.first.as_ref().is_none_or(|first| found.place < first.place) {
            self.first = Some(found);
        }
    }

    /// Adds what was found in another part of the chain.
    pub(super) fn take(&mut self, part: Self) {
        self.entries += part.entries;
        self.erased += part.erased;
        let others = part.breaks.saturating_sub(1);
        if let Some(first) = part.first {
            self.add(first);
            self.breaks += others;
        }
    }

    /// How many entries a second.
    pub fn rate(&self) -> f64 {
        self.entries as f64 / self.took.as_secs_f64().max(0.001)
    }

    /// What was found, for whoever asked: nothing but sentences.
    pub fn words(&self) -> String {
        let mut words = match &self.first {
            Some(first) => format!("The audit trail is broken: {first}."),
            None if self.entries == 0 => "The audit trail is empty.".to_owned(),
            None => {
                "The audit trail is whole: nothing in it was changed, removed, added or moved.".to_owned()
            }
        };
        match self.breaks {
            0 | 1 => {}
            breaks => words.push_str(&format!(" There are {breaks} breaks in all; this is the first.")),
        }
        if let Some(since) = self.waiting_since {
            let (entries, wait) = if self.waiting == 1 { ("entry", "waits") } else { ("entries", "wait") };
            words.push_str(&format!(
                " {} {entries} {wait} for a place in the chain, the oldest since {}. While the program runs that takes about a second: is it running, and does its log complain?",
                self.waiting,
                iso(since)
            ));
        }
        words
    }
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place;
        match (self.what, &self.entry) {
            (What::Foreign, Some((id, at, action))) => write!(
                f,
                "entry {place} ({action} of {at}, id {id}) is not what was sealed there. It was changed, added, or moved there from another place"
            ),
            (What::Foreign, None) => {
                write!(f, "entry {place} is not what the head of the chain was made from")
            }
            (What::Missing { up_to }, _) if up_to <= place => write!(f, "entry {place} is missing"),
            (What::Missing { up_to }, _) => write!(f, "the entries {place} to {up_to} are missing"),
            (What::NotWhatWasNoted, _) => write!(
                f,
                "entry {place} is not there as its seal was noted. The end of the trail was cut off or made anew, or an older backup was restored (then `countersign audit head --note` notes the present head)"
            ),
            (What::Outside(entries), _) => {
                write!(f, "{entries} of its entries stand beyond the ends of the chain")
            }
            (What::Forged(end), _) => write!(
                f,
                "the {end} of its chain was not made with the data key of this installation. Somebody changed it, or keys/data.key is not the one that belongs to this database"
            ),
            (What::NoEnds, _) => f.write_str("the ends of its chain are gone"),
        }
    }
}
