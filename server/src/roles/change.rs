//! What happens to roles, as the audit trail tells it: each permission with whether it was there before and is there after.

use super::{
    form::NewRole,
    store::{RoleInFull, changing::Held},
};
use crate::{events::Owner, mail::Letter, outbox::Job};
use domain::{Permission, Permissions, PersonId, RoleCode, Timestamp, dashboard::Dashboard, role::RoleName};
use serde_json::{Map, Value, json};

/// Something that happened to a role.
#[derive(Debug, Clone)]
pub struct Change {
    pub role: RoleCode,
    /// What it is called; after the change, where that changed it.
    pub name: RoleName,
    pub kind: ChangeKind,
}

#[derive(Debug, Clone)]
pub enum ChangeKind {
    Made {
        after: RoleState,
        copy_of: Option<RoleCode>,
    },
    Changed {
        before: RoleState,
        after: RoleState,
    },
    Deleted {
        before: RoleState,
        people: usize,
        moved_to: Option<RoleCode>,
    },
    /// Somebody got another role in the place of one that was deleted.
    HandedOver {
        person: PersonId,
        owner: Owner,
        before: Vec<RoleCode>,
        after: Vec<RoleCode>,
        /// What those they have now are called.
        names: Vec<String>,
    },
}

/// What a role was or is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleState {
    pub name: RoleName,
    pub dashboard: Dashboard,
    pub permissions: Permissions,
}

impl From<&Held> for RoleState {
    fn from(held: &Held) -> Self {
        Self { name: held.name.clone(), dashboard: held.dashboard, permissions: held.permissions }
    }
}

impl From<&RoleInFull> for RoleState {
    fn from(role: &RoleInFull) -> Self {
        Self { name: role.name.clone(), dashboard: role.dashboard, permissions: role.permissions }
    }
}

impl From<&NewRole> for RoleState {
    fn from(role: &NewRole) -> Self {
        Self { name: role.name.clone(), dashboard: role.dashboard, permissions: role.permissions }
    }
}

impl Change {
    pub const fn action(&self) -> &'static str {
        match self.kind {
            ChangeKind::Made { .. } => "role.made",
            ChangeKind::Changed { .. } => "role.changed",
            ChangeKind::Deleted { .. } => "role.deleted",
            ChangeKind::HandedOver { .. } => "person.role_handed_over",
        }
    }

    /// The person it is about, where it is about one.
    pub const fn person(&self) -> Option<PersonId> {
        match self.kind {
            ChangeKind::HandedOver { person, .. } => Some(person),
            ChangeKind::Made { .. } | ChangeKind::Changed { .. } | ChangeKind::Deleted { .. } => None,
        }
    }

    /// The letters that follow. Whoever makes or changes a role writes to nobody: people see what they may do.
    pub fn jobs(&self, at: Timestamp) -> Vec<Job> {
        match &self.kind {
            ChangeKind::HandedOver { owner, names, .. } => vec![Job::Mail(Letter::RolesChanged {
                to: owner.email.to_string(),
                full_name: owner.full_name.to_string(),
                roles: names.clone(),
                at,
            })],
            ChangeKind::Made { .. } | ChangeKind::Changed { .. } | ChangeKind::Deleted { .. } => Vec::new(),
        }
    }

    pub fn details(&self) -> Value {
        match &self.kind {
            ChangeKind::Made { after, copy_of } => {
                json!({ "name": self.name, "copy_of": copy_of, "changes": changes(None, Some(after)) })
            }
            ChangeKind::Changed { before, after } => {
                json!({ "name": self.name, "changes": changes(Some(before), Some(after)) })
            }
            ChangeKind::Deleted { before, people, moved_to } => json!({
                "name": self.name, "people": people, "moved_to": moved_to, "changes": changes(Some(before), None),
            }),
            ChangeKind::HandedOver { before, after, .. } => {
                json!({ "name": self.name, "changes": { "roles": { "before": before, "after": after } } })
            }
        }
    }
}

/// What differs, field by field and permission by permission.
fn changes(before: Option<&RoleState>, after: Option<&RoleState>) -> Value {
    let mut changes = Map::new();
    let mut note = |field: &str, before: Value, after: Value| {
        if before != after {
            changes.insert(field.to_owned(), json!({ "before": before, "after": after }));
        }
    };
    note("name", json!(before.map(|role| &role.name)), json!(after.map(|role| &role.name)));
    note("dashboard", json!(before.map(|role| role.dashboard)), json!(after.map(|role| role.dashboard)));
    for permission in Permission::ALL {
        let had = before.is_some_and(|role| role.permissions.contains(*permission));
        let has = after.is_some_and(|role| role.permissions.contains(*permission));
        note(permission.code(), json!(had), json!(has));
    }
    Value::Object(changes)
}
