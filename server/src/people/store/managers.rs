//! Those who can manage accounts, in the store.

use crate::{
    Result,
    db::{Lane, Open, Tx},
};
use domain::{Permission, person::PersonStatus};

/// Any number that nothing else here locks.
const LOCK: &str = "select pg_advisory_xact_lock(7204150918)";

/// Whether anybody active has a role with the permission, seen from within this transaction; whoever else asks waits until it
/// ends. SQLite has one writer anyway.
pub(in crate::people) async fn is_one_left(tx: &mut Tx<Open>) -> Result<bool> {
    if let Lane::Postgres(on) = tx.lane() {
        // The statement after the lock sees what its last holder committed.
        sqlx::query(LOCK).execute(on).await?;
    }
    let found: Option<(String,)> = fetch_optional!(
        tx,
        (String,),
        "select p.username from role_permissions g
         join person_roles h on h.role_code = g.role_code
         join people p on p.id = h.person_id
         where g.permission = $1 and p.status = $2 limit 1",
        Permission::UsersManage.code(),
        PersonStatus::Active,
    )?;
    Ok(found.is_some())
}
