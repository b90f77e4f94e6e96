//! Changing one's own password: the old one is asked for and counted like a sign-in, every other session ends, and the
//! present one goes on under a new id.

use super::{
    Change, ChangeKind, Identity, SignedIn, Verdict,
    store::{self, Affected},
};
use crate::{
    Actor, Error, Origin, Result, api_keys,
    events::Event,
    links,
    lockout::{Attempt, Trying},
    to_the_end::to_the_end,
};
use domain::{
    FieldErrors,
    password::{NewPassword, Owner, PasswordPolicy},
};

/// The old password and the new one, as they were typed.
#[derive(Clone)]
pub struct PasswordChange {
    pub current: String,
    pub new: String,
}

impl Identity {
    /// Whether the actor can sign in with a password. Whoever came by a provider may have none.
    pub async fn has_password(&self, actor: &Actor) -> Result<bool> {
        store::password_hash(&self.ground.db, actor.id()).await.map(|hash| hash.is_some())
    }

    /// Gives the actor a new password, and the session in which they go on.
    pub async fn change_password(
        &self,
        actor: &Actor,
        change: PasswordChange,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let origin = &actor.at(origin);
        let new = self.check_change(actor, &change)?;
        let hash = store::password_hash(&self.ground.db, actor.id()).await?;

        let turn = self.lockout.turn(Trying::Own(actor.id()), origin).await?;
        let place = self.passwords.place()?;
        let (this, actor, origin) = (self.clone(), actor.clone(), origin.clone());
        to_the_end(async move {
            let attempt = match this.lockout.begin(turn, &origin).await {
                Ok(attempt) => attempt,
                Err(error @ Error::Locked { .. }) => {
                    return this.refuse_change(&actor, None, error, &origin).await;
                }
                Err(error) => return Err(error),
            };
            let verdict = this.passwords.verify_at(place, change.current, hash.clone()).await?;
            if verdict == Verdict::Wrong {
                let error = Error::Invalid(FieldErrors::one("current_password", "This is not your password"));
                return this.refuse_change(&actor, Some(&attempt), error, &origin).await;
            }
            let new_hash = match this.passwords.hash(new).await {
                Ok(hash) => hash,
                Err(error) => {
                    // They knew the password; that there was no time for the new one is not their failure.
                    this.lockout.take_back(attempt, &origin).await?;
                    return Err(error);
                }
            };
            this.put_password(&actor, (hash.as_deref(), &new_hash), &origin).await
        })
        .await
    }

    /// The form's own rules; what breaks them costs no hash.
    fn check_change(&self, actor: &Actor, change: &PasswordChange) -> Result<NewPassword> {
        let mut errors = FieldErrors::default();
        if change.current.is_empty() {
            errors.add("current_password", "Enter the password you have now");
        } else if change.current.len() > PasswordPolicy::LONGEST_BYTES {
            errors.add("current_password", "No password is that long");
        }
        let owner = Owner::new(actor.username().as_str(), actor.email().as_str());
        let new = errors.check("password", self.passwords.accept(&change.new, &owner));
        if !change.new.is_empty() && change.new == change.current {
            errors.add("password", "Choose one that differs from the password you have now");
        }
        match new {
            Some(new) if errors.is_empty() => Ok(new),
            _ => Err(errors.into()),
        }
    }

    async fn put_password(
        &self,
        actor: &Actor,
        (checked, new_hash): (Option<&str>, &str),
        origin: &Origin,
    ) -> Result<SignedIn> {
        let mut tx = self.ground.begin(origin).await?;
        let now = tx.at();
        let affected = store::change_password(&mut tx, actor.id(), checked, new_hash).await?;
        let Affected { names, owner } =
            affected.ok_or(Error::Conflict("Your password was changed in the meantime. Try again."))?;
        // Whoever has guessed at the old one, or knew it, begins anew; so does its owner.
        self.lockout.open(&mut tx, actor.id(), &names).await?;
        let successor = self.succeed(&mut tx, actor, actor.proof()).await?;
        store::end_sessions(&mut tx, actor.id(), Some(successor.id)).await?;
        links::forget_resets(&mut tx, actor.id()).await?;
        let working_keys = api_keys::working(&mut tx, actor.id()).await?;
        let kind = ChangeKind::PasswordChanged { owner, working_keys, at: now };
        tx.record(Event::Account(Change { person: actor.id(), kind })).await?.commit().await?;
        self.hand_over(successor).await
    }

    /// Writes down that the old password was wrong, and how often one may try again.
    async fn refuse_change<T>(
        &self,
        actor: &Actor,
        attempt: Option<&Attempt>,
        error: Error,
        origin: &Origin,
    ) -> Result<T> {
        let mut tx = self.ground.begin(origin).await?;
        let (why, error) = match attempt {
            None => ("locked", error),
            Some(attempt) => match self.lockout.fail(&mut tx, attempt).await?.error {
                Error::InvalidCredentials { left: Some(left) } => {
                    let words = format!("This is not your password. You can try {left} more times.");
                    ("wrong password", Error::Invalid(FieldErrors::one("current_password", words)))
                }
                Error::InvalidCredentials { left: None } => ("wrong password", error),
                other => ("wrong password", other),
            },
        };
        let kind = ChangeKind::PasswordChangeRefused { why };
        tx.record(Event::Account(Change { person: actor.id(), kind })).await?.commit().await?;
        tracing::info!(why, ip = origin.ip, "change of password refused");
        Err(error)
    }
}

impl std::fmt::Debug for PasswordChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordChange")
    }
}
