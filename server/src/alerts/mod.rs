//! Alerts: what whoever runs this installation should know at once. Each is told once, by webhook and by letter.

mod channel;
mod redis;
mod store;
mod watch;

pub use self::redis::RedisWatch;
pub use channel::Channel;
pub use watch::Watch;

use crate::{
    Origin, Result,
    audit::{Audit, Haste, Progress},
    config, counts,
    db::{Housekeeping, Open, Tx},
    events::Event,
    ground::Ground,
    mail::Letter,
    outbox::Job,
    outside::Redis,
};
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// After a burst was told, the next one is told this much later at the earliest.
const TOLD_ONCE_IN: Duration = Duration::from_secs(3600);
const BURST: &str = "alert: failed sign-ins";
const REDIS: &str = "alert: redis is away";
const TRAIL: &str = "alert: the trail was proven";
const PROVEN_ONCE_IN: Duration = Duration::from_secs(86_400);

/// Something that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alert", rename_all = "snake_case")]
pub enum Alert {
    /// `from` are the addresses that most of them came from.
    FailedSignIns {
        number: u64,
        minutes: u32,
        from: Vec<String>,
    },
    DatabaseAway,
    DatabaseBack {
        seconds: u64,
    },
    RedisAway,
    RedisBack {
        seconds: u64,
    },
    /// `found` is what the proof says of the first break.
    TrailNotWhole {
        found: String,
    },
}

/// An alert and whom to tell it.
#[derive(Debug, Clone)]
pub struct Raised {
    pub alert: Alert,
    pub mail_to: Option<String>,
    pub by_webhook: bool,
}

impl Alert {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::FailedSignIns { .. } => "failed_sign_ins",
            Self::DatabaseAway => "database_away",
            Self::DatabaseBack { .. } => "database_back",
            Self::RedisAway => "redis_away",
            Self::RedisBack { .. } => "redis_back",
            Self::TrailNotWhole { .. } => "trail_not_whole",
        }
    }

    pub const fn headline(&self) -> &'static str {
        match self {
            Self::FailedSignIns { .. } => "Many failed sign-ins",
            Self::DatabaseAway => "The database is away",
            Self::DatabaseBack { .. } => "The database is back",
            Self::RedisAway => "Redis is away",
            Self::RedisBack { .. } => "Redis is back",
            Self::TrailNotWhole { .. } => "The audit trail is not whole",
        }
    }

    /// What happened and what to do, for somebody who was just woken up.
    pub fn sentences(&self) -> String {
        match self {
            Self::FailedSignIns { number, minutes, from } => {
                let from = if from.is_empty() {
                    String::new()
                } else {
                    format!(" Most of them came from {}.", from.join(", "))
                };
                format!(
                    "{number} sign-ins failed within {minutes} minutes.{from} Accounts lock by themselves and open by themselves; \
                     if this goes on, keep these addresses out in front of the program. The audit trail has each attempt."
                )
            }
            Self::DatabaseAway => "Nobody can sign in or work until it answers again. The program goes on trying and comes back \
                                   by itself; look at the database server and at the network between the two."
                .to_owned(),
            Self::DatabaseBack { seconds } => {
                format!("It did not answer for {seconds} seconds. Everything works again by itself.")
            }
            Self::RedisAway => "Everything goes on without it: people sign in and work as before, and requests are counted \
                                elsewhere. The program goes on trying and goes back to it by itself; look at the Redis server \
                                and at the network between the two."
                .to_owned(),
            Self::RedisBack { seconds } => {
                format!("It did not answer for {seconds} seconds. Everything is as before by itself.")
            }
            Self::TrailNotWhole { found } => format!(
                "{found} Somebody has written to the database past the program, or a part of it was lost. Keep a copy of the \
                 database as it is now, then compare with a backup; `countersign audit verify` tells it again."
            ),
        }
    }
}

impl Raised {
    pub(crate) fn jobs(&self, at: Timestamp) -> Vec<Job> {
        let alert = || self.alert.clone();
        let letter = self.mail_to.clone().map(|to| Job::Mail(Letter::Alert { to, alert: alert(), at }));
        let message = self.by_webhook.then(|| Job::Alert { alert: alert() });
        letter.into_iter().chain(message).collect()
    }
}

/// The service for alerts.
#[derive(Debug, Clone)]
pub struct Alerts {
    ground: Ground,
    rules: config::Alerts,
    channel: Channel,
}

impl Alerts {
    pub const fn new(ground: Ground, rules: config::Alerts, channel: Channel) -> Self {
        Self { ground, rules, channel }
    }

    /// Looks for a burst of failed sign-ins, and raises an alert unless one was told lately. Several instances that look at
    /// the same moment raise one together.
    pub async fn look_for_bursts(&self) -> Result<()> {
        let most = u64::from(self.rules.failed_sign_ins);
        let since = self.ground.clock.now().before(self.rules.within());
        let number = store::failed_sign_ins(&self.ground.db, since).await?;
        if number < most {
            return Ok(());
        }
        let from = store::where_from(&self.ground.db, since).await?;
        let mut tx = self.ground.begin(&Origin::program()).await?;
        let at = tx.at();
        if counts::count_in_a_row(&mut tx, BURST, at, at.before(TOLD_ONCE_IN), 1).await?.is_none() {
            return Ok(());
        }
        let alert = Alert::FailedSignIns { number, minutes: self.rules.within_minutes, from };
        tracing::error!(alert = alert.code(), number, "{}", alert.headline());
        self.raise(tx, alert).await
    }

    /// Proves the trail once a day, in one of the instances, and raises an alert where it is not whole.
    pub async fn look_at_the_trail(&self, audit: &Audit) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        let at = tx.at();
        if counts::count_in_a_row(&mut tx, TRAIL, at, at.before(PROVEN_ONCE_IN), 1).await?.is_none() {
            return Ok(());
        }
        tx.commit_housekeeping(Housekeeping::Counted).await?;
        // What was written before a start may not have its place yet. A chain that cannot be built on is told by the proof.
        if let Err(error) = audit.seal_all().await {
            error.log();
        }
        let report = audit.verify(None, Haste::Beside, &Progress::default()).await?;
        if report.is_whole() {
            return Ok(());
        }
        let alert = Alert::TrailNotWhole { found: report.words() };
        tracing::error!(alert = alert.code(), found = report.words(), "{}", alert.headline());
        self.raise(self.ground.begin(&Origin::program()).await?, alert).await
    }

    /// Tells that Redis is away, unless another instance did.
    async fn tell_that_redis_is_away(&self) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        let at = tx.at();
        if counts::count_in_a_row(&mut tx, REDIS, at, at.before(TOLD_ONCE_IN), 1).await?.is_none() {
            return Ok(());
        }
        self.raise(tx, Alert::RedisAway).await
    }

    /// Tells that Redis is back, unless another instance did.
    async fn tell_that_redis_is_back(&self, seconds: u64) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        if !counts::take(&mut tx, REDIS).await? {
            return Ok(());
        }
        self.raise(tx, Alert::RedisBack { seconds }).await
    }

    async fn raise(&self, tx: Tx<Open>, alert: Alert) -> Result<()> {
        let raised = Raised {
            alert,
            mail_to: Some(self.rules.mail_to.clone()).filter(|address| !address.is_empty()),
            by_webhook: self.rules.webhook_url.address().is_some(),
        };
        tx.record(Event::AlertRaised(raised)).await?.commit().await
    }

    /// Watches Redis, and looks after it on the way.
    pub fn watch_redis(&self, redis: Redis) -> RedisWatch {
        RedisWatch::new(self.clone(), redis)
    }

    /// Watches the database, whose absence nothing in it can tell.
    pub fn watch(&self) -> Watch {
        Watch::new(self.ground.clone(), self.channel.clone(), self.rules.mail_to.clone())
    }
}
