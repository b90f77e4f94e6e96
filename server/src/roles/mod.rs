//! Roles: named sets of permissions. The built-in ones are put into the store at every start; what a Super Admin has
//! changed since is left alone, but for Super Admins themselves, who always have every permission.

pub mod api;
mod bodies;
mod change;
mod deleting;
mod form;
mod reach;
pub(crate) mod store;

pub use change::{Change, ChangeKind, RoleState};
pub use form::{NewRole, RoleForm};
pub use reach::Reach;
pub use store::{Role, RoleInFull};

use crate::{
    Error, Origin, Result,
    db::{Db, Housekeeping},
    events::Event,
    ground::Ground,
    people,
    permit::{ManageRole, Permit, Roles as AllRoles, Visible},
};
use domain::{RoleCode, role::MOST_ROLES};
use std::time::Duration;
use store::changing;

const NO_SUCH_ROLE: &str = "There is no role with this code";
const CHANGED_MEANWHILE: &str =
    "This role was changed in the meantime. Look at it as it is now, then try again.";

/// The service for roles.
#[derive(Debug, Clone)]
pub struct Roles {
    ground: Ground,
    /// After so long without a sign of life, a session that is not remembered is over.
    idle: Duration,
}

impl Roles {
    pub const fn new(ground: Ground, idle: Duration) -> Self {
        Self { ground, idle }
    }

    /// Adds the built-in roles that this store does not have yet, and gives Super Admins the permissions that are new.
    pub async fn add_built_in(&self) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        store::add_missing(&mut tx, domain::role::BUILT_IN).await?;
        store::complete_super_admin(&mut tx).await?;
        tx.commit_housekeeping(Housekeeping::BuiltInRoles).await
    }

    /// Every role, in the order in which choices show them. Public: the sign-in form offers them.
    pub async fn all(&self) -> Result<Vec<Role>> {
        store::all(&self.ground.db).await
    }

    /// Every role with what it may do.
    pub async fn all_in_full(&self, _visible: &Visible<AllRoles>) -> Result<Vec<RoleInFull>> {
        store::all_in_full(&self.ground.db).await
    }

    /// One role with what it may do.
    pub async fn find(&self, _visible: &Visible<AllRoles>, code: &RoleCode) -> Result<RoleInFull> {
        store::find(&self.ground.db, code).await?.ok_or(Error::NotFound(NO_SUCH_ROLE))
    }

    /// Makes a role; `copy_of` is for the trail alone.
    pub async fn make(
        &self,
        permit: &Permit<ManageRole>,
        form: &RoleForm,
        copy_of: Option<RoleCode>,
        origin: &Origin,
    ) -> Result<()> {
        let role = form.parse(permit.resource())?;
        let mut tx = self.ground.begin(origin).await?;
        changing::take_turn(&mut tx).await?;
        if changing::count(&mut tx).await? >= MOST_ROLES {
            return Err(Error::Conflict("There are 100 roles already. Delete one that nobody needs first."));
        }
        if !changing::insert(&mut tx, permit, &role).await? {
            return Err(Error::Conflict("A role with this code exists already"));
        }
        let kind = ChangeKind::Made { after: RoleState::from(&role), copy_of };
        let change = Change { role: permit.resource().clone(), name: role.name, kind };
        tx.record(Event::Role(change)).await?.commit().await
    }

    /// Rewrites a role that is still at this version. It acts on the next request of everybody who has the role.
    pub async fn change(
        &self,
        permit: &Permit<ManageRole>,
        form: &RoleForm,
        version: i64,
        origin: &Origin,
    ) -> Result<()> {
        let role = form.parse(permit.resource())?;
        let mut tx = self.ground.begin(origin).await?;
        let held = changing::hold(&mut tx, permit.resource()).await?.ok_or(Error::NotFound(NO_SUCH_ROLE))?;
        if held.version != version {
            return Err(Error::Conflict(CHANGED_MEANWHILE));
        }
        let (before, after) = (RoleState::from(&held), RoleState::from(&role));
        if before == after {
            return Err(Error::Malformed("No fields to update".into()));
        }
        changing::rewrite(&mut tx, permit, &held, &role).await?;
        people::keep_a_manager(&mut tx).await?;
        let kind = ChangeKind::Changed { before, after };
        let change = Change { role: permit.resource().clone(), name: role.name, kind };
        tx.record(Event::Role(change)).await?.commit().await
    }
}

/// Whether people can be given this role.
pub(crate) async fn is_offered(db: &Db, code: &RoleCode) -> Result<bool> {
    Ok(store::all(db).await?.iter().any(|role| role.code == *code))
}

/// A code that an address or a body names. What is no code names no role.
pub fn named(code: &str) -> Result<RoleCode> {
    RoleCode::parse(code).map_err(|_| Error::NotFound(NO_SUCH_ROLE))
}
