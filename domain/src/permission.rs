//! Permissions: the fine-grained rights that roles are made of.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! permissions {
    ($($(#[$meta:meta])* $name:ident = $code:literal, $says:literal;)+) => {
        /// One right, named `resource.action`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Permission {
            $($(#[$meta])* #[serde(rename = $code)] $name,)+
        }

        impl Permission {
            pub const ALL: &[Self] = &[$(Self::$name),+];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What someone with this right may do, for the roles page and the API's description.
            pub const fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)+ }
            }
        }
    };
}

permissions! {
    UsersViewOwn = "users.view_own", "See their own account";
    UsersUpdateOwn = "users.update_own", "Change their own account";
    UsersView = "users.view", "See every account";
    UsersManage = "users.manage", "Create, change and suspend accounts";
    RolesManage = "roles.manage", "Change what roles may do";
    ProductsView = "products.view", "See the catalogue";
    ProductsCreate = "products.create", "Add products";
    ProductsUpdate = "products.update", "Change products";
    ProductsDelete = "products.delete", "Remove products";
    OrdersViewOwn = "orders.view_own", "See their own orders";
    OrdersViewAll = "orders.view_all", "See every order";
    OrdersUpdate = "orders.update", "Change orders";
    DocumentsSubmit = "documents.submit", "Submit documents for approval";
    DocumentsApprove = "documents.approve", "Decide on documents that name them";
    DocumentsManage = "documents.manage", "Manage templates and every document";
    ChatUse = "chat.use", "Take part in conversations";
    ChatModerate = "chat.moderate", "Moderate conversations";
    SettingsView = "settings.view", "See the settings";
    SettingsUpdate = "settings.update", "Change the settings";
    AuditView = "audit.view", "Read the audit trail";
}

/// What permissions are about, as the roles page groups them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PermissionGroup {
    OwnAccount,
    Accounts,
    Catalogue,
    Orders,
    Documents,
    Conversations,
    Installation,
}

impl PermissionGroup {
    pub const ALL: [Self; 7] = [
        Self::OwnAccount,
        Self::Accounts,
        Self::Catalogue,
        Self::Orders,
        Self::Documents,
        Self::Conversations,
        Self::Installation,
    ];

    pub const fn label(self) -> &'static str {
        match self {
            Self::OwnAccount => "Their own account",
            Self::Accounts => "Accounts and roles",
            Self::Catalogue => "Catalogue",
            Self::Orders => "Orders",
            Self::Documents => "Documents",
            Self::Conversations => "Conversations",
            Self::Installation => "The installation",
        }
    }

    /// The permissions of this group, in their order.
    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| permission.group() == self)
    }
}

impl Permission {
    pub const fn group(self) -> PermissionGroup {
        match self {
            Self::UsersViewOwn | Self::UsersUpdateOwn => PermissionGroup::OwnAccount,
            Self::UsersView | Self::UsersManage | Self::RolesManage => PermissionGroup::Accounts,
            Self::ProductsView | Self::ProductsCreate | Self::ProductsUpdate | Self::ProductsDelete => {
                PermissionGroup::Catalogue
            }
            Self::OrdersViewOwn | Self::OrdersViewAll | Self::OrdersUpdate => PermissionGroup::Orders,
            Self::DocumentsSubmit | Self::DocumentsApprove | Self::DocumentsManage => {
                PermissionGroup::Documents
            }
            Self::ChatUse | Self::ChatModerate => PermissionGroup::Conversations,
            Self::SettingsView | Self::SettingsUpdate | Self::AuditView => PermissionGroup::Installation,
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.code() == code)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A set of permissions, small enough to be copied about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permissions(u64);

impl Permissions {
    pub const NONE: Self = Self(0);
    pub const ALL: Self = Self::of(Permission::ALL);

    pub const fn of(list: &[Permission]) -> Self {
        let mut bits = 0;
        let mut index = 0;
        while index < list.len() {
            bits |= 1 << list[index] as u64;
            index += 1;
        }
        Self(bits)
    }

    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u64) != 0
    }

    /// What is in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in either set.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(list: I) -> Self {
        Self(list.into_iter().fold(0, |bits, permission| bits | 1 << permission as u64))
    }
}

const _: () = assert!(Permission::ALL.len() <= 64, "Permissions holds 64 bits");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_leads_back_to_its_permission() {
        for permission in Permission::ALL {
            assert_eq!(Permission::from_code(permission.code()), Some(*permission));
        }
        assert_eq!(Permission::from_code("users.everything"), None);
    }

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        let set: Permissions = [Permission::UsersView, Permission::AuditView].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [Permission::UsersView, Permission::AuditView]);
        assert!(!Permissions::NONE.contains(Permission::UsersView));
    }

    #[test]
    fn r1_every_permission_stands_in_one_group() {
        let grouped: Vec<Permission> =
            PermissionGroup::ALL.into_iter().flat_map(PermissionGroup::permissions).collect();
        assert_eq!(grouped.len(), Permission::ALL.len());
        assert!(PermissionGroup::ALL.into_iter().all(|group| group.permissions().next().is_some()));
    }

    #[test]
    fn what_was_gained_and_lost_is_what_only_one_set_has() {
        let before = Permissions::of(&[Permission::UsersView, Permission::AuditView]);
        let after = Permissions::of(&[Permission::AuditView, Permission::ChatUse]);
        assert_eq!(after.without(before), Permissions::of(&[Permission::ChatUse]));
        assert_eq!(before.without(after), Permissions::of(&[Permission::UsersView]));
        assert_eq!(before.or(after).len(), 3);
    }

    #[test]
    fn what_two_sets_share_is_in_both() {
        let one = Permissions::of(&[Permission::UsersView, Permission::AuditView]);
        let other = Permissions::of(&[Permission::AuditView, Permission::ChatUse]);
        assert_eq!(one.and(other), Permissions::of(&[Permission::AuditView]));
        assert!(one.and(Permissions::of(&[Permission::ChatUse])).is_empty());
    }
}
