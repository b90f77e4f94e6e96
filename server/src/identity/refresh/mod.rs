//! Refreshing: an API client trades its refresh token for new tokens. Each refresh token is good once; one that comes back a
//! second time was stolen from somebody, so the whole sign-in ends, whoever of the two it was.

pub(super) mod store;

use super::{Identity, Purpose, SignedIn};
use crate::{
    Error, Origin, Result,
    chance::Chance,
    db::{Open, Tx},
    events::Event,
};
use data_encoding::HEXLOWER;
use domain::{SessionId, Timestamp};
use sha2::{Digest, Sha256};
use std::{fmt, time::Duration};
use store::Held;

/// An honest client may send two requests at once, each with the same refresh token: for so long the second one is served too.
const GRACE: Duration = Duration::from_secs(10);
/// Longer than any refresh token that was ever handed out.
const LONGEST: usize = 128;

/// A refresh token as it is handed out. Only its digest is kept.
#[derive(Clone)]
pub struct RefreshToken(String);

impl RefreshToken {
    pub(super) fn new(chance: &Chance) -> Self {
        Self(chance.token())
    }

    /// What a client sent.
    pub fn received(text: String) -> Result<Self> {
        if text.is_empty() || text.len() > LONGEST { Err(Error::Unauthenticated) } else { Ok(Self(text)) }
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The token has 256 random bits, so its plain digest cannot be guessed back.
    pub(super) fn digest(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(&self.0))
    }
}

impl Identity {
    /// New tokens for a refresh token that was not used before (or just now).
    pub async fn refresh(&self, token: &RefreshToken, origin: &Origin) -> Result<SignedIn> {
        let held = store::find(&self.ground.db, &token.digest()).await?.ok_or(Error::Unauthenticated)?;
        let mut tx = self.ground.begin(&origin.with(held.doer())).await?;
        let now = tx.at();
        if held.ended_at.is_some() || held.session_expires_at <= now {
            return Err(Error::Unauthenticated);
        }
        if held.expires_at <= now {
            return Err(Error::TokenExpired);
        }
        // The first use is marked by whoever comes first; the others see when that was.
        if !store::mark_used(&mut tx, held.id).await? {
            let used_at = store::used_at(&mut tx, held.id).await?;
            if used_at.is_none_or(|used_at| now.since(used_at) > GRACE) {
                return self.end_chain(tx, held).await;
            }
        }
        // The session's own check: the person may act, has the role still, and the session is open.
        let idle = now.before(self.sessions.idle());
        let session = store::session(&mut tx, held.session_id, Purpose::Access, idle).await?;
        let actor = self.actor_of(session.ok_or(Error::Unauthenticated)?, held.session_id, now);
        let next = self.issue_refresh(&mut tx, held.session_id, held.session_expires_at).await?;
        let person = actor.id();
        tx.record(Event::TokensRefreshed { person }).await?.commit().await?;
        let lasts = self.sessions.access_token().min(held.session_expires_at.since(now));
        let token = self.tokens.sign(&actor, Purpose::Access, now, lasts)?;
        Ok(SignedIn { actor, token, lasts, refresh: Some(next), device: None })
    }

    /// Ends the sign-in that a refresh token belongs to, whether the token was used or its time is over: whoever signs out need not
    /// have a good access token still.
    pub async fn sign_out_by(&self, token: &RefreshToken, origin: &Origin) -> Result<()> {
        let held = store::find(&self.ground.db, &token.digest()).await?.ok_or(Error::Unauthenticated)?;
        if held.ended_at.is_some() {
            return Ok(());
        }
        let mut tx = self.ground.begin(&origin.with(held.doer())).await?;
        super::store::end_session(&mut tx, held.session_id).await?;
        tx.record(Event::SignedOut { person: held.person_id }).await?.commit().await
    }

    /// Makes the next refresh token of a session, which it never outlives.
    pub(super) async fn issue_refresh(
        &self,
        tx: &mut Tx<Open>,
        session: SessionId,
        session_expires_at: Timestamp,
    ) -> Result<RefreshToken> {
        let token = RefreshToken::new(&self.ground.chance);
        let expires_at = tx.at().after(self.sessions.refresh_token()).min(session_expires_at);
        store::insert(tx, session, &token.digest(), expires_at).await?;
        Ok(token)
    }

    async fn end_chain<T>(&self, mut tx: Tx<Open>, held: Held) -> Result<T> {
        super::store::end_session(&mut tx, held.session_id).await?;
        tracing::warn!(person = %held.person_id, "a refresh token came back a second time; its sign-in was ended");
        tx.record(Event::RefreshReused { person: held.person_id }).await?.commit().await?;
        Err(Error::Unauthenticated)
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken")
    }
}
