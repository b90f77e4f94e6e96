//! Those who can manage accounts, in the store.

use crate::{
    Result,
    db::{Lane, Open, Tx},
};
use domain::{Permission, PersonId, person::PersonStatus};
use uuid::Uuid;

/// Any number that nothing else here locks.
const LOCK: &str = "select pg_advisory_xact_lock(7204150918)";

/// One of them, other than somebody. Those with such a role are few and those who are active very many, and each engine would go
/// through all who are active until it meets one: `cross join` keeps SQLite from it, the status by itself PostgreSQL.
const MANAGER: &str = "select h.person_id from role_permissions g cross join person_roles h
     where g.permission = $1 and h.role_code = g.role_code and h.person_id <> $3
       and (select p.status from people p where p.id = h.person_id) = $2 limit 1";

/// Whether anybody active has a role with the permission, seen from within this transaction; whoever else asks waits until it
/// ends.
pub(in crate::people) async fn is_one_left(tx: &mut Tx<Open>) -> Result<bool> {
    take_turn(tx).await?;
    is_another_left(tx, PersonId::new(Uuid::nil()), Permission::UsersManage).await
}

/// Waits for whoever else asks. SQLite has one writer anyway.
pub(in crate::people) async fn take_turn(tx: &mut Tx<Open>) -> Result<()> {
    if let Lane::Postgres(on) = tx.lane() {
        // The statement after the lock sees what its last holder committed.
        sqlx::query(LOCK).execute(on).await?;
    }
    Ok(())
}

/// Whether anybody active but them has a role with the permission.
pub(in crate::people) async fn is_another_left(
    tx: &mut Tx<Open>,
    person: PersonId,
    permission: Permission,
) -> Result<bool> {
    let found = fetch_optional!(tx, (PersonId,), MANAGER, permission.code(), PersonStatus::Active, person)?;
    Ok(found.is_some())
}

/// Whether one of their roles has the permission.
pub(in crate::people) async fn has(
    tx: &mut Tx<Open>,
    person: PersonId,
    permission: Permission,
) -> Result<bool> {
    let sql = "select h.person_id from person_roles h join role_permissions g on g.role_code = h.role_code
               where h.person_id = $1 and g.permission = $2 limit 1";
    let found = fetch_optional!(tx, (PersonId,), sql, person, permission.code())?;
    Ok(found.is_some())
}

#[cfg(test)]
mod tests {
    use super::MANAGER;
    use crate::testing::plans::steps_among_many;

    #[tokio::test]
    async fn the_last_manager_is_looked_for_among_those_with_a_role_that_manages() {
        let steps = steps_among_many(MANAGER).await;
        let roles_first =
            steps.iter().any(|step| step.starts_with("SEARCH h ") && step.ends_with("(role_code=?)"));
        assert!(roles_first && !steps.iter().any(|step| step.contains("status=?")), "{steps:?}");
    }
}
