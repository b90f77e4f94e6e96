//! Roles: named sets of permissions, and the eight that every installation begins with.

use crate::{
    dashboard::Dashboard,
    permission::{Permission as P, Permissions},
    person::is_invisible,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The stable name of a role, such as `USER_ADMIN`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct RoleCode(String);

/// The role that has every permission, always; it alone changes what roles may do.
pub const SUPER_ADMIN: &str = "SUPER_ADMIN";
/// So many roles one installation may have.
pub const MOST_ROLES: usize = 100;

impl RoleCode {
    /// What a new code has to look like.
    pub const RULE: &str =
        "Use 2 to 40 capital letters, digits and underscores, and begin with a letter, as in CASE_WORKER";

    pub fn is_super_admin(&self) -> bool {
        self.0 == SUPER_ADMIN
    }

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

/// What a role is called: "Case worker".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct RoleName(String);

impl RoleName {
    pub const LONGEST: usize = 60;

    /// Names stand in lists, between commas and semicolons, so they hold none.
    pub fn parse(raw: &str) -> Result<Self, String> {
        let name = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err("Give the role a name that people understand".into());
        }
        if name.chars().count() > Self::LONGEST {
            return Err(format!("Use at most {} characters", Self::LONGEST));
        }
        if name.chars().any(is_invisible) {
            return Err("Remove characters that cannot be seen".into());
        }
        if name.contains([',', ';']) {
            return Err("Leave out commas and semicolons".into());
        }
        Ok(Self(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a role that begins with nothing may do all the same.
pub const LEAST: Permissions = Permissions::of(&[P::UsersViewOwn, P::UsersUpdateOwn]);

/// What a role may be given. Whoever changes roles could give themselves anything, so that is for Super Admins alone; and
/// they keep every permission, so that no change can lock all of them out.
pub fn may_have(is_super_admin: bool, permissions: Permissions) -> Result<Permissions, &'static str> {
    if is_super_admin {
        return if permissions == Permissions::ALL {
            Ok(permissions)
        } else {
            Err(
                "Super Admins have every permission. Take the role from people who should not have all of them.",
            )
        };
    }
    if permissions.is_empty() {
        Err("Choose at least one permission")
    } else if permissions.contains(P::RolesManage) {
        Err("Only Super Admins change what roles may do. Give people that role instead.")
    } else {
        Ok(permissions)
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
        code: SUPER_ADMIN,
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
    fn r4_changing_roles_belongs_to_super_admins_who_have_everything() {
        assert!(may_have(false, Permissions::of(&[P::UsersManage])).is_ok());
        assert!(may_have(false, Permissions::NONE).is_err());
        assert!(may_have(false, Permissions::of(&[P::ProductsView, P::RolesManage])).is_err());
        assert!(may_have(true, Permissions::ALL).is_ok());
        assert!(may_have(true, Permissions::ALL.without(Permissions::of(&[P::ChatUse]))).is_err());
        // No built-in role is more than what may be given.
        for role in BUILT_IN {
            assert!(may_have(role.code == SUPER_ADMIN, role.permissions()).is_ok(), "{}", role.code);
        }
    }

    #[test]
    fn r2_names_of_roles_are_one_visible_line() {
        assert_eq!(RoleName::parse("  Case \t worker ").unwrap().as_str(), "Case worker");
        for wrong in ["", " ", "a,b", "a;b", "a\u{202E}b", &"x".repeat(61)] {
            assert!(RoleName::parse(wrong).is_err(), "{wrong:?} was taken");
        }
        for role in BUILT_IN {
            assert_eq!(RoleName::parse(role.name).unwrap().as_str(), role.name);
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
