//! How far an import is that is under way, and what becomes of it where it is cancelled, in words.

use super::banner::people;
use crate::people::with_commas;
use server::people::import::{BadRows, State, Status};

/// What tells how far it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct HowFar {
    state: State,
    /// So many are to be written, so many of them are.
    all: i64,
    done: i64,
    /// How many are written of what is kept at one moment, where this program writes it.
    so_far: Option<i64>,
    to_hash: i64,
    to_invite: i64,
}

/// The same in words, and how much of the bar is filled; nothing where that is not known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InWords {
    pub words: String,
    pub filled: Option<i64>,
    pub whole: i64,
}

impl HowFar {
    pub(super) const fn of(status: &Status) -> Self {
        let import = &status.import;
        Self {
            state: import.state,
            all: import.fresh + import.changed,
            done: import.made + import.updated + import.skipped,
            so_far: status.written_so_far,
            to_hash: status.to_hash,
            to_invite: status.to_invite,
        }
    }

    pub(super) fn in_words(self) -> InWords {
        let Self { all, to_hash, .. } = self;
        let of_all = |done: i64| format!("{} of {} written", with_commas(done), with_commas(all));
        let (words, filled) = match self.so_far {
            _ if self.state == State::Inviting => {
                (format!("Everybody is there. {} wait for their letter.", people(self.to_invite)), None)
            }
            _ if to_hash > 0 => {
                (format!("{} passwords are still to be hashed.", with_commas(to_hash)), Some(all - to_hash))
            }
            Some(done) => (format!("{}, kept all at once at the end.", of_all(done)), Some(done)),
            None if self.done == 0 => ("Being written.".to_owned(), None),
            None => (format!("{}.", of_all(self.done.min(all))), Some(self.done.min(all))),
        };
        InWords { words, filled, whole: all }
    }
}

/// What becomes of those in the file where the import is cancelled.
pub(super) const fn if_cancelled(state: State, bad_rows: BadRows) -> &'static str {
    match (state, bad_rows) {
        (State::Inviting, _) => "Everybody is written already and stays. No more letters leave.",
        (_, BadRows::Refuse) => {
            "All of them are written at one moment, or nobody is: nobody of this file stays, and no letters leave."
        }
        (_, BadRows::Skip) => {
            "Whoever is written already stays. Nobody else is written, and no more letters leave."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u6_what_is_kept_at_one_moment_tells_how_much_of_it_is_written() {
        let running =
            HowFar { state: State::Running, all: 3_000, done: 0, so_far: None, to_hash: 0, to_invite: 0 };
        let told = |far: HowFar| {
            let InWords { words, filled, whole } = far.in_words();
            assert_eq!(whole, 3_000);
            (words, filled)
        };
        for (far, words, filled) in [
            (running, "Being written.", None),
            (HowFar { done: 500, ..running }, "500 of 3,000 written.", Some(500)),
            (
                HowFar { so_far: Some(0), ..running },
                "0 of 3,000 written, kept all at once at the end.",
                Some(0),
            ),
            (
                HowFar { so_far: Some(1_500), ..running },
                "1,500 of 3,000 written, kept all at once at the end.",
                Some(1_500),
            ),
            (HowFar { to_hash: 1_000, ..running }, "1,000 passwords are still to be hashed.", Some(2_000)),
            (
                HowFar { state: State::Inviting, to_invite: 2, done: 3_000, ..running },
                "Everybody is there. 2 people wait for their letter.",
                None,
            ),
        ] {
            assert_eq!(told(far), (words.to_owned(), filled));
        }
    }

    #[test]
    fn u6_whoever_cancels_is_told_who_stays() {
        assert!(if_cancelled(State::Running, BadRows::Refuse).contains("nobody of this file stays"));
        assert!(if_cancelled(State::Running, BadRows::Skip).contains("Whoever is written already stays"));
        assert!(if_cancelled(State::Inviting, BadRows::Refuse).contains("Everybody is written already"));
    }
}
