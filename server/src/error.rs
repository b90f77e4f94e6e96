//! What can go wrong, and the one table that says how each of it is told: status, code and public words.

use crate::proof::StepUp;
use domain::FieldErrors;
use std::time::Duration;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that a service answers with when it cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not signed in")]
    Unauthenticated,
    #[error("the token's time is over")]
    TokenExpired,
    /// Unspecific on purpose: a wrong password, a wrong role and an unknown account are all this.
    #[error("wrong credentials")]
    InvalidCredentials {
        /// How many attempts are left, from the second failure on.
        left: Option<u32>,
    },
    /// Too many wrong passwords, whether there is such an account or not.
    #[error("locked for {} s", retry_after.as_secs())]
    Locked { minutes: u32, retry_after: Duration },
    /// Too many wrong passwords from one address.
    #[error("too many failed sign-ins from one address")]
    AddressBlocked { retry_after: Duration },
    /// A code of a second factor was wrong, or is no longer good.
    #[error("wrong code")]
    WrongCode,
    /// A passkey that is none of theirs, or an answer to another question.
    #[error("the passkey was refused")]
    PasskeyRefused,
    /// Too many wrong codes: the sign-in begins anew.
    #[error("too many wrong codes")]
    TooManyCodes,
    /// Too many wrong codes, over several sign-ins.
    #[error("codes are paused for {} s", retry_after.as_secs())]
    CodesPaused { retry_after: Duration },
    /// The sign-in that waited for a second factor is over.
    #[error("the sign-in is over")]
    SignInOver,
    /// A second factor is required and there is none; it is set up in a browser.
    #[error("a second factor has to be set up")]
    SecondFactorMissing,
    /// It has to be shown once more that it is really them.
    #[error("step-up: {0:?}")]
    StepUp(StepUp),
    /// A provider vouches for nobody here. Says it in words for the person.
    #[error("not vouched for")]
    NotVouched(String),
    /// A provider does not answer as it should.
    #[error("a provider is away: {cause}")]
    ProviderAway { provider: String, cause: String },
    #[error("the account is suspended")]
    Suspended,
    /// The password was right, and the address is not verified yet.
    #[error("the address is not verified")]
    Unverified { email: String },
    /// The one-time link was used, replaced or withdrawn, its time is over, or it never was one.
    #[error("the link no longer works")]
    LinkGone,
    /// The role lacks a permission.
    #[error("not permitted to this role")]
    WrongRole,
    /// A browser says that the form was sent by a page of somebody else.
    #[error("sent from another site")]
    ForeignForm,
    #[error("not permitted: {0}")]
    Forbidden(&'static str),
    #[error("not found: {0}")]
    NotFound(&'static str),
    #[error("invalid input")]
    Invalid(FieldErrors),
    #[error("conflict: {0}")]
    Conflict(&'static str),
    #[error("the address does not take this method")]
    MethodNotAllowed,
    #[error("the request cannot be read: {0}")]
    Malformed(String),
    #[error("the request is too large")]
    TooLarge,
    /// What stands in front of a form's file is more than such a form has.
    #[error("the form is too large")]
    FormTooLarge,
    /// A file that is larger than an import may be.
    #[error("the file is too large")]
    FileTooLarge { mib: u32 },
    #[error("too many requests")]
    TooMany { retry_after: Duration },
    /// More work waits than can be done soon.
    #[error("busy")]
    Busy { retry_after: Duration },
    #[error("the request took too long")]
    TimedOut,
    #[error("unavailable: {cause}")]
    Unavailable { retry_after: Duration, cause: String },
    #[error("internal: {0:#}")]
    Internal(anyhow::Error),
}

/// How an error is told to the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
    pub retry_after: Option<Duration>,
}

impl Error {
    pub const DIFFICULTIES: &str =
        "We're experiencing technical difficulties. Please try again in a few moments.";

    pub const LINK_GONE: &str =
        "This link no longer works. It was used already, its time is over, or a newer one was sent.";

    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        Self::Unavailable { retry_after: Duration::from_secs(5), cause: cause.to_string() }
    }

    /// The one table. What is internal is never part of it.
    pub fn told(&self) -> Told {
        let (status, code, message, retry_after) = match self {
            Self::Unauthenticated => (401, "unauthenticated", "Sign in to go on".to_owned(), None),
            Self::TokenExpired => {
                (401, "token_expired", "The token's time is over. Sign in again.".to_owned(), None)
            }
            Self::InvalidCredentials { left: None } => {
                (401, "invalid_credentials", "Incorrect email or password".to_owned(), None)
            }
            Self::InvalidCredentials { left: Some(left) } => (
                401,
                "invalid_credentials",
                format!(
                    "Incorrect email or password. You have {left} attempts remaining before temporary lockout."
                ),
                None,
            ),
            Self::Locked { minutes, retry_after } => (
                423,
                "account_locked",
                format!(
                    "Account temporarily locked due to multiple failed login attempts. Try again in {minutes} minutes or reset your password."
                ),
                Some(*retry_after),
            ),
            Self::AddressBlocked { retry_after } => (
                429,
                "too_many_failures",
                "Too many sign-ins from your network have failed. Please try again later.".to_owned(),
                Some(*retry_after),
            ),
            Self::WrongCode => {
                (401, "invalid_code", "Invalid verification code. Please try again.".to_owned(), None)
            }
            Self::PasskeyRefused => (
                401,
                "invalid_passkey",
                "That passkey was not accepted. Try again, or choose another way.".to_owned(),
                None,
            ),
            Self::TooManyCodes => (
                401,
                "too_many_codes",
                "Too many failed verification attempts. Please log in again.".to_owned(),
                None,
            ),
            Self::CodesPaused { retry_after } => (
                429,
                "codes_paused",
                format!("Too many failed verification attempts. Try again in {}.", in_words(*retry_after)),
                Some(*retry_after),
            ),
            Self::SignInOver => {
                (401, "sign_in_over", "This sign-in took too long. Please log in again.".to_owned(), None)
            }
            Self::SecondFactorMissing => (
                403,
                "mfa_enrollment_required",
                "Your account needs a second factor. Sign in with a browser to set it up, then come back."
                    .to_owned(),
                None,
            ),
            Self::StepUp(due) => (403, "step_up_required", due.words().to_owned(), None),
            Self::NotVouched(message) => (403, "not_vouched", message.clone(), None),
            Self::ProviderAway { provider, .. } => (
                503,
                "provider_away",
                format!("{provider} does not answer right now. Try again in a few moments, or sign in with your password."),
                Some(Duration::from_secs(30)),
            ),
            Self::Suspended => (
                403,
                "suspended",
                "Your account has been suspended. Contact support for assistance.".to_owned(),
                None,
            ),
            Self::Unverified { email } => (
                403,
                "unverified",
                format!(
                    "Please verify your email address. We've sent a new verification link to {email}."
                ),
                None,
            ),
            Self::LinkGone => (410, "link_gone", Self::LINK_GONE.to_owned(), None),
            Self::WrongRole => {
                (403, "forbidden", "Access denied - Admin privileges required".to_owned(), None)
            }
            Self::ForeignForm => (
                403,
                "foreign_form",
                "The form you sent was not on a page of ours, so nothing was changed. If you meant to send it, open the page here and fill it in again."
                    .to_owned(),
                None,
            ),
            Self::Forbidden(message) => (403, "forbidden", (*message).to_owned(), None),
            Self::NotFound(message) => (404, "not_found", (*message).to_owned(), None),
            Self::Invalid(_) => (422, "validation_error", "Some fields need another look".to_owned(), None),
            Self::Conflict(message) => (409, "conflict", (*message).to_owned(), None),
            Self::MethodNotAllowed => {
                (405, "method_not_allowed", "This address does not take that method".to_owned(), None)
            }
            Self::Malformed(message) => (400, "malformed", message.clone(), None),
            Self::TooLarge => {
                (413, "too_large", "That is more than one request may carry (1 MiB)".to_owned(), None)
            }
            Self::FormTooLarge => (
                413,
                "too_large",
                "There is more in front of the file than this form has. Go back, reload the page and try again.".to_owned(),
                None,
            ),
            Self::FileTooLarge { mib } => (
                413,
                "too_large",
                format!("A file may have {mib} MiB. Split this one and import the parts."),
                None,
            ),
            Self::TooMany { retry_after } => (
                429,
                "too_many_requests",
                "Too many requests. Wait a little and try again.".to_owned(),
                Some(*retry_after),
            ),
            Self::Busy { retry_after } => (
                503,
                "busy",
                "Many people sign in just now. Please try again in a few moments.".to_owned(),
                Some(*retry_after),
            ),
            Self::TimedOut => (408, "timed_out", "That took too long. Please try again.".to_owned(), None),
            Self::Unavailable { retry_after, .. } => {
                (503, "unavailable", Self::DIFFICULTIES.to_owned(), Some(*retry_after))
            }
            Self::Internal(_) => (500, "internal", Self::DIFFICULTIES.to_owned(), None),
        };
        Told { status, code, message, retry_after }
    }

    /// Writes down for the operator what the person is not told.
    pub fn log(&self) {
        match self {
            Self::Internal(cause) => tracing::error!(cause = format!("{cause:#}"), "request failed"),
            Self::Unavailable { cause, .. } => tracing::error!(cause, "a part that requests need is away"),
            Self::Busy { .. } => tracing::warn!("more sign-ins wait than can be answered soon"),
            other => tracing::debug!(cause = %other, "request refused"),
        }
    }
}

/// A pause as people say it.
fn in_words(pause: Duration) -> String {
    match pause.as_secs().div_ceil(60).max(1) {
        1 => "1 minute".into(),
        minutes @ ..=90 => format!("{minutes} minutes"),
        minutes => format!("{} hours", minutes.div_ceil(60)),
    }
}

impl From<anyhow::Error> for Error {
    fn from(cause: anyhow::Error) -> Self {
        Self::Internal(cause)
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

impl From<sqlx::Error> for Error {
    fn from(cause: sqlx::Error) -> Self {
        if crate::db::is_away(&cause) { Self::unavailable(cause) } else { Self::Internal(cause.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internals_are_never_told() {
        for error in [
            Error::Internal(anyhow::anyhow!("password column is missing")),
            Error::unavailable("postgres://secret@host refused"),
        ] {
            let told = error.told();
            assert_eq!(told.message, Error::DIFFICULTIES);
            assert!(!format!("{told:?}").contains("secret") && !format!("{told:?}").contains("column"));
        }
    }

    #[test]
    fn being_away_comes_with_a_time_to_come_back() {
        assert_eq!(Error::unavailable("x").told().retry_after, Some(Duration::from_secs(5)));
        assert_eq!(Error::from(sqlx::Error::PoolTimedOut).told().status, 503);
        assert_eq!(Error::from(sqlx::Error::RowNotFound).told().status, 500);
    }
}
