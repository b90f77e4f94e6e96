//! The ring of signing keys: the newest signs, those before it are still believed until the last token they signed is over.

use super::{SigningKey, new_signing_pem, read_or_create};
use crate::chance::Chance;
use anyhow::{Context, Result};
use domain::Timestamp;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, UNIX_EPOCH},
};

/// The folder is looked at again now and then: another instance or the command line may have put a new key there.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// The key of the first start, older than all that came after it.
const FIRST: &str = "signing.pem";

/// Every signing key that is believed. Clones share it.
#[derive(Clone)]
pub struct Ring(Arc<Inner>);

struct Inner {
    /// Where the keys are kept; nowhere for a ring that a test put together.
    folder: Option<PathBuf>,
    /// The newest first; there is always one.
    keys: RwLock<Vec<Kept>>,
    looked_at: Mutex<Timestamp>,
}

/// A key and the file it is kept in.
#[derive(Clone)]
struct Kept {
    path: PathBuf,
    key: Arc<SigningKey>,
}

impl Ring {
    /// A ring that never changes.
    pub fn of_one(key: SigningKey) -> Self {
        Self::holding(None, vec![Kept { path: PathBuf::new(), key: Arc::new(key) }])
    }

    /// The keys in this folder; the first is made if there is none.
    pub fn in_folder(folder: &Path, chance: &Chance) -> Result<Self> {
        if files(folder)?.is_empty() {
            read_or_create(&folder.join(FIRST), chance, new_signing_pem)?;
        }
        Ok(Self::holding(Some(folder.to_owned()), read_all(folder, chance)?))
    }

    fn holding(folder: Option<PathBuf>, keys: Vec<Kept>) -> Self {
        let looked_at = Mutex::new(Timestamp::from_seconds(0));
        Self(Arc::new(Inner { folder, keys: RwLock::new(keys), looked_at }))
    }

    /// Every key that is believed, the newest first.
    pub fn all(&self) -> Vec<Arc<SigningKey>> {
        let keys = self.0.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.iter().map(|kept| kept.key.clone()).collect()
    }

    /// The key that signs.
    pub fn newest(&self, now: Timestamp, chance: &Chance) -> Result<Arc<SigningKey>> {
        self.look_now_and_then(now, chance);
        let keys = self.0.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.first().map(|kept| kept.key.clone()).context("there is no signing key")
    }

    /// The key of this name.
    pub fn named(&self, id: &str, now: Timestamp, chance: &Chance) -> Option<Arc<SigningKey>> {
        let find = || self.all().into_iter().find(|key| key.id == id);
        find().or_else(|| {
            self.look_now_and_then(now, chance);
            find()
        })
    }

    /// Makes a new key, which signs from now on, and lets go of those that nobody can hold a token of any more: each is
    /// believed for `overlap` after the next one came.
    pub fn rotate(&self, now: Timestamp, overlap: Duration, chance: &Chance) -> Result<Arc<SigningKey>> {
        let folder = self.0.folder.as_ref().context("this ring is not kept in a folder")?;
        let path = folder.join(format!("signing-{}.pem", now.seconds()));
        read_or_create(&path, chance, new_signing_pem)?;
        let mut next_came = None;
        for (made, path) in files(folder)? {
            if next_came.is_some_and(|next: Timestamp| next.after(overlap) <= now) {
                fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            }
            next_came = Some(made);
        }
        self.look(chance);
        self.newest(now, chance)
    }

    /// When the key that signs was made. The very first has no date in its name, so its file is asked.
    pub fn newest_is_from(&self) -> Option<Timestamp> {
        let (made, path) = files(self.0.folder.as_ref()?).ok()?.into_iter().next()?;
        if made.seconds() > 0 {
            return Some(made);
        }
        let modified = fs::metadata(path).ok()?.modified().ok()?;
        let since = modified.duration_since(UNIX_EPOCH).ok()?;
        i64::try_from(since.as_secs()).ok().map(Timestamp::from_seconds)
    }

    fn look_now_and_then(&self, now: Timestamp, chance: &Chance) {
        let is_time = {
            let mut looked_at = self.0.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
            let is_time = now.since(*looked_at) >= LOOK_AGAIN_AFTER;
            if is_time {
                *looked_at = now;
            }
            is_time
        };
        if is_time {
            self.look(chance);
        }
    }

    fn look(&self, chance: &Chance) {
        let Some(folder) = &self.0.folder else { return };
        let known: Vec<Kept> = self.0.keys.read().unwrap_or_else(PoisonError::into_inner).clone();
        let same = |files: &[(Timestamp, PathBuf)]| {
            files.len() == known.len() && files.iter().zip(&known).all(|((_, path), kept)| *path == kept.path)
        };
        match files(folder) {
            Ok(files) if same(&files) => return,
            _ => {}
        }
        match read_all(folder, chance) {
            Ok(keys) => *self.0.keys.write().unwrap_or_else(PoisonError::into_inner) = keys,
            Err(error) => tracing::error!(cause = format!("{error:#}"), "the signing keys cannot be read"),
        }
    }
}

/// The files of the signing keys with the moment of their making, the newest first.
fn files(folder: &Path) -> Result<Vec<(Timestamp, PathBuf)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let made = if name == FIRST {
            Some(0)
        } else {
            name.strip_prefix("signing-").and_then(|rest| rest.strip_suffix(".pem")?.parse().ok())
        };
        if let Some(made) = made {
            files.push((Timestamp::from_seconds(made), path));
        }
    }
    files.sort_by(|a, b| b.cmp(a));
    Ok(files)
}

fn read_all(folder: &Path, chance: &Chance) -> Result<Vec<Kept>> {
    let files = files(folder)?;
    let keys = files.iter().map(|(_, path)| {
        let pem = read_or_create(path, chance, || anyhow::bail!("{} was removed meanwhile", path.display()))?;
        Ok(Kept { path: path.clone(), key: Arc::new(SigningKey::from_pem(pem)?) })
    });
    keys.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn a6_the_newest_signs_and_the_old_ones_are_believed_for_a_while() {
        let (folder, chance) = (tempfile::tempdir().unwrap(), Chance::seeded(1));
        let ring = Ring::in_folder(folder.path(), &chance).unwrap();
        let now = Timestamp::from_seconds(1_790_000_000);
        let first = ring.newest(now, &chance).unwrap();
        let second = ring.rotate(now, 30 * DAY, &chance).unwrap();
        assert_ne!(first.id, second.id);
        let ids = |ring: &Ring| ring.all().iter().map(|key| key.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&ring), [second.id.clone(), first.id.clone()]);

        // Thirty days later nobody holds a token that the first one signed.
        let third = ring.rotate(now.after(30 * DAY), 30 * DAY, &chance).unwrap();
        assert_eq!(ids(&ring), [third.id.clone(), second.id.clone()]);
        assert!(!folder.path().join("signing.pem").exists());
        assert_eq!(ring.newest_is_from(), Some(now.after(30 * DAY)));
    }

    #[test]
    fn a6_another_instance_finds_a_new_key_by_itself_but_not_for_every_forged_name() {
        let (folder, chance) = (tempfile::tempdir().unwrap(), Chance::seeded(1));
        let (here, there) = (
            Ring::in_folder(folder.path(), &chance).unwrap(),
            Ring::in_folder(folder.path(), &chance).unwrap(),
        );
        let now = Timestamp::from_seconds(1_790_000_000);
        assert!(there.named("forged", now, &chance).is_none());
        let new = here.rotate(now, DAY, &chance).unwrap();
        assert!(
            there.named(&new.id, now, &chance).is_none(),
            "the folder is looked at for every forged token"
        );
        assert!(there.named(&new.id, now.after(LOOK_AGAIN_AFTER), &chance).is_some());
    }
}
