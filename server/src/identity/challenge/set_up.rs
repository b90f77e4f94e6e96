//! Setting up the first second factor between password and session, where one is required and there is none: an authenticator app,
//! a passkey, or codes to the address of the account.

use super::{Identity, Stage};
use crate::{
    Error, Origin, Result,
    identity::{Changed, Purpose, store as accounts},
    second_factor::{Enrollee, NewApp, Prompt, RecoveryCodes, Sent},
};
use domain::second_factor::{Method, PasskeyName};

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
        self.let_in_with(token, Method::Totp, codes, origin).await
    }

    /// Says what the browser is to make where a passkey is to be the first factor.
    pub async fn begin_passkey_set_up(&self, token: &str, origin: &Origin) -> Result<Prompt> {
        let enrollee = self.enrollee(token, origin).await?;
        self.second_factors.begin_first_passkey(&enrollee).await
    }

    /// Keeps the passkey and opens the session that waited for it.
    pub async fn finish_passkey_set_up(
        &self,
        token: &str,
        name: PasskeyName,
        answer: &str,
        origin: &Origin,
    ) -> Result<Changed> {
        let enrollee = self.enrollee(token, origin).await?;
        let codes = self.second_factors.confirm_first_passkey(&enrollee, name, answer).await?;
        self.let_in_with(token, Method::Passkey, codes, origin).await
    }

    /// Sends a code to the address of the account, where codes by e-mail are to be the first factor.
    pub async fn begin_codes_set_up(&self, token: &str, origin: &Origin) -> Result<Sent> {
        let enrollee = self.enrollee(token, origin).await?;
        self.second_factors.begin_first_codes(&enrollee).await
    }

    /// Turns codes by e-mail on with the one that came back, and opens the session that waited for it.
    pub async fn finish_codes_set_up(&self, token: &str, typed: &str, origin: &Origin) -> Result<Changed> {
        let enrollee = self.enrollee(token, origin).await?;
        let codes = self.second_factors.confirm_first_codes(&enrollee, typed).await?;
        self.let_in_with(token, Method::Email, codes, origin).await
    }

    /// Opens the session that waited, with the factor that was set up just now.
    async fn let_in_with(
        &self,
        token: &str,
        method: Method,
        codes: Option<RecoveryCodes>,
        origin: &Origin,
    ) -> Result<Changed> {
        let (held, account) = self.waiting(token, Purpose::Session, Stage::SetUp).await?;
        let signed_in = self.let_in_after(held, account, method, false, origin).await?;
        Ok(Changed { signed_in, codes })
    }

    async fn enrollee(&self, token: &str, origin: &Origin) -> Result<Enrollee> {
        let (held, account) = self.waiting(token, Purpose::Session, Stage::SetUp).await?;
        // Somebody who has a factor by now shows it like everybody else.
        if account.has_factor {
            return Err(Error::SignInOver);
        }
        let owner = accounts::owner_now(&self.ground.db, held.person_id).await?;
        Ok(Enrollee::after_password(held.person_id, account.username, owner, origin))
    }
}
