//! The sealer gives committed entries their places in the chain, in batches, within about a second. Writers never wait for each
//! other because of it: one instance at a time seals, and only what is committed.

use super::{
    Audit,
    ends::{ANCHOR, End, Ends, HEAD, Noted, TAKEOVER},
    notary::{Notary, personal},
    store::{
        chain::{self, Held, Placed},
        proven::{Proven, spelled},
    },
};
use crate::{
    Error, Origin, Result,
    db::{Housekeeping, Open, Tx},
};
use domain::Timestamp;
use std::time::Duration;
use tokio::sync::watch;

const EVERY: Duration = Duration::from_millis(500);
const AFTER_A_FAILURE: Duration = Duration::from_secs(10);
const BATCH: i64 = 1_000;
/// During a rolling upgrade, instances of the version before go on writing entries that nobody has stamped.
const TAKEOVER_FOR: Duration = Duration::from_secs(3600);

impl Audit {
    /// Begins the chain where there is none yet. Entries that are there already are taken in by the sealer.
    pub async fn begin_chain(&self) -> Result<()> {
        if Ends::read(&chain::ends(&self.ground.db).await?, self.notary()).head.is_some() {
            return Ok(());
        }
        let mut tx = self.ground.begin(&Origin::program()).await?;
        chain::lock(&mut tx).await?;
        // Another instance may have been quicker; and what was there once does not begin anew.
        if !chain::ends_within(&mut tx).await?.is_empty() || self.note.read().is_some() {
            return Ok(());
        }
        let nothing = End::of_nothing(tx.at());
        chain::put_end(&mut tx, &nothing.row(ANCHOR, self.notary())).await?;
        chain::put_end(&mut tx, &nothing.row(HEAD, self.notary())).await?;
        if !chain::is_empty(&mut tx).await? {
            let until = End { at: tx.at().after(TAKEOVER_FOR), ..nothing };
            chain::put_end(&mut tx, &until.row(TAKEOVER, self.notary())).await?;
        }
        tx.commit_housekeeping(Housekeeping::Sealed).await
    }

    /// Seals what is committed, again and again until told to stop.
    pub async fn keep_sealed(&self, mut stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            let pause = match self.seal_all().await {
                Ok(()) => EVERY,
                Err(error) => {
                    error.log();
                    AFTER_A_FAILURE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stopped.changed() => {}
            }
        }
    }

    /// Seals what a command or the last requests have left, so that nothing waits while no program runs.
    pub async fn seal_at_the_end(&self) {
        if let Err(error) = self.seal_all().await {
            error.log();
        }
    }

    /// Seals everything that waits.
    pub async fn seal_all(&self) -> Result<()> {
        while self.seal().await? == BATCH {}
        Ok(())
    }

    /// Seals a batch, and answers how many entries; none where another instance does it just now.
    pub async fn seal(&self) -> Result<i64> {
        if !chain::is_any_waiting(&self.ground.db).await? {
            return Ok(0);
        }
        let mut tx = self.ground.begin(&Origin::program()).await?;
        if !chain::try_lock(&mut tx).await? {
            return Ok(0);
        }
        let ends = Ends::read(&chain::ends_within(&mut tx).await?, self.notary());
        let Some(head) = ends.head else {
            return Err(anyhow::anyhow!(
                "the head of the audit trail is gone from the database or was not made with this installation's data key, so new entries cannot be sealed; `countersign audit verify` tells more"
            )
            .into());
        };
        let waiting = chain::without_place(&mut tx, BATCH).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let takeover = ends.takeover.filter(|takeover| takeover.place == head.place);
        let mut link = Link { notary: self.notary(), head, buffer: Vec::new() };
        let placed: Vec<Placed> = waiting
            .iter()
            .map(|entry| link.place(entry, takeover.map(|_| self.ground.chance.bytes())))
            .collect();
        let head = End { at: tx.at(), ..link.head };
        let sealed = chain::place(&mut tx, &placed).await?;
        let count = i64::try_from(placed.len()).unwrap_or(BATCH);
        if i64::try_from(sealed).ok() != Some(count) {
            return Err(anyhow::anyhow!("{sealed} of {count} entries could be sealed").into());
        }
        chain::put_end(&mut tx, &head.row(HEAD, self.notary())).await?;
        if let Some(takeover) = takeover {
            let is_over = takeover.at < tx.at() && count < BATCH;
            self.go_on_taking_over(&mut tx, End { place: head.place, ..takeover }, is_over).await?;
        }
        let goes_on = self.goes_on_from_the_note(&mut tx, &ends).await?;
        tx.commit_housekeeping(Housekeeping::Sealed).await?;
        if goes_on {
            self.note.write(&head);
        } else {
            tracing::error!(
                "the audit trail does not hold the head that was noted in the data folder: its end was cut off, or an older backup was restored; run `countersign audit verify`"
            );
        }
        Ok(count)
    }

    /// Ends the taking in of older entries when its time is over and none is left.
    pub(super) async fn end_takeover_in_time(&self) -> Result<()> {
        let now = self.ground.clock.now();
        let is_over = |ends: &Ends| ends.takeover.is_some_and(|takeover| takeover.at < now);
        if !is_over(&Ends::read(&chain::ends(&self.ground.db).await?, self.notary()))
            || chain::is_any_waiting(&self.ground.db).await?
        {
            return Ok(());
        }
        let mut tx = self.ground.begin(&Origin::program()).await?;
        chain::end_takeover(&mut tx).await?;
        tx.commit_housekeeping(Housekeeping::Sealed).await
    }

    async fn go_on_taking_over(&self, tx: &mut Tx<Open>, takeover: End, is_over: bool) -> Result<()> {
        if is_over {
            return chain::end_takeover(tx).await;
        }
        chain::put_end(tx, &takeover.row(TAKEOVER, self.notary())).await
    }

    /// Whether the chain still holds what was noted. Else the note stays as the evidence.
    async fn goes_on_from_the_note(&self, tx: &mut Tx<Open>, ends: &Ends) -> Result<bool> {
        let Some(noted) = self.note.read() else { return Ok(true) };
        if ends.head.is_some_and(|head| Noted::from(head) == noted) {
            return Ok(true);
        }
        if ends.anchor.is_some_and(|anchor| noted.place < anchor.place || Noted::from(anchor) == noted) {
            return Ok(true);
        }
        Ok(chain::seal_within(tx, noted.place).await?.is_some_and(|seal| seal == noted.seal))
    }

    /// The head of the chain, as the notary vouches for it.
    pub async fn head(&self) -> Result<End> {
        let ends = Ends::read(&chain::ends(&self.ground.db).await?, self.notary());
        ends.head.ok_or_else(|| {
            Error::Internal(anyhow::anyhow!(
                "the head of the audit trail is gone from the database or was not made with this installation's data key"
            ))
        })
    }

    /// Notes the head in the data folder, in place of what is noted there.
    pub async fn note_head(&self) -> Result<End> {
        let head = self.head().await?;
        self.note.write(&head);
        Ok(head)
    }

    pub(super) const fn notary(&self) -> &Notary {
        &self.ground.notary
    }
}

/// Where the chain is being continued.
struct Link<'n> {
    notary: &'n Notary,
    head: End,
    buffer: Vec<u8>,
}

impl Link<'_> {
    /// The next place, for this entry. One that the program did not write as it stands is not made good by that: it keeps the
    /// stamp that it came with, and `verify` finds it. `salt` is there while entries from before the chain are taken in.
    fn place(&mut self, entry: &Held, salt: Option<[u8; 16]>) -> Placed {
        let place = self.head.place + 1;
        let id = entry.fixed.split('-').next().unwrap_or_default().to_ascii_uppercase();
        let brought = entry.seal.clone().unwrap_or_default();
        let is_unseen = brought.is_empty() && entry.secret.is_none();
        let (stamp, salt) = match salt {
            Some(salt) if is_unseen => {
                spelled(&entry.fixed, &mut self.buffer);
                let digest = personal(&salt, entry.told.as_bytes());
                (self.notary.stamp(&self.buffer, &digest).to_vec(), Some(salt))
            }
            _ => {
                if !self.is_good(entry, &brought) {
                    tracing::error!(
                        id,
                        place,
                        "an audit entry was not written by this program, or was changed before it was sealed"
                    );
                }
                (brought, None)
            }
        };
        let seal = self.notary.link(&self.head.seal, place, &stamp);
        self.head = End { place, seal, ..self.head };
        Placed { id, place, seal, salt }
    }

    fn is_good(&mut self, entry: &Held, stamp: &[u8]) -> bool {
        let proven = Proven {
            place: 0,
            seal: stamp,
            fixed: &entry.fixed,
            told: &entry.told,
            secret: entry.secret.as_deref().unwrap_or_default(),
        };
        proven.stamp(self.notary, &mut self.buffer).is_ok_and(|own| own.as_slice() == stamp)
    }
}

/// How long an entry may wait for its place before something is wrong.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// Whether an entry that was written then waits for too long.
pub(super) fn waits_too_long(oldest: Option<Timestamp>, now: Timestamp) -> bool {
    oldest.is_some_and(|oldest| now.since(oldest) > LONGEST_WAIT)
}
