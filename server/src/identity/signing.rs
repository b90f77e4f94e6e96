//! The keys that sign tokens: which are believed, and changing them.

use super::Identity;
use crate::{Origin, Result, events::Event, keys::SigningKey, permit::Operator};
use std::{sync::Arc, time::Duration};

impl Identity {
    /// Every key that is believed, the newest first.
    pub fn signing_keys(&self) -> Vec<Arc<SigningKey>> {
        self.tokens.ring().all()
    }

    /// Makes a new key that signs from now on. The old one is believed until its last token is over.
    pub async fn rotate_keys(&self, _operator: &Operator, origin: &Origin) -> Result<Arc<SigningKey>> {
        self.rotate(origin).await
    }

    /// Changes the key when it has signed for so many days; never when that is none.
    pub async fn rotate_keys_when_due(&self, after_days: u32) -> Result<()> {
        let age = Duration::from_secs(u64::from(after_days) * 86_400);
        let now = self.ground.clock.now();
        match self.tokens.ring().newest_is_from() {
            Some(made) if after_days > 0 && now.since(made) >= age => {
                self.rotate(&Origin::program()).await.map(|_| ())
            }
            _ => Ok(()),
        }
    }

    async fn rotate(&self, origin: &Origin) -> Result<Arc<SigningKey>> {
        let tx = self.ground.begin(origin).await?;
        let longest = self.sessions.remembered().max(self.sessions.absolute());
        let key = self.tokens.ring().rotate(tx.at(), longest, &self.ground.chance)?;
        tx.record(Event::SigningKeyChanged { key: key.id.clone() }).await?.commit().await?;
        tracing::info!(key = key.id, "a new key signs tokens from now on");
        Ok(key)
    }
}
