//! Watching Redis: when it stops answering for more than a moment, and when it is back. The database is there to tell it.

use super::Alerts;
use crate::outside::Redis;
use domain::Timestamp;
use std::time::Duration;

/// Shorter than this it was a hiccup that nobody need get up for.
const WORTH_TELLING: Duration = Duration::from_secs(10);
/// How often one looks: while it answers, and at most while it does not.
const CALM: Duration = Duration::from_secs(5);
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// What was seen of Redis so far.
#[derive(Debug)]
pub struct RedisWatch {
    alerts: Alerts,
    redis: Redis,
    pause: Duration,
    told: Option<Timestamp>,
}

impl RedisWatch {
    pub(super) const fn new(alerts: Alerts, redis: Redis) -> Self {
        Self { alerts, redis, pause: FIRST_PAUSE, told: None }
    }

    /// Looks once, tells what is worth it, and answers when to look again: with growing pauses while it is away.
    pub async fn look(&mut self) -> Duration {
        self.redis.look().await;
        let now = self.alerts.ground.clock.now();
        let outcome = match (self.redis.away_since(), self.told) {
            (Some(since), None) if now.since(since) >= WORTH_TELLING => {
                self.alerts.tell_that_redis_is_away().await.map(|()| Some(since))
            }
            (None, Some(since)) => {
                self.alerts.tell_that_redis_is_back(now.since(since).as_secs()).await.map(|()| None)
            }
            (_, told) => Ok(told),
        };
        match outcome {
            Ok(told) => self.told = told,
            // The database is away too, so nothing could be told; the next look tries again.
            Err(error) => error.log(),
        }
        if self.redis.away_since().is_none() {
            self.pause = FIRST_PAUSE;
            return CALM;
        }
        let pause = self.pause;
        self.pause = (pause * 2).min(CALM);
        pause
    }
}
