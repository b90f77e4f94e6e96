//! Demo content: a small company to look around in, and people by the million to measure with.

mod names;
mod past;
mod store;

use crate::{
    Error, Origin, Result,
    at_rest::AtRest,
    audit::Happening,
    clock::Clock,
    events::Event,
    ground::Ground,
    identity::Passwords,
    lockout::Lockout,
    people::{NewPersonForm, People, indexes},
    permit::Operator,
};
use domain::{
    PersonId, Timestamp,
    person::{PersonStatus, Username},
};
use serde::{Deserialize, Serialize};
use std::{
    fs::OpenOptions,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

pub use store::NewRow;

/// How many people the small company has besides those one can sign in as.
const COLLEAGUES: u64 = 180;
/// The people one can sign in as have been there for so long.
const MEMBERS_FOR: Duration = Duration::from_secs(45 * 86_400);
const BATCH: u64 = 5_000;
/// So many people share invented sign-ins that are there to be measured, over so long a time.
const SIGNED_IN: i64 = 1_000;
const PAST: Duration = Duration::from_secs(300 * 86_400);
/// From so many on, the indexes are built at the end.
const BULK: u64 = 20_000;

/// An account of the demo that one can sign in with. Its password was made by chance at the first start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    pub username: String,
    pub password: String,
    pub role: String,
    pub full_name: String,
}

/// The people one can sign in as: username, full name, roles.
const ACCOUNTS: [(&str, &str, &[&str]); 6] = [
    ("maria", "Maria Lindqvist", &["USER_ADMIN"]),
    ("ben", "Ben Okafor", &["PLATFORM_MGMT", "CSR_REP"]),
    ("sofia", "Sofia Marchetti", &["STAFF"]),
    ("amara", "Amara Diallo", &["CSR_REP"]),
    ("jonas", "Jonas Weber", &["PIN"]),
    ("ingrid", "Ingrid Solheim", &["SUPER_ADMIN"]),
];

/// The service that fills an installation with demo content.
#[derive(Debug, Clone)]
pub struct Demo {
    ground: Ground,
    /// The service for people, some weeks ago: accounts whose first sign-in lies behind them were made before it.
    people: People,
    passwords: Passwords,
    data_dir: PathBuf,
}

impl Demo {
    pub fn new(ground: Ground, passwords: Passwords, lockout: Lockout, data_dir: PathBuf) -> Self {
        let then = Clock::stopped_at(ground.clock.now().before(MEMBERS_FOR));
        let people = People::new(Ground { clock: then, ..ground.clone() }, passwords.clone(), lockout);
        Self { ground, people, passwords, data_dir }
    }

    /// Loads the small company, unless there is somebody already. Answers whether it did.
    pub async fn load_company(&self, operator: &Operator) -> Result<bool> {
        if !self.people.is_empty().await? {
            return Ok(false);
        }
        let mut accounts = Vec::new();
        let mut members = Vec::new();
        for (username, full_name, roles) in ACCOUNTS {
            let password = self.ground.chance.readable_password();
            let form = NewPersonForm {
                username: username.into(),
                full_name: full_name.into(),
                email: format!("{username}@countersign.example"),
                roles: roles.iter().map(|&role| role.to_owned()).collect(),
                password: password.clone(),
            };
            let person = form.parse(&self.passwords)?;
            let role = roles.first().copied().unwrap_or_default();
            let id = self.people.create(&operator.permit(()), person, &Origin::operator()).await?;
            members.push((id, role));
            accounts.push(DemoAccount {
                username: username.into(),
                password,
                role: role.to_owned(),
                full_name: full_name.into(),
            });
        }
        write_accounts(&self.data_dir, &accounts)?;
        let mut tx = self.ground.begin(&Origin::operator()).await?;
        let first = store::count(&mut tx).await?;
        let newcomers: Vec<Newcomer> =
            (first..first + COLLEAGUES).map(|number| self.invent(tx.at(), number, COLLEAGUES)).collect();
        let rows: Vec<NewRow> = newcomers.iter().map(|newcomer| newcomer.row(tx.at_rest())).collect();
        store::insert(&mut tx, &rows).await?;
        let mut past = past::of_members(tx.at(), &members);
        past.extend(newcomers.iter().flat_map(|newcomer| past::of_newcomer(tx.at(), newcomer)));
        let past: Vec<store::PastRow> = past.iter().map(|moment| moment.row(&self.ground)).collect();
        store::remember(&mut tx, &past).await?;
        tx.record(Event::PeopleLoaded { people: COLLEAGUES }).await?.commit().await?;
        Ok(true)
    }

    /// Loads this many invented people, in one transaction. They never signed in, and the trail says nothing else.
    pub async fn load_people(&self, _operator: &Operator, count: u64) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::operator()).await?;
        let first = store::count(&mut tx).await?;
        let aside = if count >= BULK { Some(indexes::set_aside(&mut tx).await?) } else { None };
        let mut done = 0;
        while done < count {
            let size = BATCH.min(count - done);
            let numbers = first + done..first + done + size;
            let invented = numbers.map(|number| self.invent(tx.at(), number, count));
            let rows: Vec<NewRow> = invented.map(|newcomer| newcomer.row(tx.at_rest())).collect();
            store::insert(&mut tx, &rows).await?;
            done += size;
        }
        if let Some(aside) = aside {
            aside.bring_back(&mut tx).await?;
        }
        tx.record(Event::PeopleLoaded { people: count }).await?.commit().await
    }

    /// Loads this many invented sign-ins of the people who are there, over the last 300 days, to measure the trail with.
    /// Nobody's counts change.
    pub async fn load_entries(&self, _operator: &Operator, count: u64) -> Result<()> {
        let people = store::some_people(&self.ground.db, SIGNED_IN).await?;
        let now = self.ground.clock.now();
        let mut done = 0;
        while done < count {
            let size = BATCH.min(count - done);
            let rows: Vec<store::PastRow> = (done..done + size)
                .filter_map(|number| {
                    let person = people.get(usize::try_from(number).unwrap_or(0) % people.len().max(1))?;
                    let ago = PAST.mul_f64((count - number) as f64 / count as f64);
                    Some(store::PastRow::new(
                        &self.ground,
                        *person,
                        "CUSTOMER",
                        now.before(ago),
                        number % 17 != 0,
                    ))
                })
                .collect();
            let mut tx = self.ground.begin(&Origin::operator()).await?;
            store::add_entries(&mut tx, &rows).await?;
            let event = Event::Trail(Happening::Invented { entries: size });
            tx.record(event).await?.commit().await?;
            done += size;
        }
        Ok(())
    }

    /// Somebody who was not invented, if there is anybody.
    pub async fn real_person(&self, _operator: &Operator) -> Result<Option<Username>> {
        store::real_person(&self.ground.db).await
    }

    fn invent(&self, now: Timestamp, number: u64, of: u64) -> Newcomer {
        // The newest joined today, the oldest some years ago.
        let age = Duration::from_secs((of.saturating_sub(number % of.max(1))) * 90_000_000 / of.max(1));
        let created_at = now.before(age);
        let status = match number % 53 {
            0 => PersonStatus::Suspended,
            11 => PersonStatus::Invited,
            _ => PersonStatus::Active,
        };
        let role = ["PIN", "CUSTOMER", "CUSTOMER", "CSR_REP", "STAFF", "CUSTOMER", "PLATFORM_MGMT", "PIN"]
            [(number % 8) as usize];
        Newcomer {
            id: PersonId::new(self.ground.chance.id(created_at)),
            number,
            person: names::person(number),
            status,
            role,
            created_at,
        }
    }
}

/// An invented person who is about to be loaded.
struct Newcomer {
    id: PersonId,
    number: u64,
    person: names::Invented,
    status: PersonStatus,
    role: &'static str,
    created_at: Timestamp,
}

impl Newcomer {
    fn row(&self, at_rest: &AtRest) -> NewRow {
        NewRow::new(at_rest, self.id, &self.person, self.status, self.role, self.created_at)
    }
}

/// The accounts of the demo in this data folder; none when it is no demo.
pub fn accounts(data_dir: &Path) -> Vec<DemoAccount> {
    let text = std::fs::read_to_string(accounts_file(data_dir)).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn accounts_file(data_dir: &Path) -> PathBuf {
    data_dir.join("demo-accounts.json")
}

fn write_accounts(data_dir: &Path, accounts: &[DemoAccount]) -> Result<()> {
    let text = serde_json::to_string_pretty(accounts).map_err(anyhow::Error::from)?;
    let file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(accounts_file(data_dir));
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|cause| {
        Error::Internal(anyhow::anyhow!("the demo's accounts cannot be written to the data folder: {cause}"))
    })
}
