//! Showing a passkey: after the password, to confirm that it is still them, or instead of name and password. Each answer must
//! say that the person was recognised (user verification), so one passkey is two factors.

use super::{
    Prompt, broken,
    ceremony::{Occasion, read},
    store,
};
use crate::{
    Error, Origin, Result,
    db::Housekeeping,
    second_factor::{ChangeKind, Claimant, NOT_SET_UP, SecondFactors, record, store as factors},
};
use domain::{PersonId, second_factor::Method};
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, PasskeyAuthentication, PublicKeyCredential,
    WebauthnError, WebauthnResult,
};

impl SecondFactors {
    /// Asks somebody for one of their passkeys.
    pub async fn ask_for_passkey(&self, claimant: Claimant, origin: &Origin) -> Result<Prompt> {
        let (party, person) = (self.party()?, claimant.person());
        let known = store::credentials(&self.ground.db, person).await?;
        if known.is_empty() {
            return Err(Error::NotFound(NOT_SET_UP));
        }
        let (asked, state) = party.library().start_passkey_authentication(&known).map_err(broken)?;
        let options = serde_json::to_value(asked.public_key).map_err(anyhow::Error::from)?;
        let mut tx = self.ground.begin(origin).await?;
        let prompt = self.keep(&mut tx, Occasion::Factor, Some(person), options, &state).await?;
        tx.commit_housekeeping(Housekeeping::PasskeyAsked).await?;
        Ok(prompt)
    }

    /// Asks whoever is there for a passkey of this installation.
    pub async fn ask_anyone_for_passkey(&self, origin: &Origin) -> Result<Prompt> {
        let (asked, state) = self.party()?.library().start_discoverable_authentication().map_err(broken)?;
        let options = serde_json::to_value(asked.public_key).map_err(anyhow::Error::from)?;
        let mut tx = self.ground.begin(origin).await?;
        let prompt = self.keep(&mut tx, Occasion::SignIn, None, options, &state).await?;
        tx.commit_housekeeping(Housekeeping::PasskeyAsked).await?;
        Ok(prompt)
    }

    /// Whether the answer shows a passkey of this person.
    pub(in crate::second_factor) async fn verify_passkey(
        &self,
        person: PersonId,
        answer: &str,
        origin: &Origin,
    ) -> Result<bool> {
        let Some(party) = &self.party else { return Ok(false) };
        let Some(answer) = read::<PublicKeyCredential>(answer) else { return Ok(false) };
        let state: Option<PasskeyAuthentication> =
            self.take(Occasion::Factor, Some(person), &answer.ceremony, origin).await?;
        let Some(state) = state else { return Ok(false) };
        let outcome = party.library().finish_passkey_authentication(&answer.credential, &state);
        self.judge(person, answer.credential.get_credential_id(), outcome, origin).await
    }

    /// Whose passkey the answer shows, where nobody had said who they are.
    pub async fn whose_passkey(&self, answer: &str, origin: &Origin) -> Result<Option<Claimant>> {
        let Some(party) = &self.party else { return Ok(None) };
        let Some(answer) = read::<PublicKeyCredential>(answer) else { return Ok(None) };
        let state: Option<DiscoverableAuthentication> =
            self.take(Occasion::SignIn, None, &answer.ceremony, origin).await?;
        let Some(state) = state else { return Ok(None) };
        let Ok((person, id)) = party.library().identify_discoverable_authentication(&answer.credential)
        else {
            return Ok(None);
        };
        let person = PersonId::new(person);
        let Some(known) = store::credential(&self.ground.db, person, id).await? else { return Ok(None) };
        let outcome =
            party.library().finish_discoverable_authentication_v2(&answer.credential, state, &known);
        let is_theirs = self.judge(person, id, outcome, origin).await?;
        Ok(is_theirs.then(|| Claimant::after_passkey(person)))
    }

    /// Notes that the passkey was used. A counter that did not move on means that there are two of it: that is refused and
    /// written down, here once more for two answers that come at the same moment.
    async fn judge(
        &self,
        person: PersonId,
        id: &[u8],
        outcome: WebauthnResult<AuthenticationResult>,
        origin: &Origin,
    ) -> Result<bool> {
        let used = match outcome {
            Ok(used) => Some(used),
            Err(WebauthnError::CredentialPossibleCompromise) => None,
            Err(cause) => {
                tracing::debug!(%cause, "a passkey was refused");
                return Ok(false);
            }
        };
        let mut tx = self.ground.begin(origin).await?;
        factors::hold(&mut tx, person).await?;
        // One that was removed meanwhile is no longer theirs.
        let Some((name, mut known)) = store::credential_within(&mut tx, person, id).await? else {
            return Ok(false);
        };
        if let Some(used) = used {
            known.update_credential(&used);
            if store::note_used(&mut tx, &known, used.counter()).await? {
                record(tx, person, ChangeKind::Accepted { method: Method::Passkey }).await?.commit().await?;
                return Ok(true);
            }
        }
        tracing::warn!(%person, "the counter of a passkey went back: there may be a copy of it");
        record(tx, person, ChangeKind::PasskeyCopied { name }).await?.commit().await?;
        Ok(false)
    }
}
