//! Accounts that are made for somebody who may not come in yet: a company's directory knows them, and has switched them off.

use super::{Change, ChangeKind, Newcomer, People, Taken, add, powers};
use crate::{
    Origin, Result,
    events::Event,
    permit::{CreatePerson, Permit},
};
use domain::{PersonId, person::PersonStatus};

impl People {
    /// Makes an account without a password that is suspended from the first moment on. Nobody is written to.
    pub async fn create_suspended(
        &self,
        permit: &Permit<CreatePerson>,
        newcomer: Newcomer,
        origin: &Origin,
    ) -> Result<PersonId> {
        let mut tx = self.ground.begin(origin).await?;
        powers::check_roles(&mut tx, permit.holds(), &newcomer.roles).await?;
        let added = add(&mut tx, &newcomer, None, PersonStatus::Suspended).await?;
        let person = added.map_err(Taken::told)?;
        let kind = ChangeKind::MadeSuspended { newcomer: Box::new(newcomer) };
        tx.record(Event::Person(Change { person, kind })).await?.commit().await?;
        Ok(person)
    }
}
