//! Demo content: a small company to look around in, and people by the million to measure with.

mod names;
mod store;

use crate::{
    Error, Origin, Result,
    db::Open,
    db::Tx,
    events::Event,
    ground::Ground,
    identity::Passwords,
    people::{NewPersonForm, People},
    permit::Operator,
};
use domain::{PersonId, Timestamp, person::PersonStatus};
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
const BATCH: u64 = 5_000;
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
    people: People,
    passwords: Passwords,
    data_dir: PathBuf,
}

impl Demo {
    pub const fn new(ground: Ground, people: People, passwords: Passwords, data_dir: PathBuf) -> Self {
        Self { ground, people, passwords, data_dir }
    }

    /// Loads the small company, unless there is somebody already.
    pub async fn load_company(&self, operator: &Operator) -> Result<()> {
        if !self.people.is_empty().await? {
            return Ok(());
        }
        let mut accounts = Vec::new();
        let mut ids = Vec::new();
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
            ids.push(self.people.create(&operator.permit(()), person, &Origin::operator()).await?);
            let role = roles.first().copied().unwrap_or_default().to_owned();
            accounts.push(DemoAccount {
                username: username.into(),
                password,
                role,
                full_name: full_name.into(),
            });
        }
        write_accounts(&self.data_dir, &accounts)?;
        self.load_people(operator, COLLEAGUES).await?;
        let mut tx = self.ground.begin(&Origin::operator()).await?;
        store::invent_history(&mut tx, &ids).await?;
        tx.record(Event::PeopleLoaded { people: 0 }).await?.commit().await
    }

    /// Loads this many invented people, in one transaction.
    pub async fn load_people(&self, _operator: &Operator, count: u64) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::operator()).await?;
        let first = store::count(&mut tx).await?;
        let aside = if count >= BULK { Some(store::bulk::set_aside(&mut tx).await?) } else { None };
        let mut done = 0;
        while done < count {
            let size = BATCH.min(count - done);
            let rows: Vec<NewRow> =
                (first + done..first + done + size).map(|number| self.invent(&tx, number, count)).collect();
            store::insert(&mut tx, &rows).await?;
            done += size;
        }
        if let Some(aside) = aside {
            aside.bring_back(&mut tx).await?;
        }
        tx.record(Event::PeopleLoaded { people: count }).await?.commit().await
    }

    fn invent(&self, tx: &Tx<Open>, number: u64, of: u64) -> NewRow {
        let person = names::person(number);
        // The newest joined today, the oldest some years ago.
        let age = Duration::from_secs((of.saturating_sub(number % of.max(1))) * 90_000_000 / of.max(1));
        let created_at = tx.at().before(age);
        let last_login_at = match number % 7 {
            0 => Timestamp::from_microseconds(0),
            days => {
                tx.at().before(Duration::from_secs((days * 86_400 + number * 7_919) % age.as_secs().max(1)))
            }
        };
        let status = match number % 53 {
            0 => PersonStatus::Suspended,
            11 => PersonStatus::Invited,
            _ => PersonStatus::Active,
        };
        let role = ["PIN", "CUSTOMER", "CUSTOMER", "CSR_REP", "STAFF", "CUSTOMER", "PLATFORM_MGMT", "PIN"]
            [(number % 8) as usize];
        NewRow::new(
            PersonId::new(self.ground.chance.id(created_at)),
            &person,
            status,
            role,
            created_at,
            last_login_at,
        )
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
