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
        let needed = self.needs_factor(actor).await?;
        self.second_factors.remove(actor, method, needed, origin).await?;
        self.go_on(actor, actor.proof(), origin).await
    }

    /// Whether somebody has to have a factor: for one of their roles, or because it is required of themselves.
    pub(super) async fn needs_factor(&self, actor: &Actor) -> Result<bool> {
        let account = store::account(&self.ground.db, actor.id()).await?.ok_or(Error::Unauthenticated)?;
        Ok(account.must_have_second_factor || self.security.requires_second_factor(account.roles()))
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

/// Refuses where the session has ended in which something was asked for. A request is judged by its head, and what it asks for
/// may come half a minute later: in between its owner may have thrown out whoever sent it.
pub(crate) async fn check_open(tx: &mut Tx<Open>, person: PersonId, session: SessionId) -> Result<()> {
    if store::hold_session(tx, person, session).await? { Ok(()) } else { Err(Error::Unauthenticated) }
}

/// What a change of somebody's factors, or a suspension, means for what they have open: every other session ends, and devices
/// are forgotten. The one to be kept must be open still. Sign-ins under way begin anew: what was shown before counts no more.
pub(crate) async fn after_change(tx: &mut Tx<Open>, person: PersonId, kept: Option<SessionId>) -> Result<()> {
    if let Some(session) = kept {
        check_open(tx, person, session).await?;
    }
    store::note_other_factors(tx, person).await?;
    store::end_sessions(tx, person, kept).await?;
    devices::store::forget_all(tx, person).await
}
