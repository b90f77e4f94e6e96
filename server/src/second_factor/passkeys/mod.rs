//! Passkeys (WebAuthn): keys that a device keeps and uses with a fingerprint, a face or a PIN. The protocol and its
//! cryptography are the library's; here is who is asked what, for how long, and what is kept of it.

mod ceremony;
mod enrolment;
mod relying_party;
mod showing;
pub(super) mod store;

pub use ceremony::Prompt;
pub use relying_party::RelyingParty;

use super::{ChangeKind, SecondFactors, record, store as factors, tell};
use crate::{Actor, Error, Origin, Result, identity};
use anyhow::anyhow;
use domain::{PasskeyId, Timestamp, second_factor::PasskeyName};
use webauthn_rs::prelude::WebauthnError;

/// For so long a browser may take to answer.
const LASTS: std::time::Duration = std::time::Duration::from_secs(5 * 60);
/// Nobody has more keys than this.
const MOST: usize = 20;
const NO_SUCH: &str = "There is no such passkey";

/// A passkey as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OwnPasskey {
    pub id: PasskeyId,
    pub name: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

impl SecondFactors {
    /// The actor's own passkeys, the oldest first.
    pub async fn passkeys(&self, actor: &Actor) -> Result<Vec<OwnPasskey>> {
        store::own(&self.ground.db, actor.id()).await
    }

    /// Whether browsers can use passkeys at the address of this installation.
    pub const fn offers_passkeys(&self) -> bool {
        self.party.is_some()
    }

    /// Calls one of the actor's own passkeys something else.
    pub async fn rename_passkey(
        &self,
        actor: &Actor,
        passkey: PasskeyId,
        name: PasskeyName,
        origin: &Origin,
    ) -> Result<()> {
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        factors::hold(&mut tx, actor.id()).await?;
        let before = store::name(&mut tx, actor.id(), passkey).await?.ok_or(Error::NotFound(NO_SUCH))?;
        store::rename(&mut tx, passkey, &name).await?;
        let kind = ChangeKind::PasskeyRenamed { before, after: name.to_string() };
        record(tx, actor.id(), kind).await?.commit().await
    }

    /// Removes one of the actor's own passkeys, unless it is the last factor and they need one. With the last factor the recovery
    /// codes go too.
    pub async fn remove_passkey(
        &self,
        actor: &Actor,
        passkey: PasskeyId,
        needs_one: bool,
        origin: &Origin,
    ) -> Result<()> {
        actor.standing().check()?;
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let owner = factors::hold(&mut tx, actor.id()).await?;
        let name = store::name(&mut tx, actor.id(), passkey).await?.ok_or(Error::NotFound(NO_SUCH))?;
        store::remove(&mut tx, passkey).await?;
        self.after_removal(&mut tx, actor.id(), needs_one).await?;
        identity::after_change(&mut tx, actor.id(), Some(actor.session())).await?;
        let tell = tell(&tx, owner);
        record(tx, actor.id(), ChangeKind::PasskeyRemoved { name, tell }).await?.commit().await
    }

    fn party(&self) -> Result<&RelyingParty> {
        self.party.as_ref().ok_or(Error::Conflict(
            "Passkeys cannot be used here: this installation has no name that browsers reach by https",
        ))
    }
}

/// What the library could not do although nobody had answered anything yet.
fn broken(cause: WebauthnError) -> Error {
    Error::Internal(anyhow!("passkeys: {cause}"))
}
