//! How long the audit trail is kept.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    /// Entries older than this are removed; the chain stays provable without them.
    pub keep_days: u32,
}

impl Default for Audit {
    fn default() -> Self {
        Self { keep_days: 365 }
    }
}

impl Audit {
    pub(super) fn judge(&self, wrong: &mut impl FnMut(bool, &str)) {
        // Lockouts, dashboards and investigations look some weeks back.
        wrong(!(30..=36_500).contains(&self.keep_days), "audit.keep_days must be 30 to 36500");
    }
}
