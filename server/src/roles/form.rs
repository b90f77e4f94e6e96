//! A role as it is typed, and as it may be kept.

use domain::{
    FieldErrors, Permission, Permissions, RoleCode,
    dashboard::Dashboard,
    role::{RoleName, may_have},
};

/// A role as it was typed.
#[derive(Debug, Clone, Default)]
pub struct RoleForm {
    pub name: String,
    /// The code of a dashboard.
    pub dashboard: String,
    /// Codes of permissions.
    pub permissions: Vec<String>,
}

/// A role whose fields are all right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRole {
    pub name: RoleName,
    pub dashboard: Dashboard,
    pub permissions: Permissions,
}

impl RoleForm {
    /// Turns what was typed into what the role of this code may be, or says what is wrong with each field.
    pub fn parse(&self, code: &RoleCode) -> Result<NewRole, FieldErrors> {
        self.check(code.is_super_admin())
    }

    /// The same for a role that is to be made, with the code that was typed for it.
    pub fn parse_new(&self, code: &str) -> Result<(RoleCode, NewRole), FieldErrors> {
        match RoleCode::parse(code) {
            Ok(code) => Ok((code.clone(), self.parse(&code)?)),
            Err(_) => {
                let mut errors = FieldErrors::one("code", RoleCode::RULE);
                let others = self.check(false).err().unwrap_or_default();
                others.iter().for_each(|error| errors.add(&error.field, error.message.as_str()));
                Err(errors)
            }
        }
    }

    fn check(&self, is_super_admin: bool) -> Result<NewRole, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = errors.check("name", RoleName::parse(&self.name));
        let dashboard = Dashboard::from_code(&self.dashboard).ok_or("Choose a dashboard from the list");
        let dashboard = errors.check("dashboard", dashboard);
        let known: Option<Permissions> =
            self.permissions.iter().map(|code| Permission::from_code(code)).collect();
        let permissions = known.ok_or("Choose permissions from the list");
        let permissions = permissions.and_then(|permissions| may_have(is_super_admin, permissions));
        let permissions = errors.check("permissions", permissions);
        match (name, dashboard, permissions) {
            (Some(name), Some(dashboard), Some(permissions)) => Ok(NewRole { name, dashboard, permissions }),
            _ => Err(errors),
        }
    }
}
