//! Lockout: wrong passwords are counted, and after so many there is a pause. Counted are the name that was typed (alike
//! whether such an account exists), the account behind it (under whichever name), and the address the request came from, to which
//! wrong codes of second factors count as well. Somebody who is signed in has counts of their own.

mod address;
mod codes;
mod trying;
mod turns;

use crate::{
    Error, Origin, Result,
    config::{Limits, Lockout as Rules},
    counts,
    db::{Housekeeping, Open, Tx},
    ground::Ground,
    vault::Vault,
};
use domain::{
    PersonId, Timestamp,
    person::{EmailAddress, Username},
};
use std::{fmt, time::Duration};
use trying::{Keys, account_key, own_key};
use turns::Turns;

pub use codes::{CodeTry, Codes};
pub use trying::{Trying, Turn};

/// Failures from one address are counted for this long.
const HOUR: Duration = Duration::from_secs(3600);

/// Counts failed sign-ins and says when it is enough.
#[derive(Clone)]
pub struct Lockout {
    ground: Ground,
    rules: Rules,
    failures_per_address: u32,
    turns: Turns,
    addresses: Turns,
    vault: Vault,
}

/// The names under which somebody can sign in.
#[derive(Debug, sqlx::FromRow)]
pub struct Names {
    username: Username,
    email: EmailAddress,
}

/// A sign-in under way, already counted as failed: only a right password takes that back.
#[derive(Debug)]
pub struct Attempt {
    /// Holds its places until the attempt is over.
    turn: Turn,
    /// How many more may fail under this name before the pause.
    left: u32,
    standing: Standing,
}

/// How an account stands, with this attempt counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// There is no such account, or it may fail again.
    Open,
    /// If this attempt fails, it is the one that locks the account.
    AtTheEdge,
    /// Locked before, under another of its names.
    Locked,
}

/// What came of counting an attempt.
enum Counted {
    Yes {
        failures: u32,
        standing: Standing,
    },
    /// Under this name nothing more may fail.
    NameIsFull,
    /// From this address nothing more may fail.
    AddressIsFull,
}

/// What a failed attempt leads to.
#[derive(Debug)]
pub struct Failed {
    /// What the person is told.
    pub error: Error,
    /// Until when the account is locked from now on, if this attempt was the one too many.
    pub locks_until: Option<Timestamp>,
}

impl Attempt {
    /// Whether the account was locked before, under another of its names: nothing opens it, and nobody is told.
    pub fn is_of_a_locked_account(&self) -> bool {
        self.standing == Standing::Locked
    }
}

impl Lockout {
    pub fn new(ground: Ground, rules: Rules, limits: Limits, vault: Vault) -> Self {
        Self {
            turns: Turns::new(rules.failures),
            addresses: Turns::new(limits.failed_per_ip_per_hour),
            ground,
            rules,
            failures_per_address: limits.failed_per_ip_per_hour,
            vault,
        }
    }

    /// Counts an attempt before its password is looked at, or says that there is a pause.
    pub async fn begin(&self, turn: Turn, origin: &Origin) -> Result<Attempt> {
        if turn.keys.address.is_some() {
            self.check_address(origin).await?;
        }
        loop {
            let counting = turn.counting().await;
            let (own, of_address) = (turn.own.watch(), turn.of_address.as_ref().map(turns::Turn::watch));
            let (full, error) = match self.count(&turn.keys, origin).await? {
                Counted::Yes { failures, standing } => {
                    let left = self.rules.failures.saturating_sub(failures);
                    return Ok(Attempt { turn: turn.begin(), left, standing });
                }
                Counted::NameIsFull => (Some(own), self.locked(&turn.keys.name).await?),
                Counted::AddressIsFull => (of_address, self.blocked(origin).await?),
            };
            drop(counting);
            // A right password among those that were being checked takes its count back: then it is worth another look.
            let others = full.filter(|watch| watch.others).ok_or(error)?;
            others.changed.await;
        }
    }

    /// Counts the attempt under the name, on the account and for its address, or nowhere. In this order: two who wait for each
    /// other would wait for ever, and so the address comes after everything else that a transaction holds.
    async fn count(&self, keys: &Keys, origin: &Origin) -> Result<Counted> {
        let most = self.rules.failures;
        let mut tx = self.ground.begin(origin).await?;
        let at = tx.at();
        let forgotten = at.before(self.rules.pause());
        let Some(failures) = counts::count_in_a_row(&mut tx, &keys.name, at, forgotten, most).await? else {
            return Ok(Counted::NameIsFull);
        };
        let standing = match &keys.account {
            None => Standing::Open,
            Some(account) => match counts::count_in_a_row(&mut tx, account, at, forgotten, most).await? {
                Some(failures) if failures < most => Standing::Open,
                Some(_) => Standing::AtTheEdge,
                None => Standing::Locked,
            },
        };
        if let Some(address) = &keys.address
            && !counts::count_up_to(&mut tx, address, at.before(HOUR), self.failures_per_address).await?
        {
            return Ok(Counted::AddressIsFull);
        }
        tx.commit_housekeeping(Housekeeping::Counted).await?;
        Ok(Counted::Yes { failures, standing })
    }

    /// Notes in the transaction that records it that the attempt failed, and says what to tell.
    pub async fn fail(&self, tx: &mut Tx<Open>, attempt: &Attempt) -> Result<Failed> {
        let keys = &attempt.turn.keys;
        let at = tx.at();
        let locks = match (&keys.account, attempt.standing) {
            // Unless a right password took the counts back meanwhile.
            (Some(account), Standing::AtTheEdge) => counts::has(tx, account, self.rules.failures).await?,
            _ => false,
        };
        if keys.address.is_none() {
            self.count_address(tx).await?;
        }
        Ok(Failed {
            error: self.told(attempt.left),
            locks_until: locks.then(|| at.after(self.rules.pause())),
        })
    }

    /// Takes the counts back, in the transaction that the right password leads to.
    pub async fn forgive(&self, tx: &mut Tx<Open>, attempt: &Attempt) -> Result<()> {
        let Keys { name, account, address } = &attempt.turn.keys;
        counts::forget(tx, name).await?;
        if let Some(account) = account {
            counts::forget(tx, account).await?;
        }
        match address {
            Some(_) => self.give_address_back(tx).await,
            None => Ok(()),
        }
    }

    /// Ends an attempt whose password was right, but which has to be made once more.
    pub async fn take_back(&self, attempt: Attempt, origin: &Origin) -> Result<()> {
        let mut tx = self.ground.begin(origin).await?;
        self.forgive(&mut tx, &attempt).await?;
        tx.commit_housekeeping(Housekeeping::Counted).await
    }

    /// Opens an account at once, under each of its names and for whoever is signed in.
    pub async fn open(&self, tx: &mut Tx<Open>, person: PersonId, names: &Names) -> Result<()> {
        for key in [Codes::SignIn.key(person), Codes::Own.key(person), own_key(person)] {
            counts::forget(tx, &key).await?;
        }
        self.forgive_all(tx, person, names).await
    }

    /// Takes the counts of wrong passwords back under each of their names, and leaves those of codes. Names come first, as
    /// where they are counted: two who wait for each other would wait for ever.
    pub async fn forgive_all(&self, tx: &mut Tx<Open>, person: PersonId, names: &Names) -> Result<()> {
        counts::forget(tx, &self.name_key(names.username.as_str())).await?;
        counts::forget(tx, &self.name_key(names.email.as_str())).await?;
        counts::forget(tx, &account_key(person)).await
    }

    /// How many failures lead to a pause.
    pub const fn failures(&self) -> u32 {
        self.rules.failures
    }

    /// Forgets counts that no rule looks at any more.
    pub async fn forget_old(&self) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        let before = tx.at().before(HOUR.max(self.rules.pause()));
        let (a_day_before, long_before) = (tx.at().before(24 * HOUR), tx.at().before(codes::KEPT));
        counts::forget_before(&mut tx, before, a_day_before, long_before).await?;
        tx.commit_housekeeping(Housekeeping::Expired).await
    }

    /// What is said during the pause, with the time that is left of it.
    async fn locked(&self, key: &str) -> Result<Error> {
        let now = self.ground.clock.now();
        let since = counts::find(&self.ground.db, key).await?.map_or(now, |count| count.last_at);
        Ok(Error::Locked {
            minutes: self.rules.minutes,
            retry_after: since.after(self.rules.pause()).since(now),
        })
    }

    /// From the second failure on, people are told how many attempts are left.
    fn told(&self, left: u32) -> Error {
        match left {
            0 => Error::Locked { minutes: self.rules.minutes, retry_after: self.rules.pause() },
            left if left + 1 < self.rules.failures => Error::InvalidCredentials { left: Some(left) },
            _ => Error::InvalidCredentials { left: None },
        }
    }
}

impl fmt::Debug for Lockout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lockout({:?})", self.rules)
    }
}
