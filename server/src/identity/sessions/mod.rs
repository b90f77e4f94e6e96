//! The sessions that somebody has open: in which browsers and programs they are signed in, and ending any of them.

pub mod api;
mod of_others;
pub mod of_others_api;
pub(super) mod store;

pub(crate) use of_others::end_sessions_but_own;
pub use store::OpenSession;

use super::{Change, ChangeKind, Identity};
use crate::{Actor, Error, Origin, Result, events::Event};
use domain::{PersonId, SessionId};

impl Identity {
    /// The open sessions of the actor, the one seen last first.
    pub async fn open_sessions(&self, actor: &Actor) -> Result<Vec<OpenSession>> {
        self.open_sessions_of(actor.id()).await
    }

    async fn open_sessions_of(&self, person: PersonId) -> Result<Vec<OpenSession>> {
        let now = self.ground.clock.now();
        let rules = store::StillOpen {
            now,
            seen_after: now.before(self.sessions.idle()),
            token_after: now.before(self.sessions.access_token()),
        };
        store::open(&self.ground.db, person, rules).await
    }

    /// Ends one of the actor's sessions. Its tokens are worthless from the next request on.
    pub async fn end_session(&self, actor: &Actor, session: SessionId, origin: &Origin) -> Result<()> {
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let ended = store::end_one(&mut tx, actor.id(), session).await?;
        let device = ended.ok_or(Error::NotFound("This session has ended already"))?;
        let kind = ChangeKind::SessionEnded { session, device };
        tx.record(Event::Account(Change { person: actor.id(), kind })).await?.commit().await
    }

    /// Ends every session of the actor but this one; answers how many.
    pub async fn end_other_sessions(&self, actor: &Actor, origin: &Origin) -> Result<u64> {
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let number = super::store::end_sessions(&mut tx, actor.id(), Some(actor.session())).await?;
        let kind = ChangeKind::OthersEnded { number };
        tx.record(Event::Account(Change { person: actor.id(), kind })).await?.commit().await?;
        Ok(number)
    }

    /// Ends every session of the actor, also this one.
    pub async fn sign_out_everywhere(&self, actor: &Actor, origin: &Origin) -> Result<u64> {
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let number = super::store::end_sessions(&mut tx, actor.id(), None).await?;
        let kind = ChangeKind::AllEnded { number };
        tx.record(Event::Account(Change { person: actor.id(), kind })).await?.commit().await?;
        Ok(number)
    }
}
