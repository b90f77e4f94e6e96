//! Turns: of many sign-ins to one account at the same moment, only as many are checked at once as may still fail. The others
//! wait for the outcome, so that a crowd of right passwords is no attack and a crowd of wrong ones gets no further.

use crate::{Error, Result};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex as Table, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, futures::OwnedNotified};

/// So many wait under one key at most. At some dozens of hashes a second, more would wait in vain.
const MOST_WAITING: usize = 200;
const COME_BACK: Duration = Duration::from_secs(2);

/// The turns of all accounts of this instance.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    at_once: usize,
    slots: Arc<Table<HashMap<String, Arc<Slot>>>>,
}

#[derive(Debug)]
struct Slot {
    places: Arc<Semaphore>,
    counting: Arc<Mutex<()>>,
    under_way: AtomicUsize,
    changed: Arc<Notify>,
}

/// A place among those that are checked now; given back when it is dropped.
#[derive(Debug)]
pub struct Turn {
    key: String,
    slot: Arc<Slot>,
    slots: Arc<Table<HashMap<String, Arc<Slot>>>>,
    begun: bool,
    place: Option<OwnedSemaphorePermit>,
}

/// Those under the same key, as they stood at one moment.
pub(super) struct Watch {
    /// Resolves when one of them has had its outcome since.
    pub changed: OwnedNotified,
    /// Whether any were being checked.
    pub others: bool,
}

impl Turns {
    pub(super) fn new(at_once: u32) -> Self {
        Self { at_once: usize::try_from(at_once).unwrap_or(1).max(1), slots: Arc::default() }
    }

    /// How many are being checked under this key.
    pub(super) fn under_way(&self, key: &str) -> u32 {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let number = slots.get(key).map_or(0, |slot| slot.under_way.load(Ordering::SeqCst));
        u32::try_from(number).unwrap_or(u32::MAX)
    }

    /// Waits for a place under this key; where too many wait already, one is told to come back.
    pub(super) async fn take(&self, key: &str) -> Result<Turn> {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            let slot = slots.entry(key.to_owned()).or_insert_with(|| Arc::new(Slot::new(self.at_once)));
            // The table has one, and each turn.
            if Arc::strong_count(slot) > self.at_once + MOST_WAITING {
                return Err(Error::Busy { retry_after: COME_BACK });
            }
            slot.clone()
        };
        let mut turn =
            Turn { key: key.to_owned(), slot, slots: self.slots.clone(), begun: false, place: None };
        // Nobody closes the places; a turn without one would only be checked too early.
        turn.place = turn.slot.places.clone().acquire_owned().await.ok();
        Ok(turn)
    }
}

impl Slot {
    fn new(at_once: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(at_once)),
            counting: Arc::default(),
            under_way: AtomicUsize::new(0),
            changed: Arc::default(),
        }
    }
}

impl Turn {
    /// What is to be known before one looks whether there is room.
    pub(super) fn watch(&self) -> Watch {
        Watch { changed: self.slot.changed.clone().notified_owned(), others: self.others_under_way() }
    }

    /// One after the other they are counted and then said to be under way: one that is counted and not seen to be under way
    /// would pass for a failure.
    pub(super) async fn counting(&self) -> OwnedMutexGuard<()> {
        self.slot.counting.clone().lock_owned().await
    }

    /// Whether others under the same key are being checked.
    fn others_under_way(&self) -> bool {
        self.slot.under_way.load(Ordering::SeqCst) > 0
    }

    /// From here on this one is being checked.
    pub(super) fn begin(mut self) -> Self {
        self.begun = true;
        self.slot.under_way.fetch_add(1, Ordering::SeqCst);
        self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.begun {
            self.slot.under_way.fetch_sub(1, Ordering::SeqCst);
            self.slot.changed.notify_waiters();
        }
        self.place = None;
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        // Ours and the table's: nobody else is waiting.
        if Arc::strong_count(&self.slot) == 2 {
            slots.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;
    use futures::{FutureExt, future::join_all};

    #[tokio::test]
    async fn a14_who_would_wait_in_vain_is_told_to_come_back() {
        let turns = Turns::new(2);
        let mut checked = vec![turns.take("one").await.unwrap(), turns.take("one").await.unwrap()];
        let mut waiting = Box::pin(join_all((0..MOST_WAITING).map(|_| turns.take("one"))));
        assert!(waiting.as_mut().now_or_never().is_none(), "they wait");
        assert!(matches!(turns.take("one").now_or_never(), Some(Err(Error::Busy { .. }))));
        assert!(turns.take("other").now_or_never().unwrap().is_ok(), "the others have queues of their own");
        checked.clear();
        drop(waiting);
        assert!(turns.take("one").now_or_never().unwrap().is_ok());
        assert!(turns.slots.lock().unwrap().is_empty(), "nobody waits, and nothing is kept");
    }
}
