//! The sessions of others: seen and ended by those who look after accounts.

use super::{OpenSession, store};
use crate::{
    Error, Origin, Result,
    db::{Open, Tx},
    events::Event,
    identity::{Change, ChangeKind, Identity, store as identity_store},
    origin::Doer,
    permit::{EndSessions, People, Permit, Visible},
};
use domain::{PersonId, SessionId};

const UNKNOWN: Error = Error::NotFound("User not found");

impl Identity {
    /// The open sessions of somebody, the one seen last first.
    pub async fn sessions_of(&self, visible: &Visible<People>, person: PersonId) -> Result<Vec<OpenSession>> {
        if !visible.includes(person) {
            return Err(UNKNOWN);
        }
        self.open_sessions_of(person).await
    }

    /// Ends one session of somebody. Its tokens are worthless from the next request on.
    pub async fn end_session_of(
        &self,
        permit: &Permit<EndSessions>,
        session: SessionId,
        origin: &Origin,
    ) -> Result<()> {
        let person = *permit.resource();
        let mut tx = self.ground.begin(origin).await?;
        let ended = store::end_one(&mut tx, person, session).await?;
        let device = ended.ok_or(Error::NotFound("This session has ended already"))?;
        let kind = ChangeKind::SessionEnded { session, device };
        tx.record(Event::Account(Change { person, kind })).await?.commit().await
    }

    /// Ends every session of somebody; answers how many.
    pub async fn end_sessions_of(&self, permit: &Permit<EndSessions>, origin: &Origin) -> Result<u64> {
        let person = *permit.resource();
        let mut tx = self.ground.begin(origin).await?;
        if !store::is_somebody(&mut tx, person).await? {
            return Err(UNKNOWN);
        }
        let number = identity_store::end_sessions(&mut tx, person, None).await?;
        let kind = ChangeKind::AllEnded { number };
        tx.record(Event::Account(Change { person, kind })).await?.commit().await?;
        Ok(number)
    }
}

/// Ends every session of somebody, but for the one in which they do this to themselves.
pub(crate) async fn end_sessions_but_own(tx: &mut Tx<Open>, person: PersonId) -> Result<u64> {
    let own = match &tx.origin().doer {
        Doer::Person { id, session, .. } if *id == person => Some(*session),
        _ => None,
    };
    identity_store::end_sessions(tx, person, own).await
}
