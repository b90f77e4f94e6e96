//! Accounts whose address was never verified: after a while they are forgotten, so that a name and an address that somebody
//! typed once do not stay taken for ever.

use super::{Happening, Links, store};
use crate::{Origin, Result, events::Event, privacy};

/// So many at a time; the rest has its turn soon.
const AT_A_TIME: i64 = 200;

impl Links {
    /// Forgets accounts that have waited for too long. A link that is still good keeps its account; whoever has ever signed in
    /// stays in any case.
    pub async fn forget_unverified(&self) -> Result<()> {
        let Some(waits) = self.rules.unverified() else { return Ok(()) };
        let now = self.ground.clock.now();
        let before = now.before(waits);
        for person in store::never_verified(&self.ground.db, before, now, AT_A_TIME).await? {
            let mut tx = self.ground.begin(&Origin::program()).await?;
            // Its owner may have come at this very moment.
            if store::hold_unverified(&mut tx, person, before).await? {
                privacy::remove_unused(&mut tx, person).await?;
                tx.record(Event::Link(Happening::UnverifiedForgotten { person })).await?.commit().await?;
            }
        }
        Ok(())
    }
}
