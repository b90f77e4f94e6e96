//! Changing roles in the store: making, rewriting and deleting them, and handing their people over to another one.

use super::{grant, read_permissions};
use crate::{
    Result,
    db::{Db, Lane, Open, Tx},
    events::Owner,
    origin::Doer,
    permit::{ManageRole, Permit},
    roles::form::NewRole,
};
use domain::{
    Permissions, PersonId, RoleCode,
    dashboard::Dashboard,
    role::{MOST_ROLES, RoleName},
};

use std::collections::HashMap;

/// Any number that nothing else here locks.
const LOCK: &str = "select pg_advisory_xact_lock(7204150921)";

/// A role as this transaction found it, which nobody else changes until it ends.
#[derive(Debug, Clone)]
pub(in crate::roles) struct Held {
    pub name: RoleName,
    pub dashboard: Dashboard,
    pub permissions: Permissions,
    pub built_in: bool,
    pub version: i64,
}

/// Somebody who has a role, with all of theirs, the usual one first.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in crate::roles) struct Holder {
    pub person: PersonId,
    #[sqlx(flatten)]
    pub owner: Owner,
    roles: String,
}

impl Holder {
    pub fn roles(&self) -> Vec<RoleCode> {
        self.roles.split(',').filter_map(|code| RoleCode::parse(code).ok()).collect()
    }
}

/// Whoever else makes or deletes a role waits until this transaction ends. SQLite has one writer anyway.
pub(in crate::roles) async fn take_turn(tx: &mut Tx<Open>) -> Result<()> {
    if let Lane::Postgres(on) = tx.lane() {
        sqlx::query(LOCK).execute(on).await?;
    }
    Ok(())
}

/// Holds the role until this transaction ends.
pub(in crate::roles) async fn hold(tx: &mut Tx<Open>, code: &RoleCode) -> Result<Option<Held>> {
    let row = fetch_optional!(
        tx,
        (RoleName, Dashboard, bool, i64),
        "update roles set version = version where code = $1 and deleted_at is null
         returning name, dashboard, built_in, version",
        code,
    )?;
    let Some((name, dashboard, built_in, version)) = row else { return Ok(None) };
    // A statement of its own, which sees what the last holder of the row committed.
    let (permissions,) = fetch_one!(
        tx,
        (Option<String>,),
        "select string_agg(permission, ',') from role_permissions where role_code = $1",
        code,
    )?;
    let permissions = read_permissions(permissions.as_deref());
    Ok(Some(Held { name, dashboard, permissions, built_in, version }))
}

/// How many roles there are.
pub(in crate::roles) async fn count(tx: &mut Tx<Open>) -> Result<usize> {
    let (count,) = fetch_one!(tx, (i64,), "select count(*) from roles where deleted_at is null")?;
    Ok(usize::try_from(count).unwrap_or(MOST_ROLES))
}

/// Adds a role, also where one of this code is gone; answers no where one of it is there.
pub(in crate::roles) async fn insert(
    tx: &mut Tx<Open>,
    permit: &Permit<ManageRole>,
    role: &NewRole,
) -> Result<bool> {
    let (at, by) = (tx.at(), doer(tx));
    let added = execute!(
        tx,
        "insert into roles (code, name, dashboard, position, built_in, changed_at, changed_by)
         values ($1, $2, $3, (select coalesce(max(position), 0) + 1 from roles), $4, $5, $6)
         on conflict (code) do update set name = excluded.name, dashboard = excluded.dashboard, position = excluded.position,
            version = roles.version + 1, changed_at = excluded.changed_at, changed_by = excluded.changed_by, deleted_at = null
         where roles.deleted_at is not null",
        permit.resource(),
        &role.name,
        role.dashboard.code(),
        false,
        at,
        by,
    )?;
    if added > 0 {
        // Whoever got it at the very moment at which it went does not come back with it.
        execute!(tx, "delete from person_roles where role_code = $1", permit.resource())?;
        for permission in role.permissions.iter() {
            grant(tx, permit.resource().as_str(), permission).await?;
        }
    }
    Ok(added > 0)
}

/// Rewrites a role that is held. Codes of permissions that this program does not know stay where they are.
pub(in crate::roles) async fn rewrite(
    tx: &mut Tx<Open>,
    permit: &Permit<ManageRole>,
    before: &Held,
    role: &NewRole,
) -> Result<()> {
    let (at, by, code) = (tx.at(), doer(tx), permit.resource());
    execute!(
        tx,
        "update roles set name = $2, dashboard = $3, version = version + 1, changed_at = $4, changed_by = $5 where code = $1",
        code,
        &role.name,
        role.dashboard.code(),
        at,
        by,
    )?;
    for permission in role.permissions.without(before.permissions).iter() {
        grant(tx, code.as_str(), permission).await?;
    }
    for permission in before.permissions.without(role.permissions).iter() {
        execute!(
            tx,
            "delete from role_permissions where role_code = $1 and permission = $2",
            code,
            permission.code()
        )?;
    }
    Ok(())
}

/// The people who have a role, up to so many. Their rows are taken first, so that who changes one of them waits for us, or we
/// for them.
pub(in crate::roles) async fn holders(tx: &mut Tx<Open>, code: &RoleCode, most: i64) -> Result<Vec<Holder>> {
    let at = tx.at();
    execute!(
        tx,
        "update people set version = version + 1, updated_at = $3
         where id in (select person_id from person_roles where role_code = $1 limit $2)",
        code,
        most,
        at,
    )?;
    fetch_all!(
        tx,
        Holder,
        "select h.person_id as person, p.full_name, p.email, string_agg(h.role_code, ',' order by h.position) as roles
         from person_roles h join people p on p.id = h.person_id
         where h.person_id in (select person_id from person_roles where role_code = $1 limit $2)
         group by h.person_id, p.full_name, p.email",
        code,
        most,
    )
}

/// Holds the role until this transaction ends, so that nobody gets it meanwhile either.
pub(in crate::roles) async fn hold_alone(tx: &mut Tx<Open>, code: &RoleCode) -> Result<Option<Held>> {
    if let Lane::Postgres(on) = tx.lane() {
        // Stronger than what an update takes: whoever gives somebody the role looks at this row.
        sqlx::query("select code from roles where code = $1 for update").bind(code).execute(on).await?;
    }
    hold(tx, code).await
}

/// Gives these people the other role in the place of one; who has both keeps the other.
pub(in crate::roles) async fn hand_over(
    tx: &mut Tx<Open>,
    from: &RoleCode,
    to: &RoleCode,
    holders: &[Holder],
) -> Result<()> {
    for holder in holders {
        execute!(
            tx,
            "update person_roles set role_code = $3
             where person_id = $1 and role_code = $2
               and not exists (select 1 from person_roles o where o.person_id = $1 and o.role_code = $3)",
            holder.person,
            from,
            to,
        )?;
        execute!(
            tx,
            "delete from person_roles where person_id = $1 and role_code = $2",
            holder.person,
            from
        )?;
    }
    Ok(())
}

/// What each role is called.
pub(in crate::roles) async fn names(tx: &mut Tx<Open>) -> Result<HashMap<RoleCode, String>> {
    let rows = fetch_all!(tx, (RoleCode, String), "select code, name from roles where deleted_at is null")?;
    Ok(rows.into_iter().collect())
}

/// Whether anybody has the role.
pub(in crate::roles) async fn is_held(tx: &mut Tx<Open>, code: &RoleCode) -> Result<bool> {
    let sql = "select 1 as held from person_roles where role_code = $1 limit 1";
    let found = fetch_optional!(tx, (i32,), sql, code)?;
    Ok(found.is_some())
}

/// Marks a role as gone. It may nothing from now on, and nothing offers it.
pub(in crate::roles) async fn delete(tx: &mut Tx<Open>, permit: &Permit<ManageRole>) -> Result<()> {
    let (at, by) = (tx.at(), doer(tx));
    execute!(tx, "delete from role_permissions where role_code = $1", permit.resource())?;
    execute!(
        tx,
        "update roles set deleted_at = $2, changed_at = $2, changed_by = $3, version = version + 1 where code = $1",
        permit.resource(),
        at,
        by,
    )?;
    Ok(())
}

/// How many people have a role, to the last one.
pub(in crate::roles) async fn people(db: &Db, code: &RoleCode) -> Result<i64> {
    let sql = "select count(*) from person_roles where role_code = $1";
    fetch_one!(db, (i64,), sql, code).map(|(count,)| count)
}

fn doer(tx: &Tx<Open>) -> Option<PersonId> {
    match tx.origin().doer {
        Doer::Person { id, .. } | Doer::Key { id, .. } => Some(id),
        Doer::Anonymous | Doer::Operator | Doer::Program => None,
    }
}
