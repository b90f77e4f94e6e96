//! Second factors in the store. What may be done once is one conditional statement, so that of two who try at the same
//! moment one succeeds, on this instance or on two.

use super::{MOST_TRIES, Occasion, passkeys};
use crate::{
    Error, Result,
    db::{Db, Open, Tx},
    events::Owner,
};
use domain::{PersonId, Timestamp, person::EmailAddress, second_factor::Method};
use uuid::Uuid;

#[derive(Debug, sqlx::FromRow)]
pub(super) struct AppFactor {
    pub secret: String,
    pub enrolled_at: Timestamp,
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct CodeFactor {
    pub method: Method,
    pub target: Option<String>,
    pub enrolled_at: Timestamp,
}

/// A code that was sent and may still be right.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct SentCode {
    pub id: Uuid,
    pub fingerprint: String,
    pub target: Option<String>,
}

/// A code about to be sent.
#[derive(Debug)]
pub(super) struct NewCode {
    pub id: Uuid,
    pub person: PersonId,
    pub method: Method,
    pub occasion: Occasion,
    pub fingerprint: String,
    pub target: Option<String>,
    pub expires_at: Timestamp,
    /// A code sent later than this is too young to be replaced.
    pub not_after: Timestamp,
}

/// Keeps everybody else from changing this person's factors until the transaction ends, and says who they are.
pub(super) async fn hold(tx: &mut Tx<Open>, person: PersonId) -> Result<Owner> {
    let owner = fetch_optional!(
        tx,
        Owner,
        "update people set updated_at = updated_at where id = $1 returning full_name, email",
        person
    )?;
    owner.ok_or(Error::NotFound("User not found"))
}

pub(super) async fn owner(tx: &mut Tx<Open>, person: PersonId) -> Result<Owner> {
    let owner = fetch_optional!(tx, Owner, "select full_name, email from people where id = $1", person)?;
    owner.ok_or(Error::NotFound("User not found"))
}

/// Every method that a person can use, in no order.
pub(super) async fn methods(db: &Db, person: PersonId) -> Result<Vec<Method>> {
    let rows = fetch_all!(
        db,
        (Method,),
        "select cast('passkey' as text) where exists (select 1 from passkeys where person_id = $1)
         union all select cast('totp' as text) from app_factors where person_id = $1
         union all select method from code_factors where person_id = $1
         union all select cast('recovery' as text) where exists
             (select 1 from recovery_codes where person_id = $1 and used_at is null)",
        person
    )?;
    Ok(rows.into_iter().map(|(method,)| method).collect())
}

pub(super) async fn app_factor(db: &Db, person: PersonId) -> Result<Option<AppFactor>> {
    fetch_optional!(db, AppFactor, "select secret, enrolled_at from app_factors where person_id = $1", person)
}

pub(super) async fn code_factors(db: &Db, person: PersonId) -> Result<Vec<CodeFactor>> {
    fetch_all!(
        db,
        CodeFactor,
        "select method, target, enrolled_at from code_factors where person_id = $1",
        person
    )
}

pub(super) async fn code_factor(
    tx: &mut Tx<Open>,
    person: PersonId,
    method: Method,
) -> Result<Option<CodeFactor>> {
    fetch_optional!(
        tx,
        CodeFactor,
        "select method, target, enrolled_at from code_factors where person_id = $1 and method = $2",
        person,
        method
    )
}

pub(super) async fn put_pending_app(tx: &mut Tx<Open>, person: PersonId, secret: &str) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "insert into app_enrolments (person_id, secret, begun_at) values ($1, $2, $3)
         on conflict (person_id) do update set secret = excluded.secret, begun_at = excluded.begun_at",
        person,
        secret,
        at
    )?;
    Ok(())
}

pub(super) async fn pending_app(db: &Db, person: PersonId, begun_after: Timestamp) -> Result<Option<String>> {
    let found: Option<(String,)> = fetch_optional!(
        db,
        (String,),
        "select secret from app_enrolments where person_id = $1 and begun_at > $2",
        person,
        begun_after
    )?;
    Ok(found.map(|(secret,)| secret))
}

/// Ends the enrolment of this very secret: answers whether it was still waiting.
pub(super) async fn take_pending_app(tx: &mut Tx<Open>, person: PersonId, secret: &str) -> Result<bool> {
    let taken =
        execute!(tx, "delete from app_enrolments where person_id = $1 and secret = $2", person, secret)?;
    Ok(taken > 0)
}

pub(super) async fn put_app(tx: &mut Tx<Open>, person: PersonId, secret: &str, last_step: i64) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "insert into app_factors (person_id, secret, last_step, enrolled_at) values ($1, $2, $3, $4)
         on conflict (person_id) do update set secret = excluded.secret, last_step = excluded.last_step,
                                               enrolled_at = excluded.enrolled_at",
        person,
        secret,
        last_step,
        at
    )?;
    Ok(())
}

/// Accepts the code of this step, if none of it or of a later one was accepted before: answers whether it was.
pub(super) async fn accept_step(
    tx: &mut Tx<Open>,
    person: PersonId,
    secret: &str,
    step: i64,
) -> Result<bool> {
    let accepted = execute!(
        tx,
        "update app_factors set last_step = $3 where person_id = $1 and secret = $2 and last_step < $3",
        person,
        secret,
        step
    )?;
    Ok(accepted > 0)
}

pub(super) async fn put_code_factor(
    tx: &mut Tx<Open>,
    person: PersonId,
    method: Method,
    target: Option<String>,
) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "insert into code_factors (person_id, method, target, enrolled_at) values ($1, $2, $3, $4)
         on conflict (person_id, method) do update set target = excluded.target, enrolled_at = excluded.enrolled_at",
        person,
        method,
        target,
        at
    )?;
    Ok(())
}

/// Puts a new code in the place of the one before, unless that is too young: answers whether it did.
pub(super) async fn put_code(tx: &mut Tx<Open>, code: NewCode) -> Result<bool> {
    let at = tx.at();
    let put = execute!(
        tx,
        "insert into one_time_codes (person_id, method, occasion, id, fingerprint, target, tries, sent_at, expires_at, used_at)
         values ($1, $2, $3, $4, $5, $6, 0, $7, $8, null)
         on conflict (person_id, method, occasion) do update set
             id = excluded.id, fingerprint = excluded.fingerprint, target = excluded.target, tries = 0,
             sent_at = excluded.sent_at, expires_at = excluded.expires_at, used_at = null
         where one_time_codes.sent_at <= $9",
        code.person,
        code.method,
        code.occasion.word(),
        code.id,
        code.fingerprint,
        code.target,
        at,
        code.expires_at,
        code.not_after,
    )?;
    Ok(put > 0)
}

pub(super) async fn code_sent_at(
    tx: &mut Tx<Open>,
    person: PersonId,
    method: Method,
    occasion: Occasion,
) -> Result<Option<Timestamp>> {
    let found: Option<(Timestamp,)> = fetch_optional!(
        tx,
        (Timestamp,),
        "select sent_at from one_time_codes where person_id = $1 and method = $2 and occasion = $3",
        person,
        method,
        occasion.word()
    )?;
    Ok(found.map(|(at,)| at))
}

/// When the newest code of a sign-in was sent and until when it is good, if it may still be used.
pub(super) async fn code_on_its_way(
    db: &Db,
    person: PersonId,
    method: Method,
    occasion: Occasion,
    now: Timestamp,
) -> Result<Option<(Timestamp, Timestamp)>> {
    fetch_optional!(
        db,
        (Timestamp, Timestamp),
        "select sent_at, expires_at from one_time_codes
         where person_id = $1 and method = $2 and occasion = $3 and used_at is null and expires_at > $4 and tries < $5",
        person,
        method,
        occasion.word(),
        now,
        MOST_TRIES
    )
}

pub(super) async fn email(db: &Db, person: PersonId) -> Result<EmailAddress> {
    fetch_one!(db, (EmailAddress,), "select email from people where id = $1", person).map(|(email,)| email)
}

/// Counts a try before the code is looked at, and answers the code while it may still be right. Whoever tries at the same
/// moment waits until this transaction ends.
pub(super) async fn try_code(
    tx: &mut Tx<Open>,
    person: PersonId,
    method: Method,
    occasion: Occasion,
) -> Result<Option<SentCode>> {
    let now = tx.at();
    fetch_optional!(
        tx,
        SentCode,
        "update one_time_codes set tries = tries + 1
         where person_id = $1 and method = $2 and occasion = $3 and used_at is null and expires_at > $4 and tries < $5
         returning id, fingerprint, target",
        person,
        method,
        occasion.word(),
        now,
        MOST_TRIES
    )
}

/// Uses the code up: answers whether it was still there to be used.
pub(super) async fn use_code(tx: &mut Tx<Open>, person: PersonId, id: Uuid) -> Result<bool> {
    let at = tx.at();
    let used = execute!(
        tx,
        "update one_time_codes set used_at = $3 where person_id = $1 and id = $2 and used_at is null",
        person,
        id,
        at
    )?;
    Ok(used > 0)
}

/// Voids every recovery code there is and puts these in their place.
pub(super) async fn replace_recovery_codes(
    tx: &mut Tx<Open>,
    person: PersonId,
    fingerprints: impl Iterator<Item = String>,
) -> Result<()> {
    let at = tx.at();
    void_recovery_codes(tx, person).await?;
    for fingerprint in fingerprints {
        execute!(
            tx,
            "insert into recovery_codes (person_id, fingerprint, made_at) values ($1, $2, $3)",
            person,
            fingerprint,
            at
        )?;
    }
    Ok(())
}

pub(super) async fn void_recovery_codes(tx: &mut Tx<Open>, person: PersonId) -> Result<()> {
    execute!(tx, "delete from recovery_codes where person_id = $1", person)?;
    Ok(())
}

pub(super) async fn use_recovery_code(
    tx: &mut Tx<Open>,
    person: PersonId,
    fingerprint: &str,
) -> Result<bool> {
    let at = tx.at();
    let used = execute!(
        tx,
        "update recovery_codes set used_at = $3 where person_id = $1 and fingerprint = $2 and used_at is null",
        person,
        fingerprint,
        at
    )?;
    Ok(used > 0)
}

pub(super) async fn recovery_codes_left(db: &Db, person: PersonId) -> Result<i64> {
    const SQL: &str = "select count(*) from recovery_codes where person_id = $1 and used_at is null";
    fetch_one!(db, (i64,), SQL, person).map(|(count,)| count)
}

pub(super) async fn recovery_codes_left_within(tx: &mut Tx<Open>, person: PersonId) -> Result<i64> {
    const SQL: &str = "select count(*) from recovery_codes where person_id = $1 and used_at is null";
    fetch_one!(tx, (i64,), SQL, person).map(|(count,)| count)
}

/// Removes a factor and every code on its way for it: answers whether there was such a factor.
pub(super) async fn remove(tx: &mut Tx<Open>, person: PersonId, method: Method) -> Result<bool> {
    let removed = match method {
        Method::Passkey => passkeys::store::remove_all(tx, person).await?,
        Method::Totp => {
            execute!(tx, "delete from app_enrolments where person_id = $1", person)?;
            execute!(tx, "delete from app_factors where person_id = $1", person)?
        }
        Method::Sms | Method::Email => {
            execute!(tx, "delete from one_time_codes where person_id = $1 and method = $2", person, method)?;
            execute!(tx, "delete from code_factors where person_id = $1 and method = $2", person, method)?
        }
        Method::Recovery => 0,
    };
    Ok(removed > 0)
}

/// Whether nothing but recovery codes could be left.
pub(super) async fn has_no_factor(tx: &mut Tx<Open>, person: PersonId) -> Result<bool> {
    let (count,) = fetch_one!(
        tx,
        (i64,),
        "select (select count(*) from app_factors where person_id = $1)
              + (select count(*) from code_factors where person_id = $1)
              + (select count(*) from passkeys where person_id = $1)",
        person
    )?;
    Ok(count == 0)
}

pub(super) async fn forget(
    tx: &mut Tx<Open>,
    begun_before: Timestamp,
    expired_before: Timestamp,
) -> Result<()> {
    execute!(tx, "delete from app_enrolments where begun_at <= $1", begun_before)?;
    execute!(tx, "delete from one_time_codes where expires_at <= $1", expired_before)?;
    Ok(())
}
