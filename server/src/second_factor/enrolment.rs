//! Setting up an authenticator app, and what all factors have in common that are set up: each counts from the moment at which its
//! owner has shown that they have it.

use super::{
    AppSecret, ChangeKind, ENROLMENT_LASTS, RecoveryCodes, SecondFactors, Tell, one_time, record, recovery,
    store, tell,
};
use crate::{
    Actor, Error, Origin, Result,
    db::{Open, Tx},
    events::Owner,
    identity,
    permit::Operator,
    vault::Purpose,
};
use domain::{
    FieldErrors, PersonId, SessionId,
    person::{EmailAddress, FullName, Username},
    second_factor::Method,
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
    pub(super) person: PersonId,
    pub(super) username: Username,
    pub(super) full_name: FullName,
    pub(super) email: EmailAddress,
    pub(super) origin: Origin,
    /// The session that goes on; nothing where this is the first factor, which is due before there is one.
    session: Option<SessionId>,
}

impl Enrollee {
    /// For `identity`, between password and session.
    pub(crate) fn after_password(
        person: PersonId,
        username: Username,
        owner: Owner,
        origin: &Origin,
    ) -> Self {
        let Owner { full_name, email } = owner;
        Self { person, username, full_name, email, origin: origin.clone(), session: None }
    }

    pub(super) fn signed_in(actor: &Actor, origin: &Origin) -> Self {
        Self {
            person: actor.id(),
            username: actor.username().clone(),
            full_name: actor.full_name().clone(),
            email: actor.email().clone(),
            origin: actor.at(origin),
            session: Some(actor.session()),
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
        self.confirm_app(&Enrollee::signed_in(actor, origin), typed).await
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
        self.confirm_app(enrollee, typed).await
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

    async fn confirm_app(&self, enrollee: &Enrollee, typed: &str) -> Result<Option<RecoveryCodes>> {
        let person = enrollee.person;
        let Some(pending) = self.pending_secret(person).await? else { return Err(too_late()) };
        let secret = self.open_pending(person, &pending)?;
        let step = one_time::six_digits(typed)
            .and_then(|code| one_time::step_of(secret.bytes(), code, self.ground.clock.now()))
            .ok_or_else(wrong_code)?;
        let sealed = self.vault.seal(Purpose::AppSecret, person.uuid(), secret.bytes())?;
        let mut tx = self.ground.begin(&enrollee.origin).await?;
        let owner = self.hold(&mut tx, enrollee).await?;
        if !store::take_pending_app(&mut tx, person, &pending).await? {
            return Err(too_late());
        }
        store::put_app(&mut tx, person, &sealed, step).await?;
        self.finish(tx, enrollee, owner, |tell| ChangeKind::Enrolled { method: Method::Totp, tell }).await
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

    /// Keeps the person from everybody else; answers whom to tell. Before the session there is one first factor, not two.
    pub(super) async fn hold(&self, tx: &mut Tx<Open>, enrollee: &Enrollee) -> Result<Owner> {
        let owner = store::hold(tx, enrollee.person).await?;
        if enrollee.session.is_none() && !store::has_no_factor(tx, enrollee.person).await? {
            return Err(too_late());
        }
        Ok(owner)
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

const fn too_late() -> Error {
    Error::Conflict("This set-up is no longer open. Begin again.")
}

pub(super) fn wrong_code() -> Error {
    Error::Invalid(FieldErrors::one("code", WRONG_CODE))
}
