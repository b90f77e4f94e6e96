//! Identity: who is there. Signing in and out, and turning a token back into the person who holds it.

pub mod api;
mod challenge;
mod change;
mod devices;
mod factors;
mod known_devices;
mod opening;
mod passkeys;
mod password_change;
mod passwords;
mod proven;
mod refresh;
pub mod second_step_api;
pub mod sessions;
pub mod short_api;
mod sign_in;
mod signing;
mod step_up;
mod store;
mod tokens;

pub use challenge::{Challenge, Pending, Stage};
pub use change::{Change, ChangeKind};
pub use devices::{Device, DeviceId};
pub use factors::Changed;
pub(crate) use factors::{after_change, check_open};
pub use opening::SignedIn;
pub use password_change::PasswordChange;
pub use passwords::{Passwords, Place, Verdict, tuning};
pub use proven::Proven;
pub use refresh::RefreshToken;
pub(crate) use sessions::end_sessions_but_own;
pub use sign_in::{Credentials, Step};
pub use step_up::Shown;
pub use store::acting::Acting;
pub(crate) use store::acting::{end_sessions_in, in_role as acting_in};
pub use tokens::{Purpose, Tokens};

use crate::{
    Actor, Error, Origin, Result,
    config::{Security, Sessions},
    db::{Housekeeping, Open, Tx},
    events::Event,
    ground::Ground,
    links,
    lockout::{Lockout, Names},
    permit::{Permit, ResetPassword},
    second_factor::SecondFactors,
    vault::Vault,
};
use domain::{PersonId, RoleCode, SessionId, password::NewPassword};
use std::time::Duration;

/// How often a session notes that it was seen: often enough for people, rarely enough for the disk.
const SEEN_EVERY: Duration = Duration::from_secs(60);
const NOTE_WITHIN: Duration = Duration::from_millis(200);
/// The service for identity.
#[derive(Debug, Clone)]
pub struct Identity {
    ground: Ground,
    passwords: Passwords,
    tokens: Tokens,
    sessions: Sessions,
    lockout: Lockout,
    second_factors: SecondFactors,
    vault: Vault,
    security: Security,
}

impl Identity {
    #[allow(clippy::too_many_arguments, reason = "signing in needs all of these, and is built in one place")]
    pub const fn new(
        ground: Ground,
        passwords: Passwords,
        tokens: Tokens,
        sessions: Sessions,
        lockout: Lockout,
        second_factors: SecondFactors,
        vault: Vault,
        security: Security,
    ) -> Self {
        Self { ground, passwords, tokens, sessions, lockout, second_factors, vault, security }
    }

    /// Ends the session that the actor is in. Its token is worthless from the next request on.
    pub async fn sign_out(&self, actor: &Actor, origin: &Origin) -> Result<()> {
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        store::end_session(&mut tx, actor.session()).await?;
        tx.record(Event::SignedOut { person: actor.id() }).await?.commit().await
    }

    /// Lets the actor act in another of their roles, in a session of its own.
    pub async fn act_as(&self, actor: &Actor, role: &RoleCode, origin: &Origin) -> Result<SignedIn> {
        if !actor.roles().iter().any(|held| held.code == *role) {
            return Err(Error::Forbidden("You do not have that role"));
        }
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let id = SessionId::new(tx.new_id());
        let now = tx.at();
        let replaced = store::replace_session(&mut tx, actor, id, role, actor.proof()).await?;
        let replaced = replaced.filter(|(kind, _)| kind == Purpose::Session.word());
        let (_, expires_at) = replaced.ok_or(Error::Unauthenticated)?;
        let event = Event::RoleSwitched { person: actor.id(), from: actor.role().clone(), to: role.clone() };
        tx.record(event).await?.commit().await?;
        self.hand_out(id, Purpose::Session, now, expires_at.since(now)).await
    }

    /// The person who holds this token, if its signature, its session and the account are all good right now.
    pub async fn authenticate(&self, token: &str, purpose: Purpose) -> Result<Actor> {
        let claims = self.tokens.read(token, purpose, self.ground.clock.now())?;
        let now = self.ground.clock.now();
        let session =
            store::session(&self.ground.db, claims.sid, purpose, now.before(self.sessions.idle()), now)
                .await?;
        let session =
            session.filter(|session| session.person_id == claims.sub).ok_or(Error::Unauthenticated)?;
        if now.since(session.last_seen_at) > SEEN_EVERY {
            // A page does not wait for the writer because of a mere note; the next one tries again.
            let _ = tokio::time::timeout(NOTE_WITHIN, self.note_seen(claims.sid)).await;
        }
        Ok(self.actor_of(session, claims.sid, now))
    }

    /// Gives a person a new password and ends all their sessions.
    pub async fn reset_password(
        &self,
        permit: &Permit<ResetPassword>,
        password: NewPassword,
        origin: &Origin,
    ) -> Result<()> {
        let hash = self.passwords.hash(password).await?;
        let mut tx = self.ground.begin(origin).await?;
        let affected = store::set_password(&mut tx, *permit.resource(), &hash).await?;
        let (person, at) = (*permit.resource(), tx.at());
        self.lockout.open(&mut tx, person, &affected.names).await?;
        links::forget_resets(&mut tx, person).await?;
        let kind = ChangeKind::PasswordGiven { owner: affected.owner, at };
        tx.record(Event::Account(Change { person, kind })).await?.commit().await
    }

    /// Forgets sessions that ended long ago.
    pub async fn forget_expired(&self) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        store::forget_expired(&mut tx, self.sessions.remembered()).await?;
        challenge::store::forget_expired(&mut tx).await?;
        devices::store::forget_expired(&mut tx).await?;
        tx.commit_housekeeping(Housekeeping::Expired).await
    }

    /// A request does not fail because the note could not be made.
    async fn note_seen(&self, session: SessionId) {
        let noted: Result<()> = async {
            let mut tx = self.ground.begin(&Origin::program()).await?;
            store::note_seen(&mut tx, session, SEEN_EVERY).await?;
            tx.commit_housekeeping(Housekeeping::SessionSeen).await
        }
        .await;
        if let Err(error) = noted {
            error.log();
        }
    }
}

/// Gives a person another password in this transaction and ends all their sessions; answers the names they sign in with.
pub(crate) async fn replace_password(tx: &mut Tx<Open>, person: PersonId, hash: &str) -> Result<Names> {
    store::set_password(tx, person, hash).await.map(|affected| affected.names)
}
