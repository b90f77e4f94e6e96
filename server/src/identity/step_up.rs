//! Step-up: somebody who is signed in shows once more that it is really them, and goes on in a session with a new id.

use super::{
    Identity, Purpose, RefreshToken, SignedIn,
    challenge::{check_form, not_accepted},
    store,
};
use crate::{
    Actor, Error, Origin, Result,
    db::{Housekeeping, Open, Tx},
    events::Event,
    lockout::Codes,
    proof::{Proof, StepUp},
    second_factor::{Claimant, Sent},
    to_the_end::to_the_end,
};
use domain::{SessionId, Timestamp, second_factor::Method};
use std::time::Duration;

/// A session that takes the place of another.
pub(super) struct Successor {
    pub id: SessionId,
    purpose: Purpose,
    began_at: Timestamp,
    lasts: Duration,
    refresh: Option<RefreshToken>,
}

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
                check_form(method, &typed)?;
                let (this, actor, origin) = (self.clone(), actor.clone(), actor.at(origin));
                to_the_end(async move { this.check_own_code(&actor, method, &typed, &origin).await }).await?;
                Some(method)
            }
        };
        self.go_on(actor, Proof { at: self.ground.clock.now(), factor }, origin).await
    }

    /// Sends the actor a code to confirm with.
    pub async fn send_step_up_code(&self, actor: &Actor, method: Method, origin: &Origin) -> Result<Sent> {
        self.lockout.check_codes(actor.id(), Codes::Own).await?;
        self.second_factors.send_code(Claimant::from(actor), method, &actor.at(origin)).await
    }

    /// Looks at a code, counted for them alone: whoever guesses at the sign-in page holds up nobody who is in.
    async fn check_own_code(
        &self,
        actor: &Actor,
        method: Method,
        typed: &str,
        origin: &Origin,
    ) -> Result<()> {
        let account = store::account(&self.ground.db, actor.id()).await?.ok_or(Error::Unauthenticated)?;
        let mut tx = self.ground.begin(origin).await?;
        let code = match self.count_code(&mut tx, actor.id(), method, Codes::Own).await {
            Ok(code) => code,
            Err(error @ Error::CodesPaused { .. }) => {
                drop(tx);
                return self.refuse_unseen(&account, error, origin).await;
            }
            Err(error) => return Err(error),
        };
        tx.commit_housekeeping(Housekeeping::CodeTried).await?;
        if self.second_factors.verify(Claimant::from(actor), method, typed, origin).await? {
            let mut tx = self.ground.begin(origin).await?;
            self.lockout.forgive_codes(&mut tx, actor.id(), Codes::Own).await?;
            return tx.commit_housekeeping(Housekeeping::Counted).await;
        }
        let pause = code.and_then(|code| self.lockout.first_pause(code, self.ground.clock.now()));
        self.refuse_code(&account, method, not_accepted(method), pause, origin).await
    }

    /// Puts a session with this proof in the place of the actor's.
    pub(super) async fn go_on(&self, actor: &Actor, proof: Proof, origin: &Origin) -> Result<SignedIn> {
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let successor = self.succeed(&mut tx, actor, proof).await?;
        tx.record(Event::SteppedUp { person: actor.id(), factor: proof.factor }).await?.commit().await?;
        self.hand_over(successor).await
    }

    /// Puts a session with this proof in the place of the actor's, in a transaction that records why.
    pub(super) async fn succeed(&self, tx: &mut Tx<Open>, actor: &Actor, proof: Proof) -> Result<Successor> {
        let (id, began_at) = (SessionId::new(tx.new_id()), tx.at());
        let replaced = store::replace_session(tx, actor, id, actor.role(), proof).await?;
        let (kind, expires_at) = replaced.ok_or(Error::Unauthenticated)?;
        let purpose = Purpose::of_word(&kind).ok_or(Error::Unauthenticated)?;
        let (lasts, refresh) = match purpose {
            Purpose::Access => {
                let refresh = self.issue_refresh(tx, id, expires_at).await?;
                (self.sessions.access_token().min(expires_at.since(began_at)), Some(refresh))
            }
            Purpose::Session => (expires_at.since(began_at), None),
        };
        Ok(Successor { id, purpose, began_at, lasts, refresh })
    }

    /// The tokens of a session that took the place of another, once that was committed.
    pub(super) async fn hand_over(&self, successor: Successor) -> Result<SignedIn> {
        let Successor { id, purpose, began_at, lasts, refresh } = successor;
        Ok(SignedIn { refresh, ..self.hand_out(id, purpose, began_at, lasts).await? })
    }
}
