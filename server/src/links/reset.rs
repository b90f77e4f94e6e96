//! A forgotten password: asking for a link, and choosing another password with it.

use super::{Errand, Happening, Links, Purpose, errand::Asked, store};
use crate::{Error, Origin, Result, api_keys, events::Event, identity, mail::Letter};
use domain::{
    FieldErrors,
    person::{EmailAddress, PersonStatus},
};

impl Links {
    /// What is said to everybody who asks.
    pub const RESET_ASKED: &str = "If that email exists, a reset link has been sent";

    /// Sends a reset link to this address if it has an account. Nobody is looked up before the answer.
    pub async fn ask_for_reset(&self, email: &str, origin: &Origin) -> Result<()> {
        let email =
            EmailAddress::parse(email).map_err(|words| Error::Invalid(FieldErrors::one("email", words)))?;
        self.bound_client(origin).await?;
        let mut tx = self.ground.begin(origin).await?;
        let may_write = self.may_write(&mut tx, "reset", email.as_str()).await?;
        let email = email.to_string();
        let happening = Happening::ResetAsked {
            email: email.clone(),
            errand: may_write.then(|| Errand::Reset { email, asked: Asked::of(origin) }),
        };
        tx.record(Event::Link(happening)).await?.commit().await
    }

    /// The worker's part. Suspended accounts have no use of a link, and those who were invited have one already.
    pub(super) async fn send_reset(&self, email: &str, origin: &Origin) -> Result<()> {
        let Ok(email) = EmailAddress::parse(email) else { return Ok(()) };
        match store::by_email(&self.ground.db, &email).await? {
            Some(holder) if Purpose::Reset.is_for(&holder) => {
                let (to, full_name) = (holder.email.to_string(), holder.full_name.to_string());
                let minutes = self.rules.reset_minutes;
                let letter = |token| Letter::PasswordResetLink { to, full_name, token, minutes };
                self.send(Purpose::Reset, &holder, letter, origin).await
            }
            _ => Ok(()),
        }
    }

    /// Gives the holder of the link another password. It ends every session and API key and opens a lock, and it signs nobody in: a second
    /// factor is asked for as always. Whoever had not verified the address has done so with it.
    pub async fn reset_password(&self, token: &str, password: &str, origin: &Origin) -> Result<()> {
        // A link that leads nowhere costs no hash.
        let holder = self.look(Purpose::Reset, token).await?;
        let hash = self.hash_for(&holder, password).await?;
        let mut tx = self.ground.begin(origin).await?;
        let holder = self.take(&mut tx, Purpose::Reset, token).await?;
        let names = identity::replace_password(&mut tx, holder.id, &hash).await?;
        self.lockout.open(&mut tx, holder.id, &names).await?;
        let verifies = holder.status == PersonStatus::Unverified;
        if verifies {
            store::activate(&mut tx, holder.id).await?;
        }
        store::forget_all(&mut tx, holder.id).await?;
        // Who has to reset a password may have lost the account to somebody, who then would go on with a key.
        let revoked_keys = api_keys::revoke_all(&mut tx, holder.id).await?;
        let revoked_keys = revoked_keys.iter().map(ToString::to_string).collect();
        let happening = Happening::PasswordReset { holder, verifies, revoked_keys };
        tx.record(Event::Link(happening)).await?.commit().await
    }
}
