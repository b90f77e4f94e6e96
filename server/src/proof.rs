//! Proof: when and how somebody last showed that it is really them, and what they have to show again before they may do
//! something that matters.

use crate::{Error, Result, config::AdminSecondFactor};
use domain::{Timestamp, second_factor::Method};
use std::time::Duration;

/// For so long a proof counts as fresh.
pub const FRESH: Duration = Duration::from_secs(15 * 60);

/// When the password was right, and which second factor was shown with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    pub at: Timestamp,
    /// Nothing: the password alone.
    pub factor: Option<Method>,
}

impl Proof {
    /// What was shown, in the words of RFC 8176.
    pub const fn references(self) -> &'static [&'static str] {
        match self.factor {
            None => &["pwd"],
            // Whether a password came before it is not kept: the key and whoever holds it are two factors by themselves.
            Some(Method::Passkey) => &["pop", "user", "mfa"],
            Some(Method::Sms) => &["pwd", "sms", "mfa"],
            Some(Method::Totp | Method::Email | Method::Recovery) => &["pwd", "otp", "mfa"],
        }
    }
}

/// What has to be shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepUp {
    Password,
    SecondFactor,
    /// There is no second factor yet, and one is needed.
    SetUp,
}

impl StepUp {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Password => "Confirm it is you: enter your password again.",
            Self::SecondFactor => "Confirm it is you: enter a code of your second factor.",
            Self::SetUp => "Set up a second factor first: administrative actions need one.",
        }
    }
}

/// How somebody stands with what they have shown, judged at the moment their request came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    proof: Proof,
    has_factor: bool,
    is_fresh: bool,
    rule: AdminSecondFactor,
}

impl Standing {
    pub(crate) fn judge(proof: Proof, has_factor: bool, now: Timestamp, rule: AdminSecondFactor) -> Self {
        Self { proof, has_factor, is_fresh: proof.at.after(FRESH) > now, rule }
    }

    /// A key shows nothing of who holds it, so what wants a proof is closed to it.
    pub(crate) const fn of_a_key() -> Self {
        let proof = Proof { at: Timestamp::from_microseconds(0), factor: None };
        Self { proof, has_factor: false, is_fresh: false, rule: AdminSecondFactor::Required }
    }

    pub const fn proof(&self) -> Proof {
        self.proof
    }

    /// Whether there is a second factor to show.
    pub const fn has_factor(&self) -> bool {
        self.has_factor
    }

    /// What is due before somebody changes how they themselves sign in.
    pub const fn due(&self) -> Option<StepUp> {
        match (self.has_factor, self.is_fresh, self.proof.factor) {
            (true, true, Some(_)) | (false, true, _) => None,
            (true, ..) => Some(StepUp::SecondFactor),
            (false, ..) => Some(StepUp::Password),
        }
    }

    /// What is due before administrative actions.
    pub fn due_for_administration(&self) -> Option<StepUp> {
        if !self.has_factor && self.rule == AdminSecondFactor::Required {
            Some(StepUp::SetUp)
        } else {
            self.due()
        }
    }

    pub fn check(&self) -> Result<()> {
        self.due().map_or(Ok(()), |due| Err(Error::StepUp(due)))
    }

    pub(crate) fn check_for_administration(&self) -> Result<()> {
        self.due_for_administration().map_or(Ok(()), |due| Err(Error::StepUp(due)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AdminSecondFactor::{IfEnrolled, Required};

    fn standing(
        minutes_ago: u64,
        factor: Option<Method>,
        has_factor: bool,
        rule: AdminSecondFactor,
    ) -> Standing {
        let now = Timestamp::from_seconds(1_790_000_000);
        let at = now.before(Duration::from_secs(minutes_ago * 60));
        Standing::judge(Proof { at, factor }, has_factor, now, rule)
    }

    #[test]
    fn a5_administration_wants_a_fresh_second_factor() {
        for (minutes_ago, factor, has_factor, rule, due) in [
            (0, None, false, Required, Some(StepUp::SetUp)),
            (20, None, false, Required, Some(StepUp::SetUp)),
            (0, None, true, Required, Some(StepUp::SecondFactor)),
            (14, Some(Method::Totp), true, Required, None),
            (15, Some(Method::Totp), true, Required, Some(StepUp::SecondFactor)),
            (0, None, false, IfEnrolled, None),
            (14, None, false, IfEnrolled, None),
            (15, None, false, IfEnrolled, Some(StepUp::Password)),
            (0, None, true, IfEnrolled, Some(StepUp::SecondFactor)),
            (14, Some(Method::Sms), true, IfEnrolled, None),
            (15, Some(Method::Sms), true, IfEnrolled, Some(StepUp::SecondFactor)),
            // A factor that was shown and has been removed since is a password all the same.
            (14, Some(Method::Totp), false, IfEnrolled, None),
        ] {
            let standing = standing(minutes_ago, factor, has_factor, rule);
            assert_eq!(standing.due_for_administration(), due, "{standing:?}");
        }
    }

    #[test]
    fn a5_changing_ones_own_factors_wants_what_one_has() {
        assert_eq!(standing(0, None, false, Required).due(), None);
        assert_eq!(standing(16, None, false, Required).due(), Some(StepUp::Password));
        assert_eq!(standing(0, None, true, Required).due(), Some(StepUp::SecondFactor));
        assert_eq!(standing(3, Some(Method::Recovery), true, Required).due(), None);
    }
}
