//! Why somebody could not be signed in by a provider: what they are told, and what the log and the trail say.

use crate::Error;

/// What stood in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nobody began such a sign-in in this browser, or it took too long.
    NotBegun,
    /// The answer was used before.
    Replayed,
    /// They, or the provider for them, said no there.
    Declined,
    /// The provider, or the way to it, is out of order. Says what for the log.
    Away(String),
    /// The provider refuses us or the code. Says what for the log.
    Refused(String),
    /// The answer is not what a provider in order sends to us.
    Untrusted(&'static str),
    /// The provider vouches for no address.
    NoAddress,
    /// Nobody here has the address.
    NoAccount,
    /// The account is connected to somebody else there.
    AnotherIsConnected,
}

impl Failure {
    /// For the trail.
    pub const fn why(&self) -> &'static str {
        match self {
            Self::NotBegun => "provider: not begun here",
            Self::Replayed => "provider: answer used before",
            Self::Declined => "provider: declined there",
            Self::Away(_) => "provider: away",
            Self::Refused(_) => "provider: refused",
            Self::Untrusted(why) => why,
            Self::NoAddress => "provider: no verified address",
            Self::NoAccount => "provider: no account",
            Self::AnotherIsConnected => "provider: connected to another",
        }
    }

    /// What the person is told. Nothing that came with the answer is repeated: anybody can write an address.
    pub fn told(self, provider: &str) -> Error {
        match self {
            Self::Away(cause) => Error::ProviderAway { provider: provider.to_owned(), cause },
            Self::NotBegun | Self::Replayed => not_vouched(
                "This sign-in took too long, was used before, or began in another browser. Please begin again.".into(),
            ),
            Self::Declined => not_vouched(format!("{provider} did not sign you in. You can try again, or sign in another way.")),
            Self::Refused(_) => not_vouched(format!(
                "{provider} could not finish the sign-in. Please try again; if it fails again, tell whoever looks after Countersign."
            )),
            Self::Untrusted(_) => not_vouched(format!(
                "The answer of {provider} could not be trusted, so you are not signed in. Please try again; if it fails again, \
                 tell whoever looks after Countersign."
            )),
            Self::NoAddress => not_vouched(format!(
                "{provider} vouches for no e-mail address of yours, so your account here cannot be found. Confirm your address there first."
            )),
            Self::NoAccount => not_vouched(format!(
                "No account here has the e-mail address that {provider} gave. Ask whoever looks after Countersign for one."
            )),
            Self::AnotherIsConnected => not_vouched(format!(
                "Your account here is connected to another account at {provider}. Sign in with that one, or with your password."
            )),
        }
    }
}

const fn not_vouched(message: String) -> Error {
    Error::NotVouched(message)
}
