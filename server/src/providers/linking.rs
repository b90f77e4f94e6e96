//! Whose account it is: by the subject that is connected to it, or the first time by an address that the provider has verified.

use super::{
    Providers,
    answer::Vouched,
    change::{Change, ChangeKind},
    failure::Failure,
    provider::{Provider, Tokens},
    store,
};
use crate::{Origin, Result, db::Housekeeping, events::Event};
use domain::{
    PersonId,
    person::{EmailAddress, PersonStatus},
};

/// Whose account it is, or why none. What is wrong with the store is an error beside both.
pub(super) type Found = Result<Result<PersonId, Failure>>;

impl Providers {
    /// The account of whom the provider vouches for. A connection goes over any address.
    pub(super) async fn account_of(
        &self,
        provider: &Provider,
        vouched: &Vouched,
        tokens: &Tokens,
        origin: &Origin,
    ) -> Found {
        if let Some(person) = self.connected(vouched).await? {
            return Ok(Ok(person));
        }
        let vouched = match provider.with_address(vouched, tokens).await {
            Ok(vouched) => vouched,
            Err(failure) => return Ok(Err(failure)),
        };
        let email = vouched.email.as_deref().filter(|_| vouched.email_is_verified);
        let Some(email) = email.and_then(|email| EmailAddress::parse(email).ok()) else {
            return Ok(Err(Failure::NoAddress));
        };
        match store::with_address(&self.ground.db, &email).await? {
            Some((person, PersonStatus::Active)) => {
                self.connect(provider, &vouched, person, &email, true, origin).await
            }
            Some((person, PersonStatus::Unverified)) => {
                self.drop_password(provider, person, &email, origin).await?;
                Ok(Ok(person))
            }
            // Nothing is connected to an account that may not act; signing in tells why it may not.
            Some((person, _)) => Ok(Ok(person)),
            None if provider.settings.makes_accounts => {
                match self.make_account(provider, &vouched, email.clone(), origin).await? {
                    Ok(person) => self.connect(provider, &vouched, person, &email, false, origin).await,
                    Err(failure) => Ok(Err(failure)),
                }
            }
            None => Ok(Err(Failure::NoAccount)),
        }
    }

    /// Takes the password from an account that waits for its address to be verified, now that the provider says whose that is.
    /// Somebody else may have registered it with a password of their own, to be let in once the owner has verified it.
    async fn drop_password(
        &self,
        provider: &Provider,
        person: PersonId,
        email: &EmailAddress,
        origin: &Origin,
    ) -> Result<()> {
        let mut tx = self.ground.begin(origin).await?;
        let Some(owner) = store::drop_password(&mut tx, person, email).await? else { return Ok(()) };
        let provider = provider.settings.name.clone();
        let change = Change { person, kind: ChangeKind::PasswordDropped, provider, owner, is_told: false };
        tx.record(Event::Provider(change)).await?.commit().await
    }

    async fn connected(&self, vouched: &Vouched) -> Result<Option<PersonId>> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        let person = store::connected(&mut tx, &vouched.issuer, &vouched.subject).await?;
        tx.commit_housekeeping(Housekeeping::ProviderAttempt).await?;
        Ok(person)
    }

    async fn connect(
        &self,
        provider: &Provider,
        vouched: &Vouched,
        person: PersonId,
        email: &EmailAddress,
        is_told: bool,
        origin: &Origin,
    ) -> Found {
        let mut tx = self.ground.begin(origin).await?;
        // The account may have changed since it was looked up.
        let Some(owner) = store::hold(&mut tx, person, email).await? else {
            return Ok(Err(Failure::NoAccount));
        };
        if !store::connect(&mut tx, &vouched.issuer, &vouched.subject, person).await? {
            drop(tx);
            // Another answer for the same person may have come first; anybody else is somebody else.
            let connected = self.connected(vouched).await?;
            return Ok(connected.filter(|other| *other == person).ok_or(Failure::AnotherIsConnected));
        }
        let provider = provider.settings.name.clone();
        let change = Change { person, kind: ChangeKind::Connected, provider, owner, is_told };
        tx.record(Event::Provider(change)).await?.commit().await?;
        Ok(Ok(person))
    }
}
