//! Roles: named sets of permissions, and the eight that every installation begins with.

use crate::{
    dashboard::Dashboard,
    permission::{Permission as P, Permissions},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The stable name of a role, such as `USER_ADMIN`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct RoleCode(String);

impl RoleCode {
    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        let code = raw.trim().to_uppercase();
        let shape_is_right = (2..=40).contains(&code.len())
            && code.starts_with(|c: char| c.is_ascii_uppercase())
            && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if shape_is_right { Ok(Self(code)) } else { Err("Choose one of the roles in the list") }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoleCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A role as the program brings it along; the first start puts these into the store, where Super Admins may change them.
#[derive(Debug, Clone, Copy)]
pub struct BuiltInRole {
    pub code: &'static str,
    pub name: &'static str,
    pub dashboard: Dashboard,
    pub permissions: &'static [P],
}

impl BuiltInRole {
    pub const fn permissions(&self) -> Permissions {
        Permissions::of(self.permissions)
    }
}

const PARTICIPANT: &[P] = &[
    P::UsersViewOwn,
    P::UsersUpdateOwn,
    P::ProductsView,
    P::DocumentsSubmit,
    P::DocumentsApprove,
    P::ChatUse,
];

/// The built-in roles. The last four follow the matrix of the specification guide word for word; what the guide does
/// not speak of (documents, chat, audit) is added by trust.
pub const BUILT_IN: &[BuiltInRole] = &[
    BuiltInRole {
        code: "USER_ADMIN",
        name: "User Admin",
        dashboard: Dashboard::UserAdmin,
        permissions: &[
            P::UsersViewOwn,
            P::UsersUpdateOwn,
            P::UsersView,
            P::UsersManage,
            P::ProductsView,
            P::DocumentsSubmit,
            P::DocumentsApprove,
            P::ChatUse,
            P::AuditView,
        ],
    },
    BuiltInRole {
        code: "PIN",
        name: "Person in need",
        dashboard: Dashboard::Member,
        permissions: PARTICIPANT,
    },
    BuiltInRole {
        code: "CSR_REP",
        name: "CSR representative",
        dashboard: Dashboard::Approver,
        permissions: PARTICIPANT,
    },
    BuiltInRole {
        code: "PLATFORM_MGMT",
        name: "Platform management",
        dashboard: Dashboard::Approver,
        permissions: PARTICIPANT,
    },
    BuiltInRole {
        code: "CUSTOMER",
        name: "Customer",
        dashboard: Dashboard::Member,
        permissions: &[P::UsersViewOwn, P::UsersUpdateOwn, P::ProductsView, P::OrdersViewOwn, P::ChatUse],
    },
    BuiltInRole {
        code: "STAFF",
        name: "Staff",
        dashboard: Dashboard::ProductManager,
        permissions: &[
            P::UsersViewOwn,
            P::UsersUpdateOwn,
            P::ProductsView,
            P::ProductsUpdate,
            P::OrdersViewOwn,
            P::OrdersViewAll,
            P::OrdersUpdate,
            P::DocumentsSubmit,
            P::DocumentsApprove,
            P::ChatUse,
        ],
    },
    BuiltInRole {
        code: "ADMIN",
        name: "Administrator",
        dashboard: Dashboard::UserAdmin,
        permissions: &[
            P::UsersViewOwn,
            P::UsersUpdateOwn,
            P::UsersView,
            P::UsersManage,
            P::ProductsView,
            P::ProductsCreate,
            P::ProductsUpdate,
            P::ProductsDelete,
            P::OrdersViewOwn,
            P::OrdersViewAll,
            P::OrdersUpdate,
            P::DocumentsSubmit,
            P::DocumentsApprove,
            P::DocumentsManage,
            P::ChatUse,
            P::ChatModerate,
            P::SettingsView,
            P::AuditView,
        ],
    },
    BuiltInRole {
        code: "SUPER_ADMIN",
        name: "Super Admin",
        dashboard: Dashboard::UserAdmin,
        permissions: P::ALL,
    },
];

/// The built-in role with this code.
pub fn built_in(code: &str) -> Option<&'static BuiltInRole> {
    BUILT_IN.iter().find(|role| role.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who_may(permission: P) -> Vec<&'static str> {
        let matrix = ["CUSTOMER", "STAFF", "ADMIN", "SUPER_ADMIN"];
        matrix.into_iter().filter(|code| built_in(code).unwrap().permissions().contains(permission)).collect()
    }

    #[test]
    fn r2_the_matrix_of_the_specification_guide_holds_word_for_word() {
        let everyone = ["CUSTOMER", "STAFF", "ADMIN", "SUPER_ADMIN"];
        for (permission, expected) in [
            (P::ProductsView, &everyone[..]),
            (P::ProductsCreate, &everyone[2..]),
            (P::ProductsUpdate, &everyone[1..]),
            (P::ProductsDelete, &everyone[2..]),
            (P::OrdersViewOwn, &everyone[..]),
            (P::OrdersViewAll, &everyone[1..]),
            (P::OrdersUpdate, &everyone[1..]),
            (P::UsersViewOwn, &everyone[..]),
            (P::UsersView, &everyone[2..]),
            (P::UsersUpdateOwn, &everyone[..]),
            (P::UsersManage, &everyone[2..]),
            (P::SettingsView, &everyone[2..]),
            (P::SettingsUpdate, &everyone[3..]),
        ] {
            assert_eq!(who_may(permission), expected, "{permission}");
        }
    }

    #[test]
    fn r2_user_admins_manage_accounts_and_participants_do_not() {
        assert!(built_in("USER_ADMIN").unwrap().permissions().contains(P::UsersManage));
        for code in ["PIN", "CSR_REP", "PLATFORM_MGMT"] {
            assert!(!built_in(code).unwrap().permissions().contains(P::UsersView), "{code}");
            assert!(built_in(code).unwrap().permissions().contains(P::DocumentsApprove), "{code}");
        }
    }

    #[test]
    fn role_codes_are_upper_case_words() {
        assert_eq!(RoleCode::parse(" user_admin ").unwrap().as_str(), "USER_ADMIN");
        for wrong in ["", "A", "1ST", "TWO WORDS", "ÄRGER", &"A".repeat(41)] {
            assert!(RoleCode::parse(wrong).is_err(), "{wrong:?} was taken");
        }
    }
}
