//! Remembered devices: browsers that showed a second factor once and are asked for the password alone for a while. Another
//! password or other factors, and they are forgotten. What they open is a session whose proof is the password.

pub(super) mod store;

use super::{Identity, store::Account};
use crate::{
    Actor, Error, Origin, Result,
    db::{Housekeeping, Open, Tx},
    events::Event,
};
use domain::Timestamp;
use std::{str::FromStr, time::Duration};
use uuid::Uuid;

/// Longer than any token that was ever handed out.
const LONGEST: usize = 128;

/// Names a remembered device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct DeviceId(Uuid);

impl FromStr for DeviceId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        text.parse().map(Self).map_err(|_| Error::NotFound("There is no such device"))
    }
}

impl std::fmt::Display for DeviceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A remembered device, as its owner sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Device {
    pub id: DeviceId,
    pub ip: String,
    pub user_agent: String,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Identity {
    /// Whether this browser was remembered for this person, with the password they still have.
    pub(super) async fn knows_device(&self, account: &Account, token: &str) -> Result<bool> {
        if self.security.remembers_devices_for().is_none() || token.is_empty() || token.len() > LONGEST {
            return Ok(false);
        }
        let now = self.ground.clock.now();
        let fingerprint = self.device_fingerprint(token);
        let Some(held) = store::find(&self.ground.db, account.id, &fingerprint, now).await? else {
            return Ok(false);
        };
        let hash = account.password_hash.as_deref().unwrap_or_default();
        if !self.has_password_mark(account.id, hash, &held.password_mark) {
            return Ok(false);
        }
        let mut tx = self.ground.begin(&Origin::program()).await?;
        store::note_used(&mut tx, held.id).await?;
        tx.commit_housekeeping(Housekeeping::SessionSeen).await?;
        Ok(true)
    }

    /// Remembers the browser that has just shown a second factor; answers what it is to hold.
    pub(super) async fn remember_device(
        &self,
        tx: &mut Tx<Open>,
        account: &Account,
        lasts: Duration,
    ) -> Result<String> {
        let token = self.ground.chance.token();
        let hash = account.password_hash.as_deref().unwrap_or_default();
        let mark = self.password_mark(account.id, hash);
        let expires_at = tx.at().after(lasts);
        store::insert(tx, account.id, &self.device_fingerprint(&token), &mark, expires_at).await?;
        Ok(token)
    }

    /// The actor's own remembered devices, the one used last at the top.
    pub async fn devices(&self, actor: &Actor) -> Result<Vec<Device>> {
        if self.security.remembers_devices_for().is_none() {
            return Ok(Vec::new());
        }
        store::list(&self.ground.db, actor.id(), self.ground.clock.now()).await
    }

    /// Forgets one of the actor's own devices: it is asked for a second factor again.
    pub async fn forget_device(&self, actor: &Actor, device: DeviceId, origin: &Origin) -> Result<()> {
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        if !store::forget(&mut tx, actor.id(), device).await? {
            return Err(Error::NotFound("There is no such device"));
        }
        tx.record(Event::DeviceForgotten { person: actor.id() }).await?.commit().await
    }

    fn device_fingerprint(&self, token: &str) -> String {
        self.vault.fingerprint(&["a remembered device", token])
    }
}
