//! Opening a session: the end of every sign-in, whatever was shown on the way.

use super::{Change, ChangeKind, Identity, Purpose, RefreshToken, sessions, store};
use crate::{
    Actor, Error, Origin, Result,
    db::{Open, Tx},
    events::{Event, How},
    origin::Doer,
    proof::{Proof, Standing},
};
use domain::{PersonId, RoleCode, SessionId, Timestamp, second_factor::Method};
use std::time::Duration;

/// A fresh sign-in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub actor: Actor,
    /// For the cookie or for the head of the client's requests.
    pub token: String,
    pub lasts: Duration,
    /// What an API client may trade for new tokens.
    pub refresh: Option<RefreshToken>,
    /// What the browser shows next time instead of a second factor, where its owner wished so.
    pub device: Option<String>,
}

/// A session about to be opened, after everything that was due was shown.
pub(super) struct Opening {
    pub person: PersonId,
    pub role: RoleCode,
    /// The hash and the factors that were checked.
    pub checked: store::Checked,
    /// The hash that takes its place.
    pub renewed: Option<String>,
    pub remember: bool,
    pub purpose: Purpose,
    pub how: How,
    /// The provider that vouched for the person, where it was no password.
    pub vouched_by: Option<String>,
}

/// What is to be written with the session, in its transaction.
pub(super) struct Opened {
    tx: Tx<Open>,
    id: SessionId,
    event: Event,
    purpose: Purpose,
    lasts: Duration,
    expires_at: Timestamp,
    /// Whether this was counted for its address as if it had failed.
    is_counted: bool,
}

impl Opened {
    pub const fn tx(&mut self) -> &mut Tx<Open> {
        &mut self.tx
    }
}

impl Identity {
    /// Begins a session. It counts from `finish_opening` on.
    pub(super) async fn begin_opening(
        &self,
        Opening { person, role, checked, renewed, remember, purpose, how, vouched_by }: Opening,
        origin: &Origin,
    ) -> Result<Opened> {
        let (lasts, remember) = match (purpose, remember) {
            // Held together by its refresh tokens, each of which has a shorter life of its own.
            (Purpose::Access, _) | (Purpose::Session, true) => (self.sessions.remembered(), true),
            (Purpose::Session, false) => (self.sessions.absolute(), false),
        };
        let id = SessionId::new(self.ground.chance.id(self.ground.clock.now()));
        let doer = Doer::Person { id: person, role: role.clone(), session: id };
        let mut tx = self.ground.begin(&origin.with(doer)).await?;
        // The hash took its time. A password that was changed meanwhile opens nothing, nor does what was shown before the factors
        // were changed; and the row is ours from here on.
        if !store::note_sign_in(&mut tx, person, &checked, renewed.as_deref()).await? {
            return Err(Error::InvalidCredentials { left: None });
        }
        let expires_at = tx.at().after(lasts);
        let factor = match how {
            How::SecondFactor(method) => Some(method),
            How::Passkey => Some(Method::Passkey),
            How::Password | How::RememberedDevice | How::Provider => None,
        };
        let proof = Proof { at: tx.at(), factor };
        store::open_session(&mut tx, id, person, &role, purpose, remember, expires_at, proof).await?;
        let is_counted = matches!(how, How::Password | How::RememberedDevice) && vouched_by.is_none();
        let event = Event::SignedIn { person, role, how, vouched_by };
        Ok(Opened { tx, id, event, purpose, lasts, expires_at, is_counted })
    }

    /// Records the sign-in and hands out what it leads to.
    pub(super) async fn finish_opening(&self, opened: Opened, device: Option<String>) -> Result<SignedIn> {
        let Opened { mut tx, id, event, purpose, lasts, expires_at, is_counted } = opened;
        let now = tx.at();
        let (lasts, refresh) = match purpose {
            Purpose::Access => {
                let refresh = self.issue_refresh(&mut tx, id, expires_at).await?;
                (self.sessions.access_token(), Some(refresh))
            }
            Purpose::Session => (lasts, None),
        };
        let remembered = match (&device, &event) {
            (Some(_), Event::SignedIn { person, .. }) => Some(Event::DeviceRemembered { person: *person }),
            _ => None,
        };
        let earlier = match purpose {
            Purpose::Session => end_earlier(&mut tx).await?,
            Purpose::Access => None,
        };
        let new_device = match &event {
            Event::SignedIn { person, .. } => self.note_device(&mut tx, *person).await?,
            _ => None,
        };
        if is_counted {
            self.lockout.give_address_back(&mut tx).await?;
        }
        let mut recorded = tx.record(event).await?;
        for event in [earlier, new_device, remembered].into_iter().flatten() {
            recorded = recorded.record(event).await?;
        }
        recorded.commit().await?;
        Ok(SignedIn { refresh, device, ..self.hand_out(id, purpose, now, lasts).await? })
    }

    /// The token of a session that was just opened, with the person it stands for.
    pub(super) async fn hand_out(
        &self,
        id: SessionId,
        purpose: Purpose,
        now: Timestamp,
        lasts: Duration,
    ) -> Result<SignedIn> {
        let session =
            store::session(&self.ground.db, id, purpose, now.before(self.sessions.idle()), now).await?;
        let actor = self.actor_of(session.ok_or(Error::Unauthenticated)?, id, now);
        let token = self.tokens.sign(&actor, purpose, now, lasts)?;
        Ok(SignedIn { actor, token, lasts, refresh: None, device: None })
    }

    /// The person of a session, as they stand at this moment.
    pub(super) fn actor_of(&self, session: store::Session, id: SessionId, now: Timestamp) -> Actor {
        let standing =
            Standing::judge(session.proof(), session.has_factor, now, self.security.administration());
        session.into_actor(id, standing)
    }
}

/// Ends the session that is open in this browser, whoever's it is: its cookie is about to be replaced, and nobody would miss
/// what is left behind. Answers what to record.
async fn end_earlier(tx: &mut Tx<Open>) -> Result<Option<Event>> {
    let Some(earlier) = tx.origin().session else { return Ok(None) };
    let ended = sessions::store::end_one(tx, earlier.person, earlier.id).await?;
    let kind = ChangeKind::SessionReplaced { session: earlier.id };
    Ok(ended.map(|_| Event::Account(Change { person: earlier.person, kind })))
}
