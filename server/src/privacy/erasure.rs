//! Erasing somebody: in one transaction the account goes with everything that refers to it, the trail is emptied of what it
//! tells of them, and that they were erased is recorded. Their name and their address can be taken by anybody afterwards.

use super::{Change, ChangeKind, ErasePerson, Privacy, store};
use crate::{
    Error, Origin, Result,
    db::{Open, Tx},
    events::Event,
    origin::Doer,
    people::{keep_a_manager, powers},
    permit::Permit,
};
use domain::{FieldErrors, PersonId, Timestamp, person::PersonStatus};

const ONESELF: &str = "You cannot erase your own account. Ask somebody else who looks after accounts.";
const SUSPEND_FIRST: &str = "Suspend the account first. Only somebody who is suspended can be erased.";
const CHANGED: &str = "This account was changed in the meantime. Look at it as it is now, then try again.";
const NOT_THE_NAME: &str = "This is not their username";
/// Entries that are written meanwhile have to be sealed before they can be emptied.
const TRIES: usize = 5;

/// What whoever erases somebody has typed and seen.
#[derive(Debug, Clone, Default)]
pub struct EraseForm {
    /// Typed by hand, so that nobody is erased by a slip.
    pub username: String,
    /// The version that was looked at; nothing on the command line.
    pub version: Option<i64>,
}

/// Somebody who is erased by this transaction, and what is still to be done.
pub(super) struct Leaving {
    tx: Tx<Open>,
    account: store::Account,
}

impl Privacy {
    /// Erases somebody who is suspended; answers when.
    pub async fn erase(
        &self,
        permit: &Permit<ErasePerson>,
        form: &EraseForm,
        origin: &Origin,
    ) -> Result<Timestamp> {
        let person = *permit.resource();
        for _ in 0..TRIES {
            let Some(mut leaving) = self.begin_leaving(person, origin).await? else {
                return Err(Error::NotFound("User not found"));
            };
            let (tx, account) = (&mut leaving.tx, &leaving.account);
            if is_done_by(origin, person) {
                return Err(Error::Forbidden(ONESELF));
            }
            powers::check_account(tx, permit.holds(), person).await?;
            if form.username.trim() != account.username.as_str() {
                return Err(FieldErrors::one("username", NOT_THE_NAME).into());
            }
            if account.status != PersonStatus::Suspended {
                return Err(Error::Conflict(SUSPEND_FIRST));
            }
            if form.version.is_some_and(|version| version != account.version) {
                return Err(Error::Conflict(CHANGED));
            }
            let at = tx.at();
            if self.leave(leaving, false).await? {
                return Ok(at);
            }
        }
        Err(still_writing())
    }

    /// Seals what the trail has, since only that can be emptied, and holds the account.
    pub(super) async fn begin_leaving(&self, person: PersonId, origin: &Origin) -> Result<Option<Leaving>> {
        self.audit.seal_all().await?;
        let mut tx = self.ground.begin(origin).await?;
        let account = store::hold(&mut tx, person).await?;
        Ok(account.map(|account| Leaving { tx, account }))
    }

    /// Removes the account and all that refers to it. Answers no, and changes nothing, where the trail has got an entry meanwhile
    /// that cannot be emptied yet.
    pub(super) async fn leave(&self, leaving: Leaving, by_retention: bool) -> Result<bool> {
        let Leaving { mut tx, account } = leaving;
        let person = account.id;
        let names = store::names(&mut tx, person).await?;
        self.lockout.open(&mut tx, person, &names).await?;
        store::remove(&mut tx, &account).await?;
        keep_a_manager(&mut tx).await?;
        // The trail last: its lock is held until the end.
        let mut entries = self.audit.erase(&mut tx, person).await?;
        if self.audit.is_waiting(&mut tx, person).await? {
            return Ok(false);
        }
        entries += self.audit.erase_questions(&mut tx, &account.words()).await?;
        let kind = ChangeKind::Erased { entries, by_retention };
        tx.record(Event::Privacy(Change { person, kind })).await?.commit().await?;
        Ok(true)
    }
}

impl Leaving {
    pub(super) fn parts(&mut self) -> (&mut Tx<Open>, &store::Account) {
        (&mut self.tx, &self.account)
    }

    /// They stay.
    pub(super) fn into_tx(self) -> Tx<Open> {
        self.tx
    }
}

fn still_writing() -> Error {
    Error::unavailable("the audit trail could not be sealed while somebody was erased")
}

fn is_done_by(origin: &Origin, person: PersonId) -> bool {
    matches!(&origin.doer, Doer::Person { id, .. } | Doer::Key { id, .. } if *id == person)
}
