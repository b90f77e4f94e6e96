//! The last manager: whatever changes about people or about roles, somebody is left who can look after accounts.

use super::store;
use crate::{
    Error, Result,
    db::{Open, Tx},
};
use domain::{Permission, PersonId};

const NOBODY_LEFT: &str =
    "Nobody could manage accounts after this. Give another active account a role that can, then try again.";

/// Refuses a transaction that would leave nobody active with a role that can manage accounts. Call it within the transaction,
/// after its changes and before its record. Of two that each take one of the last two managers, the second is refused.
pub async fn keep_a_manager(tx: &mut Tx<Open>) -> Result<()> {
    if store::managers::is_one_left(tx).await? { Ok(()) } else { Err(Error::Conflict(NOBODY_LEFT)) }
}

/// Whether others are left who can look after accounts, and after roles where this one can: then nobody misses them.
pub async fn can_do_without(tx: &mut Tx<Open>, person: PersonId) -> Result<bool> {
    use Permission::{RolesManage, UsersManage};
    store::managers::take_turn(tx).await?;
    let with_roles = !store::managers::has(tx, person, RolesManage).await?
        || store::managers::is_another_left(tx, person, RolesManage).await?;
    Ok(with_roles && store::managers::is_another_left(tx, person, UsersManage).await?)
}
