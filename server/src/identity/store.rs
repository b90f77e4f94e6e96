//! Sessions and credentials in the store.

pub(super) mod acting;
pub(super) mod known_devices;
mod passwords;

pub(super) use passwords::{Affected, change_password, password_hash, set_password};

use super::Purpose;
use crate::{
    Actor, Result,
    db::{Db, Open, Tx},
    events::Owner,
    lockout::Names,
    proof::{Proof, Standing},
    roles::Role,
};
use domain::{
    Permission, PersonId, RoleCode, SessionId, Timestamp,
    at_rest::Private,
    dashboard::Dashboard,
    person::{EmailAddress, FullName, PersonStatus, Username},
    preferences::{Theme, TimeZoneName},
    second_factor::Method,
};
use std::time::Duration;
use uuid::Uuid;

/// What signing in needs to know of an account.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Account {
    pub id: PersonId,
    pub username: Username,
    pub email: EmailAddress,
    pub password_hash: Option<String>,
    pub status: PersonStatus,
    pub has_factor: bool,
    /// Whether a second factor is required of them, whatever their roles ask for.
    pub must_have_second_factor: bool,
    factors_version: i64,
    roles: Option<String>,
}

/// What was looked at of an account before something was shown for it: its hash and its factors.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    pub hash: Option<String>,
    factors_version: i64,
}

impl Account {
    pub fn checked(&self) -> Checked {
        Checked { hash: self.password_hash.clone(), factors_version: self.factors_version }
    }

    /// The roles, the usual one first.
    pub fn roles(&self) -> impl Iterator<Item = RoleCode> {
        self.roles.as_deref().unwrap_or_default().split(',').filter_map(|code| RoleCode::parse(code).ok())
    }
}

/// Whether the person `p` has a second factor.
macro_rules! has_factor {
    () => {
        "(exists (select 1 from app_factors f where f.person_id = p.id)
             or exists (select 1 from code_factors f where f.person_id = p.id)
             or exists (select 1 from passkeys f where f.person_id = p.id)) as has_factor"
    };
}

/// What signing in needs to know of the person `p`.
macro_rules! account {
    () => {
        concat!(
            "select p.id, p.username, p.email, p.password_hash, p.status, p.factors_version, p.must_have_second_factor, ",
            has_factor!(),
            ", (select string_agg(role_code, ',' order by position) from person_roles where person_id = p.id) as roles
             from people p "
        )
    };
}

pub(super) async fn credentials(db: &Db, identifier: &str) -> Result<Option<Account>> {
    // Two look-ups by index instead of an `or`, which not every planner answers from both.
    fetch_optional!(
        db,
        Account,
        concat!(
            account!(),
            "where p.id = (select id from people where username = $1 union all select id from people where email = $2 limit 1)"
        ),
        identifier,
        Private(identifier.to_owned()),
    )
}

pub(super) async fn account(db: &Db, person: PersonId) -> Result<Option<Account>> {
    fetch_optional!(db, Account, concat!(account!(), "where p.id = $1"), person)
}

/// A session that is good right now, with the person and the role.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Session {
    pub person_id: PersonId,
    pub last_seen_at: Timestamp,
    pub has_factor: bool,
    proved_at: Timestamp,
    second_factor: Option<Method>,
    role_code: RoleCode,
    role_name: String,
    dashboard: Dashboard,
    username: Username,
    full_name: FullName,
    email: EmailAddress,
    theme: Option<Theme>,
    time_zone: Option<TimeZoneName>,
    permissions: Option<String>,
    roles: Option<String>,
}

impl Session {
    pub const fn proof(&self) -> Proof {
        Proof { at: self.proved_at, factor: self.second_factor }
    }

    pub fn into_actor(self, id: SessionId, standing: Standing) -> Actor {
        Actor {
            id: self.person_id,
            username: self.username,
            full_name: self.full_name,
            email: self.email,
            theme: self.theme,
            time_zone: self.time_zone,
            roles: named_roles(self.roles.as_deref().unwrap_or_default()),
            role: self.role_code,
            role_name: self.role_name,
            dashboard: self.dashboard,
            permissions: self
                .permissions
                .as_deref()
                .unwrap_or_default()
                .split(',')
                .filter_map(Permission::from_code)
                .collect(),
            session: id,
            standing,
            key: None,
        }
    }
}

/// Reads `CODE=Name;CODE=Name`. A name cannot hold a semicolon.
fn named_roles(text: &str) -> Vec<Role> {
    let pairs = text.split(';').filter_map(|pair| pair.split_once('='));
    pairs
        .filter_map(|(code, name)| Some(Role { code: RoleCode::parse(code).ok()?, name: name.to_owned() }))
        .collect()
}

/// The session, unless it ended, timed out, or its person lost the account or the role.
pub(super) async fn session(
    db: &Db,
    id: SessionId,
    purpose: Purpose,
    seen_after: Timestamp,
    now: Timestamp,
) -> Result<Option<Session>> {
    fetch_optional!(db, Session, SESSION, id, now, PersonStatus::Active, seen_after, purpose.word())
}

/// A good session: open, in time, of a person who may act and still has the role.
pub(super) const SESSION: &str = concat!(
        "select s.person_id, s.last_seen_at, s.proved_at, s.second_factor, s.role_code, r.name as role_name, r.dashboard,
                p.username, p.full_name, p.email, p.theme, p.time_zone, ", has_factor!(), ",
                (select string_agg(permission, ',') from role_permissions where role_code = s.role_code) as permissions,
                (select string_agg(h.role_code || '=' || n.name, ';' order by h.position)
                 from person_roles h join roles n on n.code = h.role_code where h.person_id = p.id) as roles
         from sessions s
         join people p on p.id = s.person_id
         join roles r on r.code = s.role_code
         where s.id = $1 and s.kind = $5 and s.ended_at is null and s.expires_at > $2 and p.status = $3
           and (s.remembered or s.last_seen_at > $4)
           and exists (select 1 from person_roles h where h.person_id = s.person_id and h.role_code = s.role_code)"
);

#[allow(clippy::too_many_arguments, reason = "a row has as many columns")]
pub(super) async fn open_session(
    tx: &mut Tx<Open>,
    id: SessionId,
    person: PersonId,
    role: &RoleCode,
    purpose: Purpose,
    remembered: bool,
    expires_at: Timestamp,
    proof: Proof,
) -> Result<()> {
    let (at, origin) = (tx.at(), tx.origin().clone());
    execute!(
        tx,
        "insert into sessions (id, person_id, role_code, kind, remembered, ip, user_agent, created_at, last_seen_at, expires_at,
                               proved_at, second_factor)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11)",
        id,
        person,
        role,
        purpose.word(),
        remembered,
        origin.ip.unwrap_or_default(),
        origin.user_agent.unwrap_or_default(),
        at,
        expires_at,
        proof.at,
        proof.factor,
    )?;
    Ok(())
}

/// Puts a new session in the place of the actor's, with this role and proof; it lasts as long as the old one would have.
/// Answers its kind and until when, or nothing when the old one has ended meanwhile.
pub(super) async fn replace_session(
    tx: &mut Tx<Open>,
    actor: &Actor,
    new: SessionId,
    role: &RoleCode,
    proof: Proof,
) -> Result<Option<(String, Timestamp)>> {
    let (at, person, old) = (tx.at(), actor.id(), actor.session());
    // Whoever ends all sessions of this person waits for us, or we for them.
    execute!(tx, "update people set updated_at = updated_at where id = $1", person)?;
    let ended =
        execute!(tx, "update sessions set ended_at = $2 where id = $1 and ended_at is null", old, at,)?;
    if ended == 0 {
        return Ok(None);
    }
    let replaced = fetch_one!(
        tx,
        (String, Timestamp),
        "insert into sessions (id, person_id, role_code, kind, remembered, ip, user_agent, created_at, last_seen_at, expires_at,
                               proved_at, second_factor)
         select $2, person_id, $3, kind, remembered, ip, user_agent, $4, $4, expires_at, $5, $6 from sessions where id = $1
         returning kind, expires_at",
        old,
        new,
        role,
        at,
        proof.at,
        proof.factor,
    )?;
    Ok(Some(replaced))
}

/// Counts the sign-in and renews the hash, if the account is as it was checked: answers whether it is.
pub(super) async fn note_sign_in(
    tx: &mut Tx<Open>,
    person: PersonId,
    checked: &Checked,
    renewed: Option<&str>,
) -> Result<bool> {
    let at = tx.at();
    let counted = execute!(
        tx,
        "update people set last_login_at = $2, login_count = login_count + 1, password_hash = coalesce($4, password_hash),
             erasure_warned_at = null
         where id = $1 and password_hash is not distinct from $3 and factors_version = $5",
        person,
        at,
        checked.hash.as_deref(),
        renewed,
        checked.factors_version,
    )?;
    Ok(counted > 0)
}

/// Renews the hash of an account that is as it was checked, and keeps the row: answers whether it is.
pub(super) async fn renew_hash(
    tx: &mut Tx<Open>,
    person: PersonId,
    checked: &Checked,
    renewed: Option<&str>,
) -> Result<bool> {
    let sql = "update people set password_hash = coalesce($3, password_hash)
               where id = $1 and password_hash is not distinct from $2 and factors_version = $4";
    let (hash, version) = (checked.hash.as_deref(), checked.factors_version);
    execute!(tx, sql, person, hash, renewed, version).map(|kept| kept > 0)
}

pub(super) async fn owner(tx: &mut Tx<Open>, person: PersonId) -> Result<Owner> {
    fetch_one!(tx, Owner, "select full_name, email from people where id = $1", person)
}

/// The same outside of any transaction.
pub(super) async fn owner_now(db: &Db, person: PersonId) -> Result<Owner> {
    fetch_one!(db, Owner, "select full_name, email from people where id = $1", person)
}

/// Every name under which they sign in.
pub(super) async fn names(tx: &mut Tx<Open>, person: PersonId) -> Result<Names> {
    fetch_one!(tx, Names, "select username, email from people where id = $1", person)
}

/// Keeps a session of this person from ending until the transaction does; answers whether it is open. Whoever asks holds the
/// person's row already, as whoever ends sessions does.
pub(super) async fn hold_session(tx: &mut Tx<Open>, person: PersonId, id: SessionId) -> Result<bool> {
    let at = tx.at();
    let sql = "update sessions set last_seen_at = last_seen_at
               where id = $1 and person_id = $2 and ended_at is null and expires_at > $3";
    execute!(tx, sql, id, person, at).map(|held| held > 0)
}

pub(super) async fn end_session(tx: &mut Tx<Open>, id: SessionId) -> Result<()> {
    let at = tx.at();
    execute!(tx, "update sessions set ended_at = $2 where id = $1 and ended_at is null", id, at)?;
    Ok(())
}

/// Ends the sessions of a person, all but the one to be kept; answers how many.
pub(super) async fn end_sessions(
    tx: &mut Tx<Open>,
    person: PersonId,
    kept: Option<SessionId>,
) -> Result<u64> {
    let at = tx.at();
    // Whoever puts a new session in the place of an old one waits for us, or we for them.
    execute!(tx, "update people set updated_at = updated_at where id = $1", person)?;
    execute!(
        tx,
        "update sessions set ended_at = $2
         where person_id = $1 and ended_at is null and expires_at > $2 and id <> $3",
        person,
        at,
        kept.unwrap_or(SessionId::new(Uuid::nil())),
    )
}

/// Notes that the second factors of a person are others from now on.
pub(super) async fn note_other_factors(tx: &mut Tx<Open>, person: PersonId) -> Result<()> {
    execute!(tx, "update people set factors_version = factors_version + 1 where id = $1", person)?;
    Ok(())
}

pub(super) async fn note_seen(tx: &mut Tx<Open>, id: SessionId, every: Duration) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "update sessions set last_seen_at = $2 where id = $1 and last_seen_at < $3",
        id,
        at,
        at.before(every)
    )?;
    Ok(())
}

/// Notes that wrong passwords have locked the account, for those who look at it. Answers whom to tell.
pub(super) async fn lock(tx: &mut Tx<Open>, person: PersonId, until: Timestamp) -> Result<Owner> {
    fetch_one!(
        tx,
        Owner,
        "update people set locked_until = $2 where id = $1 returning full_name, email",
        person,
        until
    )
}

/// Removes sessions whose time was over a while ago, a bounded number at a time.
pub(super) async fn forget_expired(tx: &mut Tx<Open>, kept: Duration) -> Result<()> {
    let before = tx.at().before(kept);
    execute!(
        tx,
        "delete from refresh_tokens where session_id in (select id from sessions where expires_at < $1 order by expires_at limit 10000)",
        before
    )?;
    execute!(
        tx,
        "delete from sessions where id in (select id from sessions where expires_at < $1 order by expires_at limit 10000)",
        before
    )?;
    Ok(())
}
