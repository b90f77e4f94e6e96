//! Watching the database: when it stops answering, and when it is back.

use super::{Alert, Channel};
use crate::{ground::Ground, mail::Postmark};
use domain::{JobId, Timestamp};
use std::time::Duration;

/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(5);
/// One answer that is missing may be a hiccup; the second is an outage.
const MISSED: u32 = 2;

/// What was seen of the database so far.
#[derive(Debug)]
pub struct Watch {
    ground: Ground,
    channel: Channel,
    mail_to: String,
    missed: u32,
    away_since: Option<Timestamp>,
}

impl Watch {
    pub(super) const fn new(ground: Ground, channel: Channel, mail_to: String) -> Self {
        Self { ground, channel, mail_to, missed: 0, away_since: None }
    }

    /// Looks once. The first answer that is missing begins the count; an alert is told once for each outage.
    pub async fn look(&mut self) {
        let answer = tokio::time::timeout(PATIENCE, self.ground.db.ping()).await;
        let now = self.ground.clock.now();
        if matches!(answer, Ok(Ok(()))) {
            let was_told = self.missed >= MISSED;
            self.missed = 0;
            if let Some(since) = self.away_since.take().filter(|_| was_told) {
                let seconds = now.since(since).as_secs();
                tracing::warn!(alert = "database_back", seconds, "the database is back");
                self.tell(&Alert::DatabaseBack { seconds }, now).await;
            }
            return;
        }
        self.away_since.get_or_insert(now);
        self.missed = self.missed.saturating_add(1);
        if self.missed == MISSED {
            tracing::error!(
                alert = "database_away",
                critical = true,
                "the database does not answer: nobody can sign in or work until it does"
            );
            self.tell(&Alert::DatabaseAway, now).await;
        }
    }

    async fn tell(&self, alert: &Alert, at: Timestamp) {
        let job = JobId::new(self.ground.chance.id(at));
        self.channel.tell_now(alert, &self.mail_to, Postmark { job, at }).await;
    }
}
