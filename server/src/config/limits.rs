//! How often one may fail, and how much one may ask for.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// When wrong passwords lead to a pause.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lockout {
    /// So many failures in a row …
    pub failures: u32,
    /// … lead to a pause of so many minutes.
    pub minutes: u32,
}

/// How much one client may ask for.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Requests a minute to the API's addresses for signing in.
    pub auth_per_minute: u32,
    /// Requests a minute to all of the API.
    pub api_per_minute: u32,
    /// Requests a minute of a company's directory.
    pub scim_per_minute: u32,
    /// Forms a minute that one address may send where nobody is signed in: to sign in, to register, to ask for a link.
    pub forms_per_minute: u32,
    /// Exports an hour.
    pub export_per_hour: u32,
    /// Letters an hour that one address may ask for: resets and registrations.
    pub letters_per_ip_per_hour: u32,
    /// Codes of second factors an hour that one person may have sent, by e-mail or by text message, and that may go to one
    /// address or number which is being set up.
    pub codes_per_hour: u32,
    /// The same a day.
    pub codes_per_day: u32,
    /// Failed sign-ins an hour from one address, whatever the account.
    pub failed_per_ip_per_hour: u32,
}

impl Default for Lockout {
    fn default() -> Self {
        Self { failures: 5, minutes: 15 }
    }
}

impl Lockout {
    /// How long the pause is.
    pub const fn pause(self) -> Duration {
        Duration::from_secs(self.minutes as u64 * 60)
    }

    pub(super) fn judge(self, wrong: &mut impl FnMut(bool, &str)) {
        wrong(!(1..=100).contains(&self.failures), "lockout.failures must be 1 to 100");
        wrong(!(1..=1_440).contains(&self.minutes), "lockout.minutes must be 1 to 1440");
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            auth_per_minute: 10,
            api_per_minute: 100,
            // Entra ID asks for 25 a second.
            scim_per_minute: 1_500,
            forms_per_minute: 120,
            export_per_hour: 5,
            letters_per_ip_per_hour: 20,
            codes_per_hour: 6,
            codes_per_day: 20,
            failed_per_ip_per_hour: 20,
        }
    }
}

impl Limits {
    pub(super) fn judge(self, wrong: &mut impl FnMut(bool, &str)) {
        let many = 1..=1_000_000;
        wrong(!many.contains(&self.auth_per_minute), "limits.auth_per_minute must be 1 to 1000000");
        wrong(!many.contains(&self.api_per_minute), "limits.api_per_minute must be 1 to 1000000");
        wrong(!many.contains(&self.scim_per_minute), "limits.scim_per_minute must be 1 to 1000000");
        wrong(!many.contains(&self.forms_per_minute), "limits.forms_per_minute must be 1 to 1000000");
        wrong(!many.contains(&self.export_per_hour), "limits.export_per_hour must be 1 to 1000000");
        wrong(!many.contains(&self.codes_per_hour), "limits.codes_per_hour must be 1 to 1000000");
        wrong(!many.contains(&self.codes_per_day), "limits.codes_per_day must be 1 to 1000000");
        wrong(
            !many.contains(&self.letters_per_ip_per_hour),
            "limits.letters_per_ip_per_hour must be 1 to 1000000",
        );
        wrong(
            !many.contains(&self.failed_per_ip_per_hour),
            "limits.failed_per_ip_per_hour must be 1 to 1000000",
        );
    }
}
