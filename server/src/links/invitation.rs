//! Invitations: somebody who looks after accounts makes one, and whoever is meant chooses a password for it.

use super::{Happening, Holder, Links, Purpose, store};
use crate::{
    Error, Origin, Result,
    config::RegistrationMode,
    db::{Open, Tx},
    events::Event,
    identity,
    mail::Letter,
    people::{self, Newcomer, Taken},
    permit::{CreatePerson, ManageInvitation, Permit},
    privacy,
};
use domain::{PersonId, person::PersonStatus};

impl Links {
    /// Makes an account without a password and sends its invitation. `invited_by` is the name that the letter gives.
    pub async fn invite(
        &self,
        permit: &Permit<CreatePerson>,
        newcomer: Newcomer,
        invited_by: &str,
        origin: &Origin,
    ) -> Result<PersonId> {
        self.check_invitations()?;
        let mut tx = self.ground.begin(origin).await?;
        people::powers::check_roles(&mut tx, permit.holds(), &newcomer.roles).await?;
        let added = people::add(&mut tx, &newcomer, None, PersonStatus::Invited).await?;
        let id = added.map_err(Taken::told)?;
        let holder = store::hold(&mut tx, id).await?.ok_or(Error::NotFound("User not found"))?;
        let letter =
            self.make(&mut tx, Purpose::Invitation, &holder, self.invitation(&holder, invited_by)).await?;
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
        let mut tx = self.ground.begin(origin).await?;
        let holder = hold_invited(&mut tx, permit).await?;
        let letter = self.invitation(&holder, invited_by);
        let letter = self.make(&mut tx, Purpose::Invitation, &holder, letter).await?;
        let sent = Happening::LinkSent { person: holder.id, purpose: Purpose::Invitation, letter };
        tx.record(Event::Link(sent)).await?.commit().await
    }

    /// The invitation of somebody who came with an import, in a transaction that records it; nothing where they are not invited
    /// any more.
    pub(crate) async fn invite_within(
        &self,
        tx: &mut Tx<Open>,
        person: PersonId,
        invited_by: &str,
    ) -> Result<Option<Event>> {
        let holder = store::hold(tx, person).await?;
        let Some(holder) = holder.filter(|holder| Purpose::Invitation.is_for(holder)) else {
            return Ok(None);
        };
        let letter =
            self.make(tx, Purpose::Invitation, &holder, self.invitation(&holder, invited_by)).await?;
        Ok(Some(Event::Link(Happening::LinkSent { person, purpose: Purpose::Invitation, letter })))
    }

    /// Takes an invitation back that nobody has accepted, and with it the account.
    pub async fn revoke_invitation(&self, permit: &Permit<ManageInvitation>, origin: &Origin) -> Result<()> {
        let mut tx = self.ground.begin(origin).await?;
        let holder = hold_invited(&mut tx, permit).await?;
        let roles = store::roles_of(&mut tx, holder.id).await?;
        privacy::remove_unused(&mut tx, holder.id).await?;
        tx.record(Event::Link(Happening::InvitationRevoked { holder, roles })).await?.commit().await
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

    /// The letter to the holder, once its token is drawn.
    fn invitation(&self, holder: &Holder, invited_by: &str) -> impl FnOnce(String) -> Letter + Send + use<> {
        let (to, full_name) = (holder.email.to_string(), holder.full_name.to_string());
        let (invited_by, days) = (invited_by.to_owned(), self.rules.invitation_days);
        move |token| Letter::Invitation { to, full_name, invited_by, token, days }
    }

    /// Whether invitations can be sent here.
    pub const fn invites(&self) -> bool {
        matches!(self.registration.mode, RegistrationMode::Open | RegistrationMode::Invitation)
    }

    fn check_invitations(&self) -> Result<()> {
        if self.invites() {
            Ok(())
        } else {
            Err(Error::Forbidden("Invitations are turned off here (registration.mode)"))
        }
    }
}

/// Somebody who was invited, has not come yet, and has no power that whoever acts lacks.
async fn hold_invited(tx: &mut Tx<Open>, permit: &Permit<ManageInvitation>) -> Result<Holder> {
    let holder = store::hold(tx, *permit.resource()).await?.ok_or(Error::NotFound("User not found"))?;
    people::powers::check_account(tx, permit.holds(), holder.id).await?;
    if Purpose::Invitation.is_for(&holder) {
        Ok(holder)
    } else {
        Err(Error::Conflict("This account has no invitation that waits to be accepted"))
    }
}
