//! Which dashboard a role opens with.

use serde::{Deserialize, Serialize};

/// The dashboards there are; each role has one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(type_name = "text", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Dashboard {
    UserAdmin,
    Approver,
    ProductManager,
    Member,
}

impl Dashboard {
    /// Where a client sends someone after signing in: `/` draws the dashboard of the role one acts in.
    pub const ROUTE: &'static str = "/";

    pub const fn code(self) -> &'static str {
        match self {
            Self::UserAdmin => "user_admin",
            Self::Approver => "approver",
            Self::ProductManager => "product_manager",
            Self::Member => "member",
        }
    }
}
