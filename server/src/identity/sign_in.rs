//! Signing in, the first step: the password. One way for everybody, so that a refusal tells nothing but itself.
//!
//! Whether the account does not exist, the password is wrong, or the role is not theirs: the attempt is counted alike before
//! the password is looked at, the same hash is computed, and the same words come back.

use super::{
    Challenge, Identity, Place, Purpose, SignedIn, Verdict,
    challenge::Stage,
    opening::Opening,
    store::{self, Account},
};
use crate::{
    Actor, Error, Origin, Result,
    db::{Open, Tx},
    events::{Event, How},
    links::Happening,
    lockout::{Attempt, Trying, Turn},
    permit,
    to_the_end::to_the_end,
};
use domain::{FieldErrors, PersonId, RoleCode, password::PasswordPolicy, person::EmailAddress};

/// Longer than any username or address can be.
const LONGEST_IDENTIFIER: usize = EmailAddress::LONGEST;

/// What someone fills in to sign in.
#[derive(Clone)]
pub struct Credentials {
    /// A username or an e-mail address.
    pub identifier: String,
    pub password: String,
    /// The role to act in; the person's usual one when it is left open.
    pub role: Option<RoleCode>,
    pub remember: bool,
    /// What a browser holds that was remembered.
    pub device: Option<String>,
}

/// Where a right password leads.
#[derive(Debug)]
pub enum Step {
    SignedIn(Box<SignedIn>),
    /// A code of a second factor is due.
    Code(Challenge),
    /// A second factor is required and there is none yet.
    SetUp(Challenge),
}

impl Identity {
    /// Signs someone in, or says why not.
    pub async fn sign_in(&self, credentials: Credentials, purpose: Purpose, origin: &Origin) -> Result<Step> {
        let name = check_form(&credentials)?;
        loop {
            let account = store::credentials(&self.ground.db, &name).await?;
            let person = account.as_ref().map(|account| account.id);
            let identifier = if person.is_some() { name.clone() } else { mask(&name) };
            let who = Who { person, identifier };
            // Until here, whoever hangs up is gone. From where the attempt is counted it goes on to its end.
            let turn = self.lockout.turn(Trying::SignIn { name: &name, person }, origin).await?;
            // First a place in the queue: whoever finds it full is told to come back, and has not failed.
            let place = self.passwords.place()?;
            let (this, credentials, origin) = (self.clone(), credentials.clone(), origin.clone());
            let step = to_the_end(async move {
                let attempt = this.begin_attempt(turn, &who, &origin).await?;
                this.try_password((place, attempt), (who, account), credentials, purpose, &origin).await
            });
            if let Some(step) = step.await? {
                return Ok(step);
            }
        }
    }

    /// Looks at the password of a counted attempt. Nothing: it has to be looked at once more.
    async fn try_password(
        &self,
        (place, attempt): (Place, Attempt),
        (who, account): (Who, Option<Account>),
        credentials: Credentials,
        purpose: Purpose,
        origin: &Origin,
    ) -> Result<Option<Step>> {
        let hash = account.as_ref().and_then(|account| account.password_hash.clone());
        let verdict = self.passwords.verify_at(place, credentials.password.clone(), hash).await?;
        let matches = verdict.fits();

        let Some(account) = account else {
            return self.refuse(who, Refusal::Failed(&attempt, "unknown account"), origin).await;
        };
        let role = match &credentials.role {
            Some(wanted) => account.roles().find(|role| role == wanted),
            None => account.roles().next(),
        };
        let (true, Some(role)) = (matches, role) else {
            let why = if matches { "role not held" } else { "wrong password" };
            return self.refuse(who, Refusal::Failed(&attempt, why), origin).await;
        };
        // Locked under another of its names: then the right password is answered as a wrong one, or guessing would go on here.
        if attempt.is_of_a_locked_account() {
            return self.refuse(who, Refusal::Failed(&attempt, "locked"), origin).await;
        }
        if let Err(error) = permit::may_act(account.status, &account.email) {
            return self.refuse(who, Refusal::NotNow(&attempt, account.status.code(), error), origin).await;
        }
        let stage = self.what_is_due(&account, credentials.device.as_deref()).await?;
        if stage == Some(Stage::SetUp) && purpose == Purpose::Access {
            let error = Error::SecondFactorMissing;
            return self.refuse(who, Refusal::NotNow(&attempt, "no second factor", error), origin).await;
        }
        let renewed = match verdict {
            Verdict::RightAndOutdated => self.passwords.renew(credentials.password).await,
            _ => None,
        };
        let opening = Opening {
            person: account.id,
            role,
            checked: account.checked(),
            renewed,
            remember: credentials.remember,
            purpose,
            how: if account.has_factor { How::RememberedDevice } else { How::Password },
            vouched_by: None,
        };
        let outcome = match stage {
            Some(stage) => self.ask_for_more(opening, stage, origin).await,
            None => self.let_in(opening, origin).await,
        };
        match outcome {
            // Another sign-in of theirs may have made the hash anew meanwhile: what is there now decides.
            Err(Error::InvalidCredentials { .. }) if verdict.is_outdated() => {
                self.lockout.take_back(attempt, origin).await?;
                Ok(None)
            }
            outcome => outcome.map(Some),
        }
    }

    /// Counts the attempt, or writes down why it may not be made.
    async fn begin_attempt(&self, turn: Turn, who: &Who, origin: &Origin) -> Result<Attempt> {
        match self.lockout.begin(turn, origin).await {
            Ok(attempt) => Ok(attempt),
            Err(error @ (Error::Locked { .. } | Error::AddressBlocked { .. })) => {
                self.refuse(who.clone(), Refusal::Uncounted("locked", error), origin).await
            }
            Err(error) => Err(error),
        }
    }

    /// Checks the password of somebody who is signed in, counted for them alone.
    pub(super) async fn check_password_of(
        &self,
        actor: &Actor,
        password: String,
        origin: &Origin,
    ) -> Result<()> {
        let mut errors = FieldErrors::default();
        check_password_form(&password, &mut errors);
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let account = store::account(&self.ground.db, actor.id()).await?.ok_or(Error::Unauthenticated)?;
        let who = Who { person: Some(account.id), identifier: account.username.to_string() };
        let turn = self.lockout.turn(Trying::Own(account.id), origin).await?;
        let place = self.passwords.place()?;
        let (this, origin) = (self.clone(), origin.clone());
        to_the_end(async move {
            let attempt = this.begin_attempt(turn, &who, &origin).await?;
            let verdict = this.passwords.verify_at(place, password, account.password_hash).await?;
            if !verdict.fits() {
                return this.refuse(who, Refusal::Failed(&attempt, "wrong password"), &origin).await;
            }
            this.lockout.take_back(attempt, &origin).await
        })
        .await
    }

    /// What is still to be shown after the right password.
    pub(super) async fn what_is_due(&self, account: &Account, device: Option<&str>) -> Result<Option<Stage>> {
        if !account.has_factor {
            let required =
                account.must_have_second_factor || self.security.requires_second_factor(account.roles());
            return Ok(required.then_some(Stage::SetUp));
        }
        let is_known = match device {
            Some(device) => self.knows_device(account, device).await?,
            None => false,
        };
        Ok((!is_known).then_some(Stage::Code))
    }

    /// Opens the session. Where a password was shown, the counts of wrong ones are taken back.
    pub(super) async fn let_in(&self, opening: Opening, origin: &Origin) -> Result<Step> {
        let (person, by_password) = (opening.person, opening.vouched_by.is_none());
        let mut opened = self.begin_opening(opening, origin).await?;
        if by_password {
            self.forgive(opened.tx(), person).await?;
        }
        self.finish_opening(opened, None).await.map(|signed_in| Step::SignedIn(Box::new(signed_in)))
    }

    /// Takes the counts of failures back, under whichever of their names they failed before.
    pub(super) async fn forgive(&self, tx: &mut Tx<Open>, person: PersonId) -> Result<()> {
        let names = store::names(tx, person).await?;
        self.lockout.forgive_all(tx, person, &names).await
    }

    /// Writes down that someone was refused, and answers with what they are told.
    pub(super) async fn refuse<T>(&self, who: Who, refusal: Refusal<'_>, origin: &Origin) -> Result<T> {
        let Who { person, identifier } = who;
        let mut tx = self.ground.begin(origin).await?;
        let (why, error, locks_until) = match refusal {
            Refusal::Uncounted(why, error) => (why, error, None),
            Refusal::NotNow(attempt, why, error) => {
                self.lockout.forgive(&mut tx, attempt).await?;
                (why, error, None)
            }
            Refusal::WrongCode(error) => {
                self.lockout.count_address(&mut tx).await?;
                ("wrong code", error, None)
            }
            Refusal::Failed(attempt, why) => {
                let failed = self.lockout.fail(&mut tx, attempt).await?;
                (why, failed.error, failed.locks_until)
            }
        };
        let locked = match (person, locks_until) {
            (Some(person), Some(until)) => {
                let owner = store::lock(&mut tx, person, until).await?;
                Some(Event::AccountLocked { person, failures: self.lockout.failures(), until, owner })
            }
            _ => None,
        };
        let mut recorded = tx.record(Event::SignInFailed { person, identifier, why }).await?;
        if let (Some(person), Error::Unverified { .. }) = (person, &error) {
            recorded = recorded.record(Event::Link(Happening::verification_asked(person, origin))).await?;
        }
        if let Some(event) = locked {
            recorded = recorded.record(event).await?;
        }
        recorded.commit().await?;
        tracing::info!(why, ip = origin.ip, "sign-in refused");
        Err(error)
    }
}

/// Who was refused, as the trail tells it.
#[derive(Clone)]
pub(super) struct Who {
    pub person: Option<PersonId>,
    pub identifier: String,
}

/// How someone was refused.
pub(super) enum Refusal<'a> {
    /// No password was looked at, or none that matters: its count stays as it is.
    Uncounted(&'static str, Error),
    /// The code of a second factor, counted for the account before it was looked at and now for the address.
    WrongCode(Error),
    /// It was a failure, and is counted.
    Failed(&'a Attempt, &'static str),
    /// The password was right, but the account may not act.
    NotNow(&'a Attempt, &'static str, Error),
}

/// Enough of what was typed to recognise it by. For an account that does not exist it may have been a password.
fn mask(identifier: &str) -> String {
    let begin: String = identifier.chars().take(2).collect();
    format!("{begin}…")
}

/// The form's own rules; what breaks them costs no hash. Answers the identifier as the store keeps it.
fn check_form(credentials: &Credentials) -> Result<String> {
    let mut errors = FieldErrors::default();
    let identifier = credentials.identifier.trim().to_lowercase();
    if identifier.is_empty() {
        errors.add("identifier", "Enter your username or e-mail address");
    } else if identifier.len() > LONGEST_IDENTIFIER || identifier.contains(char::is_control) {
        errors.add("identifier", "That is no username or e-mail address");
    }
    check_password_form(&credentials.password, &mut errors);
    if errors.is_empty() { Ok(identifier) } else { Err(Error::Invalid(errors)) }
}

/// What breaks these rules costs no hash at all.
fn check_password_form(password: &str, errors: &mut FieldErrors) {
    if password.is_empty() {
        errors.add("password", "Enter your password");
    } else if password.len() > PasswordPolicy::LONGEST_BYTES {
        errors.add("password", "No password is that long");
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credentials({}, role {:?})", self.identifier, self.role)
    }
}
