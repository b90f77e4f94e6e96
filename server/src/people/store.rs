//! People in the store.

pub(crate) mod anew;
pub(super) mod changes;
pub(crate) mod indexes;
pub(super) mod managers;
pub(super) mod notes;
pub(super) mod powers;
pub(super) mod preferences;

use super::Newcomer;
use crate::{
    Error, Result,
    db::{Db, Lane, Open, Tx},
    lockout::Names,
    permit::{Permit, UnlockPerson, UpdateSelf},
};
use domain::{
    PersonId, RoleCode, Timestamp,
    person::{EmailAddress, ExternalId, FullName, PersonStatus, Username},
    second_factor::Factors,
};

/// A person, without anything secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub username: Username,
    pub full_name: FullName,
    pub email: EmailAddress,
    pub status: PersonStatus,
    /// The usual role first.
    pub roles: Vec<RoleCode>,
    /// The second factors that are enrolled.
    pub factors: Factors,
    /// Whether one is required of them, whatever their roles ask for.
    pub must_have_second_factor: bool,
    pub last_login_at: Option<Timestamp>,
    pub login_count: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// What a company's directory calls them, where one looks after the account.
    pub external_id: Option<ExternalId>,
    pub version: i64,
}

/// A row as it is stored; `seen_at` makes a person of it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    id: PersonId,
    username: Username,
    full_name: FullName,
    email: EmailAddress,
    pub(super) name_key: String,
    pub(super) role_codes: String,
    pub(super) status: PersonStatus,
    locked_until: Option<Timestamp>,
    pub(super) factors: Factors,
    must_have_second_factor: bool,
    pub(super) last_login_at: Timestamp,
    pub(super) login_count: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    external_id: Option<ExternalId>,
    version: i64,
}

/// The columns of a `Row`; the table is called `p`.
pub(super) const COLUMNS: &str = "p.id, p.username, p.full_name, p.email, p.name_key, p.role_codes, p.status, p.locked_until,
    p.factors, p.must_have_second_factor, p.last_login_at, p.login_count, p.created_at, p.updated_at, p.external_id, p.version";

impl Row {
    pub(super) const fn id(&self) -> PersonId {
        self.id
    }

    pub(super) fn username(&self) -> &str {
        self.username.as_str()
    }

    pub(super) fn email(&self) -> &str {
        self.email.as_str()
    }

    /// The person at this moment: a lock that is over is no lock.
    pub fn seen_at(self, now: Timestamp) -> Person {
        let locked =
            self.status == PersonStatus::Active && self.locked_until.is_some_and(|until| until > now);
        let roles = self.role_codes.split(',').filter_map(|code| RoleCode::parse(code).ok()).collect();
        Person {
            id: self.id,
            username: self.username,
            full_name: self.full_name,
            email: self.email,
            status: if locked { PersonStatus::Locked } else { self.status },
            roles,
            factors: self.factors,
            must_have_second_factor: self.must_have_second_factor,
            last_login_at: (self.last_login_at.microseconds() != 0).then_some(self.last_login_at),
            login_count: self.login_count,
            created_at: self.created_at,
            updated_at: self.updated_at,
            external_id: self.external_id,
            version: self.version,
        }
    }
}

pub(super) async fn find(db: &Db, id: PersonId, now: Timestamp) -> Result<Option<Person>> {
    let sql = format!("select {COLUMNS} from people p where p.id = $1");
    Ok(fetch_optional!(db, Row, sqlx::AssertSqlSafe(sql), id)?.map(|row| row.seen_at(now)))
}

pub(super) async fn named(db: &Db, username: &Username, now: Timestamp) -> Result<Option<Person>> {
    let sql = format!("select {COLUMNS} from people p where p.username = $1");
    Ok(fetch_optional!(db, Row, sqlx::AssertSqlSafe(sql), username)?.map(|row| row.seen_at(now)))
}

pub(crate) async fn is_empty(db: &Db) -> Result<bool> {
    fetch_one!(db, (i64,), "select count(*) from (select 1 from people limit 1) p").map(|(count,)| count == 0)
}

/// Whether there is nobody, and nobody else can change that before this transaction ends. SQLite has one writer anyway.
pub(super) async fn is_empty_and_stays_so(tx: &mut Tx<Open>) -> Result<bool> {
    if let Lane::Postgres(on) = tx.lane() {
        sqlx::query("lock table people in share row exclusive mode").execute(on).await?;
    }
    fetch_one!(tx, (i64,), "select count(*) from (select 1 from people limit 1) p").map(|(count,)| count == 0)
}

pub(super) async fn has_username(tx: &mut Tx<Open>, username: &Username) -> Result<bool> {
    let found: Option<(PersonId,)> =
        fetch_optional!(tx, (PersonId,), "select id from people where username = $1", username)?;
    Ok(found.is_some())
}

pub(super) async fn has_external_id(tx: &mut Tx<Open>, external_id: &ExternalId) -> Result<bool> {
    let sql = "select id from people where external_id = $1";
    let found: Option<(PersonId,)> = fetch_optional!(tx, (PersonId,), sql, external_id)?;
    Ok(found.is_some())
}

/// Adds somebody with their roles; answers no where the username, the address or the external id is somebody else's.
pub(super) async fn insert(
    tx: &mut Tx<Open>,
    id: PersonId,
    person: &Newcomer,
    hash: Option<&str>,
    status: PersonStatus,
) -> Result<bool> {
    let at = tx.at();
    let findable = tx.at_rest().findable(&person.username, &person.full_name, &person.email);
    let added = execute!(
        tx,
        "insert into people (id, username, full_name, email, name_key, search_text, password_hash, status, external_id, created_at, updated_at,
                             role_codes)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11) on conflict do nothing",
        id,
        &person.username,
        &person.full_name,
        &person.email,
        findable.name_key.as_str(),
        findable.search_text.as_str(),
        hash,
        status,
        person.external_id.as_ref(),
        at,
        role_codes(&person.roles),
    )?;
    if added == 0 {
        return Ok(false);
    }
    give_roles(tx, id, &person.roles).await?;
    Ok(true)
}

/// Roles as they stand with an account. Triggers see to it; whoever makes an account spares them the work.
pub(in crate::people) fn role_codes(roles: &[RoleCode]) -> String {
    roles.iter().map(RoleCode::as_str).collect::<Vec<_>>().join(",")
}

/// Gives somebody who has no role these, the usual one first.
async fn give_roles(tx: &mut Tx<Open>, person: PersonId, roles: &[RoleCode]) -> Result<()> {
    for (position, role) in (0_i64..).zip(roles) {
        let given = execute!(
            tx,
            "insert into person_roles (person_id, role_code, position)
             select $1, code, $3 from roles where code = $2 and deleted_at is null on conflict do nothing",
            person,
            role,
            position,
        )?;
        if given == 0 {
            return Err(Error::Invalid(domain::FieldErrors::one(
                "roles",
                "Choose each role once, from the list of roles",
            )));
        }
    }
    Ok(())
}

/// Opens the account. Answers whose it is, and until when it was locked.
pub(super) async fn unlock(
    tx: &mut Tx<Open>,
    permit: &Permit<UnlockPerson>,
) -> Result<Option<(Names, Option<Timestamp>)>> {
    let (at, person) = (tx.at(), *permit.resource());
    // Held first: nobody locks it between the look and the write.
    execute!(tx, "update people set updated_at = $2, version = version + 1 where id = $1", person, at)?;
    let sql = "select locked_until from people where id = $1";
    let was = fetch_optional!(tx, (Option<Timestamp>,), sql, person)?;
    let locked_until = was.and_then(|(until,)| until).filter(|until| *until > at);
    let sql = "update people set locked_until = null where id = $1 returning username, email";
    let names = fetch_optional!(tx, Names, sql, person)?;
    Ok(names.map(|names| (names, locked_until)))
}

/// Gives the person another full name, unless they were changed since this version. Answers whether they were not.
pub(super) async fn rename(
    tx: &mut Tx<Open>,
    permit: &Permit<UpdateSelf>,
    person: &Person,
    full_name: &FullName,
    version: i64,
) -> Result<bool> {
    let at = tx.at();
    let findable = tx.at_rest().findable(&person.username, full_name, &person.email);
    let renamed = execute!(
        tx,
        "update people set full_name = $2, name_key = $3, search_text = $4, updated_at = $5, version = version + 1
         where id = $1 and version = $6 and username = $7 and email = $8",
        *permit.resource(),
        full_name,
        findable.name_key.as_str(),
        findable.search_text.as_str(),
        at,
        version,
        &person.username,
        &person.email,
    )?;
    Ok(renamed > 0)
}
