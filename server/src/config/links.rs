//! Who may get an account by themselves, how long the links in letters are good, and how long an account waits for one.

use domain::RoleCode;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How people get an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Registration {
    pub mode: RegistrationMode,
    /// The role of whoever registers.
    pub role: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegistrationMode {
    /// Everybody may register.
    Open,
    /// Whoever was invited.
    Invitation,
    /// Nobody: accounts are made ready to use.
    Closed,
}

/// How long the links in letters are good.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Links {
    pub reset_minutes: u32,
    pub verification_hours: u32,
    pub invitation_days: u32,
    /// After so many days an account whose address was never verified is forgotten; 0 keeps it for ever.
    pub unverified_days: u32,
}

impl Default for Registration {
    fn default() -> Self {
        Self { mode: RegistrationMode::Invitation, role: "CUSTOMER".into() }
    }
}

impl Default for Links {
    fn default() -> Self {
        Self { reset_minutes: 30, verification_hours: 24, invitation_days: 7, unverified_days: 30 }
    }
}

impl Registration {
    pub fn is_open(&self) -> bool {
        self.mode == RegistrationMode::Open
    }

    pub(super) fn judge(&self, wrong: &mut impl FnMut(bool, &str)) {
        wrong(
            RoleCode::parse(&self.role).is_err(),
            "registration.role must be the code of a role, such as CUSTOMER",
        );
    }
}

impl Links {
    pub const fn reset(&self) -> Duration {
        Duration::from_secs(self.reset_minutes as u64 * 60)
    }

    pub const fn verification(&self) -> Duration {
        Duration::from_secs(self.verification_hours as u64 * 3600)
    }

    pub const fn invitation(&self) -> Duration {
        Duration::from_secs(self.invitation_days as u64 * 86_400)
    }

    /// How long an account waits for its address to be verified.
    pub fn unverified(&self) -> Option<Duration> {
        (self.unverified_days > 0).then(|| Duration::from_secs(u64::from(self.unverified_days) * 86_400))
    }

    pub(super) fn judge(self, wrong: &mut impl FnMut(bool, &str)) {
        wrong(self.unverified_days > 3_650, "links.unverified_days must be 0 to 3650");
        wrong(!(5..=1_440).contains(&self.reset_minutes), "links.reset_minutes must be 5 to 1440");
        wrong(!(1..=720).contains(&self.verification_hours), "links.verification_hours must be 1 to 720");
        wrong(!(1..=90).contains(&self.invitation_days), "links.invitation_days must be 1 to 90");
    }
}
