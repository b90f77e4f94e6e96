//! Setting up codes by e-mail or text message: a code goes to the address or the number, and has to come back.

use super::{
    ChangeKind, Occasion, RecoveryCodes, SecondFactors, Sent,
    enrolment::{Enrollee, wrong_code},
    message::Destination,
    one_time,
    sent_code::Outgoing,
    store,
};
use crate::{Actor, Error, Origin, Result, db::Housekeeping, vault::Purpose};
use domain::{phone::PhoneNumber, second_factor::Method};

/// Where codes are to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    /// To the address of the account.
    Email,
    Sms(PhoneNumber),
}

impl Channel {
    pub const fn method(&self) -> Method {
        match self {
            Self::Email => Method::Email,
            Self::Sms(_) => Method::Sms,
        }
    }
}

impl SecondFactors {
    /// Sends a code to the address or the number that is to be set up.
    pub async fn begin_code_enrolment(
        &self,
        actor: &Actor,
        channel: Channel,
        origin: &Origin,
    ) -> Result<Sent> {
        actor.standing().check()?;
        self.begin_codes(&Enrollee::signed_in(actor, origin), channel).await
    }

    /// Turns the address or the number on, once the code that was sent there has come back.
    pub async fn confirm_code_enrolment(
        &self,
        actor: &Actor,
        method: Method,
        typed: &str,
        origin: &Origin,
    ) -> Result<Option<RecoveryCodes>> {
        actor.standing().check()?;
        self.confirm_codes(&Enrollee::signed_in(actor, origin), method, typed).await
    }

    /// The same for someone who needs a first factor before they are let in: to the address of the account.
    pub async fn begin_first_codes(&self, enrollee: &Enrollee) -> Result<Sent> {
        self.begin_codes(enrollee, Channel::Email).await
    }

    pub async fn confirm_first_codes(
        &self,
        enrollee: &Enrollee,
        typed: &str,
    ) -> Result<Option<RecoveryCodes>> {
        self.confirm_codes(enrollee, Method::Email, typed).await
    }

    async fn begin_codes(&self, enrollee: &Enrollee, channel: Channel) -> Result<Sent> {
        let person = enrollee.person;
        let mut tx = self.ground.begin(&enrollee.origin).await?;
        let owner = store::owner(&mut tx, person).await?;
        let method = channel.method();
        let (to, target) = match channel {
            Channel::Email => {
                if store::code_factor(&mut tx, person, method).await?.is_some() {
                    return Err(Error::Conflict("Codes by e-mail are set up already"));
                }
                (Destination::of(&owner), None)
            }
            Channel::Sms(_) if !self.offers_sms => {
                return Err(Error::Conflict("Text messages cannot be sent from here. Choose another way."));
            }
            Channel::Sms(number) => {
                let sealed = self.vault.seal(
                    Purpose::PendingPhoneNumber,
                    person.uuid(),
                    number.as_str().as_bytes(),
                )?;
                (Destination::Phone(number), Some(sealed))
            }
        };
        let bound_to = target.clone().unwrap_or_else(|| owner.email.to_string());
        let outgoing = Outgoing { person, method, occasion: Occasion::Enrolment, to, bound_to, target };
        self.dispatch(tx, outgoing).await
    }

    async fn confirm_codes(
        &self,
        enrollee: &Enrollee,
        method: Method,
        typed: &str,
    ) -> Result<Option<RecoveryCodes>> {
        let person = enrollee.person;
        let code = one_time::six_digits(typed).ok_or_else(wrong_code)?;
        let mut tx = self.ground.begin(&enrollee.origin).await?;
        let owner = self.hold(&mut tx, enrollee).await?;
        let Some(sent) = self.take_code(&mut tx, person, method, Occasion::Enrolment, code).await? else {
            tx.commit_housekeeping(Housekeeping::CodeTried).await?;
            return Err(wrong_code());
        };
        let target = match &sent.target {
            Some(sealed) => {
                let number = self.open_phone_number(Purpose::PendingPhoneNumber, person, sealed)?;
                Some(self.vault.seal(Purpose::PhoneNumber, person.uuid(), number.as_str().as_bytes())?)
            }
            None => None,
        };
        store::put_code_factor(&mut tx, person, method, target).await?;
        self.finish(tx, enrollee, owner, |tell| ChangeKind::Enrolled { method, tell }).await
    }
}
