//! Roles: named sets of permissions. The built-in ones are put into the store at every start; what a Super Admin has
//! changed since is left alone.

pub(crate) mod store;

pub use store::Role;

use crate::{Origin, Result, db::Housekeeping, ground::Ground};

/// The service for roles.
#[derive(Debug, Clone)]
pub struct Roles {
    ground: Ground,
}

impl Roles {
    pub const fn new(ground: Ground) -> Self {
        Self { ground }
    }

    /// Adds the built-in roles that this store does not have yet.
    pub async fn add_built_in(&self) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        store::add_missing(&mut tx, domain::role::BUILT_IN).await?;
        tx.commit_housekeeping(Housekeeping::BuiltInRoles).await
    }

    /// Every role, in the order in which choices show them. Public: the sign-in form offers them.
    pub async fn all(&self) -> Result<Vec<Role>> {
        store::all(&self.ground.db).await
    }
}
