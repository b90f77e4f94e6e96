//! From one way of keeping personal texts to another: a new store that begins encrypted, and a whole store that is written anew,
//! in one transaction. Entries of the audit trail stay as they are, for they are proven.

use super::{
    AtRest, Change,
    ring::{self, Ring},
    store::{self, Kept},
};
use crate::{Origin, Result, db::Db, events::Event, ground::Ground, keys::KeyFile, people, permit::Operator};
use anyhow::{Context, bail};

/// What is to become of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    Encrypted,
    NewKey,
    Decrypted,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    pub people: i64,
    /// The key that is used from now on.
    pub key: Option<String>,
}

impl AtRest {
    /// As the store is, where that is what the setting wants. A store without anybody becomes what is wanted.
    pub async fn begin(ground: &Ground, file: &KeyFile, wanted: bool) -> anyhow::Result<Self> {
        let db = &ground.db;
        match (store::kept(db).await?, wanted) {
            (Kept::Plain, false) => Ok(Self::default()),
            (Kept::PlainAgain, false) => Ok(Self::under(Ring::read(file)?, None)),
            (Kept::Encrypted(id), true) => {
                let ring = Ring::read(file)?;
                let key = ring.key(&id).cloned().ok_or_else(|| ring::missing(&id))?;
                Ok(Self::under(ring, Some(key)))
            }
            (Kept::Encrypted(_), false) => bail!(
                "names and addresses are encrypted in this database, and encrypt_personal_data is off; set it, or run `countersign personal-data decrypt` first"
            ),
            (Kept::Plain | Kept::PlainAgain, true) if people::nobody_is_in(db).await? => {
                convert(ground, file, Goal::Encrypted).await?;
                Box::pin(Self::begin(ground, file, true)).await
            }
            (Kept::Plain | Kept::PlainAgain, true) => bail!(
                "encrypt_personal_data is set, and this database holds names and addresses as they are; stop every server that uses it and run `countersign personal-data encrypt` once"
            ),
        }
    }

    /// Whether the store is kept as it was when this began: somebody may have had it written anew since.
    pub async fn still_holds(&self, db: &Db) -> Result<bool> {
        Ok(match store::kept(db).await? {
            Kept::Encrypted(id) => self.key().is_some_and(|key| key.id() == id),
            Kept::Plain | Kept::PlainAgain => !self.is_on(),
        })
    }
}

/// Writes every personal text anew. No server may be at work on the store meanwhile.
pub async fn convert_all(
    _operator: &Operator,
    ground: &Ground,
    file: &KeyFile,
    goal: Goal,
) -> anyhow::Result<Conversion> {
    convert(ground, file, goal).await
}

async fn convert(ground: &Ground, file: &KeyFile, goal: Goal) -> anyhow::Result<Conversion> {
    let kept = store::kept(&ground.db).await?;
    match (&kept, goal) {
        (Kept::Encrypted(_), Goal::Encrypted) => bail!("names and addresses are encrypted already"),
        (Kept::Plain | Kept::PlainAgain, Goal::Decrypted | Goal::NewKey) => {
            bail!("names and addresses are not encrypted")
        }
        _ => {}
    }
    if goal != Goal::Decrypted {
        // Written down before anything is encrypted with it.
        file.add(&ground.chance)?;
    }
    let ring = Ring::read(file)?;
    let before = match &kept {
        Kept::Encrypted(id) => Some(ring.key(id).cloned().ok_or_else(|| ring::missing(id))?),
        Kept::Plain | Kept::PlainAgain => None,
    };
    let after = match goal {
        Goal::Decrypted => None,
        Goal::Encrypted | Goal::NewKey => Some(ring.newest().cloned().context("there is no key")?),
    };
    let from = if kept == Kept::Plain { AtRest::default() } else { AtRest::under(ring.clone(), before) };
    let to = AtRest::under(ring, after.clone());

    let mut tx = ground.begin(&Origin::operator()).await?;
    let people = people::write_anew(&mut tx, &from, &to).await?;
    for text in store::TEXTS {
        store::write_texts_anew(&mut tx, &from, &to, text).await?;
    }
    store::note(&mut tx, after.as_ref()).await?;
    tx.keep_by(to);
    let key = after.as_ref().map(|key| key.id().to_owned());
    let change = match (goal, key.clone()) {
        (Goal::Encrypted, Some(key)) => Change::Encrypted { key },
        (Goal::NewKey, Some(key)) => Change::NewKey { key },
        _ => Change::Decrypted,
    };
    tx.record(Event::PersonalData(change)).await?.commit().await?;
    store::leave_nothing_behind(ground.db.pools()).await?;
    Ok(Conversion { people, key })
}
