//! What somebody wants a role to be, carried in the address from the form to the page that shows what changes; and that wish
//! laid over the role as it is now, which somebody else may have changed meanwhile.

use crate::page::Visit;
use domain::{Permission, Permissions, RoleCode, dashboard::Dashboard, role::RoleName};
use server::{
    http::intake::{encode, parameter, parameters},
    roles::{RoleForm, RoleInFull, RoleState},
};

/// More permissions than there are need not be read.
const MOST: usize = 64;

/// A role as it is wished for, and as it was when that began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub form: Wish,
    /// The version that was looked at.
    pub version: i64,
    pub was: RoleState,
}

/// What was typed and ticked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub name: String,
    pub dashboard: String,
    pub permissions: Vec<String>,
}

impl Draft {
    /// A role that nobody has changed yet.
    pub fn of(role: &RoleInFull) -> Self {
        let was = RoleState::from(role);
        let form = Wish {
            name: was.name.to_string(),
            dashboard: was.dashboard.code().to_owned(),
            permissions: codes(was.permissions),
        };
        Self { form, version: role.version, was }
    }

    /// What the address holds, if it holds a draft of this role.
    pub fn read(visit: &Visit, role: &RoleInFull) -> Option<Self> {
        let query = visit.address.split_once('?')?.1;
        let text = |name: &str| parameter(query, name);
        let version = text("version")?.parse().ok()?;
        let now = RoleState::from(role);
        let was = RoleState {
            name: text("was_name").and_then(|name| RoleName::parse(&name).ok()).unwrap_or(now.name),
            dashboard: text("was_dashboard")
                .and_then(|code| Dashboard::from_code(&code))
                .unwrap_or(now.dashboard),
            permissions: text("was").map_or(now.permissions, |list| read_list(&list)),
        };
        let permissions = if role.code.is_super_admin() {
            // Their ticks are fixed, and browsers do not send what is fixed.
            codes(Permissions::ALL)
        } else {
            parameters(query, "permission", MOST)
        };
        let form = Wish {
            name: text("name").unwrap_or_else(|| was.name.to_string()),
            dashboard: text("dashboard").unwrap_or_else(|| was.dashboard.code().to_owned()),
            permissions,
        };
        Some(Self { form, version, was })
    }

    /// The draft as a query string.
    pub fn query(&self) -> String {
        let mut query = format!(
            "version={}&was={}&was_name={}&was_dashboard={}&name={}&dashboard={}",
            self.version,
            encode(&codes(self.was.permissions).join(",")),
            encode(self.was.name.as_str()),
            self.was.dashboard.code(),
            encode(&self.form.name),
            encode(&self.form.dashboard),
        );
        for permission in &self.form.permissions {
            query.push_str("&permission=");
            query.push_str(&encode(permission));
        }
        query
    }

    pub fn form(&self) -> RoleForm {
        RoleForm {
            name: self.form.name.clone(),
            dashboard: self.form.dashboard.clone(),
            permissions: self.form.permissions.clone(),
        }
    }

    /// What was wished for, laid over the role as it is now: what this draft leaves alone stays as somebody else made it.
    pub fn over(&self, role: &RoleInFull, wished: &RoleState) -> RoleState {
        let now = RoleState::from(role);
        let (gained, lost) = (
            wished.permissions.without(self.was.permissions),
            self.was.permissions.without(wished.permissions),
        );
        RoleState {
            name: if wished.name == self.was.name { now.name } else { wished.name.clone() },
            dashboard: if wished.dashboard == self.was.dashboard { now.dashboard } else { wished.dashboard },
            permissions: now.permissions.or(gained).without(lost),
        }
    }
}

/// The page that shows what a draft changes.
pub fn review_address(code: &RoleCode, draft: &Draft) -> String {
    format!("/roles/{code}/review?{}", draft.query())
}

pub fn codes(permissions: Permissions) -> Vec<String> {
    permissions.iter().map(|permission| permission.code().to_owned()).collect()
}

/// Reads codes with commas between them; what is no permission is left out.
pub fn read_list(list: &str) -> Permissions {
    list.split(',').take(MOST).filter_map(Permission::from_code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(name: &str, permissions: &[Permission]) -> RoleState {
        RoleState {
            name: RoleName::parse(name).unwrap(),
            dashboard: Dashboard::Member,
            permissions: Permissions::of(permissions),
        }
    }

    #[test]
    fn r4_a_draft_takes_nothing_back_that_somebody_else_changed() {
        use Permission::{AuditView, ChatUse, ProductsView, UsersView};
        let role = RoleInFull {
            code: RoleCode::parse("STAFF").unwrap(),
            name: RoleName::parse("Crew").unwrap(),
            dashboard: Dashboard::Approver,
            permissions: Permissions::of(&[ProductsView, AuditView]),
            built_in: true,
            version: 2,
            people: 0,
            people_exact: true,
            changed_at: None,
            changed_by: None,
        };
        let was = state("Staff", &[ProductsView, ChatUse]);
        let draft = Draft { form: Draft::of(&role).form, version: 1, was };
        let wished = state("Staff", &[ChatUse, UsersView]);
        let outcome = draft.over(&role, &wished);
        assert_eq!(outcome.permissions, Permissions::of(&[AuditView, UsersView]));
        assert_eq!((outcome.name.as_str(), outcome.dashboard), ("Crew", Dashboard::Approver));
        let renamed = draft.over(&role, &state("Hands", &[ProductsView, ChatUse]));
        assert_eq!(renamed.name.as_str(), "Hands");
    }
}
