//! Accounts that a company's directory looks after (SCIM 2.0).

use domain::RoleCode;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scim {
    /// Whether `/scim/v2` answers at all.
    pub enabled: bool,
    /// The role of whom the directory gives none.
    pub role: String,
    pub newcomers: Newcomers,
}

/// How somebody whom the directory brings along comes in for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Newcomers {
    /// By the letter that lets them choose a password.
    Invited,
    /// Through a provider, which vouches for their address; there is no password to choose.
    Active,
}

impl Default for Scim {
    fn default() -> Self {
        Self { enabled: true, role: "CUSTOMER".into(), newcomers: Newcomers::Invited }
    }
}

impl Scim {
    pub(super) fn judge(&self, wrong: &mut impl FnMut(bool, &str)) {
        wrong(RoleCode::parse(&self.role).is_err(), "scim.role must be the code of a role, such as CUSTOMER");
    }
}
