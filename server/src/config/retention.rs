//! How long people are kept of whom nothing is heard.

use serde::{Deserialize, Serialize};
use std::time::Duration;

const DAY: u64 = 86_400;

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// So many days after they signed in last, or were made, people are erased; 0 keeps everybody.
    pub people_days: u32,
    /// So many days before it they are told by mail. Nobody is erased who was not told.
    pub warning_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { people_days: 730, warning_days: 30 }
    }
}

impl Retention {
    pub const fn is_on(self) -> bool {
        self.people_days > 0
    }

    /// For so long people are kept; for ever where it is nothing.
    pub fn kept(self) -> Option<Duration> {
        self.is_on().then(|| Duration::from_secs(u64::from(self.people_days) * DAY))
    }

    /// So long the warning comes before.
    pub const fn warning(self) -> Duration {
        Duration::from_secs(self.warning_days as u64 * DAY)
    }

    pub(super) fn judge(self, wrong: &mut impl FnMut(bool, &str)) {
        wrong(
            self.is_on() && !(90..=36_500).contains(&self.people_days),
            "retention.people_days must be 90 to 36500, or 0 to keep everybody",
        );
        wrong(!(7..=89).contains(&self.warning_days), "retention.warning_days must be 7 to 89");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u9_who_is_erased_was_told_in_time() {
        for (people_days, warning_days, problems) in
            [(730, 30, 0), (0, 30, 0), (90, 89, 0), (89, 30, 1), (36_501, 30, 1), (730, 6, 1), (1, 90, 2)]
        {
            let mut found = 0;
            Retention { people_days, warning_days }.judge(&mut |is_wrong, _| found += usize::from(is_wrong));
            assert_eq!(found, problems, "{people_days} {warning_days}");
        }
        assert_eq!(Retention { people_days: 0, warning_days: 30 }.kept(), None);
    }
}
