//! A proof that somebody asked for on a page: it goes on in the background when it takes longer than one likes to wait, and the
//! page tells how far it is. What it came to is an entry of the trail.

use super::{Audit, Happening, Haste, Progress, Report};
use crate::{
    Origin, Result,
    events::Event,
    permit::{Trail, Visible},
};
use domain::Timestamp;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// So long an answer waits for the end; a chain of some hundred thousand entries is proven by then.
const PATIENCE: Duration = Duration::from_secs(2);

/// The proof that runs in this process, or the last one that did. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Checking(Arc<Mutex<Proof>>);

/// How a proof stands.
#[derive(Debug, Clone, Default)]
pub enum Proof {
    /// None was asked for since the program started.
    #[default]
    Never,
    Running(Progress),
    Done {
        report: Box<Report>,
        at: Timestamp,
    },
    /// It could not be finished; the log says why.
    Failed {
        at: Timestamp,
    },
}

impl Audit {
    /// Begins to prove the chain, unless that is going on already, and waits a little for the end.
    pub async fn check(&self, _visible: &Visible<Trail>, origin: &Origin) {
        let progress = Progress::default();
        if !self.checking.begin(&progress) {
            return;
        }
        let (audit, origin) = (self.clone(), origin.clone());
        let proof = tokio::spawn(async move {
            let outcome = audit.prove_and_record(&progress, &origin).await;
            let at = audit.ground.clock.now();
            audit.checking.end(match outcome {
                Ok(report) => Proof::Done { report: Box::new(report), at },
                Err(error) => {
                    error.log();
                    Proof::Failed { at }
                }
            });
        });
        // Past the time it goes on by itself.
        let _ = tokio::time::timeout(PATIENCE, proof).await;
    }

    /// How the proof stands that was asked for last.
    pub fn proof(&self) -> Proof {
        self.checking.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn prove_and_record(&self, progress: &Progress, origin: &Origin) -> Result<Report> {
        let report = self.verify(None, Haste::Beside, progress).await?;
        if !report.is_whole() {
            tracing::error!(found = report.words(), "the audit trail is not whole");
        }
        let event = Event::Trail(Happening::of_proof(&report));
        self.ground.begin(origin).await?.record(event).await?.commit().await?;
        Ok(report)
    }
}

impl Checking {
    /// Whether this one may begin: one at a time.
    fn begin(&self, progress: &Progress) -> bool {
        let mut proof = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*proof, Proof::Running(_)) {
            return false;
        }
        *proof = Proof::Running(progress.clone());
        true
    }

    fn end(&self, how: Proof) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = how;
    }
}
