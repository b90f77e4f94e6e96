//! Limits: how many requests one client may send in a while. Counted in Redis where one is set and answers; else in memory
//! where one instance is alone with its SQLite, in the database where several may share it.

mod memory;
mod redis;
mod store;

use crate::{Error, Origin, Result, config, db::Pools, ground::Ground, outside::Redis, vault::Vault};
use domain::Timestamp;
use memory::Memory;
use std::time::Duration;

/// How long a request waits for being counted.
const PATIENCE: Duration = Duration::from_millis(300);

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// Signing in over the API.
    Auth,
    /// All of the API.
    Api,
    /// Forms of pages, where nobody is signed in, and setting out to a provider.
    Form,
    /// What a company's directory asks for.
    Scim,
    /// Exports.
    Export,
    /// Letters that somebody who is not signed in asks for.
    Letters,
}

impl Bucket {
    const fn word(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Api => "api",
            Self::Scim => "scim",
            Self::Form => "form",
            Self::Export => "export",
            Self::Letters => "letters",
        }
    }

    /// How long requests are counted together.
    pub const fn window(self) -> Duration {
        match self {
            Self::Auth | Self::Api | Self::Scim | Self::Form => Duration::from_secs(60),
            Self::Export | Self::Letters => Duration::from_secs(3600),
        }
    }
}

/// What is left to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    pub limit: u32,
    pub remaining: u32,
    /// Until everything is allowed again.
    pub resets_in: Duration,
    pub exceeded: bool,
}

impl Allowance {
    /// The refusal, if it was one request too many.
    pub fn check(&self) -> Result<()> {
        if self.exceeded { Err(Error::TooMany { retry_after: self.resets_in }) } else { Ok(()) }
    }
}

/// Counts requests.
#[derive(Debug, Clone)]
pub struct Limits {
    ground: Ground,
    rules: config::Limits,
    redis: Redis,
    vault: Vault,
    memory: Memory,
}

impl Limits {
    pub fn new(ground: Ground, rules: config::Limits, redis: Redis, vault: Vault) -> Self {
        Self { ground, rules, redis, vault, memory: Memory::default() }
    }

    /// Counts a request of this client and says what is left.
    pub async fn count(&self, bucket: Bucket, client: &str) -> Allowance {
        let key = format!("{}:{client}", bucket.word());
        let now = self.ground.clock.now();
        let counted = match redis::count(&self.redis, &self.vault, &key, now, bucket.window()).await {
            Some(counted) => counted,
            None => self.count_without_redis(key, now, bucket.window()).await,
        };
        let limit = match bucket {
            Bucket::Auth => self.rules.auth_per_minute,
            Bucket::Api => self.rules.api_per_minute,
            Bucket::Scim => self.rules.scim_per_minute,
            Bucket::Form => self.rules.forms_per_minute,
            Bucket::Export => self.rules.export_per_hour,
            Bucket::Letters => self.rules.letters_per_ip_per_hour,
        };
        Allowance {
            limit,
            remaining: limit.saturating_sub(counted.number),
            resets_in: counted.first_at.after(bucket.window()).since(now),
            exceeded: counted.number > limit,
        }
    }

    async fn count_without_redis(&self, key: String, now: Timestamp, window: Duration) -> Counted {
        match self.ground.db.pools() {
            Pools::Sqlite(_) => self.memory.count(key, now, window),
            Pools::Postgres(_) => {
                let together = store::count(&self.ground, &key, window);
                match tokio::time::timeout(PATIENCE, together).await {
                    Ok(Ok(counted)) => counted,
                    // Counting alone is better than not counting, and than letting everybody wait.
                    Ok(Err(_)) | Err(_) => self.memory.count(key, now, window),
                }
            }
        }
    }

    /// Who is counted together where nobody is signed in: an address, or with IPv6 the network that one line is given.
    pub fn client(origin: &Origin) -> String {
        let ip = origin.ip.as_deref().and_then(|ip| ip.parse().ok());
        match ip {
            Some(std::net::IpAddr::V6(ip)) => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
            Some(ip) => ip.to_string(),
            None => "unknown".to_owned(),
        }
    }
}

/// What was counted in the present window.
#[derive(Debug, Clone, Copy)]
struct Counted {
    number: u32,
    first_at: Timestamp,
}
