//! The worker that empties the outbox.

use super::{Job, store};
use crate::{Origin, Result, db::Housekeeping, ground::Ground, mail::Mailer};
use std::time::Duration;

const LEASE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(500);
/// How long to wait after each failed try; a job that fails once more after these is a dead letter.
const WAITS: [u64; 7] = [10, 30, 120, 600, 3_600, 14_400, 43_200];

/// Does the jobs of the outbox, one after the other.
#[derive(Debug, Clone)]
pub struct Worker {
    ground: Ground,
    mailer: Mailer,
}

impl Worker {
    pub const fn new(ground: Ground, mailer: Mailer) -> Self {
        Self { ground, mailer }
    }

    /// Works until told to stop, and ends between two jobs.
    pub async fn run(self, mut stop: tokio::sync::watch::Receiver<bool>) {
        while !*stop.borrow() {
            let worked = self.work_once().await.unwrap_or_else(|error| {
                error.log();
                0
            });
            if worked == 0 {
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => {}
                    _ = stop.changed() => {}
                }
            }
        }
    }

    /// Claims one job that is due and does it; answers how many it tried. One at a time, so that the lease, which is far
    /// longer than any job may take, covers it.
    pub async fn work_once(&self) -> Result<usize> {
        // A look costs nothing; only where there is work is the one writer asked for.
        if !store::is_due(&self.ground.db, self.ground.clock.now()).await? {
            return Ok(0);
        }
        let mut tx = self.ground.begin(&Origin::program()).await?;
        let claimed = store::claim(&mut tx, LEASE).await?;
        tx.commit_housekeeping(Housekeeping::Job).await?;
        match &claimed {
            Some(job) => self.work_on(job).await.map(|()| 1),
            None => Ok(0),
        }
    }

    async fn work_on(&self, claimed: &store::Claimed) -> Result<()> {
        let outcome = self.carry_out(claimed).await;
        let mut tx = self.ground.begin(&Origin::program()).await?;
        match outcome {
            Ok(()) => store::done(&mut tx, claimed).await?,
            Err(cause) => {
                let tries = usize::try_from(claimed.attempts).unwrap_or(usize::MAX);
                let wait = WAITS.get(tries.saturating_sub(1)).copied().map(Duration::from_secs);
                let next = wait.map(|wait| tx.at().after(wait));
                tracing::warn!(job = %claimed.id, tries, dead = next.is_none(), cause = format!("{cause:#}"), "a job failed");
                store::failed(&mut tx, claimed, &format!("{cause:#}"), next).await?;
            }
        }
        tx.commit_housekeeping(Housekeeping::Job).await
    }

    async fn carry_out(&self, claimed: &store::Claimed) -> anyhow::Result<()> {
        match serde_json::from_str(&claimed.payload)? {
            Job::Mail(letter) => self.mailer.send(claimed.id, &letter).await,
        }
    }
}
