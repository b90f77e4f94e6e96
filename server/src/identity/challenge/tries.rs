//! What is counted when a code is tried, at sign-in and when somebody confirms that it is still them: for the account before it is
//! looked at, for the address once it was wrong.

use crate::{
    Error, Origin, Result,
    db::{Open, Tx},
    events::Event,
    identity::{
        Identity,
        sign_in::{Refusal, Who},
        store::{self, Account},
    },
    lockout::{CodeTry, Codes},
};
use domain::{PersonId, Timestamp, second_factor::Method};

impl Identity {
    /// Refuses where too much failed from this address, be it passwords or codes. A passkey is not guessed, so it is taken from
    /// everywhere.
    pub(in crate::identity) async fn check_address(
        &self,
        account: &Account,
        method: Method,
        origin: &Origin,
    ) -> Result<()> {
        if method == Method::Passkey {
            return Ok(());
        }
        match self.lockout.check_address(origin).await {
            Err(error @ Error::AddressBlocked { .. }) => self.refuse_unseen(account, error, origin).await,
            checked => checked,
        }
    }

    /// Counts a code over all sign-ins of its account, or over all that its owner showed who is signed in. A passkey is not
    /// guessed, so whoever has one goes on through a pause that somebody else's guesses have begun.
    pub(in crate::identity) async fn count_code(
        &self,
        tx: &mut Tx<Open>,
        person: PersonId,
        method: Method,
        codes: Codes,
    ) -> Result<Option<CodeTry>> {
        match method {
            Method::Passkey => Ok(None),
            _ => self.lockout.count_code(tx, person, codes).await.map(Some),
        }
    }

    /// Writes down that a code was wrong, and tells the owner once where it was the one too many.
    pub(in crate::identity) async fn refuse_code<T>(
        &self,
        account: &Account,
        method: Method,
        error: Error,
        pause: Option<Timestamp>,
        origin: &Origin,
    ) -> Result<T> {
        if let Some(until) = pause {
            let mut tx = self.ground.begin(origin).await?;
            let (person, failures) = (account.id, self.lockout.failures());
            let owner = store::owner(&mut tx, person).await?;
            tx.record(Event::CodesPaused { person, failures, until, owner }).await?.commit().await?;
        }
        let refusal = match method {
            Method::Passkey => Refusal::Uncounted("wrong code", error),
            _ => Refusal::WrongCode(error),
        };
        self.refuse(who(account), refusal, origin).await
    }

    /// Writes down that a code came which is not looked at any more.
    pub(in crate::identity) async fn refuse_unseen<T>(
        &self,
        account: &Account,
        error: Error,
        origin: &Origin,
    ) -> Result<T> {
        let why = match error {
            Error::AddressBlocked { .. } => "locked",
            _ => "too many wrong codes",
        };
        self.refuse(who(account), Refusal::Uncounted(why, error), origin).await
    }
}

fn who(account: &Account) -> Who {
    Who { person: Some(account.id), identifier: account.username.to_string() }
}
