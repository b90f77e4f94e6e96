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
    pub const ALL: [Self; 4] = [Self::UserAdmin, Self::Approver, Self::ProductManager, Self::Member];

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dashboard| dashboard.code() == code)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::UserAdmin => "User Admin",
            Self::Approver => "Approver",
            Self::ProductManager => "Product manager",
            Self::Member => "Member",
        }
    }

    /// What it shows, for whoever gives it to a role.
    pub const fn says(self) -> &'static str {
        match self {
            Self::UserAdmin => "People, sign-ins and what failed; needs the permission to see every account",
            Self::Approver => "Decisions that wait",
            Self::ProductManager => "Products that run low",
            Self::Member => "Their own documents and notices",
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::UserAdmin => "user_admin",
            Self::Approver => "approver",
            Self::ProductManager => "product_manager",
            Self::Member => "member",
        }
    }
}
