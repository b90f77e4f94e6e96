//! Roles in the store.

use crate::{
    Result,
    db::{Db, Open, Tx},
};
use domain::{RoleCode, role::BuiltInRole};

/// A role, for a choice or a list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Role {
    pub code: RoleCode,
    pub name: String,
}

pub(crate) async fn all(db: &Db) -> Result<Vec<Role>> {
    fetch_all!(db, Role, "select code, name from roles order by position, code")
}

/// Adds the roles that are not there, with their permissions; a role that is there keeps what it has.
pub(crate) async fn add_missing(tx: &mut Tx<Open>, roles: &[BuiltInRole]) -> Result<()> {
    for (position, role) in (0_i64..).zip(roles) {
        let added = execute!(
            tx,
            "insert into roles (code, name, dashboard, position, built_in) values ($1, $2, $3, $4, $5)
             on conflict (code) do nothing",
            role.code,
            role.name,
            role.dashboard.code(),
            position,
            true,
        )?;
        if added > 0 {
            for permission in role.permissions {
                execute!(
                    tx,
                    "insert into role_permissions (role_code, permission) values ($1, $2)",
                    role.code,
                    permission.code()
                )?;
            }
        }
    }
    Ok(())
}
