//! Lockout: wrong passwords are counted, and after so many there is a pause. Counted are the name that was typed (alike
//! whether such an account exists), the account behind it (under whichever name), and the address the request came from, to which
//! wrong codes of second factors count as well.

mod codes;
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
use turns::Turns;

pub use codes::CodeTry;
pub use turns::Turn;

/// Failures from one address are counted for this long.
const HOUR: Duration = Duration::from_secs(3600);

/// Counts failed sign-ins and says when it is enough.
#[derive(Clone)]
pub struct Lockout {
    ground: Ground,
    rules: Rules,
    failures_per_address: u32,
    turns: Turns,
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
    name: String,
    account: Option<String>,
    /// How many more may fail under this name before the pause.
    left: u32,
    standing: Standing,
    _turn: Turn,
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

/// What a failed attempt leads to.
#[derive(Debug)]
pub struct Failed {
    /// What the person is told.
    pub error: Error,
    /// Until when the account is locked from now on, if this attempt was the one too many.
    pub locks_until: Option<Timestamp>,
}

impl Lockout {
    pub fn new(ground: Ground, rules: Rules, limits: Limits, vault: Vault) -> Self {
        Self {
            turns: Turns::new(rules.failures),
            ground,
            rules,
            failures_per_address: limits.failed_per_ip_per_hour,
            vault,
        }
    }

    /// Waits until this name, or the account behind it, may be tried.
    pub async fn turn(&self, name: &str, person: Option<PersonId>) -> Turn {
        self.turns.take(&person.map_or_else(|| self.name_key(name), account_key)).await
    }

    /// Counts an attempt under this name before its password is looked at, or says that there is a pause.
    pub async fn begin(
        &self,
        turn: Turn,
        name: &str,
        person: Option<PersonId>,
        origin: &Origin,
    ) -> Result<Attempt> {
        self.check_address(origin).await?;
        let (name, account) = (self.name_key(name), person.map(account_key));
        loop {
            let counting = turn.counting().await;
            let changed = turn.changed();
            let others = turn.others_under_way();
            if let Some((failures, standing)) = self.count(&name, account.as_deref(), origin).await? {
                let left = self.rules.failures.saturating_sub(failures);
                return Ok(Attempt { name, account, left, standing, _turn: turn.begin() });
            }
            drop(counting);
            // A right password among those that were being checked takes its count back: then it is worth another look.
            if !others {
                return Err(self.locked(&name).await?);
            }
            if turn.others_under_way() {
                changed.await;
            }
        }
    }

    /// Counts the attempt under the name and on the account; nothing when the name is full.
    async fn count(
        &self,
        name: &str,
        account: Option<&str>,
        origin: &Origin,
    ) -> Result<Option<(u32, Standing)>> {
        let most = self.rules.failures;
        let mut tx = self.ground.begin(origin).await?;
        let at = tx.at();
        let forgotten = at.before(self.rules.pause());
        let Some(failures) = counts::count_in_a_row(&mut tx, name, at, forgotten, most).await? else {
            return Ok(None);
        };
        let standing = match account {
            None => Standing::Open,
            Some(account) => match counts::count_in_a_row(&mut tx, account, at, forgotten, most).await? {
                Some(failures) if failures < most => Standing::Open,
                Some(_) => Standing::AtTheEdge,
                None => Standing::Locked,
            },
        };
        tx.commit_housekeeping(Housekeeping::Counted).await?;
        Ok(Some((failures, standing)))
    }

    /// Notes in the transaction that records it that the attempt failed, and says what to tell.
    pub async fn fail(&self, tx: &mut Tx<Open>, attempt: &Attempt) -> Result<Failed> {
        self.count_address(tx).await?;
        let at = tx.at();
        let locks = match (&attempt.account, attempt.standing) {
            // Unless a right password took the counts back meanwhile.
            (Some(account), Standing::AtTheEdge) => counts::has(tx, account, self.rules.failures).await?,
            _ => false,
        };
        Ok(Failed {
            error: self.told(attempt.left),
            locks_until: locks.then(|| at.after(self.rules.pause())),
        })
    }

    /// What to answer to a right password all the same: the account may have been locked under another of its names.
    pub fn refusal(&self, attempt: &Attempt) -> Option<Error> {
        (attempt.standing == Standing::Locked).then(|| self.told(0))
    }

    /// Takes the counts back, in the transaction that the right password leads to.
    pub async fn forgive(&self, tx: &mut Tx<Open>, attempt: &Attempt) -> Result<()> {
        counts::forget(tx, &attempt.name).await?;
        match &attempt.account {
            Some(account) => counts::forget(tx, account).await,
            None => Ok(()),
        }
    }

    /// Ends an attempt whose password was right, but which has to be made once more.
    pub async fn take_back(&self, attempt: Attempt, origin: &Origin) -> Result<()> {
        let mut tx = self.ground.begin(origin).await?;
        self.forgive(&mut tx, &attempt).await?;
        tx.commit_housekeeping(Housekeeping::Counted).await
    }

    /// Opens an account at once, under each of its names.
    pub async fn open(&self, tx: &mut Tx<Open>, person: PersonId, names: &Names) -> Result<()> {
        counts::forget(tx, &codes::key(person)).await?;
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
        let codes_before = tx.at().before(codes::KEPT);
        counts::forget_before(&mut tx, before, codes_before).await?;
        tx.commit_housekeeping(Housekeeping::Expired).await
    }

    /// Notes in the transaction that records it that something was wrong which came from this address.
    pub async fn count_address(&self, tx: &mut Tx<Open>) -> Result<()> {
        let at = tx.at();
        if let Some(address) = address_key(tx.origin()) {
            counts::count_within(tx, &address, at, at.before(HOUR)).await?;
        }
        Ok(())
    }

    /// Refuses where too much was wrong within the hour that came from this address.
    pub async fn check_address(&self, origin: &Origin) -> Result<()> {
        let Some(address) = address_key(origin) else { return Ok(()) };
        let now = self.ground.clock.now();
        let counted = counts::find(&self.ground.db, &address).await?;
        match counted {
            Some(count)
                if count.first_at > now.before(HOUR) && count.number() >= self.failures_per_address =>
            {
                Err(Error::AddressBlocked { retry_after: count.first_at.after(HOUR).since(now) })
            }
            _ => Ok(()),
        }
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

    /// What is typed as a name may have been a password, so only its fingerprint is kept.
    fn name_key(&self, name: &str) -> String {
        format!("name:{}", self.vault.fingerprint(&["name at sign-in", name]))
    }
}

fn account_key(person: PersonId) -> String {
    format!("account:{person}")
}

fn address_key(origin: &Origin) -> Option<String> {
    origin.ip.as_ref().map(|ip| format!("address:{ip}"))
}

impl fmt::Debug for Lockout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lockout({:?})", self.rules)
    }
}
