//! Roles in the store.

pub(super) mod changing;

use crate::{
    Result,
    db::{Db, Open, Tx},
};
use domain::{
    Permission, Permissions, RoleCode, Timestamp,
    dashboard::Dashboard,
    person::FullName,
    role::{BuiltInRole, RoleName, SUPER_ADMIN},
};

/// Counting the people of a role stops here.
const COUNT_AT_MOST: i64 = 10_000;

/// A role, for a choice or a list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Role {
    pub code: RoleCode,
    pub name: String,
}

/// A role with what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleInFull {
    pub code: RoleCode,
    pub name: RoleName,
    pub dashboard: Dashboard,
    pub permissions: Permissions,
    pub built_in: bool,
    pub version: i64,
    /// How many people have it; counted no further than ten thousand.
    pub people: i64,
    pub people_exact: bool,
    /// Nothing while it is as the program brought it along.
    pub changed_at: Option<Timestamp>,
    pub changed_by: Option<FullName>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    code: RoleCode,
    name: RoleName,
    dashboard: Dashboard,
    built_in: bool,
    version: i64,
    changed_at: Option<Timestamp>,
    changed_by: Option<FullName>,
    permissions: Option<String>,
    people: i64,
}

impl From<Row> for RoleInFull {
    fn from(row: Row) -> Self {
        Self {
            code: row.code,
            name: row.name,
            dashboard: row.dashboard,
            permissions: read_permissions(row.permissions.as_deref()),
            built_in: row.built_in,
            version: row.version,
            people: row.people.min(COUNT_AT_MOST),
            people_exact: row.people <= COUNT_AT_MOST,
            changed_at: row.changed_at,
            changed_by: row.changed_by,
        }
    }
}

/// The columns of a `Row`; the table is called `r`.
macro_rules! in_full {
    () => {
        "select r.code, r.name, r.dashboard, r.built_in, r.version, r.changed_at, p.full_name as changed_by,
                (select string_agg(g.permission, ',') from role_permissions g where g.role_code = r.code) as permissions,
                (select count(*) from (select 1 from person_roles h where h.role_code = r.code limit 10001) counted) as people
         from roles r left join people p on p.id = r.changed_by
         where r.deleted_at is null "
    };
}

/// What a list of codes says, with commas between them. What this program does not know it does not permit.
fn read_permissions(codes: Option<&str>) -> Permissions {
    codes.unwrap_or_default().split(',').filter_map(Permission::from_code).collect()
}

pub(crate) async fn all(db: &Db) -> Result<Vec<Role>> {
    fetch_all!(db, Role, "select code, name from roles where deleted_at is null order by position, code")
}

pub(super) async fn all_in_full(db: &Db) -> Result<Vec<RoleInFull>> {
    let rows = fetch_all!(db, Row, concat!(in_full!(), "order by r.position, r.code"))?;
    Ok(rows.into_iter().map(RoleInFull::from).collect())
}

pub(super) async fn find(db: &Db, code: &RoleCode) -> Result<Option<RoleInFull>> {
    let row = fetch_optional!(db, Row, concat!(in_full!(), "and r.code = $1"), code)?;
    Ok(row.map(RoleInFull::from))
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
                grant(tx, role.code, *permission).await?;
            }
        }
    }
    Ok(())
}

/// Gives Super Admins what they lack: permissions that a newer program brought along.
pub(super) async fn complete_super_admin(tx: &mut Tx<Open>) -> Result<()> {
    for permission in Permission::ALL {
        grant(tx, SUPER_ADMIN, *permission).await?;
    }
    Ok(())
}

async fn grant(tx: &mut Tx<Open>, role: &str, permission: Permission) -> Result<()> {
    execute!(
        tx,
        "insert into role_permissions (role_code, permission) values ($1, $2) on conflict do nothing",
        role,
        permission.code()
    )?;
    Ok(())
}
