//! Wrong codes after a right password, counted for each account over all of its sign-ins: whoever knows a password guesses no
//! further by beginning again. Each pause is twice as long as the one before, until a right code or a new password.
//!
//! Apart from the counts of passwords, and apart from the codes that somebody shows who is signed in: a pause here holds up
//! neither open sessions nor anybody else.

use super::Lockout;
use crate::{
    Error, Result, counts,
    db::{Open, Tx},
};
use domain::{PersonId, Timestamp};
use std::time::Duration;

const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 3600);
/// How long wrong codes are remembered.
pub(super) const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// A code about to be looked at, counted as wrong already.
#[derive(Debug, Clone, Copy)]
pub struct CodeTry {
    number: u32,
}

/// Where codes are shown. Each has a count of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codes {
    /// After the password.
    SignIn,
    /// By somebody who is signed in, to confirm that it is still them.
    Own,
}

impl Codes {
    pub(super) fn key(self, person: PersonId) -> String {
        match self {
            Self::SignIn => format!("codes:{person}"),
            Self::Own => format!("codes:own:{person}"),
        }
    }
}

impl Lockout {
    /// Counts a code before it is looked at, in the transaction of whoever takes it, or says that there is a pause.
    pub async fn count_code(&self, tx: &mut Tx<Open>, person: PersonId, codes: Codes) -> Result<CodeTry> {
        let key = codes.key(person);
        let count = counts::hold(tx, &key).await?;
        let (number, now) = (count.number(), tx.at());
        if let Some(until) = self.paused_until(number, count.last_at)
            && until > now
        {
            return Err(Error::CodesPaused { retry_after: until.since(now) });
        }
        let is_forgotten = count.last_at <= now.before(KEPT);
        let number = if is_forgotten { 1 } else { number.saturating_add(1) };
        counts::put(tx, &key, number).await?;
        Ok(CodeTry { number })
    }

    /// Refuses where no code would be taken right now.
    pub async fn check_codes(&self, person: PersonId, codes: Codes) -> Result<()> {
        let now = self.ground.clock.now();
        let count = counts::find(&self.ground.db, &codes.key(person)).await?;
        let until = count.and_then(|count| self.paused_until(count.number(), count.last_at));
        match until.filter(|until| *until > now) {
            Some(until) => Err(Error::CodesPaused { retry_after: until.since(now) }),
            None => Ok(()),
        }
    }

    /// Until when nothing is taken, if this wrong code is the one that begins the first pause: its owner is told once.
    pub fn first_pause(&self, code: CodeTry, at: Timestamp) -> Option<Timestamp> {
        (code.number == self.rules.failures).then(|| self.paused_until(code.number, at)).flatten()
    }

    /// Takes the counts back, in the transaction that the right code leads to.
    pub async fn forgive_codes(&self, tx: &mut Tx<Open>, person: PersonId, codes: Codes) -> Result<()> {
        counts::forget(tx, &codes.key(person)).await
    }

    /// After every so many wrong codes there is a pause.
    fn paused_until(&self, number: u32, last_at: Timestamp) -> Option<Timestamp> {
        if number == 0 || !number.is_multiple_of(self.rules.failures) {
            return None;
        }
        let doubled = 1_u32.checked_shl(number / self.rules.failures - 1).unwrap_or(u32::MAX);
        let pause = self.rules.pause().checked_mul(doubled).unwrap_or(LONGEST_PAUSE);
        // A configured pause that is longer than a day stays as it is.
        Some(last_at.after(pause.min(LONGEST_PAUSE.max(self.rules.pause()))))
    }
}
