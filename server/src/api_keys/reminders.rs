//! Reminders: the owner of a key is told some days before it expires, once.

use super::{ApiKeys, Change, ChangeKind, store};
use crate::{Origin, Result, events::Event};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);
/// So long before its end.
const BEFORE: Duration = Duration::from_secs(7 * DAY.as_secs());
/// Whoever made one for less than this knows that it ends soon.
const SHORTEST: Duration = Duration::from_secs(14 * DAY.as_secs());
/// So many at a time; the rest has its turn soon.
const AT_A_TIME: i64 = 200;

impl ApiKeys {
    /// Tells the owners of keys that expire soon, as far as the keys still work.
    pub async fn remind(&self) -> Result<()> {
        let now = self.ground.clock.now();
        for key in store::reminders::due(&self.ground.db, now, now.after(BEFORE), SHORTEST, AT_A_TIME).await?
        {
            let mut tx = self.ground.begin(&Origin::program()).await?;
            // Another instance may have told them, or the key was revoked just now.
            let Some(held) = store::reminders::note(&mut tx, key).await? else { continue };
            let owner = store::owner(&mut tx, held.person_id).await?;
            let kind = ChangeKind::Reminded { name: held.name, expires_at: held.expires_at, owner };
            tx.record(Event::ApiKey(Change { person: held.person_id, key, kind })).await?.commit().await?;
        }
        Ok(())
    }
}
