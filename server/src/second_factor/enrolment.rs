//! Setting up a second factor: it counts from the moment at which its owner has shown one good code of it.

use super::{
    AppSecret, ChangeKind, ENROLMENT_LASTS, Occasion, RecoveryCodes, SecondFactors, Sent,
    message::Destination, one_time, record, recovery, sent_code::Outgoing, store, tell,
};
use crate::{
    Actor, Error, Origin, Result,
    db::{Housekeeping, Open, Tx},
    events::Owner,
    permit::Operator,
    vault::Purpose,
};
use domain::{FieldErrors, PersonId, phone::PhoneNumber, second_factor::Method};

const WRONG_CODE: &str = "Invalid verification code. Please try again.";

/// What the owner of a new app needs, shown once.
#[derive(Debug, Clone)]
pub struct NewApp {
    pub secret: AppSecret,
    /// The `otpauth://` address, which opens the app on a phone.
    pub address: String,
    /// The same as a QR code: an SVG that stands in the page as it is.
    pub picture: String,
}

impl NewApp {
    fn of(secret: AppSecret, actor: &Actor) -> Result<Self> {
        let (address, picture) = (secret.address(actor.email()), secret.picture(actor.email())?);
        Ok(Self { secret, address, picture })
    }
}

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
    /// Draws a secret for an authenticator app. An app that was set up before goes on working until the new one has shown
    /// a code.
    pub async fn begin_enrolment(&self, actor: &Actor, origin: &Origin) -> Result<NewApp> {
        let person = actor.id();
        let secret = AppSecret::draw(&self.ground.chance);
        let sealed = self.vault.seal(Purpose::PendingAppSecret, person.uuid(), secret.bytes())?;
        let app = NewApp::of(secret, actor)?;
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        store::put_pending_app(&mut tx, person, &sealed).await?;
        record(tx, person, ChangeKind::EnrolmentBegun { method: Method::Totp }).await?.commit().await?;
        Ok(app)
    }

    /// The app that waits for its first code, to show it once more.
    pub async fn pending_enrolment(&self, actor: &Actor) -> Result<Option<NewApp>> {
        let Some(sealed) = self.pending_secret(actor.id()).await? else { return Ok(None) };
        let secret = self.open_pending(actor.id(), &sealed)?;
        NewApp::of(secret, actor).map(Some)
    }

    /// Turns the app on, once it shows a good code. With the first factor come recovery codes; those from before stay good.
    pub async fn confirm_enrolment(
        &self,
        actor: &Actor,
        typed: &str,
        origin: &Origin,
    ) -> Result<Option<RecoveryCodes>> {
        let person = actor.id();
        let too_late = Error::Conflict("This set-up is no longer open. Begin again.");
        let Some(pending) = self.pending_secret(person).await? else { return Err(too_late) };
        let secret = self.open_pending(person, &pending)?;
        let step = one_time::six_digits(typed)
            .and_then(|code| one_time::step_of(secret.bytes(), code, self.ground.clock.now()))
            .ok_or_else(wrong_code)?;
        let sealed = self.vault.seal(Purpose::AppSecret, person.uuid(), secret.bytes())?;
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let owner = store::hold(&mut tx, person).await?;
        if !store::take_pending_app(&mut tx, person, &pending).await? {
            return Err(too_late);
        }
        store::put_app(&mut tx, person, &sealed, step).await?;
        self.finish(tx, person, owner, Method::Totp).await
    }

    /// Sends a code to the address or the number that is to be set up.
    pub async fn begin_code_enrolment(
        &self,
        actor: &Actor,
        channel: Channel,
        origin: &Origin,
    ) -> Result<Sent> {
        let person = actor.id();
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
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

    /// Turns the address or the number on, once the code that was sent there has come back.
    pub async fn confirm_code_enrolment(
        &self,
        actor: &Actor,
        method: Method,
        typed: &str,
        origin: &Origin,
    ) -> Result<Option<RecoveryCodes>> {
        let person = actor.id();
        let code = one_time::six_digits(typed).ok_or_else(wrong_code)?;
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let owner = store::hold(&mut tx, person).await?;
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
        self.finish(tx, person, owner, method).await
    }

    /// Gives someone an authenticator app whose secret is known already, for whoever has the machine.
    pub async fn enrol_at_once(
        &self,
        _operator: &Operator,
        person: PersonId,
        secret: &AppSecret,
        origin: &Origin,
    ) -> Result<()> {
        let sealed = self.vault.seal(Purpose::AppSecret, person.uuid(), secret.bytes())?;
        let mut tx = self.ground.begin(origin).await?;
        let owner = store::hold(&mut tx, person).await?;
        store::put_app(&mut tx, person, &sealed, 0).await?;
        let tell = tell(&tx, owner);
        record(tx, person, ChangeKind::Enrolled { method: Method::Totp, tell }).await?.commit().await
    }

    /// Records the new factor, and makes recovery codes where none are left.
    async fn finish(
        &self,
        mut tx: Tx<Open>,
        person: PersonId,
        owner: Owner,
        method: Method,
    ) -> Result<Option<RecoveryCodes>> {
        let tell = tell(&tx, owner);
        let enrolled = ChangeKind::Enrolled { method, tell };
        if store::recovery_codes_left_within(&mut tx, person).await? > 0 {
            record(tx, person, enrolled).await?.commit().await?;
            return Ok(None);
        }
        let codes = self.put_recovery_codes(&mut tx, person).await?;
        let tx = record(tx, person, enrolled).await?;
        let made = ChangeKind::RecoveryCodesMade { count: recovery::HOW_MANY, tell: None };
        record(tx, person, made).await?.commit().await?;
        Ok(Some(codes))
    }

    async fn pending_secret(&self, person: PersonId) -> Result<Option<String>> {
        let begun_after = self.ground.clock.now().before(ENROLMENT_LASTS);
        store::pending_app(&self.ground.db, person, begun_after).await
    }

    fn open_pending(&self, person: PersonId, sealed: &str) -> Result<AppSecret> {
        self.vault.open(Purpose::PendingAppSecret, person.uuid(), sealed).map(AppSecret::stored)
    }
}

fn wrong_code() -> Error {
    Error::Invalid(FieldErrors::one("code", WRONG_CODE))
}
