//! How letters leave: how long a mail server may take, whom it is believed by, and how many letters one address gets.

use serde::{Deserialize, Serialize};
use std::{path::PathBuf, time::Duration};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// How long handing over one letter may take.
    pub timeout_seconds: u32,
    /// How many letters of one kind one address gets within an hour; those beyond are held back.
    pub per_address_per_hour: u32,
    /// Certificates (PEM) of an authority of one's own that vouches for the mail server; empty for the public ones alone.
    pub ca_file: PathBuf,
}

impl Default for Mail {
    fn default() -> Self {
        Self { timeout_seconds: 20, per_address_per_hour: 10, ca_file: PathBuf::new() }
    }
}

impl Mail {
    pub const fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds as u64)
    }

    pub(super) fn judge(&self, wrong: &mut impl FnMut(bool, &str)) {
        wrong(!(1..=60).contains(&self.timeout_seconds), "mail.timeout_seconds must be 1 to 60");
        wrong(
            !(1..=1_000).contains(&self.per_address_per_hour),
            "mail.per_address_per_hour must be 1 to 1000",
        );
    }
}
