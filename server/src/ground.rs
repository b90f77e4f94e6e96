//! What every service stands on: the store, the time and chance, and the door through which all writes go.

use crate::{
    Origin, Result,
    audit::Notary,
    chance::Chance,
    clock::Clock,
    db::{Db, Open, Tx},
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
    /// Opens the one door for writes: a transaction that can only be committed once it has recorded what it did.
    pub async fn begin(&self, origin: &Origin) -> Result<Tx<Open>> {
        Tx::begin(self, origin.clone()).await
    }
}
