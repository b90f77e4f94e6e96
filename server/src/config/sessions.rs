//! How long sessions and tokens last.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a session lasts.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sessions {
    pub idle_hours: u32,
    pub absolute_days: u32,
    pub remembered_days: u32,
    pub access_token_minutes: u32,
    pub refresh_token_days: u32,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            idle_hours: 24,
            absolute_days: 7,
            remembered_days: 30,
            access_token_minutes: 60,
            refresh_token_days: 7,
        }
    }
}

impl Sessions {
    pub const fn idle(&self) -> Duration {
        Duration::from_secs(self.idle_hours as u64 * 3600)
    }

    pub const fn absolute(&self) -> Duration {
        Duration::from_secs(self.absolute_days as u64 * 86_400)
    }

    pub const fn remembered(&self) -> Duration {
        Duration::from_secs(self.remembered_days as u64 * 86_400)
    }

    pub const fn refresh_token(&self) -> Duration {
        Duration::from_secs(self.refresh_token_days as u64 * 86_400)
    }

    pub const fn access_token(&self) -> Duration {
        Duration::from_secs(self.access_token_minutes as u64 * 60)
    }

    pub(super) fn judge(&self, wrong: &mut impl FnMut(bool, &str)) {
        wrong(!(1..=720).contains(&self.idle_hours), "sessions.idle_hours must be 1 to 720");
        wrong(!(1..=365).contains(&self.absolute_days), "sessions.absolute_days must be 1 to 365");
        wrong(!(1..=365).contains(&self.remembered_days), "sessions.remembered_days must be 1 to 365");
        wrong(
            !(1..=1_440).contains(&self.access_token_minutes),
            "sessions.access_token_minutes must be 1 to 1440",
        );
        wrong(!(1..=365).contains(&self.refresh_token_days), "sessions.refresh_token_days must be 1 to 365");
    }
}
