//! What is tried, and under which keys it is counted.

use super::{Lockout, turns};
use crate::{Origin, Result, limits::Limits};
use domain::PersonId;
use tokio::sync::OwnedMutexGuard;

/// Where a password is tried.
#[derive(Debug, Clone, Copy)]
pub enum Trying<'a> {
    /// Signing in under this name; behind it this account, if there is one.
    SignIn { name: &'a str, person: Option<PersonId> },
    /// Somebody who is signed in shows their own once more. A count of its own: whoever guesses at the sign-in page must not
    /// hold up who is in.
    Own(PersonId),
}

/// The keys under which an attempt is counted, in the order in which it is.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    pub name: String,
    pub account: Option<String>,
    pub address: Option<String>,
}

/// Whose turn it is to try. Its places are given back when it is dropped.
#[derive(Debug)]
pub struct Turn {
    pub(super) keys: Keys,
    pub(super) own: turns::Turn,
    pub(super) of_address: Option<turns::Turn>,
}

impl Turn {
    /// One after the other they are counted: those under one key, then those from one address.
    pub(super) async fn counting(&self) -> (OwnedMutexGuard<()>, Option<OwnedMutexGuard<()>>) {
        let own = self.own.counting().await;
        match &self.of_address {
            Some(turn) => (own, Some(turn.counting().await)),
            None => (own, None),
        }
    }

    /// From here on this one is being checked.
    pub(super) fn begin(self) -> Self {
        let of_address = self.of_address.map(turns::Turn::begin);
        Self { own: self.own.begin(), of_address, ..self }
    }
}

impl Lockout {
    /// Waits until this may be tried. First for the address: whoever sends very much from one waits in its queue and not in
    /// that of the account. Whoever finds too many there is told to come back.
    pub async fn turn(&self, trying: Trying<'_>, origin: &Origin) -> Result<Turn> {
        let keys = match trying {
            Trying::SignIn { name, person } => Keys {
                name: self.name_key(name),
                account: person.map(account_key),
                address: address_key(origin),
            },
            Trying::Own(person) => Keys { name: own_key(person), account: None, address: None },
        };
        let of_address = match &keys.address {
            Some(address) => Some(self.addresses.take(address).await?),
            None => None,
        };
        let own = self.turns.take(keys.account.as_deref().unwrap_or(&keys.name)).await?;
        Ok(Turn { keys, own, of_address })
    }

    /// What is typed as a name may have been a password, so only its fingerprint is kept.
    pub(super) fn name_key(&self, name: &str) -> String {
        format!("name:{}", self.vault.fingerprint(&["name at sign-in", name]))
    }
}

pub(super) fn account_key(person: PersonId) -> String {
    format!("account:{person}")
}

pub(super) fn own_key(person: PersonId) -> String {
    format!("own:{person}")
}

/// As everywhere else, the addresses of one line count as one.
pub(super) fn address_key(origin: &Origin) -> Option<String> {
    origin.ip.as_ref().map(|_| format!("address:{}", Limits::client(origin)))
}
