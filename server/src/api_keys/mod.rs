//! API keys: how programs act for a person without signing in. Each acts in one role, with the permissions that it was given
//! and the role still has; it is shown once, and only its fingerprint is kept.

pub mod api;
mod change;
mod form;
mod of_others;
pub mod of_others_api;
mod reminders;
mod store;

pub use change::{Change, ChangeKind};
pub use form::{Lasts, NewKey, NewKeyForm};
pub use store::ApiKey;
pub(crate) use store::{revoke_in, revoke_lost, working_in};

use crate::{
    Actor, Error, Origin, Result,
    config::Api,
    db::{Housekeeping, Open, Tx},
    events::Event,
    ground::Ground,
    identity,
    vault::{Purpose, Vault},
};
use domain::{
    ApiKeyId, PersonId,
    api_key::{ENDING, KeyName, MOST, PREFIX},
};
use std::{fmt, time::Duration};

/// How often a key notes that it was used.
const USED_EVERY: Duration = Duration::from_secs(60);
const NOTE_WITHIN: Duration = Duration::from_millis(200);
/// So long a key that was revoked or has expired stays in the store.
const KEPT: Duration = Duration::from_secs(90 * 86_400);
/// Longer than any key that was ever handed out.
const LONGEST: usize = 128;

/// A key as it is shown, once.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept to tell it by.
    fn ending(&self) -> String {
        let tail = self.0.len().saturating_sub(ENDING);
        self.0.get(tail..).unwrap_or_default().to_owned()
    }
}

/// The service for API keys.
#[derive(Clone)]
pub struct ApiKeys {
    ground: Ground,
    vault: Vault,
    rules: Api,
}

impl ApiKeys {
    pub const fn new(ground: Ground, vault: Vault, rules: Api) -> Self {
        Self { ground, vault, rules }
    }

    /// Whether this looks like a key rather than a token.
    pub fn is_one(bearer: &str) -> bool {
        bearer.starts_with(PREFIX)
    }

    /// The keys of the person, the newest first; those that were revoked are gone.
    pub async fn of(&self, actor: &Actor) -> Result<Vec<ApiKey>> {
        store::of(&self.ground.db, actor.id()).await
    }

    /// Makes a key that acts in the role the person acts in now. It outlives their session, so they show first that it is them.
    pub async fn make(&self, actor: &Actor, form: NewKeyForm, origin: &Origin) -> Result<(ApiKeyId, Secret)> {
        actor.standing().check()?;
        let key = form.parse(actor, &self.rules)?;
        let secret = Secret(format!("{PREFIX}{}", self.ground.chance.token()));
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let (id, at) = (ApiKeyId::new(tx.new_id()), tx.at());
        let owner = store::owner(&mut tx, actor.id()).await?;
        identity::check_open(&mut tx, actor.id(), actor.session()).await?;
        if store::working(&mut tx, actor.id()).await? >= MOST {
            return Err(Error::Conflict("You have as many keys as one person may have. Revoke one first."));
        }
        let expires_at = key.lasts.until(at);
        let made = store::Made {
            id,
            fingerprint: self.fingerprint(secret.reveal()),
            ending: secret.ending(),
            expires_at,
        };
        store::insert(&mut tx, actor, &key, &made).await?;
        let kind = ChangeKind::Made {
            name: key.name,
            role: actor.role().clone(),
            scopes: key.scopes,
            expires_at,
            owner,
            at,
        };
        tx.record(Event::ApiKey(Change { person: actor.id(), key: id, kind })).await?.commit().await?;
        Ok((id, secret))
    }

    /// Ends a key of the person: it opens nothing from the next request on.
    pub async fn revoke(&self, actor: &Actor, key: ApiKeyId, origin: &Origin) -> Result<()> {
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let name = store::revoke(&mut tx, actor.id(), key).await?;
        let name = name.ok_or(Error::NotFound("There is no such key, or it was revoked already"))?;
        let change = Change { person: actor.id(), key, kind: ChangeKind::Revoked { name } };
        tx.record(Event::ApiKey(change)).await?.commit().await
    }

    /// Whom a key stands for, if it works right now: the person may act, still has the role, and the key is in time.
    pub async fn authenticate(&self, secret: &str, ip: Option<&str>) -> Result<Actor> {
        if secret.len() > LONGEST {
            return Err(Error::Unauthenticated);
        }
        let now = self.ground.clock.now();
        let held = store::held(&self.ground.db, &self.fingerprint(secret), now).await?;
        let held = held.ok_or(Error::Unauthenticated)?;
        if held.last_used_at.is_none_or(|used_at| now.since(used_at) > USED_EVERY) {
            // A request does not wait for the writer because of a mere note; the next one tries again.
            let _ = tokio::time::timeout(NOTE_WITHIN, self.note_used(held.id, ip)).await;
        }
        Ok(held.into_actor())
    }

    /// Forgets keys that ended long ago; the trail goes on knowing of them.
    pub async fn forget_old(&self) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        store::forget_old(&mut tx, KEPT).await?;
        tx.commit_housekeeping(Housekeeping::Expired).await
    }

    /// The key, sealed for the one page that shows it to whoever is in this session.
    pub fn wrap(&self, actor: &Actor, secret: &Secret) -> Result<String> {
        self.vault.seal(Purpose::NewApiKey, actor.session().uuid(), secret.reveal().as_bytes())
    }

    /// What was wrapped in this session.
    pub fn unwrap(&self, actor: &Actor, wrapped: &str) -> Option<Secret> {
        let plain = self.vault.open(Purpose::NewApiKey, actor.session().uuid(), wrapped).ok()?;
        String::from_utf8(plain).ok().map(Secret)
    }

    fn fingerprint(&self, secret: &str) -> String {
        self.vault.fingerprint(&["api key", secret])
    }

    async fn note_used(&self, key: ApiKeyId, ip: Option<&str>) {
        let noted: Result<()> = async {
            let mut tx = self.ground.begin(&Origin::program()).await?;
            store::note_used(&mut tx, key, ip, USED_EVERY).await?;
            tx.commit_housekeeping(Housekeeping::KeyUsed).await
        }
        .await;
        if let Err(error) = noted {
            error.log();
        }
    }
}

/// Ends every key of a person in this transaction, where somebody else may have made them; answers what they were called.
pub(crate) async fn revoke_all(tx: &mut Tx<Open>, person: PersonId) -> Result<Vec<KeyName>> {
    store::revoke_all(tx, person).await
}

/// How many keys of a person work.
pub(crate) async fn working(tx: &mut Tx<Open>, person: PersonId) -> Result<usize> {
    store::working(tx, person).await
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl fmt::Debug for ApiKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeys")
    }
}
