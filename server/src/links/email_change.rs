//! Another e-mail address: its owner asks for it after showing that it is them, and it takes effect when both addresses
//! have agreed. Whether the new one is somebody else's is found out after the answer, and told to its owner alone.

use super::{
    EmailChange, Errand, Happening, Holder, Links, Purpose, Side,
    errand::Asked,
    store::{self, email_changes},
};
use crate::{
    Actor, Error, Origin, Result,
    db::{Open, Tx},
    events::Event,
    mail::Letter,
    permit::UpdateSelf,
};
use domain::{FieldErrors, PersonId, person::EmailAddress};

const TAKEN: &str = "This address belongs to another account by now, so nothing was changed";

/// What came of agreeing to a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreed {
    /// The other address has not agreed yet.
    WaitsForTheOther,
    Changed,
}

impl Links {
    /// What is said to everybody who asks.
    pub const EMAIL_CHANGE_ASKED: &str =
        "We have written to both addresses. Your address changes when you have confirmed it in both letters.";

    /// The change of their address that the actor has asked for, as long as it waits.
    pub async fn email_change(&self, actor: &Actor) -> Result<Option<EmailChange>> {
        email_changes::find(&self.ground.db, actor.id(), self.ground.clock.now()).await
    }

    /// Asks for another address. Nobody is looked up before the answer.
    pub async fn ask_for_email_change(&self, actor: &Actor, email: &str, origin: &Origin) -> Result<()> {
        let permit = actor.permit::<UpdateSelf>(actor.id())?;
        actor.standing().check()?;
        let wrong = |words: &str| Error::Invalid(FieldErrors::one("email", words));
        let email = EmailAddress::parse(email).map_err(wrong)?;
        if email == *actor.email() {
            return Err(wrong("That is your address already"));
        }
        self.bound_client(origin).await?;
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let holder =
            store::hold(&mut tx, *permit.resource()).await?.ok_or(Error::NotFound("User not found"))?;
        email_changes::forget(&mut tx, holder.id).await?;
        let may_write = self.may_write(&mut tx, "email change", email.as_str()).await?
            && self.may_write(&mut tx, "email change of", &holder.id.to_string()).await?;
        if !may_write {
            return Err(Error::TooMany { retry_after: super::HOUR });
        }
        let expires_at = tx.at().after(self.rules.verification());
        email_changes::put(&mut tx, holder.id, &email, expires_at).await?;
        let errand = Errand::EmailChange { person: holder.id, asked: Asked::of(origin) };
        let happening = Happening::EmailChangeAsked { person: holder.id, to: email, errand };
        tx.record(Event::Link(happening)).await?.commit().await
    }

    /// The worker's part: writes to both addresses. The owner of one that is taken is told that somebody asked for it.
    pub(super) async fn send_email_change(&self, person: PersonId, origin: &Origin) -> Result<()> {
        let now = self.ground.clock.now();
        let Some(change) = email_changes::find(&self.ground.db, person, now).await? else { return Ok(()) };
        let taken = store::by_email(&self.ground.db, &change.new_email).await?;
        let mut tx = self.ground.begin(origin).await?;
        let holder = store::hold(&mut tx, person).await?.filter(|holder| Purpose::EmailNew.is_for(holder));
        let Some(holder) = holder else { return Ok(()) };
        let present = self.letter_to_present(&mut tx, &holder, &change, origin).await?;
        let new = match taken {
            None => self.letter_to_new(&mut tx, &holder, &change).await?,
            Some(owner) => Letter::EmailWanted {
                to: owner.email.to_string(),
                full_name: owner.full_name.to_string(),
                at: change.asked_at,
            },
        };
        let happening = Happening::EmailChangeWritten { person, letters: [present, new] };
        tx.record(Event::Link(happening)).await?.commit().await
    }

    /// What the holder of a link is asked to agree to. Looking uses nothing up.
    pub async fn look_at_email_change(&self, side: Side, token: &str) -> Result<(Holder, EmailChange)> {
        let holder = self.look(Purpose::of_email(side), token).await?;
        let change = email_changes::find(&self.ground.db, holder.id, self.ground.clock.now()).await?;
        Ok((holder, change.ok_or(Error::LinkGone)?))
    }

    /// One of the two addresses agrees. When both have, the account has the new one; sessions go on, and both are told.
    pub async fn agree_to_email_change(&self, side: Side, token: &str, origin: &Origin) -> Result<Agreed> {
        let mut tx = self.ground.begin(origin).await?;
        let holder = self.take(&mut tx, Purpose::of_email(side), token).await?;
        let change = email_changes::note(&mut tx, holder.id, side).await?.ok_or(Error::LinkGone)?;
        if !change.is_complete() {
            let happening = Happening::EmailChangeAgreed { person: holder.id, side };
            tx.record(Event::Link(happening)).await?.commit().await?;
            return Ok(Agreed::WaitsForTheOther);
        }
        if !email_changes::move_to(&mut tx, &holder, &change.new_email).await? {
            return Err(Error::Conflict(TAKEN));
        }
        email_changes::forget(&mut tx, holder.id).await?;
        store::forget_all(&mut tx, holder.id).await?;
        let happening = Happening::EmailChanged { holder, to: change.new_email };
        tx.record(Event::Link(happening)).await?.commit().await?;
        Ok(Agreed::Changed)
    }

    /// The present address stops the change by its link.
    pub async fn stop_email_change(&self, token: &str, origin: &Origin) -> Result<()> {
        let mut tx = self.ground.begin(origin).await?;
        let holder = self.take(&mut tx, Purpose::EmailPresent, token).await?;
        self.stop(tx, &holder).await
    }

    /// Whoever asked takes it back.
    pub async fn withdraw_email_change(&self, actor: &Actor, origin: &Origin) -> Result<()> {
        let permit = actor.permit::<UpdateSelf>(actor.id())?;
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let holder =
            store::hold(&mut tx, *permit.resource()).await?.ok_or(Error::NotFound("User not found"))?;
        self.stop(tx, &holder).await
    }

    async fn stop(&self, mut tx: Tx<Open>, holder: &Holder) -> Result<()> {
        let stopped = email_changes::forget(&mut tx, holder.id).await?;
        let to = stopped.ok_or(Error::NotFound("No change of your address waits"))?;
        let happening = Happening::EmailChangeStopped { person: holder.id, to };
        tx.record(Event::Link(happening)).await?.commit().await
    }

    async fn letter_to_new(
        &self,
        tx: &mut Tx<Open>,
        holder: &Holder,
        change: &EmailChange,
    ) -> Result<Letter> {
        let (to, full_name) = (change.new_email.to_string(), holder.full_name.to_string());
        let hours = self.rules.verification_hours;
        let letter = |token| Letter::EmailConfirmation { to, full_name, token, hours };
        self.make(tx, Purpose::EmailNew, holder, letter).await
    }

    async fn letter_to_present(
        &self,
        tx: &mut Tx<Open>,
        holder: &Holder,
        change: &EmailChange,
        origin: &Origin,
    ) -> Result<Letter> {
        let (to, full_name) = (holder.email.to_string(), holder.full_name.to_string());
        let (new_email, hours) = (change.new_email.to_string(), self.rules.verification_hours);
        let (at, ip) = (change.asked_at, origin.ip.clone());
        let letter = |token| Letter::EmailApproval { to, full_name, new_email, token, hours, at, ip };
        self.make(tx, Purpose::EmailPresent, holder, letter).await
    }
}

impl Purpose {
    pub const fn of_email(side: Side) -> Self {
        match side {
            Side::New => Self::EmailNew,
            Side::Present => Self::EmailPresent,
        }
    }
}

impl Agreed {
    pub const STOPPED: &str = "The change is stopped. The address stays as it is.";

    pub const fn words(&self) -> &'static str {
        match self {
            Self::WaitsForTheOther => {
                "Thank you. The address changes when it is confirmed in the other letter as well."
            }
            Self::Changed => "The e-mail address is changed.",
        }
    }
}
