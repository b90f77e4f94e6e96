//! Whom and what to believe: proxies, keys, and who has to show a second factor when.

use domain::RoleCode;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Whom and what to believe.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Security {
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// After so many days another key signs tokens; 0 leaves that to `countersign keys rotate`.
    pub rotate_keys_after_days: u32,
    /// Who has to have a second factor.
    pub second_factor: Required,
    /// The roles that need one, where it is required for roles. Whoever has one of them needs it, in whichever role they act.
    pub second_factor_roles: Vec<String>,
    /// What administrative actions ask for. A demo asks for less unless it is set.
    #[serde(serialize_with = "in_force")]
    pub admin_second_factor: Option<AdminSecondFactor>,
    /// For so many days a browser may be remembered, so that signing in asks it for the password alone; 0 turns that off.
    pub remember_device_days: u32,
}

/// For whom a second factor is required.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Required {
    /// Whoever likes has one.
    #[default]
    Optional,
    /// Those who have one of `second_factor_roles`.
    Roles,
    All,
}

/// What administrative actions ask for, besides having signed in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdminSecondFactor {
    /// A second factor, shown lately. Whoever has none sets one up first.
    #[default]
    Required,
    /// A second factor, or the password where there is none; shown lately.
    IfEnrolled,
}

impl Default for Security {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            rotate_keys_after_days: 90,
            second_factor: Required::default(),
            second_factor_roles: Vec::new(),
            admin_second_factor: None,
            remember_device_days: 0,
        }
    }
}

impl Security {
    /// Whether somebody with these roles has to have a second factor.
    pub fn requires_second_factor(&self, mut roles: impl Iterator<Item = RoleCode>) -> bool {
        match self.second_factor {
            Required::Optional => false,
            Required::All => true,
            Required::Roles => {
                roles.any(|role| self.second_factor_roles.iter().any(|code| code == role.as_str()))
            }
        }
    }

    pub fn administration(&self) -> AdminSecondFactor {
        self.admin_second_factor.unwrap_or_default()
    }

    /// How long a device is remembered; nothing where none is.
    pub const fn remembers_devices_for(&self) -> Option<Duration> {
        match self.remember_device_days {
            0 => None,
            days => Some(Duration::from_secs(days as u64 * 86_400)),
        }
    }

    pub(super) fn judge(&self, wrong: &mut impl FnMut(bool, &str)) {
        wrong(self.remember_device_days > 365, "security.remember_device_days must be 0 to 365");
        wrong(
            self.second_factor == Required::Roles && self.second_factor_roles.is_empty(),
            "security.second_factor_roles must name a role where security.second_factor is roles",
        );
        wrong(
            self.second_factor_roles.iter().any(|code| RoleCode::parse(code).is_err()),
            "security.second_factor_roles must be role codes such as USER_ADMIN",
        );
    }
}

/// Shown as it works where it is not set.
fn in_force<S: serde::Serializer>(
    value: &Option<AdminSecondFactor>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.unwrap_or_default().serialize(serializer)
}
