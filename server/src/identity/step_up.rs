//! Step-up: somebody who is signed in shows once more that it is really them, and goes on in a session with a new id.

use super::{
    Identity, Purpose, SignedIn,
    challenge::{check_form, not_accepted},
    store,
};
use crate::{
    Actor, Error, Origin, Result,
    db::Housekeeping,
    events::Event,
    proof::{Proof, StepUp},
    second_factor::{Claimant, Sent},
};
use domain::{SessionId, second_factor::Method};

/// What somebody shows to confirm that it is them.
pub enum Shown {
    Password(String),
    Code(Method, String),
}

impl Identity {
    /// Takes what is shown, and hands out the session in which they go on.
    pub async fn step_up(&self, actor: &Actor, shown: Shown, origin: &Origin) -> Result<SignedIn> {
        let factor = match shown {
            Shown::Password(_) if actor.standing().has_factor() => {
                return Err(Error::StepUp(StepUp::SecondFactor));
            }
            Shown::Password(password) => {
                self.check_password_of(actor, password, &actor.at(origin)).await?;
                None
            }
            Shown::Code(method, typed) => {
                self.check_own_code(actor, method, &typed, origin).await?;
                Some(method)
            }
        };
        self.go_on(actor, Proof { at: self.ground.clock.now(), factor }, origin).await
    }

    /// Sends the actor a code to confirm with.
    pub async fn send_step_up_code(&self, actor: &Actor, method: Method, origin: &Origin) -> Result<Sent> {
        self.lockout.check_codes(actor.id()).await?;
        self.second_factors.send_code(Claimant::from(actor), method, &actor.at(origin)).await
    }

    async fn check_own_code(
        &self,
        actor: &Actor,
        method: Method,
        typed: &str,
        origin: &Origin,
    ) -> Result<()> {
        check_form(method, typed)?;
        let origin = actor.at(origin);
        let account = store::account(&self.ground.db, actor.id()).await?.ok_or(Error::Unauthenticated)?;
        let mut tx = self.ground.begin(&origin).await?;
        let code = match self.count_code(&mut tx, actor.id(), method).await {
            Ok(code) => code,
            Err(error @ Error::CodesPaused { .. }) => {
                drop(tx);
                return self.refuse_unseen(&account, error, &origin).await;
            }
            Err(error) => return Err(error),
        };
        tx.commit_housekeeping(Housekeeping::CodeTried).await?;
        if self.second_factors.verify(Claimant::from(actor), method, typed, &origin).await? {
            let mut tx = self.ground.begin(&origin).await?;
            self.lockout.forgive_codes(&mut tx, actor.id()).await?;
            return tx.commit_housekeeping(Housekeeping::Counted).await;
        }
        let pause = code.and_then(|code| self.lockout.first_pause(code, self.ground.clock.now()));
        self.refuse_code(&account, not_accepted(method), pause, &origin).await
    }

    /// Puts a session with this proof in the place of the actor's.
    pub(super) async fn go_on(&self, actor: &Actor, proof: Proof, origin: &Origin) -> Result<SignedIn> {
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let (id, now) = (SessionId::new(tx.new_id()), tx.at());
        let replaced = store::replace_session(&mut tx, actor, id, actor.role(), proof).await?;
        let (kind, expires_at) = replaced.ok_or(Error::Unauthenticated)?;
        let purpose = Purpose::of_word(&kind).ok_or(Error::Unauthenticated)?;
        let (lasts, refresh) = match purpose {
            Purpose::Access => {
                let refresh = self.issue_refresh(&mut tx, id, expires_at).await?;
                (self.sessions.access_token().min(expires_at.since(now)), Some(refresh))
            }
            Purpose::Session => (expires_at.since(now), None),
        };
        tx.record(Event::SteppedUp { person: actor.id(), factor: proof.factor }).await?.commit().await?;
        Ok(SignedIn { refresh, ..self.hand_out(id, purpose, now, lasts).await? })
    }
}
