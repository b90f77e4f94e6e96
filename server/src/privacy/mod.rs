//! Privacy: taking along everything that is kept about somebody, erasing them so that the audit trail stays provable, and
//! erasing by itself, after a warning, those of whom nothing was heard for long.

pub mod api;
mod change;
mod document;
mod erasure;
mod retention;
mod store;

pub use change::{Change, ChangeKind};
pub use erasure::EraseForm;

use crate::{
    Result,
    audit::Audit,
    config,
    db::{Open, Tx},
    ground::Ground,
    lockout::Lockout,
    permit::{Action, People, Visible},
    second_factor::SecondFactors,
};
use domain::{Permission, PersonId, Timestamp};

/// Taking along everything that is kept about somebody. What leaves so is out of the house, as with an export of everybody.
#[derive(Debug)]
pub struct ExportData;

/// Removing somebody for good.
#[derive(Debug)]
pub struct ErasePerson;

impl Action for ExportData {
    type Resource = PersonId;
    const NEEDS: Permission = Permission::UsersManage;
}

impl Action for ErasePerson {
    type Resource = PersonId;
    const NEEDS: Permission = Permission::UsersManage;
}

/// The service for what is kept about people.
#[derive(Debug, Clone)]
pub struct Privacy {
    ground: Ground,
    audit: Audit,
    lockout: Lockout,
    second_factors: SecondFactors,
    rules: config::Retention,
}

impl Privacy {
    pub const fn new(
        ground: Ground,
        audit: Audit,
        lockout: Lockout,
        second_factors: SecondFactors,
        rules: config::Retention,
    ) -> Self {
        Self { ground, audit, lockout, second_factors, rules }
    }

    /// When somebody was erased who had this id; nothing for anybody else.
    pub async fn erased_at(&self, visible: &Visible<People>, id: PersonId) -> Result<Option<Timestamp>> {
        if visible.includes(id) { store::erased_at(&self.ground.db, id).await } else { Ok(None) }
    }

    /// After how long people are erased of whom nothing is heard, and how long before they are told.
    pub const fn rules(&self) -> config::Retention {
        self.rules
    }
}

/// Removes an account that was never used, in the transaction that records why. What the trail has of it is emptied by the
/// upkeep that follows, with the record itself.
pub(crate) async fn remove_unused(tx: &mut Tx<Open>, person: PersonId) -> Result<()> {
    if let Some(account) = store::hold(tx, person).await? {
        store::remove(tx, &account).await?;
    }
    Ok(())
}
