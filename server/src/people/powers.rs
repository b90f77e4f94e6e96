//! Power over others: an account that may change roles or settings is looked after only by somebody who may as well, and
//! nobody hands out a role that does more of this than their own. Else looking after accounts would be a way to everything.

use super::{People, store};
use crate::{
    Actor, Error, Result,
    db::{Db, Open, Tx},
    roles::Role,
};
use domain::{Permission, Permissions, PersonId, RoleCode};

/// What makes somebody powerful.
const POWERS: Permissions = Permissions::of(&[Permission::RolesManage, Permission::SettingsUpdate]);

/// Why somebody cannot be changed who looks like anybody else.
pub const ACCOUNT_ABOVE: &str =
    "This account may change roles or settings. Only somebody whose role may do that too can change it.";
pub(super) const ROLE_ABOVE: &str =
    "A role that may change roles or settings is given only by somebody whose role may do that too.";

impl People {
    /// The roles that the actor may give. A page shows no others; what is sent is looked at again.
    pub async fn roles_to_give(&self, actor: &Actor) -> Result<Vec<Role>> {
        let roles = store::powers::roles(&self.ground.db).await?;
        let may_give = |role: &(Role, Permissions)| !is_above(role.1, actor.permissions());
        Ok(roles.into_iter().filter(may_give).map(|(role, _)| role).collect())
    }

    /// Whether the actor may change this account: a page shows no button that leads to a refusal.
    pub async fn may_change(&self, actor: &Actor, person: PersonId) -> Result<bool> {
        if !actor.has(Permission::UsersManage) || actor.key().is_some() {
            return Ok(false);
        }
        let powers = store::powers::of_anybody(&self.ground.db, person).await?;
        Ok(!is_above(powers, actor.permissions()))
    }
}

/// Refuses to touch an account that has power which whoever acts lacks.
pub(crate) async fn check_account(tx: &mut Tx<Open>, holds: Permissions, person: PersonId) -> Result<()> {
    refuse_above(store::powers::of_person(tx, person).await?, holds)
}

/// The same where all that is kept about the account is taken along: it tells from where whoever has the power signs in.
pub(crate) async fn check_taking_along(db: &Db, holds: Permissions, person: PersonId) -> Result<()> {
    refuse_above(store::powers::of_anybody(db, person).await?, holds)
}

/// Refuses to hand out power which whoever acts lacks.
pub(crate) async fn check_roles(tx: &mut Tx<Open>, holds: Permissions, roles: &[RoleCode]) -> Result<()> {
    for role in roles {
        if is_above(store::powers::of_role(tx, role).await?, holds) {
            return Err(Error::Forbidden(ROLE_ABOVE));
        }
    }
    Ok(())
}

fn refuse_above(theirs: Permissions, own: Permissions) -> Result<()> {
    if is_above(theirs, own) { Err(Error::Forbidden(ACCOUNT_ABOVE)) } else { Ok(()) }
}

pub(super) fn is_above(theirs: Permissions, own: Permissions) -> bool {
    theirs.and(POWERS).iter().any(|power| !own.contains(power))
}
