//! Proving the chain: every entry is what was sealed, in its place, from the anchor to the head, and the first that is not is named.

use super::{
    Audit,
    ends::{ANCHOR, End, Ends, HEAD, Noted},
    notary::{BEFORE_ALL, Notary, Seal},
    report::{Break, Report, What},
    sealer::waits_too_long,
    store::{
        chain,
        proven::{self, Proven},
    },
};
use crate::{Error, Result, ground::Ground};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// So many entries are read with one statement, which therefore ends soon however long the chain is.
const STRETCH: i64 = 4_096;
/// A chain longer than this is proven from two places at once.
const WORTH_TWO: i64 = 20_000;
/// An entry that was written long before its transaction was committed gets this long to be sealed.
const GRACE: Duration = Duration::from_millis(1_500);

/// How much of the machine a proof may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Haste {
    /// Two readers at once.
    Full,
    /// One reader, beside a program that has other things to do.
    Beside,
}

/// How far a proof has come. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    done: Arc<AtomicU64>,
    of: Arc<AtomicU64>,
}

impl Progress {
    /// How many entries were proven, of how many.
    pub fn now(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed))
    }
}

impl Audit {
    /// Proves the whole chain. `noted` is a head that somebody has kept; the one in the data folder is looked for in any case.
    pub async fn verify(&self, noted: Option<Noted>, haste: Haste, progress: &Progress) -> Result<Report> {
        let report = self.verify_once(noted, haste, progress).await?;
        // What was removed meanwhile because its time was over looks like a gap at the beginning.
        let anchor = Ends::read(&chain::ends(&self.ground.db).await?, self.notary()).anchor;
        let has_moved = anchor.is_some_and(|anchor| anchor.place >= report.from);
        if report.first.is_some() && has_moved {
            return self.verify_once(noted, haste, progress).await;
        }
        Ok(report)
    }

    async fn verify_once(&self, noted: Option<Noted>, haste: Haste, progress: &Progress) -> Result<Report> {
        let started = Instant::now();
        let db = &self.ground.db;
        let mut report = Report::default();
        let ends = Ends::read(&chain::ends(db).await?, self.notary());
        // What an end claims that is not vouched for is walked all the same: the first broken entry may come before it.
        let claimed = |name| ends.forged.iter().find(|(forged, _)| *forged == name).map(|(_, end)| *end);
        let (anchor, head) = (ends.anchor.or(claimed(ANCHOR)), ends.head.or(claimed(HEAD)));
        let (Some(anchor), Some(head)) = (anchor, head) else {
            report.add(Break::of(0, What::NoEnds));
            return Ok(report);
        };
        for (name, end) in &ends.forged {
            report.add(Break::of(end.place, What::Forged(name)));
        }
        report.from = anchor.place + 1;
        report.head = ends.head;
        progress.done.store(0, Ordering::Relaxed);
        progress.of.store(u64::try_from(head.place - anchor.place).unwrap_or(0), Ordering::Relaxed);

        for part in self.walk(anchor, head, haste, progress).await? {
            report.take(part);
        }
        for noted in [noted, self.note.read()].into_iter().flatten() {
            if !self.holds(noted, anchor, head).await? {
                report.add(Break::of(noted.place, What::NotWhatWasNoted));
            }
        }
        let outside = chain::outside(db).await?;
        if outside > 0 {
            report.add(Break::of(head.place + 1, What::Outside(outside)));
        }
        self.look_at_what_waits(&mut report).await?;
        report.took = started.elapsed();
        Ok(report)
    }

    /// Proves the stretch between the ends, in one part or in two at the same time.
    async fn walk(&self, anchor: End, head: End, haste: Haste, progress: &Progress) -> Result<Vec<Report>> {
        let long = head.place - anchor.place;
        let middle = anchor.place + long / 2;
        let there = match haste {
            Haste::Full if long > WORTH_TWO => chain::seal_at(&self.ground.db, middle).await?,
            _ => None,
        };
        // Where the entry in the middle is gone, the one reader finds that out.
        let Some(there) = there.and_then(|seal| Seal::try_from(seal).ok()) else {
            return Ok(vec![self.part(anchor, head, progress).await?]);
        };
        let middle = End { place: middle, seal: there, at: anchor.at };
        let second = tokio::spawn({
            let (ground, progress) = (self.ground.clone(), progress.clone());
            async move { prove(&ground, middle, head, &progress).await }
        });
        let first = self.part(anchor, middle, progress).await?;
        let second = second.await.map_err(|cause| Error::Internal(cause.into()))??;
        Ok(vec![first, second])
    }

    async fn part(&self, from: End, to: End, progress: &Progress) -> Result<Report> {
        prove(&self.ground, from, to, progress).await
    }

    /// Whether the chain still holds this place with this seal; what was removed in its time is taken on the anchor's word.
    async fn holds(&self, noted: Noted, anchor: End, head: End) -> Result<bool> {
        if noted.place < anchor.place || [anchor, head].into_iter().any(|end| Noted::from(end) == noted) {
            return Ok(true);
        }
        if noted.place == 0 {
            return Ok(noted.seal == BEFORE_ALL);
        }
        Ok(chain::seal_at(&self.ground.db, noted.place).await?.is_some_and(|seal| seal == noted.seal))
    }

    /// Entries without a place are usual for a second; some that stay so are not.
    async fn look_at_what_waits(&self, report: &mut Report) -> Result<()> {
        let db = &self.ground.db;
        let (mut waiting, mut oldest) = chain::waiting(db).await?;
        if waits_too_long(oldest, self.ground.clock.now()) {
            tokio::time::sleep(GRACE).await;
            (waiting, oldest) = chain::waiting(db).await?;
        }
        report.waiting = u64::try_from(waiting).unwrap_or(0);
        report.waiting_since = oldest.filter(|_| waits_too_long(oldest, self.ground.clock.now()));
        Ok(())
    }
}

/// Proves the entries after one end up to another.
async fn prove(ground: &Ground, from: End, to: End, progress: &Progress) -> Result<Report> {
    let mut walker = Walker {
        notary: &ground.notary,
        place: from.place,
        before: Some(from.seal),
        buffer: Vec::with_capacity(512),
        report: Report::default(),
    };
    let mut begun = from.place;
    while begun < to.place {
        let end = (begun + STRETCH).min(to.place);
        let proven = walker.report.entries;
        proven::walk(&ground.db, begun, end, |entry| walker.look(&entry)).await?;
        progress.done.fetch_add(walker.report.entries - proven, Ordering::Relaxed);
        begun = end;
    }
    Ok(walker.end(to))
}

struct Walker<'n> {
    notary: &'n Notary,
    /// Of the last entry that was there.
    place: i64,
    /// Its seal; unknown after a gap.
    before: Option<Seal>,
    buffer: Vec<u8>,
    report: Report,
}

impl Walker<'_> {
    fn look(&mut self, entry: &Proven<'_>) {
        if entry.place != self.place + 1 {
            self.report.add(Break::of(self.place + 1, What::Missing { up_to: entry.place - 1 }));
            self.before = None;
        }
        let stamp = entry.stamp(self.notary, &mut self.buffer);
        let is_whole = match (stamp, self.before) {
            (Ok(stamp), Some(before)) => {
                self.notary.link(&before, entry.place, &stamp).as_slice() == entry.seal
            }
            // Its own seal cannot be judged without the one before it; the gap is told already.
            (Ok(_), None) => true,
            (Err(_), _) => false,
        };
        if !is_whole {
            self.report.add(Break::of_entry(entry.place, entry.fixed));
        }
        self.report.entries += 1;
        self.report.erased += u64::from(entry.is_erased());
        self.place = entry.place;
        // A break stays where it is: the entry after it is proven from the seal that stands here.
        self.before = entry.seal.try_into().ok();
    }

    fn end(mut self, to: End) -> Report {
        if self.place < to.place {
            self.report.add(Break::of(self.place + 1, What::Missing { up_to: to.place }));
        } else if self.before.is_some_and(|seal| seal != to.seal) {
            self.report.add(Break::of(to.place, What::Foreign));
        }
        self.report
    }
}
