//! What every service stands on: the store, the time and chance, and the door through which all writes go.

use crate::{
    Origin, Result,
    at_rest::AtRest,
    audit::Notary,
    chance::Chance,
    clock::Clock,
    config::Config,
    db::{Db, Open, Tx},
    keys::Keys,
};

/// The store, the time and chance, handed to each service.
#[derive(Debug, Clone)]
pub struct Ground {
    pub db: Db,
    pub clock: Clock,
    pub chance: Chance,
    /// Stamps every entry of the trail.
    pub notary: Notary,
    /// How many letters of one kind one address gets within an hour.
    pub letters_an_hour: u32,
}

impl Ground {
    /// The ground on an open database, which keeps personal texts as they are until it is told otherwise.
    pub fn on(db: Db, clock: Clock, chance: Chance, keys: &Keys, config: &Config) -> Self {
        let letters_an_hour = config.mail.per_address_per_hour;
        Self { db, clock, chance, notary: Notary::new(&keys.data), letters_an_hour }
    }

    /// The same ground, whose personal texts are kept in this way.
    pub fn keeping(self, at_rest: AtRest) -> Self {
        Self { db: self.db.keeping(at_rest), ..self }
    }

    /// Opens the one door for writes: a transaction that can only be committed once it has recorded what it did.
    pub async fn begin(&self, origin: &Origin) -> Result<Tx<Open>> {
        Tx::begin(self, origin.clone()).await
    }
}
