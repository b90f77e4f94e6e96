//! Passwords: which ones are taken, and hashing them with Argon2id, no more at once than there are cores, with a bounded
//! queue before them.

mod breached;
mod stored;
pub mod tuning;
mod workspace;

use crate::{Error, Result, chance::Chance, config};
use anyhow::anyhow;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use domain::password::{BrokenRules, NewPassword, Owner, PasswordPolicy, normalise};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use workspace::{Workspace, Workspaces};

/// How many may wait for a core, for each core there is; whoever comes after is told to come back.
const WAITING_PER_CORE: usize = 64;
const COME_BACK: Duration = Duration::from_secs(2);
/// Work that has time looks for a free core so often, and then stands in line like everybody.
const MOST_LOOKS: u32 = 1_000;
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// What came of checking a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// It fits, and its hash should be made anew: it is of another kind, or cheaper than what is configured now.
    RightAndOutdated,
}

impl Verdict {
    pub const fn fits(self) -> bool {
        !matches!(self, Self::Wrong)
    }

    pub const fn is_outdated(self) -> bool {
        matches!(self, Self::RightAndOutdated)
    }
}

/// Judges new passwords, hashes and verifies.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

/// A place in the queue for a core.
#[derive(Debug)]
pub struct Place(#[allow(dead_code, reason = "held until the work is done")] OwnedSemaphorePermit);

struct Inner {
    settings: config::Passwords,
    argon2: Argon2<'static>,
    chance: Chance,
    /// Verified against when there is no account, so that its absence takes the same time. It fits no password.
    nobody: String,
    workspaces: Workspaces,
    most_at_once: usize,
    cores: Arc<Semaphore>,
    places: Arc<Semaphore>,
    computed: AtomicU64,
}

impl Passwords {
    pub fn new(settings: config::Passwords, chance: Chance) -> Result<Self> {
        let params = Params::new(settings.memory_kib, settings.iterations, settings.parallelism, None)
            .map_err(|cause| anyhow!("the password settings do not fit together: {cause}"))?;
        let workspaces = Workspaces::new(params.block_count());
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let output: [u8; Params::DEFAULT_OUTPUT_LEN] = chance.bytes();
        let nobody = written(&argon2, &chance.bytes(), &output)?;
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(Self(Arc::new(Inner {
            settings,
            argon2,
            chance,
            nobody,
            workspaces,
            most_at_once: cores,
            cores: Arc::new(Semaphore::new(cores)),
            places: Arc::new(Semaphore::new(cores * (WAITING_PER_CORE + 1))),
            computed: AtomicU64::new(0),
        })))
    }

    /// What a new password has to be.
    pub fn policy(&self) -> PasswordPolicy {
        self.0.settings.policy()
    }

    /// Takes a new password of this person if it follows every rule and is none of the commonest.
    pub fn accept(&self, raw: &str, owner: &Owner) -> Result<NewPassword, BrokenRules> {
        let refuses = self.0.settings.refuse_breached;
        self.policy().accept(raw, owner, |forms| refuses && breached::holds_any(forms))
    }

    /// A place among those who are being served or wait; whoever finds none is told to come back.
    pub fn place(&self) -> Result<Place> {
        let place = self.0.places.clone().try_acquire_owned();
        place.map(Place).map_err(|_| Error::Busy { retry_after: COME_BACK })
    }

    /// Whether the password fits the hash. Without a hash, or with one that cannot be used, the same work is done and the
    /// answer is no.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<Verdict> {
        self.verify_at(self.place()?, password, hash).await
    }

    /// The same at a place that was taken before.
    pub async fn verify_at(&self, place: Place, password: String, hash: Option<String>) -> Result<Verdict> {
        self.compute(place, move |inner, workspace| {
            let usable = hash.as_deref().and_then(|text| match stored::Hash::read(text) {
                Ok(hash) => Some(hash),
                Err(why) => {
                    tracing::error!(
                        why,
                        "a stored password hash cannot be used: its owner needs a new password"
                    );
                    None
                }
            });
            let exists = usable.is_some();
            let hash = match usable {
                Some(hash) => hash,
                None => stored::Hash::read(&inner.nobody).map_err(|why| anyhow!(why))?,
            };
            Ok(inner.judge(&password, &hash, exists, workspace))
        })
        .await
    }

    pub async fn hash(&self, password: NewPassword) -> Result<String> {
        self.hash_text(password.reveal().to_owned()).await
    }

    /// The hash of a password that was accepted before, made once a core has nothing else to do: whoever signs in goes first.
    pub async fn hash_behind_others(&self, accepted: String) -> Result<String> {
        let mut looks = 0;
        while self.0.cores.available_permits() == 0 && looks < MOST_LOOKS {
            tokio::time::sleep(LOOK_AGAIN).await;
            looks += 1;
        }
        self.hash_text(accepted).await
    }

    /// Whether a hash from elsewhere can be compared with, at a bounded cost; else why not.
    pub fn accept_hash(&self, text: &str) -> Result<(), &'static str> {
        match stored::Hash::read(text) {
            Ok(_) => Ok(()),
            Err(_) if text.starts_with('$') => {
                Err("This hash cannot be read, or comparing with it would cost too much")
            }
            Err(_) => Err("Give an Argon2 or bcrypt hash, which begins with $argon2 or $2b$"),
        }
    }

    /// A new hash for a password that was just found right. Its absence keeps nobody out: it will be made the next time.
    pub async fn renew(&self, password: String) -> Option<String> {
        match self.hash_text(normalise(&password)).await {
            Ok(hash) => Some(hash),
            Err(error) => {
                error.log();
                None
            }
        }
    }

    async fn hash_text(&self, password: String) -> Result<String> {
        self.compute(self.place()?, move |inner, workspace| {
            inner.computed.fetch_add(1, Ordering::SeqCst);
            inner.hash_now(&password, workspace)
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
        work: impl FnOnce(&Inner, &mut Workspace) -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T> {
        let core = self.0.cores.clone().acquire_owned().await.map_err(|cause| anyhow!(cause))?;
        let inner = self.0.clone();
        // The permits go along: someone who hangs up must not make room while their hash is still being computed.
        let result = tokio::task::spawn_blocking(move || {
            let _held = (place, core);
            let mut workspace = inner.workspaces.take();
            let result = work(&inner, &mut workspace);
            inner.workspaces.give_back(workspace, inner.others_wait());
            result
        });
        Ok(result.await.map_err(|cause| anyhow!(cause))??)
    }
}

impl Inner {
    fn hash_now(&self, password: &str, workspace: &mut Workspace) -> anyhow::Result<String> {
        let (salt, mut output) = (self.chance.bytes(), [0; Params::DEFAULT_OUTPUT_LEN]);
        let blocks = workspace.blocks(self.argon2.params().block_count());
        self.argon2
            .hash_password_into_with_memory(password.as_bytes(), &salt, &mut output, blocks)
            .map_err(|cause| anyhow!("cannot hash: {cause}"))?;
        written(&self.argon2, &salt, &output)
    }

    /// Whether more have a place than are being served.
    fn others_wait(&self) -> bool {
        let served = self.most_at_once - self.cores.available_permits();
        self.most_at_once * (WAITING_PER_CORE + 1) - self.places.available_permits() > served
    }

    /// Compares the password in its one form, and as it was typed where that differs: hashes from before, or from another
    /// program, were made of that. Both are computed in any case, so that the time tells nothing of the account.
    fn judge(
        &self,
        password: &str,
        hash: &stored::Hash<'_>,
        exists: bool,
        workspace: &mut Workspace,
    ) -> Verdict {
        let normal = normalise(password);
        let mut fits = |text: &str| {
            self.computed.fetch_add(1, Ordering::SeqCst);
            hash.fits(text.as_bytes(), workspace)
        };
        let fits_as_it_should = fits(&normal);
        let fits_as_typed = normal != password && fits(password);
        match (exists, fits_as_it_should, fits_as_typed) {
            (true, true, _) if !hash.is_weaker_than(&self.settings) => Verdict::Right,
            (true, true, _) | (true, _, true) => Verdict::RightAndOutdated,
            _ => Verdict::Wrong,
        }
    }
}

/// A hash in the form in which it is stored.
fn written(argon2: &Argon2<'_>, salt: &[u8; 16], output: &[u8]) -> anyhow::Result<String> {
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params()).map_err(|cause| anyhow!("no parameters: {cause}"))?,
        salt: Some(Salt::new(salt).map_err(|cause| anyhow!("no salt: {cause}"))?),
        hash: Some(Output::new(output).map_err(|cause| anyhow!("no output: {cause}"))?),
    };
    Ok(hash.to_string())
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords")
    }
}
