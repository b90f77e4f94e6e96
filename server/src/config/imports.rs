//! How much one import of people may bring, and how fast it writes letters.

use serde::{Deserialize, Serialize};

/// What a file of people may have.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Imports {
    /// So large a file may be, in MiB.
    pub largest_mib: u32,
    /// So many people it may have.
    pub most_people: u32,
    /// So many invitations leave in a minute.
    pub invitations_per_minute: u32,
}

impl Default for Imports {
    fn default() -> Self {
        Self { largest_mib: 64, most_people: 100_000, invitations_per_minute: 300 }
    }
}

impl Imports {
    /// In bytes.
    pub const fn largest_file(self) -> usize {
        self.largest_mib as usize * 1024 * 1024
    }

    pub(super) fn judge(self, wrong: &mut impl FnMut(bool, &str)) {
        wrong(!(1..=1_024).contains(&self.largest_mib), "imports.largest_mib must be 1 to 1024");
        wrong(!(1..=1_000_000).contains(&self.most_people), "imports.most_people must be 1 to 1000000");
        wrong(
            !(1..=60_000).contains(&self.invitations_per_minute),
            "imports.invitations_per_minute must be 1 to 60000",
        );
    }
}
