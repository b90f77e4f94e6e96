//! Whom and what to believe: proxies, keys, and who has to show a second factor when.

use super::proxies::{self, Network};
use domain::RoleCode;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Whom and what to believe.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Security {
    /// Addresses and networks of proxies whose `X-Forwarded-For` is believed.
    #[serde(deserialize_with = "proxies::read")]
    pub trusted_proxies: Vec<Network>,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(codes: &[&str]) -> Vec<RoleCode> {
        codes.iter().map(|code| RoleCode::parse(code).unwrap()).collect()
    }

    fn problems(security: &Security) -> usize {
        let mut count = 0;
        security.judge(&mut |is_wrong, _| count += usize::from(is_wrong));
        count
    }

    #[test]
    fn a5_a_role_that_is_held_decides_who_needs_a_second_factor() {
        let asks = |second_factor, held: &[&str]| {
            let second_factor_roles = vec!["USER_ADMIN".to_owned(), "SUPER_ADMIN".to_owned()];
            let security = Security { second_factor, second_factor_roles, ..Security::default() };
            security.requires_second_factor(roles(held).into_iter())
        };
        assert!(!asks(Required::Optional, &["USER_ADMIN"]));
        assert!(asks(Required::Roles, &["STAFF", "USER_ADMIN"]) && !asks(Required::Roles, &["STAFF", "PIN"]));
        assert!(asks(Required::All, &["PIN"]));
    }

    #[test]
    fn a5_settings_that_ask_nobody_or_too_much_are_refused() {
        assert_eq!(problems(&Security::default()), 0);
        let nobody = Security { second_factor: Required::Roles, ..Security::default() };
        assert_eq!(problems(&nobody), 1);
        let odd = Security { second_factor_roles: vec!["user admin".into()], ..Security::default() };
        assert_eq!(problems(&odd), 1);
        assert_eq!(problems(&Security { remember_device_days: 366, ..Security::default() }), 1);
        let shown = serde_json::to_string(&Security::default()).unwrap();
        assert!(shown.contains("\"admin_second_factor\":\"required\""), "{shown}");
    }
}
