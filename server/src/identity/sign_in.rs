//! Signing in: one way for everybody, so that a refusal tells nothing but itself.
//!
//! Whether the account does not exist, the password is wrong, or the role is not theirs: the attempt is counted alike before
//! the password is looked at, the same hash is computed, and the same words come back.

use super::{Identity, Purpose, RefreshToken, Verdict, store};
use crate::{Actor, Error, Origin, Result, events::Event, lockout::Attempt, origin::Doer, permit};
use domain::{
    FieldErrors, PersonId, RoleCode, SessionId, Timestamp, password::PasswordPolicy, person::EmailAddress,
};
use std::time::Duration;

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
}

/// A fresh sign-in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub actor: Actor,
    /// For the cookie or for the head of the client's requests.
    pub token: String,
    pub lasts: Duration,
    /// What an API client may trade for new tokens.
    pub refresh: Option<RefreshToken>,
}

impl Identity {
    /// Signs someone in, or says why not.
    pub async fn sign_in(
        &self,
        credentials: Credentials,
        purpose: Purpose,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let name = check_form(&credentials)?;
        let account = store::credentials(&self.ground.db, &name).await?;
        let person = account.as_ref().map(|account| account.id);
        let who = Who { person, identifier: if person.is_some() { name.clone() } else { mask(&name) } };

        let turn = self.lockout.turn(&name, person).await;
        // First a place in the queue: whoever finds it full is told to come back, and has not failed.
        let place = self.passwords.place()?;
        let attempt = match self.lockout.begin(turn, &name, person, origin).await {
            Ok(attempt) => attempt,
            Err(error @ (Error::Locked { .. } | Error::AddressBlocked { .. })) => {
                return self.refuse(who, Refusal::Before(error), origin).await;
            }
            Err(error) => return Err(error),
        };
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
        if let Some(error) = self.lockout.refusal(&attempt) {
            return self.refuse(who, Refusal::Before(error), origin).await;
        }
        if let Err(error) = permit::may_act(account.status) {
            return self.refuse(who, Refusal::NotNow(&attempt, account.status.code(), error), origin).await;
        }
        let renewed = match verdict {
            Verdict::RightAndOutdated => self.passwords.renew(credentials.password.clone()).await,
            _ => None,
        };
        let opening = Opening {
            person: account.id,
            role,
            checked: account.password_hash,
            renewed,
            remember: credentials.remember,
            purpose,
        };
        match self.open_session(opening, &attempt, origin).await {
            // Another sign-in of theirs may have made the hash anew meanwhile: what is there now decides.
            Err(Error::InvalidCredentials { .. }) if verdict.is_outdated() => {
                self.lockout.take_back(attempt, origin).await?;
                Box::pin(self.sign_in(credentials, purpose, origin)).await
            }
            outcome => outcome,
        }
    }

    async fn open_session(
        &self,
        Opening { person, role, checked, renewed, remember, purpose }: Opening,
        attempt: &Attempt,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let (session_lasts, remember) = match (purpose, remember) {
            // Held together by its refresh tokens, each of which has a shorter life of its own.
            (Purpose::Access, _) | (Purpose::Session, true) => (self.sessions.remembered(), true),
            (Purpose::Session, false) => (self.sessions.absolute(), false),
        };
        let id = SessionId::new(self.ground.chance.id(self.ground.clock.now()));
        let doer = Doer::Person { id: person, role: role.clone(), session: id };
        let mut tx = self.ground.begin(&origin.with(doer)).await?;
        let now = tx.at();
        // The hash took its time. A password that was changed meanwhile opens nothing, and the row is ours from here on.
        if !store::note_sign_in(&mut tx, person, checked.as_deref(), renewed.as_deref()).await? {
            return Err(Error::InvalidCredentials { left: None });
        }
        self.lockout.forgive(&mut tx, attempt).await?;
        let expires_at = now.after(session_lasts);
        store::open_session(&mut tx, id, person, &role, purpose, remember, expires_at).await?;
        let (lasts, refresh) = match purpose {
            Purpose::Access => {
                let refresh = self.issue_refresh(&mut tx, id, expires_at).await?;
                (self.sessions.access_token(), Some(refresh))
            }
            Purpose::Session => (session_lasts, None),
        };
        let new_device = self.note_device(&mut tx, person).await?;
        let mut recorded = tx.record(Event::SignedIn { person, role }).await?;
        if let Some(event) = new_device {
            recorded = recorded.record(event).await?;
        }
        recorded.commit().await?;
        Ok(SignedIn { refresh, ..self.hand_out(id, purpose, now, lasts).await? })
    }

    /// The token of a session that was just opened, with the person it stands for.
    pub(super) async fn hand_out(
        &self,
        id: SessionId,
        purpose: Purpose,
        now: Timestamp,
        lasts: Duration,
    ) -> Result<SignedIn> {
        let session =
            store::session(&self.ground.db, id, purpose, now.before(self.sessions.idle()), now).await?;
        let actor = session.ok_or(Error::Unauthenticated)?.into_actor(id);
        let token = self.tokens.sign(&actor, purpose, now, lasts)?;
        Ok(SignedIn { actor, token, lasts, refresh: None })
    }

    /// Writes down that someone was refused, and answers with what they are told.
    async fn refuse<T>(&self, who: Who, refusal: Refusal<'_>, origin: &Origin) -> Result<T> {
        let Who { person, identifier } = who;
        let mut tx = self.ground.begin(origin).await?;
        let (why, error, locks_until) = match refusal {
            Refusal::Before(error) => ("locked", error, None),
            Refusal::NotNow(attempt, why, error) => {
                self.lockout.forgive(&mut tx, attempt).await?;
                (why, error, None)
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
        if let Some(event) = locked {
            recorded = recorded.record(event).await?;
        }
        recorded.commit().await?;
        tracing::info!(why, ip = origin.ip, "sign-in refused");
        Err(error)
    }
}

/// A session about to be opened, after the password was found right.
struct Opening {
    person: PersonId,
    role: RoleCode,
    /// The hash that was checked.
    checked: Option<String>,
    /// The hash that takes its place.
    renewed: Option<String>,
    remember: bool,
    purpose: Purpose,
}

/// Who was refused, as the trail tells it.
struct Who {
    person: Option<PersonId>,
    identifier: String,
}

/// How someone was refused.
enum Refusal<'a> {
    /// There was a pause; the password was not looked at, or does not matter.
    Before(Error),
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
    if credentials.password.is_empty() {
        errors.add("password", "Enter your password");
    } else if credentials.password.len() > PasswordPolicy::LONGEST_BYTES {
        // It costs no hash at all.
        errors.add("password", "No password is that long");
    }
    if errors.is_empty() { Ok(identifier) } else { Err(Error::Invalid(errors)) }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credentials({}, role {:?})", self.identifier, self.role)
    }
}
