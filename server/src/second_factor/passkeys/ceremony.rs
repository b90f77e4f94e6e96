//! What a browser was asked, kept here until it answers: bound to a person and an occasion, and good for one answer, right or
//! wrong.

use super::{LASTS, store};
use crate::{
    Origin, Result,
    db::{Housekeeping, Open, Tx},
    second_factor::SecondFactors,
};
use domain::PersonId;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;

/// More than any answer weighs.
const LARGEST: usize = 32 * 1024;
/// Longer than any token that was ever handed out.
const LONGEST_TOKEN: usize = 128;

/// What a browser is to be asked. Its answer comes back as `{"ceremony": …, "credential": …}`.
#[derive(Clone, Serialize, ToSchema)]
pub struct Prompt {
    /// The token that the answer comes back with.
    pub ceremony: String,
    /// For `navigator.credentials`, in the JSON of WebAuthn: bytes are written in base64url.
    #[schema(value_type = Object)]
    pub options: Value,
}

/// What an answer is for. It is good for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occasion {
    Enrolment,
    /// After the password, or to confirm that it is still them.
    Factor,
    /// Instead of name and password.
    SignIn,
}

impl Occasion {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Enrolment => "enrolment",
            Self::Factor => "factor",
            Self::SignIn => "sign_in",
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Answer<C> {
    pub ceremony: String,
    pub credential: C,
}

/// An answer as a form carries it; nothing where it is none.
pub(super) fn read<C: DeserializeOwned>(typed: &str) -> Option<Answer<C>> {
    if typed.len() > LARGEST {
        return None;
    }
    serde_json::from_str(typed).ok().filter(|answer: &Answer<C>| answer.ceremony.len() <= LONGEST_TOKEN)
}

impl SecondFactors {
    /// Keeps what was asked, within the transaction; answers what goes to the browser.
    pub(super) async fn keep(
        &self,
        tx: &mut Tx<Open>,
        occasion: Occasion,
        person: Option<PersonId>,
        options: Value,
        state: &impl Serialize,
    ) -> Result<Prompt> {
        let ceremony = self.ground.chance.token();
        let state = serde_json::to_string(state).map_err(anyhow::Error::from)?;
        let expires_at = tx.at().after(LASTS);
        let fingerprint = self.ceremony_fingerprint(&ceremony);
        store::put_ceremony(tx, &fingerprint, occasion, person, &state, expires_at).await?;
        Ok(Prompt { ceremony, options })
    }

    /// Takes what was asked out of the store, so that no second answer finds it.
    pub(super) async fn take<S: DeserializeOwned>(
        &self,
        occasion: Occasion,
        person: Option<PersonId>,
        ceremony: &str,
        origin: &Origin,
    ) -> Result<Option<S>> {
        let mut tx = self.ground.begin(origin).await?;
        let taken =
            store::take_ceremony(&mut tx, &self.ceremony_fingerprint(ceremony), occasion, person).await?;
        tx.commit_housekeeping(Housekeeping::CodeTried).await?;
        match taken {
            Some(state) => Ok(Some(serde_json::from_str(&state).map_err(anyhow::Error::from)?)),
            None => Ok(None),
        }
    }

    fn ceremony_fingerprint(&self, ceremony: &str) -> String {
        self.vault.fingerprint(&["a passkey was asked for", ceremony])
    }
}

impl std::fmt::Debug for Prompt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Prompt")
    }
}
