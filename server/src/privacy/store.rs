//! Accounts that go, in the store. Every table that tells of people is named here: the one place to look at where a new one
//! comes. A table that refers to people and is forgotten keeps the account from being removed, and the tests find it.

pub(super) mod document;
pub(super) mod retention;

use crate::{
    Result,
    db::{Db, Open, Tx},
    events::Owner,
    lockout::Names,
    people::import::shortened,
};
use domain::{
    ImportId, JobId, PersonId, Timestamp,
    at_rest::Private,
    folding::fold,
    person::{EmailAddress, FullName, PersonStatus, Username},
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// So many wrong cells of imports are read at once.
const CELLS_AT_ONCE: i64 = 1_000;

/// An account whose row is held.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Account {
    pub id: PersonId,
    pub username: Username,
    pub full_name: FullName,
    pub email: EmailAddress,
    pub status: PersonStatus,
    pub version: i64,
    #[sqlx(rename = "erasure_warned_at")]
    pub warned_at: Option<Timestamp>,
}

impl Account {
    pub(super) fn owner(&self) -> Owner {
        Owner { full_name: self.full_name.clone(), email: self.email.clone() }
    }

    /// What somebody may have looked for to find them, as it was typed and as searches keep it.
    pub(super) fn words(&self) -> Vec<String> {
        let typed = [self.username.as_str(), self.full_name.as_str(), self.email.as_str()];
        let mut words: Vec<String> =
            typed.iter().flat_map(|word| [(*word).to_owned(), word.to_lowercase(), fold(word)]).collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}

/// Of rows that hang on the person by their id alone, in an order in which none is missed by another.
const OWN_ROWS: &[&str] = &[
    "delete from refresh_tokens where session_id in (select id from sessions where person_id = $1)",
    "delete from sessions where person_id = $1",
    "delete from pending_sign_ins where person_id = $1",
    "delete from remembered_devices where person_id = $1",
    "delete from known_devices where person_id = $1",
    "delete from app_enrolments where person_id = $1",
    "delete from app_factors where person_id = $1",
    "delete from code_factors where person_id = $1",
    "delete from one_time_codes where person_id = $1",
    "delete from recovery_codes where person_id = $1",
    "delete from passkey_ceremonies where person_id = $1",
    "delete from passkeys where person_id = $1",
    "delete from links where person_id = $1",
    "delete from email_changes where person_id = $1",
    "delete from api_keys where person_id = $1",
    "delete from provider_links where person_id = $1",
    "delete from person_notes where person_id = $1",
    "delete from bulk_changes where person_id = $1",
    "delete from person_roles where person_id = $1",
    // What they brought in stays; from where they did it does not.
    "update imports set ip = null, user_agent = null, request_id = null where actor_id = $1",
];

/// The account as it is now; nobody else changes it before the transaction ends.
pub(super) async fn hold(tx: &mut Tx<Open>, person: PersonId) -> Result<Option<Account>> {
    fetch_optional!(
        tx,
        Account,
        "update people set updated_at = updated_at where id = $1
         returning id, username, full_name, email, status, version, erasure_warned_at",
        person,
    )
}

/// The names under which they can sign in, for whoever counts failures.
pub(super) async fn names(tx: &mut Tx<Open>, person: PersonId) -> Result<Names> {
    fetch_one!(tx, Names, "select username, email from people where id = $1", person)
}

/// Removes the account and everything of theirs but what the trail tells, and keeps that there was somebody with this id.
pub(super) async fn remove(tx: &mut Tx<Open>, account: &Account) -> Result<()> {
    let (person, at) = (account.id, tx.at());
    remove_letters(tx, account).await?;
    for sql in OWN_ROWS {
        execute!(tx, AssertSqlSafe((*sql).to_owned()), person)?;
    }
    remove_naming_rows(tx, account).await?;
    execute!(tx, "delete from people where id = $1", person)?;
    execute!(tx, "insert into erased_people (id, erased_at) values ($1, $2)", person, at)?;
    Ok(())
}

/// Removes rows of imports that hold their names. Of an import that is under way they are not written any more.
async fn remove_naming_rows(tx: &mut Tx<Open>, account: &Account) -> Result<()> {
    let (username, email) = (&account.username, &account.email);
    execute!(tx, "delete from import_rows where username = $1 or email = $2", username, email)?;
    let owner = format!("%it belongs to {}", escape(username.as_str()));
    execute!(tx, "delete from import_errors where lower(words) like $1 escape '!'", owner)?;
    remove_naming_cells(tx, account).await
}

/// Removes what is told of cells that name them. They are read here: the store may have them encrypted.
async fn remove_naming_cells(tx: &mut Tx<Open>, account: &Account) -> Result<()> {
    // As what is wrong with a cell shows what stands there.
    let names = [account.username.as_str(), account.email.as_str(), account.full_name.as_str()];
    let names = names.map(|name| shortened(name).to_lowercase());
    let mut after = (ImportId::new(Uuid::nil()), -1, -1);
    loop {
        let cells: Vec<(ImportId, i64, i64, Private)> = fetch_all!(
            tx,
            (ImportId, i64, i64, Private),
            "select import_id, number, place, value from import_errors where (import_id, number, place) > ($1, $2, $3)
             order by import_id, number, place limit $4",
            after.0,
            after.1,
            after.2,
            CELLS_AT_ONCE,
        )?;
        let Some((import, number, place, _)) = cells.last() else { return Ok(()) };
        after = (*import, *number, *place);
        for (import, number, place, value) in cells {
            if names.contains(&value.0.to_lowercase()) {
                let sql = "delete from import_errors where import_id = $1 and number = $2 and place = $3";
                execute!(tx, sql, import, number, place)?;
            }
        }
    }
}

/// Removes what the outbox has for them: what is about them, what went to their address, and to the ones they had or wanted before,
/// unless those are somebody else's by now.
async fn remove_letters(tx: &mut Tx<Open>, account: &Account) -> Result<()> {
    remove_jobs_of(tx, account.id).await?;
    let wanted: Option<(EmailAddress,)> = fetch_optional!(
        tx,
        (EmailAddress,),
        "select new_email from email_changes where person_id = $1",
        account.id
    )?;
    let before: Vec<(Private,)> = fetch_all!(
        tx,
        (Private,),
        "select details from audit where person_id = $1 and action in ('person.email_changed', 'person.updated')",
        account.id,
    )?;
    let before = before.iter().filter_map(|(details,)| {
        let details: serde_json::Value = serde_json::from_str(&details.0).ok()?;
        details["changes"]["email"]["before"].as_str().map(str::to_owned)
    });
    let mut addresses: Vec<String> = before.chain(wanted.map(|(email,)| email.to_string())).collect();
    addresses.push(account.email.to_string());
    for address in addresses {
        execute!(
            tx,
            "delete from outbox where recipient = $1
             and not exists (select 1 from people p where p.email = $1 and p.id <> $2)",
            Private(address.to_lowercase()),
            account.id,
        )?;
    }
    // An errand has no recipient: it is about to find out who that is.
    let errands: Vec<(JobId, Private)> = fetch_all!(
        tx,
        (JobId, Private),
        "select id, payload from outbox where state = 'waiting' and kind = 'errand'"
    )?;
    let named = format!("\"{}\"", account.email);
    for (errand, payload) in errands {
        if payload.0.to_lowercase().contains(&named) {
            execute!(tx, "delete from outbox where id = $1", errand)?;
        }
    }
    Ok(())
}

pub(super) async fn remove_jobs_of(tx: &mut Tx<Open>, person: PersonId) -> Result<()> {
    execute!(tx, "delete from outbox where person_id = $1", person)?;
    Ok(())
}

fn escape(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

pub(super) async fn erased_at(db: &Db, person: PersonId) -> Result<Option<Timestamp>> {
    let found =
        fetch_optional!(db, (Timestamp,), "select erased_at from erased_people where id = $1", person)?;
    Ok(found.map(|(at,)| at))
}
