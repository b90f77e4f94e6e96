//! The keys of others: seen and revoked by those who look after accounts.

use super::{ApiKey, ApiKeys, Change, ChangeKind, store};
use crate::{
    Error, Origin, Result,
    events::Event,
    permit::{People, Permit, RevokeApiKey, Visible},
};
use domain::{ApiKeyId, PersonId};

impl ApiKeys {
    /// The keys of somebody, the newest first; those that were revoked are gone.
    pub async fn of_person(&self, visible: &Visible<People>, person: PersonId) -> Result<Vec<ApiKey>> {
        if !visible.includes(person) {
            return Err(Error::NotFound("User not found"));
        }
        store::of(&self.ground.db, person).await
    }

    /// Ends a key of somebody: it opens nothing from the next request on.
    pub async fn revoke_of(
        &self,
        permit: &Permit<RevokeApiKey>,
        key: ApiKeyId,
        origin: &Origin,
    ) -> Result<()> {
        let person = *permit.resource();
        let mut tx = self.ground.begin(origin).await?;
        let name = store::revoke(&mut tx, person, key).await?;
        let name = name.ok_or(Error::NotFound("There is no such key, or it was revoked already"))?;
        let change = Change { person, key, kind: ChangeKind::Revoked { name } };
        tx.record(Event::ApiKey(change)).await?.commit().await
    }
}
