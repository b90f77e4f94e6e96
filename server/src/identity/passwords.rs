//! Hashing passwords with Argon2id, no more at once than there are cores, with a bounded queue before them.

use crate::{Error, Result, chance::Chance, config};
use anyhow::anyhow;
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::{PasswordHash, Salt},
};
use domain::password::NewPassword;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many may wait for a core, for each core there is; whoever comes after is told to come back.
const WAITING_PER_CORE: usize = 64;
const COME_BACK: Duration = Duration::from_secs(2);

/// Hashes and verifies passwords.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

/// A place in the queue for a core.
#[derive(Debug)]
pub struct Place(#[allow(dead_code, reason = "held until the work is done")] OwnedSemaphorePermit);

struct Inner {
    argon2: Argon2<'static>,
    chance: Chance,
    /// Verified against when there is no account, so that its absence takes the same time.
    nobody: String,
    cores: Arc<Semaphore>,
    places: Arc<Semaphore>,
    computed: AtomicU64,
}

impl Passwords {
    pub fn new(cost: config::Passwords, chance: Chance) -> Result<Self> {
        let params = Params::new(cost.memory_kib, cost.iterations, cost.parallelism, None)
            .map_err(|cause| anyhow!("the password settings do not fit together: {cause}"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash_now(&argon2, chance.token().as_bytes(), &chance)?;
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(Self(Arc::new(Inner {
            argon2,
            chance,
            nobody,
            cores: Arc::new(Semaphore::new(cores)),
            places: Arc::new(Semaphore::new(cores * (WAITING_PER_CORE + 1))),
            computed: AtomicU64::new(0),
        })))
    }

    /// A place among those who are being served or wait; whoever finds none is told to come back.
    pub fn place(&self) -> Result<Place> {
        let place = self.0.places.clone().try_acquire_owned();
        place.map(Place).map_err(|_| Error::Busy { retry_after: COME_BACK })
    }

    /// Whether the password fits the hash. Without a hash the same work is done and the answer is no.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.verify_at(self.place()?, password, hash).await
    }

    /// The same at a place that was taken before.
    pub async fn verify_at(&self, place: Place, password: String, hash: Option<String>) -> Result<bool> {
        self.compute(place, move |inner| {
            let exists = hash.is_some();
            let parsed = PasswordHash::new(hash.as_deref().unwrap_or(&inner.nobody))
                .map_err(|cause| anyhow!("a stored password hash cannot be read: {cause}"))?;
            let fits = inner.argon2.verify_password(password.as_bytes(), &parsed).is_ok();
            Ok(fits && exists)
        })
        .await
    }

    pub async fn hash(&self, password: NewPassword) -> Result<String> {
        self.compute(self.place()?, move |inner| {
            hash_now(&inner.argon2, password.reveal().as_bytes(), &inner.chance)
        })
        .await
    }

    /// How many hashes were computed since the start: lets a test see that an unknown account costs as many.
    pub fn computed(&self) -> u64 {
        self.0.computed.load(Ordering::SeqCst)
    }

    async fn compute<T: Send + 'static>(
        &self,
        place: Place,
        work: impl FnOnce(&Inner) -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T> {
        let core = self.0.cores.clone().acquire_owned().await.map_err(|cause| anyhow!(cause))?;
        let inner = self.0.clone();
        // The permits go along: someone who hangs up must not make room while their hash is still being computed.
        let result = tokio::task::spawn_blocking(move || {
            let _held = (place, core);
            inner.computed.fetch_add(1, Ordering::SeqCst);
            work(&inner)
        });
        Ok(result.await.map_err(|cause| anyhow!(cause))??)
    }
}

fn hash_now(argon2: &Argon2<'_>, password: &[u8], chance: &Chance) -> anyhow::Result<String> {
    let salt: [u8; 16] = chance.bytes();
    let salt = Salt::new(&salt).map_err(|cause| anyhow!("no salt: {cause}"))?;
    let hash = argon2
        .hash_password_with_salt(password, salt.as_ref())
        .map_err(|cause| anyhow!("cannot hash: {cause}"))?;
    Ok(hash.to_string())
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords")
    }
}
