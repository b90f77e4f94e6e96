//! Requiring a second factor of one person, whatever their roles ask for. It counts from their next sign-in on.

use super::{Change, ChangeKind, Done, People, powers, store};
use crate::{
    Error, Origin, Result,
    events::Event,
    permit::{Permit, RequireSecondFactor},
};

impl People {
    /// Says that somebody has to have a second factor, or need not.
    pub async fn require_second_factor(
        &self,
        permit: &Permit<RequireSecondFactor>,
        required: bool,
        origin: &Origin,
    ) -> Result<Done> {
        let mut tx = self.ground.begin(origin).await?;
        let person = store::changes::hold(&mut tx, *permit.resource()).await?;
        let person = person.ok_or(Error::NotFound("User not found"))?.id;
        powers::check_account(&mut tx, permit.holds(), person).await?;
        if !store::changes::require_second_factor(&mut tx, person, required).await? {
            return Ok(Done::Before);
        }
        let change = Change { person, kind: ChangeKind::SecondFactorRequired { required } };
        tx.record(Event::Person(change)).await?.commit().await.map(|()| Done::Now)
    }
}
