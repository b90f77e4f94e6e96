//! Links: what people do by a letter. A one-time link resets a password, verifies an address or accepts an invitation;
//! whoever registers gets one as well.
//!
//! Whether an address has an account is found out by the worker of the outbox, after the answer: who asks can tell nothing
//! from it, not even from how long it took.

pub mod api;
mod email_change;
pub mod email_change_api;
mod errand;
mod forgetting;
mod happening;
mod invitation;
pub mod invitation_api;
mod registration;
mod reset;
mod store;
mod token;

pub use api::NextStep;
pub use email_change::Agreed;
pub use errand::Errand;
pub use happening::Happening;
pub use registration::RegistrationForm;
pub use store::{
    Holder,
    email_changes::{EmailChange, Side},
};
pub use token::Purpose;

use crate::{
    Error, Origin, Result, config,
    config::Config,
    counts,
    db::{Housekeeping, Open, Tx},
    events::Event,
    ground::Ground,
    identity::Passwords,
    limits::{Bucket, Limits},
    lockout::Lockout,
    mail::Letter,
    people::People,
    vault::Vault,
};
use domain::{FieldErrors, PersonId, password::NewPassword};
use std::{fmt, time::Duration};
use token::Token;

const HOUR: Duration = Duration::from_secs(3600);
/// So many letters of a kind one address gets within an hour because strangers ask for them.
const LETTERS_AN_HOUR: u32 = 5;

/// The service for links.
#[derive(Clone)]
pub struct Links {
    ground: Ground,
    passwords: Passwords,
    people: People,
    lockout: Lockout,
    limits: Limits,
    vault: Vault,
    rules: config::Links,
    registration: config::Registration,
}

impl Links {
    pub fn new(
        ground: &Ground,
        people: &People,
        passwords: &Passwords,
        lockout: &Lockout,
        limits: &Limits,
        vault: &Vault,
        config: &Config,
    ) -> Self {
        Self {
            ground: ground.clone(),
            passwords: passwords.clone(),
            people: people.clone(),
            lockout: lockout.clone(),
            limits: limits.clone(),
            vault: vault.clone(),
            rules: config.links,
            registration: config.registration.clone(),
        }
    }

    /// Whom a link is for, as long as it is good. Looking uses nothing up: scanners of mail follow every link.
    pub async fn look(&self, purpose: Purpose, token: &str) -> Result<Holder> {
        let token = Token::received(token).ok_or(Error::LinkGone)?;
        let fingerprint = token.fingerprint(&self.vault, purpose);
        let now = self.ground.clock.now();
        let holder = store::find(&self.ground.db, purpose, &fingerprint, now).await?;
        holder.filter(|holder| purpose.is_for(holder)).ok_or(Error::LinkGone)
    }

    /// Forgets links whose time is over.
    pub async fn forget_expired(&self) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        store::forget_expired(&mut tx).await?;
        store::email_changes::forget_expired(&mut tx).await?;
        tx.commit_housekeeping(Housekeeping::Expired).await
    }

    /// Uses a link up, once and for all.
    async fn take(&self, tx: &mut Tx<Open>, purpose: Purpose, token: &str) -> Result<Holder> {
        let token = Token::received(token).ok_or(Error::LinkGone)?;
        let holder = store::take(tx, purpose, &token.fingerprint(&self.vault, purpose)).await?;
        holder.filter(|holder| purpose.is_for(holder)).ok_or(Error::LinkGone)
    }

    /// Makes a link in the place of the one before, and the letter that carries its token.
    async fn make(
        &self,
        tx: &mut Tx<Open>,
        purpose: Purpose,
        holder: &Holder,
        letter: impl FnOnce(String) -> Letter,
    ) -> Result<Letter> {
        let token = Token::draw(&self.ground.chance);
        let lasts = match purpose {
            Purpose::Reset => self.rules.reset(),
            Purpose::Verification | Purpose::EmailNew | Purpose::EmailPresent => self.rules.verification(),
            Purpose::Invitation => self.rules.invitation(),
        };
        let (fingerprint, expires_at) = (token.fingerprint(&self.vault, purpose), tx.at().after(lasts));
        store::put(tx, holder.id, purpose, &holder.email, &fingerprint, expires_at).await?;
        Ok(letter(token.reveal()))
    }

    /// Sends a link to somebody who has an account.
    async fn send(
        &self,
        purpose: Purpose,
        holder: &Holder,
        letter: impl FnOnce(String) -> Letter + Send,
        origin: &Origin,
    ) -> Result<()> {
        let mut tx = self.ground.begin(origin).await?;
        let letter = self.make(&mut tx, purpose, holder, letter).await?;
        let happening = Happening::LinkSent { person: holder.id, purpose, letter };
        tx.record(Event::Link(happening)).await?.commit().await
    }

    /// Takes a password for the holder of a link, and hashes it.
    async fn hash_for(&self, holder: &Holder, password: &str) -> Result<String> {
        let owner = domain::password::Owner::new(holder.username.as_str(), holder.email.as_str());
        let password: NewPassword = self
            .passwords
            .accept(password, &owner)
            .map_err(|broken| Error::Invalid(FieldErrors::one("password", broken.to_string())))?;
        self.passwords.hash(password).await
    }

    /// Whether one more letter of this kind may be asked for. An older link dies of a new one only if that one is sent.
    async fn may_write(&self, tx: &mut Tx<Open>, kind: &str, to: &str) -> Result<bool> {
        let key = format!("letter:{}", self.vault.fingerprint(&["letter asked for", kind, to]));
        let at = tx.at();
        let counted = counts::count_within(tx, &key, at, at.before(HOUR)).await?;
        Ok(counted.number() <= LETTERS_AN_HOUR.min(self.ground.letters_an_hour))
    }

    /// Bounds what one client may ask for without being signed in, in forms and over the API alike.
    async fn bound_client(&self, origin: &Origin) -> Result<()> {
        self.limits.count(Bucket::Letters, &Limits::client(origin)).await.check()
    }
}

/// Makes the reset links of a person worthless, in the transaction that gives them another password: somebody may have asked for
/// one who reads their mail. The person's row is held.
pub(crate) async fn forget_resets(tx: &mut Tx<Open>, person: PersonId) -> Result<()> {
    store::forget_resets(tx, person).await
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Links({:?})", self.rules)
    }
}
