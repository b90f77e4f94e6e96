//! Roles as JSON: what clients send, and what they are answered.

use super::{Reach, RoleInFull};
use crate::http::moments::iso;
use domain::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A role with what it may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleInFullBody {
    #[schema(example = "CASE_WORKER")]
    code: String,
    #[schema(example = "Case worker")]
    name: String,
    /// `user_admin`, `approver`, `product_manager` or `member`.
    #[schema(example = "approver")]
    dashboard: &'static str,
    /// Codes of permissions.
    #[schema(example = json!(["users.view_own", "documents.approve"]))]
    permissions: Vec<&'static str>,
    /// Whether it came with Countersign; such a role cannot be deleted.
    #[schema(example = false)]
    built_in: bool,
    /// How many people have it.
    #[schema(example = 12)]
    people: i64,
    /// When this is false there are at least `people`.
    people_exact: bool,
    /// When it was changed last (RFC 3339, UTC); null while it is as it came.
    #[schema(format = "date-time")]
    changed_at: Option<String>,
    /// Counts the changes; send it back with a change.
    #[schema(example = 3)]
    version: i64,
}

/// One role, and whom a change of it would reach.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleWithReachBody {
    pub(super) role: RoleInFullBody,
    pub(super) reach: ReachBody,
}

/// Whom a change of a role would reach.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReachBody {
    /// How many people have it.
    #[schema(example = 12)]
    people: i64,
    /// How many of them are signed in in it now.
    #[schema(example = 3)]
    acting_now: i64,
    /// How many API keys act in it.
    #[schema(example = 1)]
    api_keys: i64,
}

/// The answer to a change of a role that was changed in the meantime, with the role as it is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleConflictBody {
    #[schema(example = "conflict")]
    pub(super) error: String,
    #[schema(example = "This role was changed in the meantime. Look at it as it is now, then try again.")]
    pub(super) message: String,
    #[schema(example = "0198c0de5a7b7c3e9f10a2b3c4d5e6f7")]
    pub(super) request_id: String,
    pub(super) current: RoleInFullBody,
}

/// What a client sends to make a role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRoleRequest {
    /// Capital letters, digits and underscores. It stays as it is.
    #[schema(example = "CASE_WORKER")]
    pub(super) code: String,
    #[schema(example = "Case worker")]
    pub(super) name: String,
    /// `user_admin`, `approver`, `product_manager` or `member`; the copied role's, or `member`, where it is left out.
    #[serde(default)]
    #[schema(example = "approver")]
    pub(super) dashboard: Option<String>,
    /// Codes of permissions; the copied role's, or those about the own account, where they are left out.
    #[serde(default)]
    #[schema(example = json!(["users.view_own", "documents.approve"]))]
    pub(super) permissions: Option<Vec<String>>,
    /// The code of a role to copy.
    #[serde(default)]
    #[schema(example = "STAFF")]
    pub(super) copy_of: Option<String>,
}

/// What a client sends to change a role: all of it, with the version that was looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleRequest {
    #[schema(example = "Case worker")]
    pub(super) name: String,
    /// `user_admin`, `approver`, `product_manager` or `member`.
    #[schema(example = "approver")]
    pub(super) dashboard: String,
    /// Codes of permissions.
    #[schema(example = json!(["users.view_own", "documents.approve"]))]
    pub(super) permissions: Vec<String>,
    #[schema(example = 3)]
    pub(super) version: i64,
}

/// How a role is deleted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct DeleteRoleParams {
    /// The code of the role that its people get in its place.
    #[param(example = "STAFF")]
    pub(super) move_to: Option<String>,
}

impl RoleInFullBody {
    pub(super) fn of(role: RoleInFull) -> Self {
        Self {
            code: role.code.to_string(),
            name: role.name.to_string(),
            dashboard: role.dashboard.code(),
            permissions: role.permissions.iter().map(Permission::code).collect(),
            built_in: role.built_in,
            people: role.people,
            people_exact: role.people_exact,
            changed_at: role.changed_at.map(iso),
            version: role.version,
        }
    }
}

impl From<Reach> for ReachBody {
    fn from(reach: Reach) -> Self {
        Self { people: reach.people, acting_now: reach.acting, api_keys: reach.keys }
    }
}
