//! Counting in memory, bounded.

use super::Counted;
use domain::Timestamp;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// More clients than this in one window are no clients of ours.
const MOST: usize = 100_000;

#[derive(Debug, Clone, Default)]
pub(super) struct Memory(Arc<Mutex<HashMap<String, Slot>>>);

#[derive(Debug, Clone, Copy)]
struct Slot {
    counted: Counted,
    ends: Timestamp,
}

impl Memory {
    pub(super) fn count(&self, key: String, now: Timestamp, window: Duration) -> Counted {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST && !slots.contains_key(&key) {
            slots.retain(|_, slot| slot.ends > now);
            if slots.len() >= MOST {
                tracing::warn!("more clients than can be counted; counting begins anew");
                slots.clear();
            }
        }
        let fresh = Slot { counted: Counted { number: 0, first_at: now }, ends: now.after(window) };
        let slot = slots.entry(key).or_insert(fresh);
        if slot.ends <= now {
            *slot = fresh;
        }
        slot.counted.number = slot.counted.number.saturating_add(1);
        slot.counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: Duration = Duration::from_secs(60);

    proptest! {
        /// However requests are spread, no window lets more through than were counted, and none is counted twice.
        #[test]
        fn t5_a_window_counts_every_request_once(gaps in proptest::collection::vec(0_u64..40, 1..60)) {
            let memory = Memory::default();
            let (mut now, mut begun, mut number) = (Timestamp::from_seconds(1_000), None, 0);
            for gap in gaps {
                now = now.after(Duration::from_secs(gap));
                match begun {
                    Some(first) if now.since(first) < MINUTE => number += 1,
                    _ => (begun, number) = (Some(now), 1),
                }
                let counted = memory.count("client".into(), now, MINUTE);
                prop_assert_eq!((counted.number, Some(counted.first_at)), (number, begun));
            }
        }
    }

    #[test]
    fn clients_are_counted_apart_and_memory_is_bounded() {
        let memory = Memory::default();
        let now = Timestamp::from_seconds(1_000);
        for client in 0..(MOST * 2 + 10) {
            memory.count(client.to_string(), now, MINUTE);
        }
        assert!(memory.0.lock().unwrap().len() <= MOST);
        assert_eq!(memory.count("one".into(), now, MINUTE).number, 1);
        assert_eq!(memory.count("one".into(), now, MINUTE).number, 2);
        assert_eq!(memory.count("another".into(), now, MINUTE).number, 1);
    }
}
