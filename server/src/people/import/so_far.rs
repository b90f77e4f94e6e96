//! How far imports are that this process writes at one moment: nobody sees that in the store before all of it is kept.

use domain::ImportId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How many of each such import are written so far.
#[derive(Debug, Clone, Default)]
pub(super) struct AtOneMoment(Arc<Mutex<HashMap<ImportId, i64>>>);

/// An import that is being written, until this is dropped.
#[derive(Debug)]
pub(super) struct SoFar {
    all: AtOneMoment,
    import: ImportId,
}

impl AtOneMoment {
    pub(super) fn begin(&self, import: ImportId) -> SoFar {
        self.counts().insert(import, 0);
        SoFar { all: self.clone(), import }
    }

    /// Nothing where this process does not write it.
    pub(super) fn of(&self, import: ImportId) -> Option<i64> {
        self.counts().get(&import).copied()
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<ImportId, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SoFar {
    pub(super) fn add(&self, people: i64) {
        *self.all.counts().entry(self.import).or_default() += people;
    }
}

impl Drop for SoFar {
    fn drop(&mut self) {
        self.all.counts().remove(&self.import);
    }
}
