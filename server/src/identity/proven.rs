//! Signing in, the first step in another way: a provider vouches for somebody in place of a password. From there on it is
//! the way of everybody: the account must be allowed to act, and its second factor is asked for.

use super::{
    Identity, Purpose,
    opening::Opening,
    sign_in::{Refusal, Step, Who},
    store,
};
use crate::{Error, Origin, Result, events::How, permit};
use domain::PersonId;

const NOT_YET: &str =
    "Your account cannot be used yet. Follow the link in the letter that you were sent, then sign in again.";

/// Whom a provider has vouched for, after everything about its answer was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    pub person: PersonId,
    /// What the provider is called.
    pub by: String,
    /// Whether the provider is trusted to have asked for a second factor.
    pub second_factor_too: bool,
}

impl Identity {
    /// Signs in somebody whom a provider vouches for, in their usual role. `device` is what a browser holds that was
    /// remembered.
    pub async fn sign_in_proven(
        &self,
        proven: Proven,
        device: Option<&str>,
        origin: &Origin,
    ) -> Result<Step> {
        let Proven { person, by, second_factor_too } = proven;
        let account = store::account(&self.ground.db, person).await?.ok_or(Error::Unauthenticated)?;
        let who = Who { person: Some(person), identifier: account.username.to_string() };
        if let Err(error) = permit::may_act(account.status, &account.email) {
            // Where no password was shown, none was wrong.
            let error = match error {
                Error::InvalidCredentials { .. } => Error::Forbidden(NOT_YET),
                other => other,
            };
            return self.refuse(who, Refusal::Uncounted(account.status.code(), error), origin).await;
        }
        let Some(role) = account.roles().next() else {
            let error =
                Error::Forbidden("Your account has no role. Ask whoever looks after Countersign for one.");
            return self.refuse(who, Refusal::Uncounted("no role", error), origin).await;
        };
        let stage = if second_factor_too { None } else { self.what_is_due(&account, device).await? };
        let opening = Opening {
            person,
            role,
            how: if account.has_factor && !second_factor_too { How::RememberedDevice } else { How::Provider },
            checked: account.checked(),
            renewed: None,
            remember: false,
            purpose: Purpose::Session,
            vouched_by: Some(by),
        };
        let outcome = match stage {
            Some(stage) => self.ask_for_more(opening, stage, origin).await,
            None => self.let_in(opening, origin).await,
        };
        // Their password was changed at this very moment: what they had shown before counts no more.
        outcome.map_err(|error| match error {
            Error::InvalidCredentials { .. } => Error::SignInOver,
            other => other,
        })
    }
}
