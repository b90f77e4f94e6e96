//! Setting up a second factor: it counts from the moment at which its owner has shown one good code of it.

use super::{
    AppSecret, ChangeKind, ENROLMENT_LASTS, Occasion, RecoveryCodes, SecondFactors, Sent, Tell,
    message::Destination, one_time, record, recovery, sent_code::Outgoing, store, tell,
};
use crate::{
    Actor, Error, Origin, Result,
    db::{Housekeeping, Open, Tx},
    events::Owner,
    identity,
    permit::Operator,
    vault::Purpose,
};
use domain::{
    FieldErrors, PersonId, SessionId, person::EmailAddress, phone::PhoneNumber, second_factor::Method,
};

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
    fn of(secret: AppSecret, email: &EmailAddress) -> Result<Self> {
        let (address, picture) = (secret.address(email), secret.picture(email)?);
        Ok(Self { secret, address, picture })
    }
}

/// Whoever sets up a factor: someone who is signed in, or someone whose password was right and who needs a first one.
#[derive(Debug, Clone)]
pub struct Enrollee {
    person: PersonId,
    email: EmailAddress,
    origin: Origin,
    /// The session that goes on.
    session: Option<SessionId>,
}

impl Enrollee {
    /// For `identity`, between password and session.
    pub(crate) fn after_password(person: PersonId, email: EmailAddress, origin: &Origin) -> Self {
        Self { person, email, origin: origin.clone(), session: None }
    }

    pub(super) fn signed_in(actor: &Actor, origin: &Origin) -> Self {
        Self {
            person: actor.id(),
            email: actor.email().clone(),
            origin: actor.at(origin),
            session: Some(actor.session()),
        }
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
        actor.standing().check()?;
        self.begin_app(&Enrollee::signed_in(actor, origin)).await
    }

    /// The app that waits for its first code, to show it once more.
    pub async fn pending_enrolment(&self, actor: &Actor) -> Result<Option<NewApp>> {
        self.pending_app(actor.id(), actor.email()).await
    }

    /// Turns the app on, once it shows a good code. With the first factor come recovery codes; those from before stay good.
    pub async fn confirm_enrolment(
        &self,
        actor: &Actor,
        typed: &str,
        origin: &Origin,
    ) -> Result<Option<RecoveryCodes>> {
        actor.standing().check()?;
        self.confirm_app(&Enrollee::signed_in(actor, origin), typed, false).await
    }

    /// The same for someone who needs a first factor before they are let in.
    pub async fn begin_first(&self, enrollee: &Enrollee) -> Result<NewApp> {
        self.begin_app(enrollee).await
    }

    pub async fn pending_first(&self, enrollee: &Enrollee) -> Result<Option<NewApp>> {
        self.pending_app(enrollee.person, &enrollee.email).await
    }

    /// Turns the first app on. Whoever has a factor by now is not given another one here.
    pub async fn confirm_first(&self, enrollee: &Enrollee, typed: &str) -> Result<Option<RecoveryCodes>> {
        self.confirm_app(enrollee, typed, true).await
    }

    async fn begin_app(&self, enrollee: &Enrollee) -> Result<NewApp> {
        let person = enrollee.person;
        let secret = AppSecret::draw(&self.ground.chance);
        let sealed = self.vault.seal(Purpose::PendingAppSecret, person.uuid(), secret.bytes())?;
        let app = NewApp::of(secret, &enrollee.email)?;
        let mut tx = self.ground.begin(&enrollee.origin).await?;
        store::put_pending_app(&mut tx, person, &sealed).await?;
        record(tx, person, ChangeKind::EnrolmentBegun { method: Method::Totp }).await?.commit().await?;
        Ok(app)
    }

    async fn pending_app(&self, person: PersonId, email: &EmailAddress) -> Result<Option<NewApp>> {
        let Some(sealed) = self.pending_secret(person).await? else { return Ok(None) };
        let secret = self.open_pending(person, &sealed)?;
        NewApp::of(secret, email).map(Some)
    }

    async fn confirm_app(
        &self,
        enrollee: &Enrollee,
        typed: &str,
        only_as_first: bool,
    ) -> Result<Option<RecoveryCodes>> {
        let person = enrollee.person;
        let too_late = Error::Conflict("This set-up is no longer open. Begin again.");
        let Some(pending) = self.pending_secret(person).await? else { return Err(too_late) };
        let secret = self.open_pending(person, &pending)?;
        let step = one_time::six_digits(typed)
            .and_then(|code| one_time::step_of(secret.bytes(), code, self.ground.clock.now()))
            .ok_or_else(wrong_code)?;
        let sealed = self.vault.seal(Purpose::AppSecret, person.uuid(), secret.bytes())?;
        let mut tx = self.ground.begin(&enrollee.origin).await?;
        let owner = store::hold(&mut tx, person).await?;
        if only_as_first && !store::has_no_factor(&mut tx, person).await? {
            return Err(too_late);
        }
        if !store::take_pending_app(&mut tx, person, &pending).await? {
            return Err(too_late);
        }
        store::put_app(&mut tx, person, &sealed, step).await?;
        self.finish(tx, enrollee, owner, |tell| ChangeKind::Enrolled { method: Method::Totp, tell }).await
    }

    /// Sends a code to the address or the number that is to be set up.
    pub async fn begin_code_enrolment(
        &self,
        actor: &Actor,
        channel: Channel,
        origin: &Origin,
    ) -> Result<Sent> {
        actor.standing().check()?;
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
        actor.standing().check()?;
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
        let enrolled = |tell| ChangeKind::Enrolled { method, tell };
        self.finish(tx, &Enrollee::signed_in(actor, origin), owner, enrolled).await
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
    pub(super) async fn finish(
        &self,
        mut tx: Tx<Open>,
        enrollee: &Enrollee,
        owner: Owner,
        enrolled: impl FnOnce(Tell) -> ChangeKind + Send,
    ) -> Result<Option<RecoveryCodes>> {
        let person = enrollee.person;
        identity::after_change(&mut tx, person, enrollee.session).await?;
        let enrolled = enrolled(tell(&tx, owner));
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
