//! One's own second factors, with what follows for one's sessions: a change ends the others, and one's own goes on under a
//! new id with what was shown for it.

use super::{Identity, SignedIn, devices, store};
use crate::{
    Actor, Error, Origin, Result,
    db::{Open, Tx},
    proof::Proof,
    second_factor::RecoveryCodes,
};
use domain::{PersonId, SessionId, second_factor::Method};

/// A change of one's own factors: the session that one goes on in, and the recovery codes that were made with it.
#[derive(Debug)]
pub struct Changed {
    pub signed_in: SignedIn,
    pub codes: Option<RecoveryCodes>,
}

impl Identity {
    /// Turns an authenticator app on, once it shows a good code.
    pub async fn confirm_app(&self, actor: &Actor, typed: &str, origin: &Origin) -> Result<Changed> {
        let codes = self.second_factors.confirm_enrolment(actor, typed, origin).await?;
        self.changed(actor, Method::Totp, codes, origin).await
    }

    /// Turns codes by e-mail or text message on, once one of them has come back.
    pub async fn confirm_codes(
        &self,
        actor: &Actor,
        method: Method,
        typed: &str,
        origin: &Origin,
    ) -> Result<Changed> {
        let codes = self.second_factors.confirm_code_enrolment(actor, method, typed, origin).await?;
        self.changed(actor, method, codes, origin).await
    }

    /// Removes one of the actor's own factors, unless it is the last and one is required.
    pub async fn remove_factor(&self, actor: &Actor, method: Method, origin: &Origin) -> Result<SignedIn> {
        let factors = self.second_factors.overview(actor).await?.factors;
        self.check_not_needed(actor, factors.iter().all(|factor| factor.method == method))?;
        self.second_factors.remove(actor, method, origin).await?;
        self.go_on(actor, actor.proof(), origin).await
    }

    /// Refuses to remove the last factor of somebody who needs one.
    pub(super) fn check_not_needed(&self, actor: &Actor, is_last: bool) -> Result<()> {
        let roles = actor.roles().iter().map(|role| role.code.clone());
        if is_last && self.security.requires_second_factor(roles) {
            return Err(Error::Conflict(
                "You need a second factor here. Set up another one before you remove this one.",
            ));
        }
        Ok(())
    }

    /// A code of the new factor came back just now, so it is a proof as good as any.
    pub(super) async fn changed(
        &self,
        actor: &Actor,
        factor: Method,
        codes: Option<RecoveryCodes>,
        origin: &Origin,
    ) -> Result<Changed> {
        let proof = Proof { at: self.ground.clock.now(), factor: Some(factor) };
        Ok(Changed { signed_in: self.go_on(actor, proof, origin).await?, codes })
    }
}

/// What a change of somebody's factors means for what they have open: every other session ends, and devices are forgotten.
pub(crate) async fn after_change(tx: &mut Tx<Open>, person: PersonId, kept: Option<SessionId>) -> Result<()> {
    store::end_sessions(tx, person, kept).await?;
    devices::store::forget_all(tx, person).await
}
