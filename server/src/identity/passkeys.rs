//! Passkeys, with what they mean for sessions: signing in with one alone, and one's own keys, whose changes end the other
//! sessions as those of every factor do.

use super::{
    Changed, Identity, Purpose, SignedIn,
    opening::Opening,
    sign_in::{Refusal, Who},
    store,
};
use crate::{Actor, Error, Origin, Result, events::How, permit, second_factor::Prompt};
use domain::{
    PasskeyId,
    second_factor::{Method, PasskeyName},
};

impl Identity {
    /// Asks whoever is there for a passkey.
    pub async fn ask_anyone_for_passkey(&self, origin: &Origin) -> Result<Prompt> {
        self.second_factors.ask_anyone_for_passkey(origin).await
    }

    /// Signs in whoever's passkey it is, in their usual role. Wrong passwords lock no passkey: nobody is kept out by them who
    /// has one.
    pub async fn sign_in_with_passkey(
        &self,
        answer: &str,
        remember: bool,
        purpose: Purpose,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let account = match self.second_factors.whose_passkey(answer, origin).await? {
            Some(claimant) => store::account(&self.ground.db, claimant.person()).await?,
            None => None,
        };
        let Some(account) = account else {
            let nobody = Who { person: None, identifier: "a passkey".into() };
            let wrong = Refusal::Uncounted("wrong passkey", Error::PasskeyRefused);
            return self.refuse(nobody, wrong, origin).await;
        };
        let who = Who { person: Some(account.id), identifier: account.username.to_string() };
        if let Err(error) = permit::may_act(account.status, &account.email) {
            // Where no password was shown, none was wrong.
            let error = match error {
                Error::InvalidCredentials { .. } => Error::PasskeyRefused,
                other => other,
            };
            return self.refuse(who, Refusal::Uncounted(account.status.code(), error), origin).await;
        }
        let Some(role) = account.roles().next() else {
            return self.refuse(who, Refusal::Uncounted("no role", Error::PasskeyRefused), origin).await;
        };
        let opening = Opening {
            person: account.id,
            role,
            checked: account.checked(),
            renewed: None,
            remember,
            purpose,
            how: How::Passkey,
            vouched_by: None,
        };
        // Another password, set at this very moment, says that something is being put right.
        let opened = self.begin_opening(opening, origin).await.map_err(|error| match error {
            Error::InvalidCredentials { .. } => Error::PasskeyRefused,
            other => other,
        })?;
        self.finish_opening(opened, None).await
    }

    /// Asks the actor for one of their passkeys, to confirm that it is still them.
    pub async fn ask_for_own_passkey(&self, actor: &Actor, origin: &Origin) -> Result<Prompt> {
        self.second_factors.ask_for_passkey(actor.into(), &actor.at(origin)).await
    }

    /// Keeps a new passkey of the actor's. Whoever has just made it has shown it.
    pub async fn add_passkey(
        &self,
        actor: &Actor,
        name: PasskeyName,
        answer: &str,
        origin: &Origin,
    ) -> Result<Changed> {
        let codes = self.second_factors.confirm_passkey(actor, name, answer, origin).await?;
        self.changed(actor, Method::Passkey, codes, origin).await
    }

    /// Removes one of the actor's own passkeys, unless it is the last factor and one is required.
    pub async fn remove_passkey(
        &self,
        actor: &Actor,
        passkey: PasskeyId,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let needed = self.needs_factor(actor).await?;
        self.second_factors.remove_passkey(actor, passkey, needed, origin).await?;
        self.go_on(actor, actor.proof(), origin).await
    }
}
