//! Identity: who is there. Signing in and out, and turning a token back into the person who holds it.

pub mod api;
mod passwords;
mod store;
mod tokens;

pub use passwords::{Passwords, Verdict, tuning};
pub use tokens::{Purpose, Tokens};

use crate::{
    Actor, Error, Origin, Result,
    config::Sessions,
    db::Housekeeping,
    events::Event,
    ground::Ground,
    origin::Doer,
    permit::{self, Permit, ResetPassword},
};
use domain::{
    FieldErrors, PersonId, RoleCode, SessionId, Timestamp, password::NewPassword, person::EmailAddress,
};
use std::time::Duration;

/// How often a session notes that it was seen: often enough for people, rarely enough for the disk.
const SEEN_EVERY: Duration = Duration::from_secs(60);
const NOTE_WITHIN: Duration = Duration::from_millis(200);
/// Longer than any username or address can be.
const LONGEST_IDENTIFIER: usize = EmailAddress::LONGEST;
/// A password beyond this costs no hash at all.
const LONGEST_PASSWORD: usize = 1024;

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
}

/// The service for identity.
#[derive(Debug, Clone)]
pub struct Identity {
    ground: Ground,
    passwords: Passwords,
    tokens: Tokens,
    sessions: Sessions,
}

impl Identity {
    pub const fn new(ground: Ground, passwords: Passwords, tokens: Tokens, sessions: Sessions) -> Self {
        Self { ground, passwords, tokens, sessions }
    }

    /// Signs someone in. Whether the account does not exist, the password is wrong, or the role is not theirs: the
    /// same hash is computed and the same words come back.
    pub async fn sign_in(
        &self,
        credentials: Credentials,
        purpose: Purpose,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let identifier = check_form(&credentials)?;
        let account = store::credentials(&self.ground.db, &identifier).await?;
        let hash = account.as_ref().and_then(|account| account.password_hash.clone());
        let verdict = self.passwords.verify(credentials.password.clone(), hash).await?;
        let matches = verdict.fits();
        let Some(account) = account else {
            return self
                .refuse(None, mask(&identifier), "unknown account", origin, Error::InvalidCredentials)
                .await;
        };
        let role = match &credentials.role {
            Some(wanted) => account.roles().find(|role| role == wanted),
            None => account.roles().next(),
        };
        let (true, Some(role)) = (matches, role) else {
            let why = if matches { "role not held" } else { "wrong password" };
            return self.refuse(Some(account.id), identifier, why, origin, Error::InvalidCredentials).await;
        };
        if let Err(error) = permit::may_act(account.status) {
            return self.refuse(Some(account.id), identifier, account.status.code(), origin, error).await;
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
        match self.open_session(opening, origin).await {
            // Another sign-in of theirs may have made the hash anew meanwhile: what is there now decides.
            Err(Error::InvalidCredentials) if verdict.is_outdated() => {
                Box::pin(self.sign_in(credentials, purpose, origin)).await
            }
            outcome => outcome,
        }
    }

    /// Ends the session that the actor is in. Its token is worthless from the next request on.
    pub async fn sign_out(&self, actor: &Actor, origin: &Origin) -> Result<()> {
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        store::end_session(&mut tx, actor.session()).await?;
        tx.record(Event::SignedOut { person: actor.id() }).await?.commit().await
    }

    /// Lets the actor act in another of their roles, in a session of its own.
    pub async fn act_as(&self, actor: &Actor, role: &RoleCode, origin: &Origin) -> Result<SignedIn> {
        if !actor.roles().iter().any(|held| held.code == *role) {
            return Err(Error::Forbidden("You do not have that role"));
        }
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let id = SessionId::new(tx.new_id());
        let now = tx.at();
        let replaced = store::replace_session(&mut tx, actor.id(), actor.session(), id, role).await?;
        let expires_at = replaced.ok_or(Error::Unauthenticated)?;
        let event = Event::RoleSwitched { person: actor.id(), from: actor.role().clone(), to: role.clone() };
        tx.record(event).await?.commit().await?;
        self.hand_out(id, Purpose::Session, now, expires_at.since(now)).await
    }

    /// The person who holds this token, if its signature, its session and the account are all good right now.
    pub async fn authenticate(&self, token: &str, purpose: Purpose) -> Result<Actor> {
        let claims = self.tokens.read(token, purpose, self.ground.clock.now())?;
        let now = self.ground.clock.now();
        let session =
            store::session(&self.ground.db, claims.sid, purpose, now.before(self.sessions.idle()), now)
                .await?;
        let session =
            session.filter(|session| session.person_id == claims.sub).ok_or(Error::Unauthenticated)?;
        if now.since(session.last_seen_at) > SEEN_EVERY {
            // A page does not wait for the writer because of a mere note; the next one tries again.
            let _ = tokio::time::timeout(NOTE_WITHIN, self.note_seen(claims.sid)).await;
        }
        Ok(session.into_actor(claims.sid))
    }

    /// Gives a person a new password and ends all their sessions.
    pub async fn reset_password(
        &self,
        permit: &Permit<ResetPassword>,
        password: NewPassword,
        origin: &Origin,
    ) -> Result<()> {
        let hash = self.passwords.hash(password).await?;
        let mut tx = self.ground.begin(origin).await?;
        store::set_password(&mut tx, permit, &hash).await?;
        tx.record(Event::PasswordReset { person: *permit.resource() }).await?.commit().await
    }

    /// Forgets sessions that ended long ago.
    pub async fn forget_expired(&self) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        store::forget_expired(&mut tx, self.sessions.remembered()).await?;
        tx.commit_housekeeping(Housekeeping::Expired).await
    }

    async fn open_session(
        &self,
        Opening { person, role, checked, renewed, remember, purpose }: Opening,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let lasts = match (purpose, remember) {
            (Purpose::Access, _) => self.sessions.access_token(),
            (Purpose::Session, true) => self.sessions.remembered(),
            (Purpose::Session, false) => self.sessions.absolute(),
        };
        let id = SessionId::new(self.ground.chance.id(self.ground.clock.now()));
        let doer = Doer::Person { id: person, role: role.clone(), session: id };
        let mut tx = self.ground.begin(&origin.with(doer)).await?;
        let now = tx.at();
        // The hash took its time. A password that was changed meanwhile opens nothing, and the row is ours from here on.
        if !store::note_sign_in(&mut tx, person, checked.as_deref(), renewed.as_deref()).await? {
            return Err(Error::InvalidCredentials);
        }
        store::open_session(&mut tx, id, person, &role, purpose, remember, now.after(lasts)).await?;
        tx.record(Event::SignedIn { person, role }).await?.commit().await?;
        self.hand_out(id, purpose, now, lasts).await
    }

    /// The token of a session that was just opened, with the person it stands for.
    async fn hand_out(
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
        Ok(SignedIn { actor, token, lasts })
    }

    async fn refuse<T>(
        &self,
        person: Option<PersonId>,
        identifier: String,
        why: &'static str,
        origin: &Origin,
        error: Error,
    ) -> Result<T> {
        let tx = self.ground.begin(origin).await?;
        tx.record(Event::SignInFailed { person, identifier, why }).await?.commit().await?;
        tracing::info!(why, ip = origin.ip, "sign-in refused");
        Err(error)
    }

    /// A request does not fail because the note could not be made.
    async fn note_seen(&self, session: SessionId) {
        let noted: Result<()> = async {
            let mut tx = self.ground.begin(&Origin::program()).await?;
            store::note_seen(&mut tx, session, SEEN_EVERY).await?;
            tx.commit_housekeeping(Housekeeping::SessionSeen).await
        }
        .await;
        if let Err(error) = noted {
            error.log();
        }
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
    } else if credentials.password.len() > LONGEST_PASSWORD {
        errors.add("password", "No password is that long");
    }
    if errors.is_empty() { Ok(identifier) } else { Err(Error::Invalid(errors)) }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credentials({}, role {:?})", self.identifier, self.role)
    }
}
