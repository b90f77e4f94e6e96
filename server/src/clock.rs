//! The time, passed in: the only place that asks the machine for it.

use domain::Timestamp;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Tells the time: the machine's, or one that tests move by hand.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    Machine,
    Hand(Arc<AtomicI64>),
}

impl Clock {
    pub fn of_the_machine() -> Self {
        Self(Source::Machine)
    }

    /// A clock that stands still until it is moved.
    pub fn stopped_at(moment: Timestamp) -> Self {
        Self(Source::Hand(Arc::new(AtomicI64::new(moment.microseconds()))))
    }

    #[allow(clippy::disallowed_methods, reason = "the one place where the machine's time is read")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::Machine => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_microseconds(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
            }
            Source::Hand(moment) => Timestamp::from_microseconds(moment.load(Ordering::SeqCst)),
        }
    }

    /// Moves a clock that stands still; the machine's goes its own way.
    pub fn advance(&self, span: Duration) {
        if let Source::Hand(moment) = &self.0 {
            moment.fetch_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({:?})", self.now())
    }
}
