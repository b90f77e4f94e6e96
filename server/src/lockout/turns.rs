//! Turns: of many sign-ins to one account at the same moment, only as many are checked at once as may still fail. The others
//! wait for the outcome, so that a crowd of right passwords is no attack and a crowd of wrong ones gets no further.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex as Table, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, futures::OwnedNotified};

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

    /// Waits for a place under this key.
    pub(super) async fn take(&self, key: &str) -> Turn {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            slots.entry(key.to_owned()).or_insert_with(|| Arc::new(Slot::new(self.at_once))).clone()
        };
        let mut turn =
            Turn { key: key.to_owned(), slot, slots: self.slots.clone(), begun: false, place: None };
        // Nobody closes the places; a turn without one would only be checked too early.
        turn.place = turn.slot.places.clone().acquire_owned().await.ok();
        turn
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
