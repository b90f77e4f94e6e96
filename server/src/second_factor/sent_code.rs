//! Codes that are sent, by e-mail or text message: drawn, remembered by their fingerprint, and taken back once.

use super::{
    CODE_LASTS, COOL_DOWN, ChangeKind, Claimant, CodeMessage, NOT_SET_UP, Occasion, SecondFactors,
    message::{Destination, Envelope},
    one_time, record, store,
};
use crate::{
    Error, Origin, Result,
    db::{Housekeeping, Open, Tx},
    events::Owner,
    vault::Purpose,
};
use domain::{PersonId, Timestamp, second_factor::Method};
use uuid::Uuid;

/// A code is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Enough of the address or the number for its owner to know where to look.
    pub to: String,
    pub good_until: Timestamp,
    /// From when on another one can be sent.
    pub again_from: Timestamp,
}

/// A code about to be drawn and sent.
pub(super) struct Outgoing {
    pub person: PersonId,
    pub method: Method,
    pub occasion: Occasion,
    pub to: Destination,
    /// The code is worthless once this is no longer the person's address or number.
    pub bound_to: String,
    /// The number that is to be set up.
    pub target: Option<String>,
}

impl Destination {
    pub(super) fn of(owner: &Owner) -> Self {
        Self::Email { address: owner.email.to_string(), full_name: owner.full_name.to_string() }
    }
}

impl SecondFactors {
    /// Sends a code to someone who has set up this way of getting one. The code before is worthless from now on; within a
    /// minute of it there is no other.
    pub async fn send_code(&self, claimant: Claimant, method: Method, origin: &Origin) -> Result<Sent> {
        let person = claimant.person();
        let mut tx = self.ground.begin(origin).await?;
        let factor = store::code_factor(&mut tx, person, method).await?;
        let factor = factor.filter(|_| method != Method::Sms || self.offers_sms);
        let target = factor.ok_or(Error::NotFound(NOT_SET_UP))?.target;
        let (to, bound_to) = match target {
            Some(sealed) => {
                (Destination::Phone(self.open_phone_number(Purpose::PhoneNumber, person, &sealed)?), sealed)
            }
            None => {
                let owner = store::owner(&mut tx, person).await?;
                (Destination::of(&owner), owner.email.to_string())
            }
        };
        let occasion = Occasion::SignIn;
        self.dispatch(tx, Outgoing { person, method, occasion, to, bound_to, target: None }).await
    }

    /// Draws the code, remembers it and leaves the rest to the outbox.
    pub(super) async fn dispatch(&self, mut tx: Tx<Open>, outgoing: Outgoing) -> Result<Sent> {
        self.bound(&mut tx, &outgoing).await?;
        let Outgoing { person, method, occasion, to, bound_to, target } = outgoing;
        let (id, now) = (tx.new_id(), tx.at());
        let code = self.ground.chance.below(1_000_000);
        let expires_at = now.after(CODE_LASTS);
        let code_row = store::NewCode {
            id,
            person,
            method,
            occasion,
            fingerprint: self.vault.fingerprint(&parts(
                id,
                person,
                method,
                occasion,
                &bound_to,
                &digits(code),
            )),
            target,
            expires_at,
            not_after: now.before(COOL_DOWN),
        };
        if !store::put_code(&mut tx, code_row).await? {
            let sent_at = store::code_sent_at(&mut tx, person, method, occasion).await?.unwrap_or(now);
            return Err(Error::TooMany { retry_after: sent_at.after(COOL_DOWN).since(now) });
        }
        let masked = to.masked();
        let message =
            CodeMessage::seal(&self.vault, person, &Envelope { code: digits(code), to }, expires_at)?;
        let kind = ChangeKind::CodeSent { method, occasion: occasion.word(), message };
        let tx = match occasion {
            Occasion::SignIn => record(tx, person, kind).await?,
            Occasion::Enrolment => {
                let tx = record(tx, person, ChangeKind::EnrolmentBegun { method }).await?;
                record(tx, person, kind).await?
            }
        };
        tx.commit().await?;
        Ok(Sent { to: masked, good_until: expires_at, again_from: now.after(COOL_DOWN) })
    }

    pub(super) async fn verify_sent(
        &self,
        person: PersonId,
        method: Method,
        typed: &str,
        origin: &Origin,
    ) -> Result<bool> {
        let Some(code) = one_time::six_digits(typed) else { return Ok(false) };
        let mut tx = self.ground.begin(origin).await?;
        if self.take_code(&mut tx, person, method, Occasion::SignIn, code).await?.is_none() {
            tx.commit_housekeeping(Housekeeping::CodeTried).await?;
            return Ok(false);
        }
        record(tx, person, ChangeKind::Accepted { method }).await?.commit().await?;
        Ok(true)
    }

    /// Uses up the code that was sent, if this is the one. The try is counted either way.
    pub(super) async fn take_code(
        &self,
        tx: &mut Tx<Open>,
        person: PersonId,
        method: Method,
        occasion: Occasion,
        code: u32,
    ) -> Result<Option<store::SentCode>> {
        let Some(sent) = store::try_code(tx, person, method, occasion).await? else { return Ok(None) };
        let target = match occasion {
            Occasion::Enrolment => sent.target.clone(),
            Occasion::SignIn => match store::code_factor(tx, person, method).await? {
                Some(factor) => factor.target,
                None => return Ok(None),
            },
        };
        let bound_to = match target {
            Some(target) => target,
            None => store::owner(tx, person).await?.email.to_string(),
        };
        let fits = self.vault.has_fingerprint(
            &parts(sent.id, person, method, occasion, &bound_to, &digits(code)),
            &sent.fingerprint,
        );
        Ok(if fits && store::use_code(tx, person, sent.id).await? { Some(sent) } else { None })
    }
}

fn digits(code: u32) -> String {
    format!("{code:06}")
}

/// All that a code is bound to: it is right for this person, way and occasion alone, and until the next one.
fn parts(
    id: Uuid,
    person: PersonId,
    method: Method,
    occasion: Occasion,
    bound_to: &str,
    code: &str,
) -> [Vec<u8>; 6] {
    [
        id.as_bytes().to_vec(),
        person.uuid().as_bytes().to_vec(),
        method.code().as_bytes().to_vec(),
        occasion.word().as_bytes().to_vec(),
        bound_to.as_bytes().to_vec(),
        code.as_bytes().to_vec(),
    ]
}
