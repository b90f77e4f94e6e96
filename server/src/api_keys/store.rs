//! API keys in the store.

pub(super) mod reminders;

use super::{Change, ChangeKind, NewKey};
use crate::{
    Actor, Result,
    db::{Db, Open, Tx},
    events::Owner,
    proof::Standing,
    roles::Role,
};
use domain::{
    ApiKeyId, Permission, Permissions, PersonId, RoleCode, SessionId, Timestamp,
    api_key::KeyName,
    dashboard::Dashboard,
    person::{EmailAddress, FullName, PersonStatus, Username},
};
use std::time::Duration;
use uuid::Uuid;

/// A key, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub name: KeyName,
    pub ending: String,
    pub role_code: RoleCode,
    pub role_name: String,
    scopes: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub last_used_ip: Option<String>,
    /// Whether its owner still has the role.
    pub has_role: bool,
}

impl ApiKey {
    pub fn scopes(&self) -> Permissions {
        read_permissions(Some(&self.scopes))
    }

    /// Whether its time is over.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}

/// A key that works right now, with the person and the role it stands for.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Held {
    pub id: ApiKeyId,
    pub last_used_at: Option<Timestamp>,
    person_id: PersonId,
    role_code: RoleCode,
    role_name: String,
    dashboard: Dashboard,
    username: Username,
    full_name: FullName,
    email: EmailAddress,
    scopes: String,
    permissions: Option<String>,
}

impl Held {
    /// The person, with the permissions that the key was given and the role still has.
    pub fn into_actor(self) -> Actor {
        let scopes = read_permissions(Some(&self.scopes));
        Actor {
            id: self.person_id,
            username: self.username,
            full_name: self.full_name,
            email: self.email,
            // A program sees no pages.
            theme: None,
            time_zone: None,
            roles: vec![Role { code: self.role_code.clone(), name: self.role_name.clone() }],
            role: self.role_code,
            role_name: self.role_name,
            dashboard: self.dashboard,
            permissions: read_permissions(self.permissions.as_deref()).and(scopes),
            // No session has this id, so whatever asks for one finds none.
            session: SessionId::new(Uuid::nil()),
            standing: Standing::of_a_key(),
            key: Some(self.id),
        }
    }
}

/// What a new key is beyond what was asked for.
pub(super) struct Made {
    pub id: ApiKeyId,
    pub fingerprint: String,
    pub ending: String,
    pub expires_at: Option<Timestamp>,
}

fn read_permissions(codes: Option<&str>) -> Permissions {
    codes.unwrap_or_default().split(',').filter_map(Permission::from_code).collect()
}

pub(super) async fn of(db: &Db, person: PersonId) -> Result<Vec<ApiKey>> {
    fetch_all!(
        db,
        ApiKey,
        "select k.id, k.name, k.ending, k.role_code, r.name as role_name, k.scopes, k.created_at, k.expires_at, k.last_used_at,
                k.last_used_ip,
                exists (select 1 from person_roles h where h.person_id = k.person_id and h.role_code = k.role_code) as has_role
         from api_keys k join roles r on r.code = k.role_code
         where k.person_id = $1 and k.revoked_at is null
         order by k.created_at desc, k.id desc limit 100",
        person,
    )
}

pub(super) async fn held(db: &Db, fingerprint: &str, now: Timestamp) -> Result<Option<Held>> {
    fetch_optional!(
        db,
        Held,
        "select k.id, k.last_used_at, k.person_id, k.role_code, r.name as role_name, r.dashboard, p.username, p.full_name, p.email,
                k.scopes, (select string_agg(permission, ',') from role_permissions where role_code = k.role_code) as permissions
         from api_keys k
         join people p on p.id = k.person_id
         join roles r on r.code = k.role_code
         where k.fingerprint = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2) and p.status = $3
           and exists (select 1 from person_roles h where h.person_id = k.person_id and h.role_code = k.role_code)",
        fingerprint,
        now,
        PersonStatus::Active,
    )
}

/// Whom to tell. Whoever makes a second key for this person at the same moment waits.
pub(super) async fn owner(tx: &mut Tx<Open>, person: PersonId) -> Result<Owner> {
    let sql = "update people set updated_at = updated_at where id = $1 returning full_name, email";
    fetch_one!(tx, Owner, sql, person)
}

/// How many keys of this person have not ended.
pub(super) async fn working(tx: &mut Tx<Open>, person: PersonId) -> Result<usize> {
    let at = tx.at();
    let (number,) = fetch_one!(
        tx,
        (i64,),
        "select count(*) from api_keys where person_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)",
        person,
        at,
    )?;
    Ok(usize::try_from(number).unwrap_or(usize::MAX))
}

pub(super) async fn insert(tx: &mut Tx<Open>, actor: &Actor, key: &NewKey, made: &Made) -> Result<()> {
    let at = tx.at();
    let scopes: Vec<&str> = key.scopes.iter().map(Permission::code).collect();
    execute!(
        tx,
        "insert into api_keys (id, person_id, role_code, name, fingerprint, ending, scopes, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        made.id,
        actor.id(),
        actor.role(),
        &key.name,
        &made.fingerprint,
        &made.ending,
        scopes.join(","),
        at,
        made.expires_at,
    )?;
    Ok(())
}

/// Ends the key; answers what it was called, or nothing where there is none to end.
pub(super) async fn revoke(tx: &mut Tx<Open>, person: PersonId, key: ApiKeyId) -> Result<Option<KeyName>> {
    let at = tx.at();
    let revoked: Option<(KeyName,)> = fetch_optional!(
        tx,
        (KeyName,),
        "update api_keys set revoked_at = $3 where id = $1 and person_id = $2 and revoked_at is null returning name",
        key,
        person,
        at,
    )?;
    Ok(revoked.map(|(name,)| name))
}

/// Ends every key of the person that works; answers what they were called.
pub(super) async fn revoke_all(tx: &mut Tx<Open>, person: PersonId) -> Result<Vec<KeyName>> {
    let at = tx.at();
    let revoked: Vec<(KeyName,)> = fetch_all!(
        tx,
        (KeyName,),
        "update api_keys set revoked_at = $2
         where person_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2) returning name",
        person,
        at,
    )?;
    Ok(revoked.into_iter().map(|(name,)| name).collect())
}

pub(super) async fn note_used(
    tx: &mut Tx<Open>,
    key: ApiKeyId,
    ip: Option<&str>,
    every: Duration,
) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "update api_keys set last_used_at = $2, last_used_ip = $4 where id = $1 and (last_used_at is null or last_used_at < $3)",
        key,
        at,
        at.before(every),
        ip,
    )?;
    Ok(())
}

/// Removes keys that ended long ago, a bounded number at a time.
pub(super) async fn forget_old(tx: &mut Tx<Open>, kept: Duration) -> Result<()> {
    let before = tx.at().before(kept);
    execute!(
        tx,
        "delete from api_keys where id in
           (select id from api_keys where coalesce(revoked_at, expires_at) < $1 order by id limit 10000)",
        before,
    )?;
    Ok(())
}

/// How many keys act in this role and would work now.
pub(crate) async fn working_in(db: &Db, role: &RoleCode, now: Timestamp) -> Result<i64> {
    let (number,) = fetch_one!(
        db,
        (i64,),
        "select count(*) from api_keys k join people p on p.id = k.person_id
         where k.role_code = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2) and p.status = $3
           and exists (select 1 from person_roles h where h.person_id = k.person_id and h.role_code = k.role_code)",
        role,
        now,
        PersonStatus::Active,
    )?;
    Ok(number)
}

/// Ends every key that acts in this role; answers whose they were and what they were called.
pub(crate) async fn revoke_in(tx: &mut Tx<Open>, role: &RoleCode) -> Result<Vec<Change>> {
    let at = tx.at();
    let revoked = fetch_all!(
        tx,
        (PersonId, ApiKeyId, KeyName),
        "update api_keys set revoked_at = $2 where role_code = $1 and revoked_at is null returning person_id, id, name",
        role,
        at,
    )?;
    let change = |(person, key, name)| Change { person, key, kind: ChangeKind::Revoked { name } };
    Ok(revoked.into_iter().map(change).collect())
}

/// Ends every key of the person that acts in a role which they no longer have: given back, the role must not revive it.
pub(crate) async fn revoke_lost(tx: &mut Tx<Open>, person: PersonId) -> Result<Vec<Change>> {
    let at = tx.at();
    let revoked = fetch_all!(
        tx,
        (ApiKeyId, KeyName),
        "update api_keys set revoked_at = $2
         where person_id = $1 and revoked_at is null
           and role_code not in (select h.role_code from person_roles h where h.person_id = $1)
         returning id, name",
        person,
        at,
    )?;
    Ok(revoked
        .into_iter()
        .map(|(key, name)| Change { person, key, kind: ChangeKind::Revoked { name } })
        .collect())
}
