//! Suspending an account and restoring it. Nothing is removed: whoever is suspended cannot sign in, is signed out everywhere
//! at once, and their keys open nothing; whoever is restored finds the account as it was.

use super::{Change, ChangeKind, People, Person, keep_a_manager, powers, store};
use crate::{
    Error, Origin, Result,
    db::{Open, Tx},
    events::{Event, Owner},
    identity,
    origin::Doer,
    permit::{Permit, RestorePerson, SuspendPerson},
};
use domain::{Permissions, PersonId, person::PersonStatus};

/// What UC-006 has whoever is not there told as.
pub(super) const NOT_FOUND: &str = "User not found or suspend failed";
const ONESELF: &str = "You cannot suspend your own account. Ask somebody else who looks after accounts.";

/// What came of it: whether anything had to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    Now,
    /// It was so already.
    Before,
}

impl People {
    /// Closes the account for the time being, however often it is asked for.
    pub async fn suspend(&self, permit: &Permit<SuspendPerson>, origin: &Origin) -> Result<Done> {
        let mut tx = self.ground.begin(origin).await?;
        let person = store::changes::hold(&mut tx, *permit.resource()).await?;
        let person = person.ok_or(Error::NotFound(NOT_FOUND))?;
        match suspend_within(&mut tx, permit.holds(), &person).await? {
            Some(change) => tx.record(Event::Person(change)).await?.commit().await.map(|()| Done::Now),
            None => Ok(Done::Before),
        }
    }

    /// Opens an account that was suspended.
    pub async fn restore(&self, permit: &Permit<RestorePerson>, origin: &Origin) -> Result<Done> {
        let mut tx = self.ground.begin(origin).await?;
        let person = store::changes::hold(&mut tx, *permit.resource()).await?;
        let person = person.ok_or(Error::NotFound("User not found"))?;
        match restore_within(&mut tx, permit.holds(), &person).await? {
            Some(change) => tx.record(Event::Person(change)).await?.commit().await.map(|()| Done::Now),
            None => Ok(Done::Before),
        }
    }
}

/// Suspends somebody whose row is held, in a transaction that records the change; nothing where they are suspended already.
pub(crate) async fn suspend_within(
    tx: &mut Tx<Open>,
    holds: Permissions,
    person: &Person,
) -> Result<Option<Change>> {
    if is_done_by(tx.origin(), person.id) {
        return Err(Error::Forbidden(ONESELF));
    }
    powers::check_account(tx, holds, person.id).await?;
    let Some(before) = store::changes::suspend(tx, person.id).await? else { return Ok(None) };
    identity::after_change(tx, person.id, None).await?;
    keep_a_manager(tx).await?;
    let kind = ChangeKind::Suspended { before, owner: owner(person), at: tx.at() };
    Ok(Some(Change { person: person.id, kind }))
}

/// Restores somebody whose row is held, in a transaction that records the change; nothing where they are not suspended.
pub(crate) async fn restore_within(
    tx: &mut Tx<Open>,
    holds: Permissions,
    person: &Person,
) -> Result<Option<Change>> {
    powers::check_account(tx, holds, person.id).await?;
    let after: Option<PersonStatus> = store::changes::restore(tx, person.id).await?;
    let change = |after| ChangeKind::Restored { after, owner: owner(person), at: tx.at() };
    Ok(after.map(|after| Change { person: person.id, kind: change(after) }))
}

fn owner(person: &Person) -> Owner {
    Owner { full_name: person.full_name.clone(), email: person.email.clone() }
}

fn is_done_by(origin: &Origin, person: PersonId) -> bool {
    matches!(&origin.doer, Doer::Person { id, .. } | Doer::Key { id, .. } if *id == person)
}
