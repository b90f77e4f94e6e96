//! Setting up a passkey: the browser makes one for this installation, and its public half is kept under the name it was given.

use super::{
    MOST, Prompt, broken,
    ceremony::{Occasion, read},
    store,
};
use crate::{
    Actor, Error, Origin, Result,
    second_factor::{
        ChangeKind, RecoveryCodes, SecondFactors, enrolment::Enrollee, record, store as factors,
    },
};
use domain::second_factor::{Method, PasskeyName};
use serde_json::{Value, json};
use webauthn_rs::prelude::{PasskeyRegistration, RegisterPublicKeyCredential};

impl SecondFactors {
    /// Says what the browser is to make.
    pub async fn begin_passkey(&self, actor: &Actor, origin: &Origin) -> Result<Prompt> {
        actor.standing().check()?;
        let (party, person) = (self.party()?, actor.id());
        let known = store::credentials(&self.ground.db, person).await?;
        if known.len() >= MOST {
            return Err(Error::Conflict("You have twenty passkeys. Remove one before you add another."));
        }
        let known = known.iter().map(|passkey| passkey.cred_id().clone()).collect();
        let (asked, state) = party
            .library()
            // The id was drawn at random but for the time it was drawn, and says nothing of the person.
            .start_passkey_registration(
                person.uuid(),
                actor.username().as_str(),
                actor.full_name().as_str(),
                Some(known),
            )
            .map_err(broken)?;
        let mut options = serde_json::to_value(asked.public_key).map_err(anyhow::Error::from)?;
        // One that the device finds by itself signs in without a name; the library asks for the opposite.
        if let Some(Value::Object(wishes)) = options.get_mut("authenticatorSelection") {
            wishes.insert("residentKey".into(), json!("preferred"));
        }
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let prompt = self.keep(&mut tx, Occasion::Enrolment, Some(person), options, &state).await?;
        record(tx, person, ChangeKind::EnrolmentBegun { method: Method::Passkey }).await?.commit().await?;
        Ok(prompt)
    }

    /// Keeps the passkey that the browser has made.
    pub async fn confirm_passkey(
        &self,
        actor: &Actor,
        name: PasskeyName,
        answer: &str,
        origin: &Origin,
    ) -> Result<Option<RecoveryCodes>> {
        actor.standing().check()?;
        let (party, person) = (self.party()?, actor.id());
        let enrollee = Enrollee::signed_in(actor, origin);
        let answer = read::<RegisterPublicKeyCredential>(answer).ok_or(Error::PasskeyRefused)?;
        let state: Option<PasskeyRegistration> =
            self.take(Occasion::Enrolment, Some(person), &answer.ceremony, &actor.at(origin)).await?;
        let state = state.ok_or(Error::PasskeyRefused)?;
        let made = party.library().finish_passkey_registration(&answer.credential, &state);
        let made = made.map_err(|cause| {
            tracing::debug!(%cause, "a new passkey was refused");
            Error::PasskeyRefused
        })?;
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let owner = factors::hold(&mut tx, person).await?;
        if !store::insert(&mut tx, person, &name, &made).await? {
            return Err(Error::Conflict("This passkey is set up already"));
        }
        let name = name.to_string();
        self.finish(tx, &enrollee, owner, |tell| ChangeKind::PasskeyAdded { name, tell }).await
    }
}
