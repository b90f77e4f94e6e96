//! Redis, where one is set: for what is written often, shared between instances and may be lost. The one place that knows
//! whether it answers; while it does not, nobody waits for it.

use crate::{clock::Clock, config::Config};
use anyhow::Context;
use domain::Timestamp;
use redis::{
    Client, Cmd, FromRedisValue, IntoConnectionInfo, RedisError, TlsCertificates, aio::MultiplexedConnection,
    io::tcp::TcpSettings,
};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// How long one answer may take. Whatever comes later is no answer.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long connecting may take; nobody waits for it but the one who looks.
const PATIENCE_TO_CONNECT: Duration = Duration::from_secs(2);

/// Redis, or nothing where none is set.
#[derive(Clone, Default)]
pub struct Redis(Option<Arc<Inner>>);

struct Inner {
    client: Client,
    clock: Clock,
    state: Mutex<State>,
    lost: Notify,
}

#[derive(Default)]
struct State {
    connection: Option<MultiplexedConnection>,
    /// Which connection this is, so that a failure of an older one does not end a newer one.
    number: u64,
    away_since: Option<Timestamp>,
}

impl Redis {
    /// Redis as it is configured. It is not asked for anything before the first look.
    pub fn from_config(config: &Config, clock: Clock) -> anyhow::Result<Self> {
        if !config.redis_url.is_set() {
            return Ok(Self(None));
        }
        // What the library says could repeat the address, and with it a password.
        let unusable = |error: RedisError| anyhow::anyhow!("redis_url cannot be used: {}", error.category());
        // Commands are small and somebody waits for each, so none is held back to be sent with the next.
        let tcp = TcpSettings::default().set_nodelay(true);
        let redis = config.redis_url.reveal().into_connection_info().map_err(unusable)?.set_tcp_settings(tcp);
        let file = &config.redis_ca_file;
        let client = if file.as_os_str().is_empty() {
            Client::open(redis)
        } else {
            let root_cert = std::fs::read(file)
                .with_context(|| format!("redis_ca_file {} cannot be read", file.display()))?;
            Client::build_with_tls(redis, TlsCertificates { client_tls: None, root_cert: Some(root_cert) })
        };
        let client = client.map_err(unusable)?;
        let state = Mutex::default();
        Ok(Self(Some(Arc::new(Inner { client, clock, state, lost: Notify::new() }))))
    }

    /// Whether this is an address of a Redis.
    pub fn understands(url: &str) -> bool {
        ["redis://", "rediss://"].iter().any(|scheme| url.starts_with(scheme))
            // What follows a # would switch off that certificates are looked at.
            && url::Url::parse(url).is_ok_and(|url| url.has_host() && url.fragment().is_none())
            && url.into_connection_info().is_ok()
    }

    /// Whether what goes there stays between the two: by TLS, or on this machine.
    pub fn is_private(url: &str) -> bool {
        url::Url::parse(url).is_ok_and(|url| {
            url.scheme() == "rediss" || matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"))
        })
    }

    pub const fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// Since when it does not answer, if it does not.
    pub fn away_since(&self) -> Option<Timestamp> {
        self.0.as_ref()?.state().away_since
    }

    /// Asks once. No answer (because none is set, it is away, or it refuses) is for the caller to do without.
    pub async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        let inner = self.0.as_ref()?;
        let (connection, number) = {
            let state = inner.state();
            (state.connection.clone()?, state.number)
        };
        match answer(connection, command).await {
            Ok(answer) => Some(answer),
            Err(cause) => {
                inner.note_loss(number, &cause);
                None
            }
        }
    }

    /// Looks whether it is there: asks the connection there is, or makes one.
    pub async fn look(&self) {
        let Some(inner) = &self.0 else { return };
        let (known, number) = {
            let state = inner.state();
            (state.connection.clone(), state.number)
        };
        let outcome = match known {
            Some(connection) => prove(connection).await,
            None => inner.connect().await,
        };
        match outcome {
            Ok(connection) => inner.note_answer(connection),
            Err(cause) => inner.note_loss(number, &cause),
        }
    }

    /// Waits until an answer is missing.
    pub async fn lost(&self) {
        match &self.0 {
            Some(inner) => inner.lost.notified().await,
            None => std::future::pending().await,
        }
    }
}

async fn answer<T: FromRedisValue>(
    mut connection: MultiplexedConnection,
    command: &Cmd,
) -> Result<T, String> {
    match tokio::time::timeout(PATIENCE, command.query_async(&mut connection)).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} ms", PATIENCE.as_millis())),
    }
}

/// A Redis that answers but takes nothing (because it is full, or a copy, or lets us not) is of no use, so something is
/// written, the way counts are.
async fn prove(connection: MultiplexedConnection) -> Result<MultiplexedConnection, String> {
    let mut command = redis::cmd("EVAL");
    command.arg("return redis.call('SET', KEYS[1], '1', 'PX', 1000)").arg(1).arg("countersign:sign-of-life");
    answer::<()>(connection.clone(), &command).await.map(|()| connection)
}

impl Inner {
    async fn connect(&self) -> Result<MultiplexedConnection, String> {
        let connecting = self.client.get_multiplexed_async_connection();
        match tokio::time::timeout(PATIENCE_TO_CONNECT, connecting).await {
            Ok(Ok(connection)) => prove(connection).await,
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no connection within {} s", PATIENCE_TO_CONNECT.as_secs())),
        }
    }

    fn note_answer(&self, connection: MultiplexedConnection) {
        let mut state = self.state();
        if state.connection.is_none() {
            state.connection = Some(connection);
            state.number += 1;
        }
        if let Some(since) = state.away_since.take() {
            let seconds = self.clock.now().since(since).as_secs();
            tracing::info!(seconds, "redis answers again: everything is as before");
        }
    }

    fn note_loss(&self, number: u64, cause: &str) {
        let mut state = self.state();
        if state.number != number {
            return;
        }
        state.connection = None;
        // A count of its own, so that others who lose the same connection now say nothing more.
        state.number += 1;
        if state.away_since.is_none() {
            state.away_since = Some(self.clock.now());
            tracing::warn!(cause, "redis does not answer: everything goes on without it until it does");
            self.lost.notify_one();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str("Redis(none)"),
            Some(inner) => write!(f, "Redis(away since {:?})", inner.state().away_since),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_redis_are_understood_and_others_refused() {
        for (url, is_understood, is_private) in [
            ("redis://127.0.0.1:6379", true, true),
            ("redis://:secret@cache.example.com", true, false),
            ("rediss://user:secret@cache.example.com:6380/2", true, true),
            ("redis://", false, false),
            ("rediss://cache.example.com/#insecure", false, true),
            ("redis://cache.example.com/words", false, false),
            ("http://127.0.0.1:6379", false, true),
            ("nonsense", false, false),
        ] {
            assert_eq!(
                (Redis::understands(url), Redis::is_private(url)),
                (is_understood, is_private),
                "{url}"
            );
        }
    }

    #[tokio::test]
    async fn q5_without_redis_nobody_asks_and_nothing_is_away() {
        let redis = Redis::default();
        redis.look().await;
        assert_eq!(redis.ask::<String>(&redis::cmd("PING")).await, None);
        assert_eq!((redis.is_set(), redis.away_since()), (false, None));
    }

    #[tokio::test]
    async fn a7_a_redis_that_never_answers_is_away_from_the_first_look_on() {
        let clock = Clock::stopped_at(Timestamp::from_seconds(1_000));
        let config =
            Config { redis_url: crate::config::Secret::new("redis://127.0.0.1:1"), ..Config::default() };
        let redis = Redis::from_config(&config, clock.clone()).unwrap();
        assert_eq!(redis.away_since(), None);
        redis.look().await;
        redis.lost().await;
        clock.advance(Duration::from_secs(60));
        redis.look().await;
        assert_eq!(redis.away_since(), Some(Timestamp::from_seconds(1_000)), "the outage began anew");
        assert_eq!(redis.ask::<String>(&redis::cmd("PING")).await, None);
    }
}
