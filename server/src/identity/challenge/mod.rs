//! Between password and session: a sign-in waits for its second factor. Whoever began it holds a random token, of which the
//! store keeps a keyed fingerprint; three wrong codes or another password, and the wait is over.

mod set_up;
pub(super) mod store;
mod tries;

use super::{
    Identity, Purpose, SignedIn,
    opening::Opening,
    sign_in::Step,
    store::{self as accounts, Account},
};
use crate::{
    Error, Origin, Result,
    db::Housekeeping,
    events::{Event, How},
    lockout::Codes,
    permit,
    second_factor::{Claimant, Prompt, Sent, Way},
    to_the_end::to_the_end,
};
use domain::{FieldErrors, PersonId, second_factor::Method};
use std::time::Duration;
use store::Held;

/// For so long a sign-in waits for a code.
const WAITS: Duration = Duration::from_secs(10 * 60);
/// For so long it waits for a factor that has to be set up: an app may have to be found and installed first.
const WAITS_FOR_SET_UP: Duration = Duration::from_secs(30 * 60);
/// So many codes are looked at in one sign-in.
const MOST_TRIES: i64 = 3;
/// Longer than any token that was ever handed out.
const LONGEST: usize = 128;

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Stage {
    /// A code of one of the factors there are.
    Code,
    /// The first factor.
    SetUp,
}

impl Stage {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::SetUp => "set_up",
        }
    }
}

/// A sign-in that waits, as it is handed to whoever began it.
#[derive(Clone)]
pub struct Challenge {
    pub token: String,
    /// The ways to go on, the one to ask for first at the top.
    pub methods: Vec<Method>,
    pub lasts: Duration,
}

/// A sign-in that waits, as its page shows it.
#[derive(Debug, Clone)]
pub struct Pending {
    pub stage: Stage,
    pub ways: Vec<Way>,
    pub left: Duration,
    pub lasts: Duration,
}

impl Identity {
    /// Lets the sign-in wait for what is due.
    pub(super) async fn ask_for_more(&self, opening: Opening, stage: Stage, origin: &Origin) -> Result<Step> {
        let Opening { person, role, checked, renewed, remember, purpose, vouched_by, .. } = opening;
        let lasts = match stage {
            Stage::Code => WAITS,
            Stage::SetUp => WAITS_FOR_SET_UP,
        };
        let methods = self.second_factors.methods_of(Claimant::after_password(person)).await?;
        let token = self.ground.chance.token();
        let mut tx = self.ground.begin(origin).await?;
        if !accounts::renew_hash(&mut tx, person, &checked, renewed.as_deref()).await? {
            return Err(Error::InvalidCredentials { left: None });
        }
        let hash = renewed.or(checked.hash).unwrap_or_default();
        let is_by_password = vouched_by.is_none();
        if is_by_password {
            self.forgive(&mut tx, person).await?;
        }
        let waiting = store::Waiting {
            fingerprint: self.token_fingerprint(&token),
            person,
            role,
            purpose,
            remember,
            stage,
            password_mark: self.password_mark(person, &hash),
            vouched_by,
            expires_at: tx.at().after(lasts),
        };
        store::insert(&mut tx, waiting).await?;
        if is_by_password {
            self.lockout.give_address_back(&mut tx).await?;
        }
        tx.record(Event::SecondFactorAsked { person, stage: stage.word() }).await?.commit().await?;
        let challenge = Challenge { token, methods, lasts };
        Ok(match stage {
            Stage::Code => Step::Code(challenge),
            Stage::SetUp => Step::SetUp(challenge),
        })
    }

    /// The sign-in that this token belongs to, while it waits.
    pub async fn pending(&self, token: &str) -> Result<Pending> {
        let held = self.held(token).await?;
        let ways = self.second_factors.ways_of(Claimant::after_password(held.person_id)).await?;
        let left = held.expires_at.since(self.ground.clock.now());
        Ok(Pending { stage: held.stage, ways, left, lasts: held.expires_at.since(held.created_at) })
    }

    /// Sends a code to someone whose password was right.
    pub async fn send_sign_in_code(
        &self,
        token: &str,
        purpose: Purpose,
        method: Method,
        origin: &Origin,
    ) -> Result<Sent> {
        let (held, _) = self.waiting(token, purpose, Stage::Code).await?;
        self.lockout.check_codes(held.person_id, Codes::SignIn).await?;
        self.second_factors.send_code(Claimant::after_password(held.person_id), method, origin).await
    }

    /// Ends the wait with a good code. Of two who send one at the same moment, one is let in.
    pub async fn show_code(
        &self,
        token: &str,
        purpose: Purpose,
        method: Method,
        typed: &str,
        remember_device: bool,
        origin: &Origin,
    ) -> Result<SignedIn> {
        check_form(method, typed)?;
        let (held, account) = self.waiting(token, purpose, Stage::Code).await?;
        let (this, typed, origin) = (self.clone(), typed.to_owned(), origin.clone());
        to_the_end(
            async move { this.try_code((held, account), (method, &typed), remember_device, &origin).await },
        )
        .await
    }

    /// Looks at a code of a sign-in that waits.
    async fn try_code(
        &self,
        (held, account): (Held, Account),
        (method, typed): (Method, &str),
        remember_device: bool,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let person = held.person_id;
        self.check_address(&account, method, origin).await?;
        // Counted before the code is looked at, here and over all sign-ins of this account.
        let mut tx = self.ground.begin(origin).await?;
        let Some(tries) = store::take_try(&mut tx, held.id, MOST_TRIES).await? else {
            drop(tx);
            return self.refuse_unseen(&account, Error::TooManyCodes, origin).await;
        };
        let code = match self.count_code(&mut tx, person, method, Codes::SignIn).await {
            Ok(code) => code,
            Err(error @ Error::CodesPaused { .. }) => {
                // Without the try: what is not looked at costs none.
                drop(tx);
                return self.refuse_unseen(&account, error, origin).await;
            }
            Err(error) => return Err(error),
        };
        tx.commit_housekeeping(Housekeeping::CodeTried).await?;

        if !self.second_factors.verify(Claimant::after_password(person), method, typed, origin).await? {
            let error = if tries < MOST_TRIES { not_accepted(method) } else { Error::TooManyCodes };
            let pause = code.and_then(|code| self.lockout.first_pause(code, self.ground.clock.now()));
            return self.refuse_code(&account, method, error, pause, origin).await;
        }
        self.let_in_after(held, account, method, remember_device, origin).await
    }

    /// Asks whoever sent the right password for one of their passkeys.
    pub async fn ask_for_passkey(&self, token: &str, purpose: Purpose, origin: &Origin) -> Result<Prompt> {
        let (held, _) = self.waiting(token, purpose, Stage::Code).await?;
        self.second_factors.ask_for_passkey(Claimant::after_password(held.person_id), origin).await
    }

    /// Opens the session that was waited for.
    pub(super) async fn let_in_after(
        &self,
        held: Held,
        account: Account,
        method: Method,
        remember_device: bool,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let opening = Opening {
            person: account.id,
            role: held.role_code,
            checked: account.checked(),
            renewed: None,
            remember: held.remembered,
            purpose: Purpose::of_word(&held.kind).ok_or(Error::SignInOver)?,
            how: How::SecondFactor(method),
            vouched_by: held.vouched_by.clone(),
        };
        let opened = self.begin_opening(opening, origin).await;
        let mut opened = opened.map_err(|error| match error {
            Error::InvalidCredentials { .. } => Error::SignInOver,
            other => other,
        })?;
        if !store::end(opened.tx(), held.id).await? {
            return Err(Error::SignInOver);
        }
        self.lockout.forgive_codes(opened.tx(), account.id, Codes::SignIn).await?;
        let device = match self.security.remembers_devices_for().filter(|_| remember_device) {
            Some(days) => Some(self.remember_device(opened.tx(), &account, days).await?),
            None => None,
        };
        self.finish_opening(opened, device).await
    }

    /// Gives a sign-in up that waits.
    pub async fn give_up(&self, token: &str, origin: &Origin) -> Result<()> {
        let Ok(held) = self.held(token).await else { return Ok(()) };
        let mut tx = self.ground.begin(origin).await?;
        store::end(&mut tx, held.id).await?;
        tx.commit_housekeeping(Housekeeping::Expired).await
    }

    /// The sign-in behind a token, if it waits for this and its account still is what it was.
    async fn waiting(&self, token: &str, purpose: Purpose, stage: Stage) -> Result<(Held, Account)> {
        let held = self.held(token).await?;
        let account = accounts::account(&self.ground.db, held.person_id).await?.ok_or(Error::SignInOver)?;
        let hash = account.password_hash.as_deref().unwrap_or_default();
        let is_the_same = self.has_password_mark(account.id, hash, &held.password_mark)
            && account.roles().any(|role| role == held.role_code);
        if held.stage != stage || held.kind != purpose.word() || !is_the_same {
            return Err(Error::SignInOver);
        }
        permit::may_act(account.status, &account.email)?;
        Ok((held, account))
    }

    async fn held(&self, token: &str) -> Result<Held> {
        if token.is_empty() || token.len() > LONGEST {
            return Err(Error::SignInOver);
        }
        let now = self.ground.clock.now();
        let held = store::find(&self.ground.db, &self.token_fingerprint(token), now).await?;
        held.ok_or(Error::SignInOver)
    }

    fn token_fingerprint(&self, token: &str) -> String {
        self.vault.fingerprint(&["a sign-in that waits", token])
    }

    /// What tells whether a password is still the one that was checked, without keeping its hash a second time.
    pub(super) fn password_mark(&self, person: PersonId, hash: &str) -> String {
        self.vault.fingerprint(&password_parts(person, hash))
    }

    pub(super) fn has_password_mark(&self, person: PersonId, hash: &str, mark: &str) -> bool {
        self.vault.has_fingerprint(&password_parts(person, hash), mark)
    }
}

/// The form's own rules; what breaks them counts as no try.
pub(super) fn check_form(method: Method, typed: &str) -> Result<()> {
    match (method, typed.trim()) {
        (Method::Passkey, "") => Err(Error::PasskeyRefused),
        (_, "") => Err(Error::Invalid(FieldErrors::one("code", "Enter the code"))),
        _ => Ok(()),
    }
}

/// What to say of something that was shown in vain.
pub(super) const fn not_accepted(method: Method) -> Error {
    match method {
        Method::Passkey => Error::PasskeyRefused,
        _ => Error::WrongCode,
    }
}

fn password_parts(person: PersonId, hash: &str) -> [Vec<u8>; 3] {
    [b"a password that was checked".to_vec(), person.uuid().as_bytes().to_vec(), hash.as_bytes().to_vec()]
}

impl std::fmt::Debug for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Challenge({:?})", self.methods)
    }
}
