//! What leaves the trail: entries whose time is over, and what was told of a person who asks to be forgotten. Neither breaks
//! the chain.

use super::{
    Audit, Happening,
    ends::{ANCHOR, End, Ends, HEAD},
    store::{
        chain::{self, Held},
        proven::Proven,
    },
};
use crate::{
    Error, Origin, Result,
    db::{Open, Tx},
    events::Event,
};
use domain::PersonId;
use std::time::Duration;

const BATCH: i64 = 5_000;
/// The next ones follow a minute later: writers have to come in between.
const BATCHES: usize = 10;

impl Audit {
    /// Removes entries that are older than the setting says, oldest places first. The anchor keeps the seal of the last of them,
    /// so the rest stays provable, and that they were removed is an entry of its own.
    pub async fn forget_old(&self) -> Result<()> {
        self.end_takeover_in_time().await?;
        for _ in 0..BATCHES {
            if !self.forget_some().await? {
                break;
            }
        }
        Ok(())
    }

    async fn forget_some(&self) -> Result<bool> {
        let kept = Duration::from_secs(u64::from(self.rules.keep_days) * 86_400);
        let before = self.ground.clock.now().before(kept);
        if !chain::is_oldest_before(&self.ground.db, before).await? {
            return Ok(false);
        }
        let mut tx = self.ground.begin(&Origin::program()).await?;
        if !chain::try_lock(&mut tx).await? {
            return Ok(false);
        }
        let ends = Ends::read(&chain::ends_within(&mut tx).await?, self.notary());
        let (Some(anchor), Some(head)) = (ends.anchor, ends.head) else {
            return Err(Error::Internal(anyhow::anyhow!(
                "the {} of the audit trail is not vouched for, so nothing is removed from it",
                ends.forged.first().map_or(HEAD, |(name, _)| *name)
            )));
        };
        // A chain has no holes, so an old entry between younger ones stays until its turn comes.
        let oldest = chain::oldest(&mut tx, BATCH).await?;
        let over = oldest.iter().zip(anchor.place + 1..).take_while(|((place, at, _), expected)| {
            at < &before && place == expected && *place <= head.place
        });
        let Some(((place, _, seal), _)) = over.last() else { return Ok(false) };
        let Ok(seal) = seal.as_slice().try_into() else { return Ok(false) };
        let place = *place;
        let moved = End { place, seal, at: tx.at() };
        chain::put_end(&mut tx, &moved.row(ANCHOR, self.notary())).await?;
        let entries = chain::remove_up_to(&mut tx, place).await?;
        tx.record(Event::Trail(Happening::Trimmed { entries, up_to: place, before })).await?.commit().await?;
        Ok(i64::try_from(entries) == Ok(BATCH))
    }

    /// Empties what the trail tells of a person: the details, addresses and programs of entries about them, and of those of
    /// what they did that are about nobody else. Only entries in the chain are emptied, so seal first; the record of the erasure is
    /// the caller's.
    pub async fn erase(&self, tx: &mut Tx<Open>, person: PersonId) -> Result<u64> {
        chain::lock(tx).await?;
        let mut erased = 0;
        loop {
            let held = chain::telling_of(tx, person, BATCH).await?;
            erased += self.empty(tx, &held).await?;
            if i64::try_from(held.len()) != Ok(BATCH) {
                return Ok(erased);
            }
        }
    }

    /// Empties entries about nobody in which somebody looked for one of these words: names and addresses that people may have.
    pub async fn erase_questions(&self, tx: &mut Tx<Open>, words: &[String]) -> Result<u64> {
        chain::lock(tx).await?;
        let mut erased = 0;
        for word in words.iter().filter(|word| !word.is_empty()) {
            let held = chain::asking_for(tx, word).await?;
            erased += self.empty(tx, &held).await?;
        }
        Ok(erased)
    }

    /// Whether an entry about this person still waits for its place in the chain, so that it could not be emptied.
    pub async fn is_waiting(&self, tx: &mut Tx<Open>, person: PersonId) -> Result<bool> {
        chain::is_waiting(tx, person).await
    }

    async fn empty(&self, tx: &mut Tx<Open>, held: &[Held]) -> Result<u64> {
        let mut erased = 0;
        for entry in held {
            let Some(place) = entry.place else { continue };
            let proven = Proven {
                place,
                seal: entry.seal.as_deref().unwrap_or_default(),
                fixed: &entry.fixed,
                told: &entry.told,
                secret: entry.secret.as_deref().unwrap_or_default(),
            };
            let digest = proven.digest(self.notary()).map_err(|_| {
                Error::Internal(anyhow::anyhow!(
                    "entry {place} of the audit trail is not whole, so it is left as it stands"
                ))
            })?;
            let proof = self.notary().erasure(place, &digest);
            chain::empty(tx, place, [digest, proof].concat()).await?;
            erased += 1;
        }
        Ok(erased)
    }
}
