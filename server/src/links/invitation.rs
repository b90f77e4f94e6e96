//! Invitations: somebody who looks after accounts makes one, and whoever is meant chooses a password for it.

use super::{Happening, Links, Purpose, store};
use crate::{
    Error, Origin, Result,
    config::RegistrationMode,
    events::Event,
    identity,
    people::{self, Newcomer, Taken},
    permit::{CreatePerson, ManageInvitation, Permit},
};
use domain::{PersonId, person::PersonStatus};

impl Links {
    /// Makes an account without a password and sends its invitation. `invited_by` is the name that the letter gives.
    pub async fn invite(
        &self,
        _permit: &Permit<CreatePerson>,
        newcomer: Newcomer,
        invited_by: &str,
        origin: &Origin,
    ) -> Result<PersonId> {
        self.check_invitations()?;
        let mut tx = self.ground.begin(origin).await?;
        let added = people::add(&mut tx, &newcomer, None, PersonStatus::Invited).await?;
        let id = added.map_err(Taken::told)?;
        let holder = store::hold(&mut tx, id).await?.ok_or(Error::NotFound("User not found"))?;
        let letter = self.make(&mut tx, Purpose::Invitation, &holder, invited_by).await?;
        let invited = tx.record(Event::Link(Happening::Invited { person: id, newcomer })).await?;
        let sent = Happening::LinkSent { person: id, purpose: Purpose::Invitation, letter };
        invited.record(Event::Link(sent)).await?.commit().await?;
        Ok(id)
    }

    /// Sends the invitation once more; the link in the letter before is worthless from then on.
    pub async fn invite_again(
        &self,
        permit: &Permit<ManageInvitation>,
        invited_by: &str,
        origin: &Origin,
    ) -> Result<()> {
        self.check_invitations()?;
        let holder = store::by_id(&self.ground.db, *permit.resource()).await?;
        let holder = holder.ok_or(Error::NotFound("User not found"))?;
        if !Purpose::Invitation.is_for(&holder) {
            return Err(Error::Conflict("This account has no invitation that waits to be accepted"));
        }
        self.send(Purpose::Invitation, &holder, invited_by, origin).await
    }

    /// Takes an invitation back that nobody has accepted, and with it the account.
    pub async fn revoke_invitation(&self, permit: &Permit<ManageInvitation>, origin: &Origin) -> Result<()> {
        let mut tx = self.ground.begin(origin).await?;
        let holder = store::hold(&mut tx, *permit.resource()).await?;
        let holder = holder.ok_or(Error::NotFound("User not found"))?;
        if !Purpose::Invitation.is_for(&holder) {
            return Err(Error::Conflict("This account has no invitation that waits to be accepted"));
        }
        store::remove_invited(&mut tx, holder.id).await?;
        tx.record(Event::Link(Happening::InvitationRevoked { holder })).await?.commit().await
    }

    /// Takes the account: from now on it can be signed in to with this password.
    pub async fn accept_invitation(&self, token: &str, password: &str, origin: &Origin) -> Result<()> {
        let holder = self.look(Purpose::Invitation, token).await?;
        let hash = self.hash_for(&holder, password).await?;
        let mut tx = self.ground.begin(origin).await?;
        let holder = self.take(&mut tx, Purpose::Invitation, token).await?;
        let names = identity::replace_password(&mut tx, holder.id, &hash).await?;
        self.lockout.open(&mut tx, holder.id, &names).await?;
        store::activate(&mut tx, holder.id).await?;
        tx.record(Event::Link(Happening::InvitationAccepted { person: holder.id })).await?.commit().await
    }

    fn check_invitations(&self) -> Result<()> {
        match self.registration.mode {
            RegistrationMode::Open | RegistrationMode::Invitation => Ok(()),
            RegistrationMode::Closed => {
                Err(Error::Forbidden("Invitations are turned off here (registration.mode)"))
            }
        }
    }
}
