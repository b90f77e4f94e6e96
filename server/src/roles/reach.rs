//! Whom a change of a role reaches: who has it, who acts in it now, and the keys that act in it.

use super::{NO_SUCH_ROLE, Roles, store};
use crate::{
    Error, Result, api_keys,
    identity::{self, Acting},
    permit::{Roles as AllRoles, Visible},
};
use domain::RoleCode;

/// So many of those who act in a role are named.
const NAMED: i64 = 8;

/// Whom a change reaches.
#[derive(Debug, Clone)]
pub struct Reach {
    /// How many people have the role, to the last one.
    pub people: i64,
    /// How many of them are signed in in it.
    pub acting: i64,
    /// Those of them who were seen last.
    pub newest: Vec<Acting>,
    /// How many keys act in it.
    pub keys: i64,
}

impl Roles {
    /// Whom a change of this role would reach.
    pub async fn reach(&self, _visible: &Visible<AllRoles>, code: &RoleCode) -> Result<Reach> {
        let db = &self.ground.db;
        let now = self.ground.clock.now();
        store::find(db, code).await?.ok_or(Error::NotFound(NO_SUCH_ROLE))?;
        let (acting, newest) = identity::acting_in(db, code, now.before(self.idle), now, NAMED).await?;
        Ok(Reach {
            people: store::changing::people(db, code).await?,
            acting,
            newest,
            keys: api_keys::working_in(db, code, now).await?,
        })
    }
}
