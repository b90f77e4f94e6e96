//! Retention: people of whom nothing was heard for long are told that they will be erased, and are erased when they do not
//! come back. Each step is a transaction of its own that looks once more, so instances do not get into each other's way.

use super::{Change, ChangeKind, Privacy, store};
use crate::{
    Error, Origin, Result,
    db::{Housekeeping, Open, Tx},
    events::Event,
    people,
};
use domain::{PersonId, Timestamp};
use std::time::Duration;

/// So many at a time; the rest has its turn soon.
const AT_A_TIME: i64 = 200;
const NEEDED: &str = "Nobody else could manage accounts or roles.";
/// A request that was under way while somebody was erased has long ended after this.
const UNDER_WAY: Duration = Duration::from_secs(3600);

/// Until when somebody must have been seen.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    /// Whoever was not seen since then is told.
    told: Timestamp,
    /// Whoever was not seen since then is erased.
    erased: Timestamp,
    /// And was told before then.
    told_before: Timestamp,
}

impl Privacy {
    /// Tells and erases whoever is due.
    pub async fn keep_to_retention(&self) -> Result<()> {
        self.finish_erasures().await?;
        let Some(bounds) = self.bounds() else { return Ok(()) };
        let now = self.ground.clock.now();
        for person in store::retention::to_tell(&self.ground.db, bounds.told, now, AT_A_TIME).await? {
            self.tell(person, bounds).await?;
        }
        for person in store::retention::told(&self.ground.db, bounds.told_before, AT_A_TIME).await? {
            match self.erase_unused(person, bounds).await {
                // Somebody has to look after accounts, however long they were away.
                Err(Error::Conflict(_)) => {
                    tracing::warn!(%person, "nobody else could manage accounts or roles, so this one is kept beyond its time");
                }
                Err(error) => error.log(),
                Ok(()) => {}
            }
        }
        Ok(())
    }

    fn bounds(&self) -> Option<Bounds> {
        let now = self.ground.clock.now();
        let (kept, warning) = (self.rules.kept()?, self.rules.warning());
        let told = now.before(kept.saturating_sub(warning));
        Some(Bounds { told, erased: now.before(kept), told_before: now.before(warning) })
    }

    async fn tell(&self, person: PersonId, bounds: Bounds) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        // Another instance may have told them, or they came at this very moment.
        let Some(account) = store::hold(&mut tx, person).await? else { return Ok(()) };
        let Some(seen) = self.not_seen_since(&mut tx, person, bounds.told).await? else { return Ok(()) };
        if !people::can_do_without(&mut tx, person).await?
            || !store::retention::note_told(&mut tx, person).await?
        {
            return Ok(());
        }
        let (warning, kept) = (self.rules.warning(), self.rules.kept().unwrap_or_default());
        let at = tx.at().after(warning).max(seen.after(kept));
        let kind = ChangeKind::Announced { username: account.username.clone(), owner: account.owner(), at };
        tx.record(Event::Privacy(Change { person, kind })).await?.commit().await
    }

    /// Erases somebody who was told and did not come back; whoever did is told anew one day.
    async fn erase_unused(&self, person: PersonId, bounds: Bounds) -> Result<()> {
        let Some(mut leaving) = self.begin_leaving(person, &Origin::program()).await? else { return Ok(()) };
        let (tx, account) = leaving.parts();
        if account.warned_at.is_none_or(|at| at > bounds.told_before) {
            return Ok(());
        }
        if self.not_seen_since(tx, person, bounds.erased).await?.is_some() {
            if !people::can_do_without(tx, person).await? {
                return Err(Error::Conflict(NEEDED));
            }
            // What the trail has just got is sealed by then.
            return self.leave(leaving, true).await.map(|_| ());
        }
        if self.not_seen_since(tx, person, bounds.told).await?.is_none() {
            let mut tx = leaving.into_tx();
            store::retention::forget_told(&mut tx, person).await?;
            return tx.commit_housekeeping(Housekeeping::Retention).await;
        }
        Ok(())
    }

    /// When they were seen last, if it was before then.
    async fn not_seen_since(
        &self,
        tx: &mut Tx<Open>,
        person: PersonId,
        then: Timestamp,
    ) -> Result<Option<Timestamp>> {
        Ok(store::retention::seen_at(tx, person).await?.filter(|seen| *seen < then))
    }

    /// Takes away what the trail has of accounts that were never used, and what requests have left that were under way while
    /// somebody was erased.
    pub async fn finish_erasures(&self) -> Result<()> {
        let since = self.ground.clock.now().before(UNDER_WAY);
        for person in store::retention::half_erased(&self.ground.db, since, AT_A_TIME).await? {
            // An entry that is not whole keeps nobody else waiting.
            if let Err(error) = self.finish_erasure(person).await {
                error.log();
            }
        }
        Ok(())
    }

    async fn finish_erasure(&self, person: PersonId) -> Result<()> {
        self.audit.seal_all().await?;
        let mut tx = self.ground.begin(&Origin::program()).await?;
        store::remove_jobs_of(&mut tx, person).await?;
        self.audit.erase(&mut tx, person).await?;
        tx.commit_housekeeping(Housekeeping::Retention).await
    }
}
