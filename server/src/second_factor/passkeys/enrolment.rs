//! Setting up a passkey: the browser makes one for this installation, and its public half is kept under the name it was given.

use super::{
    MOST, Prompt, broken,
    ceremony::{Occasion, read},
    store,
};
use crate::{
    Actor, Error, Origin, Result,
    second_factor::{ChangeKind, RecoveryCodes, SecondFactors, enrolment::Enrollee, record},
};
use domain::second_factor::{Method, PasskeyName};
use serde_json::{Value, json};
use webauthn_rs::prelude::{PasskeyRegistration, RegisterPublicKeyCredential};

impl SecondFactors {
    /// Says what the browser is to make.
    pub async fn begin_passkey(&self, actor: &Actor, origin: &Origin) -> Result<Prompt> {
        actor.standing().check()?;
        self.ask_to_make(&Enrollee::signed_in(actor, origin)).await
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
        self.keep_made(&Enrollee::signed_in(actor, origin), name, answer).await
    }

    /// The same for someone who needs a first factor before they are let in.
    pub async fn begin_first_passkey(&self, enrollee: &Enrollee) -> Result<Prompt> {
        self.ask_to_make(enrollee).await
    }

    pub async fn confirm_first_passkey(
        &self,
        enrollee: &Enrollee,
        name: PasskeyName,
        answer: &str,
    ) -> Result<Option<RecoveryCodes>> {
        self.keep_made(enrollee, name, answer).await
    }

    async fn ask_to_make(&self, enrollee: &Enrollee) -> Result<Prompt> {
        let (party, person) = (self.party()?, enrollee.person);
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
                enrollee.username.as_str(),
                enrollee.full_name.as_str(),
                Some(known),
            )
            .map_err(broken)?;
        let mut options = serde_json::to_value(asked.public_key).map_err(anyhow::Error::from)?;
        // One that the device finds by itself signs in without a name; the library asks for the opposite.
        if let Some(Value::Object(wishes)) = options.get_mut("authenticatorSelection") {
            wishes.insert("residentKey".into(), json!("preferred"));
        }
        let mut tx = self.ground.begin(&enrollee.origin).await?;
        let prompt = self.keep(&mut tx, Occasion::Enrolment, Some(person), options, &state).await?;
        record(tx, person, ChangeKind::EnrolmentBegun { method: Method::Passkey }).await?.commit().await?;
        Ok(prompt)
    }

    async fn keep_made(
        &self,
        enrollee: &Enrollee,
        name: PasskeyName,
        answer: &str,
    ) -> Result<Option<RecoveryCodes>> {
        let (party, person, origin) = (self.party()?, enrollee.person, &enrollee.origin);
        let answer = read::<RegisterPublicKeyCredential>(answer).ok_or(Error::PasskeyRefused)?;
        let state: Option<PasskeyRegistration> =
            self.take(Occasion::Enrolment, Some(person), &answer.ceremony, origin).await?;
        let state = state.ok_or(Error::PasskeyRefused)?;
        let made = party.library().finish_passkey_registration(&answer.credential, &state);
        let made = made.map_err(|cause| {
            tracing::debug!(%cause, "a new passkey was refused");
            Error::PasskeyRefused
        })?;
        let mut tx = self.ground.begin(origin).await?;
        let owner = self.hold(&mut tx, enrollee).await?;
        if !store::insert(&mut tx, person, &name, &made).await? {
            return Err(Error::Conflict("This passkey is set up already"));
        }
        let name = name.to_string();
        self.finish(tx, enrollee, owner, |tell| ChangeKind::PasskeyAdded { name, tell }).await
    }
}
