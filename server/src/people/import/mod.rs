//! Bringing people in from a file. It is read as it comes in and looked at row by row (`receive`), which changes nothing; then
//! somebody decides, and a worker writes in the background (`work`), all at one moment or batch by batch. What is uploaded
//! stands in the store until it is written, so a worker that dies is followed by one that goes on where it was.

pub mod api;
mod change;
mod choices;
mod columns;
mod intake;
mod judge;
mod receive;
mod report;
mod row;
mod so_far;
mod store;
mod work;
mod write;

pub use change::{Change, ChangeKind};
pub use choices::{BadRows, Choices, Existing, WithoutPassword};
pub use columns::Column;
pub use receive::Place;
pub use row::RowError;
pub use store::{Counts, Import, State, rows::Wrong};

use crate::{
    Error, Origin, Result, config,
    db::Housekeeping,
    events::Event,
    ground::Ground,
    identity::Passwords,
    links::Links,
    permit::{ImportPeople, Imports as AllImports, Permit, Visible},
    roles::Roles,
    vault::Vault,
};
use domain::ImportId;
use so_far::AtOneMoment;
use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Semaphore;

/// So many files are read at the same time; each takes some megabytes.
const AT_ONCE: usize = 2;
/// So many imports are listed.
const NEWEST: i64 = 10;

const GONE: Error = Error::NotFound("There is no such import, or it was too long ago");

/// The service for imports.
#[derive(Clone)]
pub struct Imports {
    ground: Ground,
    passwords: Passwords,
    links: Links,
    roles: Roles,
    vault: Vault,
    rules: config::Imports,
    places: Arc<Semaphore>,
    /// Imports that are being cancelled: while one is written at one moment, its row in the store cannot be changed.
    stopped: Arc<Mutex<HashSet<ImportId>>>,
    at_one_moment: AtOneMoment,
}

/// How far an import is.
#[derive(Debug, Clone)]
pub struct Status {
    pub import: Import,
    /// Passwords that are still to be hashed, before anything is written.
    pub to_hash: i64,
    /// Letters that are still to leave.
    pub to_invite: i64,
    /// Who is written of what is kept all at once at its end, where this process writes it.
    pub written_so_far: Option<i64>,
}

impl Imports {
    pub fn new(
        ground: Ground,
        passwords: Passwords,
        links: Links,
        roles: Roles,
        vault: Vault,
        rules: config::Imports,
    ) -> Self {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let (stopped, at_one_moment) = (Arc::default(), AtOneMoment::default());
        Self { ground, passwords, links, roles, vault, rules, places, stopped, at_one_moment }
    }

    /// What a file may have.
    pub const fn rules(&self) -> config::Imports {
        self.rules
    }

    /// Whether letters may be sent to those who have no password.
    pub fn may_invite(&self) -> bool {
        self.links.invites()
    }

    /// An import and how far it is.
    pub async fn find(&self, _visible: &Visible<AllImports>, id: ImportId) -> Result<Status> {
        let db = &self.ground.db;
        let import = store::find(db, id).await?.ok_or(GONE)?;
        let to_hash = store::rows::count_to_hash(db, id).await?;
        let to_invite = store::rows::count_to_invite(db, id).await?;
        let written_so_far = self.at_one_moment.of(id).filter(|_| import.state == State::Running);
        Ok(Status { import, to_hash, to_invite, written_so_far })
    }

    /// The newest imports.
    pub async fn newest(&self, _visible: &Visible<AllImports>) -> Result<Vec<Import>> {
        store::newest(&self.ground.db, NEWEST).await
    }

    /// Lets what was checked be written, as the doing of whoever starts it: each row is judged once more by what they may do.
    pub async fn start(
        &self,
        permit: &Permit<ImportPeople>,
        id: ImportId,
        bad_rows: BadRows,
        origin: &Origin,
    ) -> Result<()> {
        let import = store::find(&self.ground.db, id).await?.ok_or(GONE)?;
        if bad_rows == BadRows::Refuse && import.wrong > 0 {
            return Err(Error::Conflict(
                "Some rows are wrong, so not everybody can be written. Skip those rows, or mend the file and upload it again.",
            ));
        }
        let mut tx = self.ground.begin(origin).await?;
        if !store::progress::start(&mut tx, id, bad_rows).await? {
            return Err(Error::Conflict("This import was started or cancelled already"));
        }
        store::take_over(&mut tx, id, (origin, permit.holds())).await?;
        let change = Change { import: id, kind: ChangeKind::Started { bad_rows } };
        tx.record(Event::Import(change)).await?.commit().await
    }

    /// Ends an import that has not ended by itself. What was written batch by batch stays.
    pub async fn cancel(&self, _permit: &Permit<ImportPeople>, id: ImportId, origin: &Origin) -> Result<()> {
        store::find(&self.ground.db, id).await?.ok_or(GONE)?;
        self.stopped().insert(id);
        let outcome = self.end(id, origin).await;
        self.stopped().remove(&id);
        outcome
    }

    async fn end(&self, id: ImportId, origin: &Origin) -> Result<()> {
        const OPEN: [State; 4] = [State::Checked, State::Waiting, State::Running, State::Inviting];
        let mut tx = self.ground.begin(origin).await?;
        if !store::progress::turn(&mut tx, id, &OPEN, State::Cancelled, None).await? {
            return Err(Error::Conflict("This import has ended already"));
        }
        store::rows::drop_all(&mut tx, id).await?;
        let import = store::find_within(&mut tx, id).await?.ok_or(GONE)?;
        let kind = ChangeKind::Cancelled { made: import.made, updated: import.updated };
        tx.record(Event::Import(Change { import: id, kind })).await?.commit().await
    }

    /// Forgets uploads that nobody went on with, and what ended long ago.
    pub async fn forget_old(&self) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        store::forget(&mut tx).await?;
        tx.commit_housekeeping(Housekeeping::Import).await
    }

    fn stopped(&self) -> MutexGuard<'_, HashSet<ImportId>> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Imports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Imports({:?})", self.rules)
    }
}

/// The beginning of a value, in one line, as it is told with what is wrong with it.
pub(crate) fn shortened(value: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String = value.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if value.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
