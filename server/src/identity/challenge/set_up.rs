//! Setting up the first second factor between password and session, where one is required and there is none.

use super::{Identity, Stage};
use crate::{
    Error, Origin, Result,
    identity::{Changed, Purpose, store as accounts},
    second_factor::{Enrollee, NewApp},
};
use domain::second_factor::Method;

impl Identity {
    /// Draws the secret of an authenticator app for the sign-in that waits for one.
    pub async fn begin_set_up(&self, token: &str, origin: &Origin) -> Result<NewApp> {
        let enrollee = self.enrollee(token, origin).await?;
        self.second_factors.begin_first(&enrollee).await
    }

    /// The app that waits for its first code, to show it once more.
    pub async fn pending_set_up(&self, token: &str, origin: &Origin) -> Result<Option<NewApp>> {
        let enrollee = self.enrollee(token, origin).await?;
        self.second_factors.pending_first(&enrollee).await
    }

    /// Turns the app on with its first code and opens the session that waited for it.
    pub async fn finish_set_up(&self, token: &str, typed: &str, origin: &Origin) -> Result<Changed> {
        let enrollee = self.enrollee(token, origin).await?;
        let codes = self.second_factors.confirm_first(&enrollee, typed).await?;
        let (held, account) = self.waiting(token, Purpose::Session, Stage::SetUp).await?;
        let signed_in = self.let_in_after(held, account, Method::Totp, false, origin).await?;
        Ok(Changed { signed_in, codes })
    }

    async fn enrollee(&self, token: &str, origin: &Origin) -> Result<Enrollee> {
        let (held, account) = self.waiting(token, Purpose::Session, Stage::SetUp).await?;
        // Somebody who has a factor by now shows it like everybody else.
        if account.has_factor {
            return Err(Error::SignInOver);
        }
        let email = accounts::email(&self.ground.db, held.person_id).await?;
        Ok(Enrollee::after_password(held.person_id, email, origin))
    }
}
