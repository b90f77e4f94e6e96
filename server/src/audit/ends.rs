//! The two ends of the chain: the anchor, up to which entries were removed when their time was over, and the head. Each is
//! believed only where the notary vouches for it.

use super::{
    notary::{BEFORE_ALL, Notary, Seal},
    store::chain::EndRow,
};
use domain::Timestamp;

pub(super) const ANCHOR: &str = "anchor";
pub(super) const HEAD: &str = "head";
pub(super) const TAKEOVER: &str = "takeover";

/// A place in the chain, with the seal of the entry there: whoever keeps it can tell later whether what was up to there is
/// still the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    pub place: i64,
    pub seal: Seal,
    pub at: Timestamp,
}

/// What the store says of the ends.
#[derive(Debug, Clone, Default)]
pub(super) struct Ends {
    pub anchor: Option<End>,
    pub head: Option<End>,
    /// Until this moment, entries that no notary has seen are taken in as they stand. It goes on with the head, so that an older
    /// one that somebody has kept opens nothing.
    pub takeover: Option<End>,
    /// Ends that the notary does not vouch for, as they stand there.
    pub forged: Vec<(&'static str, End)>,
}

impl End {
    /// The end of a chain with nothing in it.
    pub(super) const fn of_nothing(at: Timestamp) -> Self {
        Self { place: 0, seal: BEFORE_ALL, at }
    }

    /// As it is stored under this name, vouched for.
    pub(super) fn row(&self, name: &str, notary: &Notary) -> EndRow {
        let mac = notary.vouch(name, self.place, &self.seal, self.at).to_vec();
        EndRow { name: name.to_owned(), place: self.place, seal: self.seal.to_vec(), at: self.at, mac }
    }
}

impl Ends {
    pub(super) fn read(rows: &[EndRow], notary: &Notary) -> Self {
        let mut ends = Self::default();
        for name in [ANCHOR, HEAD, TAKEOVER] {
            let Some(row) = rows.iter().find(|row| row.name == name) else { continue };
            let end = End {
                place: row.place,
                seal: row.seal.as_slice().try_into().unwrap_or(BEFORE_ALL),
                at: row.at,
            };
            if notary.vouch(name, row.place, &row.seal, row.at).as_slice() != row.mac {
                ends.forged.push((name, end));
                continue;
            }
            match name {
                ANCHOR => ends.anchor = Some(end),
                HEAD => ends.head = Some(end),
                _ => ends.takeover = Some(end),
            }
        }
        ends
    }
}

impl std::fmt::Display for End {
    /// One word that can be kept elsewhere: `4821-9f86d081…`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.place, data_encoding::HEXLOWER.encode(&self.seal))
    }
}

/// A place and its seal, as somebody has kept them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    pub place: i64,
    pub seal: Seal,
}

impl From<End> for Noted {
    fn from(end: End) -> Self {
        Self { place: end.place, seal: end.seal }
    }
}

impl std::str::FromStr for Noted {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (place, seal) = text.trim().split_once('-')?;
            let seal = data_encoding::HEXLOWER_PERMISSIVE.decode(seal.as_bytes()).ok()?;
            Some(Self { place: place.parse().ok().filter(|place| *place >= 0)?, seal: seal.try_into().ok()? })
        };
        read().ok_or("this is no head of the trail; `countersign audit head` prints one")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::DataKey;

    #[test]
    fn u7_a_head_survives_being_written_down() {
        let end = End { place: 4821, seal: [7; 32], at: Timestamp::from_seconds(1) };
        assert_eq!(end.to_string().parse(), Ok(Noted::from(end)));
        for wrong in ["", "12", "-", "12-xyz", "-1-00", &end.to_string()[..40]] {
            assert!(wrong.parse::<Noted>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn u7_an_end_is_believed_only_from_the_notary() {
        let notary = Notary::new(&DataKey([1; 32]));
        let end = End { place: 5, seal: [7; 32], at: Timestamp::from_seconds(1) };
        let rows = [End::of_nothing(end.at).row(ANCHOR, &notary), end.row(HEAD, &notary)];
        let ends = Ends::read(&rows, &notary);
        let name = |ends: &Ends| ends.forged.first().map(|(name, _)| *name);
        assert_eq!((ends.head, name(&ends)), (Some(end), None));
        let mut forged = rows.clone();
        forged[1].place = 4;
        let ends = Ends::read(&forged, &notary);
        assert_eq!((ends.head, name(&ends)), (None, Some(HEAD)));
        assert_eq!(name(&Ends::read(&rows, &Notary::new(&DataKey([2; 32])))), Some(ANCHOR));
        // What was vouched for as one end is not believed as the other.
        let mut moved = rows;
        moved[0].mac = moved[1].mac.clone();
        assert_eq!(name(&Ends::read(&moved, &notary)), Some(ANCHOR));
    }
}
