//! Second factors: showing, after the password, that it is really you. Passkeys, authenticator apps, codes by e-mail or text
//! message, and recovery codes on paper: setting them up, sending, checking and removing them.
//!
//! What a right or wrong code leads to (a session, another try, a lock) is decided by `identity`.

pub mod api;
mod app_secret;
mod change;
mod code_enrolment;
mod enrolment;
mod message;
mod one_time;
mod passkeys;
mod recovery;
mod sent_bound;
mod sent_code;
mod store;
mod ways;

pub use app_secret::AppSecret;
pub use change::{Change, ChangeKind, Tell};
pub use code_enrolment::Channel;
pub use enrolment::{Enrollee, NewApp};
pub use message::{CodeMessage, Courier};
pub use one_time::code_at;
pub use passkeys::{OwnPasskey, Prompt, RelyingParty};
pub use recovery::RecoveryCodes;
pub use sent_code::Sent;
pub use ways::Way;

use crate::{
    Actor, Error, Origin, Result,
    config::Limits,
    db::{Housekeeping, Open, Recorded, Tx},
    events::{Event, Owner},
    ground::Ground,
    identity,
    people::powers,
    permit::{People, Permit, RemoveSecondFactors, Visible},
    vault::{Purpose, Vault},
};
use domain::{PersonId, Timestamp, phone::PhoneNumber, second_factor::Method};
use std::time::Duration;

/// How long a code that was sent is good.
pub const CODE_LASTS: Duration = Duration::from_secs(5 * 60);
/// How long one waits before another code can be sent.
pub const COOL_DOWN: Duration = Duration::from_secs(60);
/// How long an app may take from its secret to its first code.
const ENROLMENT_LASTS: Duration = Duration::from_secs(60 * 60);
/// A code that was sent is worthless after so many tries, whoever counts them elsewhere.
const MOST_TRIES: i64 = 5;
/// How long codes are kept after they expired.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
const NOT_SET_UP: &str = "This way of confirming is not set up";

/// What a code that was sent is for. It is good for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Occasion {
    /// Signing in, or confirming that it is still you.
    SignIn,
    /// Showing that an address or a number is one's own.
    Enrolment,
}

impl Occasion {
    const fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Enrolment => "enrolment",
        }
    }
}

/// Someone whose password was right, or who is signed in: codes are sent to and taken from nobody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimant(PersonId);

impl Claimant {
    /// For `identity`, after the password.
    pub(crate) const fn after_password(person: PersonId) -> Self {
        Self(person)
    }

    /// Of somebody whose passkey said who they are.
    const fn after_passkey(person: PersonId) -> Self {
        Self(person)
    }

    pub const fn person(self) -> PersonId {
        self.0
    }
}

impl From<&Actor> for Claimant {
    fn from(actor: &Actor) -> Self {
        Self(actor.id())
    }
}

/// A factor as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    pub method: Method,
    pub since: Timestamp,
    /// Enough of the number or the address to recognise it by.
    pub hint: Option<String>,
}

/// Everything a person has set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    pub factors: Vec<Factor>,
    pub passkeys: Vec<OwnPasskey>,
    pub recovery_codes_left: i64,
    /// Whether text messages can be sent from here at all.
    pub offers_sms: bool,
    /// Whether browsers can use passkeys at this address at all.
    pub offers_passkeys: bool,
}

/// The service for second factors.
#[derive(Debug, Clone)]
pub struct SecondFactors {
    ground: Ground,
    vault: Vault,
    offers_sms: bool,
    /// None: browsers can use no passkeys at this address.
    party: Option<RelyingParty>,
    limits: Limits,
}

impl SecondFactors {
    pub const fn new(
        ground: Ground,
        vault: Vault,
        offers_sms: bool,
        party: Option<RelyingParty>,
        limits: Limits,
    ) -> Self {
        Self { ground, vault, offers_sms, party, limits }
    }

    /// The methods that this person can use right now, the one to ask for first at the top. None: no second factor.
    pub async fn methods_of(&self, claimant: Claimant) -> Result<Vec<Method>> {
        let mut methods = store::methods(&self.ground.db, claimant.person()).await?;
        methods.retain(|method| match method {
            Method::Sms => self.offers_sms,
            Method::Passkey => self.offers_passkeys(),
            Method::Totp | Method::Email | Method::Recovery => true,
        });
        methods.sort_unstable();
        Ok(methods)
    }

    /// The methods that somebody has set up, whether or not they can be used right now.
    pub async fn factors_of(&self, visible: &Visible<People>, person: PersonId) -> Result<Vec<Method>> {
        if !visible.includes(person) {
            return Err(Error::NotFound("User not found"));
        }
        let mut methods = store::methods(&self.ground.db, person).await?;
        // Codes on paper stand in for a factor; they are none.
        methods.retain(|method| *method != Method::Recovery);
        methods.sort_unstable();
        Ok(methods)
    }

    /// What the actor has set up, for their own page.
    pub async fn overview(&self, actor: &Actor) -> Result<Overview> {
        let person = actor.id();
        let db = &self.ground.db;
        let app = store::app_factor(db, person).await?;
        let app = app.map(|app| Factor { method: Method::Totp, since: app.enrolled_at, hint: None });
        let mut factors: Vec<Factor> = app.into_iter().collect();
        for factor in store::code_factors(db, person).await? {
            let hint = match &factor.target {
                Some(sealed) => self.open_phone_number(Purpose::PhoneNumber, person, sealed)?.masked(),
                None => actor.email().to_string(),
            };
            factors.push(Factor { method: factor.method, since: factor.enrolled_at, hint: Some(hint) });
        }
        let passkeys = self.passkeys(actor).await?;
        factors.extend(passkeys.first().map(|oldest| Factor {
            method: Method::Passkey,
            since: oldest.created_at,
            hint: None,
        }));
        factors.sort_unstable_by_key(|factor| factor.method);
        let recovery_codes_left = store::recovery_codes_left(db, person).await?;
        Ok(Overview {
            factors,
            passkeys,
            recovery_codes_left,
            offers_sms: self.offers_sms,
            offers_passkeys: self.offers_passkeys(),
        })
    }

    /// Whether the code is right; for a passkey, the answer of the browser. A right one is used up: of two who send it at the same moment one is accepted. Wrong
    /// ones are counted by the caller.
    pub async fn verify(
        &self,
        claimant: Claimant,
        method: Method,
        typed: &str,
        origin: &Origin,
    ) -> Result<bool> {
        let person = claimant.person();
        match method {
            Method::Passkey => self.verify_passkey(person, typed, origin).await,
            Method::Totp => self.verify_app(person, typed, origin).await,
            Method::Sms | Method::Email => self.verify_sent(person, method, typed, origin).await,
            Method::Recovery => self.verify_recovery(person, typed, origin).await,
        }
    }

    async fn verify_app(&self, person: PersonId, typed: &str, origin: &Origin) -> Result<bool> {
        let Some(code) = one_time::six_digits(typed) else { return Ok(false) };
        let Some(app) = store::app_factor(&self.ground.db, person).await? else { return Ok(false) };
        let secret = self.vault.open(Purpose::AppSecret, person.uuid(), &app.secret)?;
        let Some(step) = one_time::step_of(&secret, code, self.ground.clock.now()) else {
            return Ok(false);
        };
        let mut tx = self.ground.begin(origin).await?;
        if !store::accept_step(&mut tx, person, &app.secret, step).await? {
            return Ok(false);
        }
        record(tx, person, ChangeKind::Accepted { method: Method::Totp }).await?.commit().await?;
        Ok(true)
    }

    async fn verify_recovery(&self, person: PersonId, typed: &str, origin: &Origin) -> Result<bool> {
        let Some(code) = recovery::read(typed) else { return Ok(false) };
        let fingerprint = self.recovery_fingerprint(person, &code);
        let mut tx = self.ground.begin(origin).await?;
        if !store::use_recovery_code(&mut tx, person, &fingerprint).await? {
            return Ok(false);
        }
        let left = store::recovery_codes_left_within(&mut tx, person).await?;
        let owner = store::owner(&mut tx, person).await?;
        let tell = tell(&tx, owner);
        record(tx, person, ChangeKind::RecoveryCodeUsed { left, tell }).await?.commit().await?;
        Ok(true)
    }

    /// Removes one of the actor's own factors, unless it is the last and they need one. With the last one the recovery codes go
    /// too.
    pub async fn remove(
        &self,
        actor: &Actor,
        method: Method,
        needs_one: bool,
        origin: &Origin,
    ) -> Result<()> {
        actor.standing().check()?;
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let owner = store::hold(&mut tx, actor.id()).await?;
        if !store::remove(&mut tx, actor.id(), method).await? {
            return Err(Error::NotFound(NOT_SET_UP));
        }
        self.after_removal(&mut tx, actor.id(), needs_one).await?;
        identity::after_change(&mut tx, actor.id(), Some(actor.session())).await?;
        let tell = tell(&tx, owner);
        record(tx, actor.id(), ChangeKind::Removed { methods: vec![method], tell }).await?.commit().await
    }

    /// What goes with the last factor, which stays where one is needed. Looked at while nobody else changes what there is: of two
    /// who remove the last two at the same moment, one is refused.
    async fn after_removal(&self, tx: &mut Tx<Open>, person: PersonId, needs_one: bool) -> Result<()> {
        if !store::has_no_factor(tx, person).await? {
            return Ok(());
        }
        if needs_one {
            return Err(Error::Conflict(
                "You need a second factor here. Set up another one before you remove this one.",
            ));
        }
        store::void_recovery_codes(tx, person).await
    }

    /// Removes every factor of someone who has lost them all.
    pub async fn remove_all(&self, permit: &Permit<RemoveSecondFactors>, origin: &Origin) -> Result<()> {
        let person = *permit.resource();
        let mut tx = self.ground.begin(origin).await?;
        let owner = store::hold(&mut tx, person).await?;
        powers::check_account(&mut tx, permit.holds(), person).await?;
        let mut methods = Vec::new();
        for method in Method::ALL {
            if store::remove(&mut tx, person, method).await? {
                methods.push(method);
            }
        }
        if methods.is_empty() {
            return Err(Error::Conflict("This account has no second factor"));
        }
        store::void_recovery_codes(&mut tx, person).await?;
        identity::after_change(&mut tx, person, None).await?;
        let tell = tell(&tx, owner);
        record(tx, person, ChangeKind::Removed { methods, tell }).await?.commit().await
    }

    /// Makes ten new recovery codes and voids the old ones.
    pub async fn regenerate_recovery_codes(&self, actor: &Actor, origin: &Origin) -> Result<RecoveryCodes> {
        actor.standing().check()?;
        let person = actor.id();
        let mut tx = self.ground.begin(&actor.at(origin)).await?;
        let owner = store::hold(&mut tx, person).await?;
        identity::check_open(&mut tx, person, actor.session()).await?;
        if store::has_no_factor(&mut tx, person).await? {
            return Err(Error::Conflict("Set up a second factor first: recovery codes stand in for it"));
        }
        let codes = self.put_recovery_codes(&mut tx, person).await?;
        let tell = Some(tell(&tx, owner));
        let kind = ChangeKind::RecoveryCodesMade { count: recovery::HOW_MANY, tell };
        record(tx, person, kind).await?.commit().await?;
        Ok(codes)
    }

    /// Forgets enrolments and questions that nobody answered, and codes that expired long ago.
    pub async fn forget_expired(&self) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        let now = tx.at();
        store::forget(&mut tx, now.before(ENROLMENT_LASTS), now.before(KEPT)).await?;
        passkeys::store::forget_ceremonies(&mut tx).await?;
        tx.commit_housekeeping(Housekeeping::Expired).await
    }

    async fn put_recovery_codes(&self, tx: &mut Tx<Open>, person: PersonId) -> Result<RecoveryCodes> {
        let codes = RecoveryCodes::draw(&self.ground.chance);
        let fingerprints = codes.plain().map(|code| self.recovery_fingerprint(person, code));
        store::replace_recovery_codes(tx, person, fingerprints).await?;
        Ok(codes)
    }

    fn recovery_fingerprint(&self, person: PersonId, code: &str) -> String {
        self.vault.fingerprint(&[b"recovery code".as_slice(), person.uuid().as_bytes(), code.as_bytes()])
    }

    /// The number to which somebody has codes sent, in full: for them alone, and for what is kept about them.
    pub(crate) async fn phone_number_of(&self, person: PersonId) -> Result<Option<String>> {
        let factors = store::code_factors(&self.ground.db, person).await?;
        let sealed = factors.into_iter().find_map(|factor| factor.target);
        let number =
            sealed.map(|sealed| self.open_phone_number(Purpose::PhoneNumber, person, &sealed)).transpose()?;
        Ok(number.map(|number| number.as_str().to_owned()))
    }

    fn open_phone_number(&self, purpose: Purpose, person: PersonId, sealed: &str) -> Result<PhoneNumber> {
        let plain = self.vault.open(purpose, person.uuid(), sealed)?;
        let plain = String::from_utf8(plain).map_err(anyhow::Error::from)?;
        PhoneNumber::parse(&plain)
            .map_err(|words| Error::Internal(anyhow::anyhow!("stored phone number: {words}")))
    }
}

fn tell<S>(tx: &Tx<S>, owner: Owner) -> Tell {
    Tell { owner, at: tx.at() }
}

async fn record<S>(tx: Tx<S>, person: PersonId, kind: ChangeKind) -> Result<Tx<Recorded>> {
    tx.record(Event::SecondFactor(Change { person, kind })).await
}
