//! Taking a file in: read as it comes, never whole in memory; each batch of rows is judged against the people who are there,
//! and kept until somebody decides.

use super::{
    Change, ChangeKind, Choices, Import, Imports, WithoutPassword,
    intake::Intake,
    judge::{Judge, Presence, Verdict},
    row::{Secret, Wanted},
    shortened, store,
};
use crate::{
    Error, Origin, Result,
    csv::Reader,
    db::Housekeeping,
    events::Event,
    permit::{ImportPeople, Permit},
    vault::{Purpose, Vault},
};
use axum::body::Bytes;
use domain::{FieldErrors, ImportId};
use futures::{Stream, StreamExt};
use std::{pin::pin, time::Duration};
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

/// A piece of the file that is larger is taken in several.
const PIECE: usize = 64 * 1024;
/// A client that sends nothing for so long has gone.
const PATIENCE: Duration = Duration::from_secs(30);
const BUSY: Duration = Duration::from_secs(10);

const EMPTY: &str =
    "There is nobody in this file. Its first row names the columns, and each row behind it is somebody.";

/// A place among the few whose files are read at the same time, until it is dropped.
#[derive(Debug)]
pub struct Place {
    _held: OwnedSemaphorePermit,
}

impl Imports {
    /// Takes a place, before anything of a file is read.
    pub fn place(&self, _permit: &Permit<ImportPeople>) -> Result<Place> {
        let held = self.places.clone().try_acquire_owned();
        Ok(Place { _held: held.map_err(|_| Error::Busy { retry_after: BUSY })? })
    }

    /// Reads a file and looks at every row. Nothing is changed about anybody; the import waits for somebody to start it.
    pub async fn receive(
        &self,
        permit: &Permit<ImportPeople>,
        _place: Place,
        choices: Choices,
        file_name: &str,
        pieces: impl Stream<Item = Result<Bytes>>,
        origin: &Origin,
    ) -> Result<ImportId> {
        if choices.without_password == WithoutPassword::Invite && !self.may_invite() {
            let words = "Invitations are turned off here (registration.mode)";
            return Err(FieldErrors::one("without_password", words).into());
        }
        let file_name = shortened(file_name);
        let mut tx = self.ground.begin(&Origin::program()).await?;
        let id = ImportId::new(tx.new_id());
        store::insert(&mut tx, id, choices, &file_name, (origin, permit.holds())).await?;
        tx.commit_housekeeping(Housekeeping::Import).await?;
        let read = self.read(id, pieces).await;
        let intake = match read {
            Ok(intake) => intake,
            Err(error) => {
                self.discard(id).await?;
                return Err(error);
            }
        };
        let mut tx = self.ground.begin(origin).await?;
        store::checked(&mut tx, id, intake.counts, &intake.ignored()).await?;
        let kind = ChangeKind::Checked { file_name, counts: intake.counts };
        tx.record(Event::Import(Change { import: id, kind })).await?.commit().await?;
        Ok(id)
    }

    async fn read(&self, id: ImportId, pieces: impl Stream<Item = Result<Bytes>>) -> Result<Intake> {
        let import = store::find(&self.ground.db, id).await?.ok_or(super::GONE)?;
        let judge = self.judge_of(&import).await?;
        let roles = self.roles.all().await?;
        let mut intake = Intake::new(self.passwords.clone(), roles, self.rules.most_people);
        let mut reader = Reader::default();
        let mut pieces = pin!(pieces);
        let mut size = 0;
        loop {
            let piece = tokio::time::timeout(PATIENCE, pieces.next()).await.map_err(|_| Error::TimedOut)?;
            let Some(piece) = piece.transpose()? else { break };
            size += piece.len();
            if size > self.rules.largest_file() {
                return Err(Error::FileTooLarge { mib: self.rules.largest_mib });
            }
            for piece in piece.chunks(PIECE) {
                reader.push(piece, &mut |record| intake.take(record))?;
                if intake.is_full() {
                    self.keep(id, &judge, &mut intake).await?;
                }
            }
        }
        reader.finish(&mut |record| intake.take(record))?;
        self.keep(id, &judge, &mut intake).await?;
        if intake.counts.people == 0 {
            return Err(FieldErrors::one("file", EMPTY).into());
        }
        Ok(intake)
    }

    /// Judges the rows that have come together, and keeps those that would do something.
    async fn keep(&self, id: ImportId, judge: &Judge, intake: &mut Intake) -> Result<()> {
        let (rows, mut errors) = intake.hand_over();
        let present = store::people::present(&self.ground.db, self.ground.clock.now(), &rows).await?;
        let presence = Presence::of(present);
        let mut staged = Vec::with_capacity(rows.len());
        for mut row in rows {
            match judge.judge(&row, &presence) {
                Ok(Verdict::Make { .. }) => {
                    intake.counts.fresh += 1;
                    staged.push(row);
                }
                Ok(Verdict::Change(_)) => {
                    intake.counts.changed += 1;
                    // A file changes nobody's password.
                    row.secret = Secret::None;
                    staged.push(row);
                }
                Ok(Verdict::Nothing) => intake.counts.same += 1,
                Err(wrong) => {
                    intake.counts.wrong += 1;
                    errors.extend(wrong);
                }
            }
        }
        let mut tx = self.ground.begin(&Origin::program()).await?;
        store::rows::stage(&mut tx, id, &staged, |row| sealed(&self.vault, id, row)).await?;
        store::rows::add_errors(&mut tx, id, &errors).await?;
        tx.commit_housekeeping(Housekeeping::Import).await
    }

    async fn discard(&self, id: ImportId) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        store::remove(&mut tx, id).await?;
        tx.commit_housekeeping(Housekeeping::Import).await
    }

    pub(super) async fn judge_of(&self, import: &Import) -> Result<Judge> {
        Ok(Judge {
            choices: import.choices(),
            own: import.actor(),
            holds: import.holds(),
            roles: store::people::permissions(&self.ground.db).await?,
        })
    }
}

/// Whose password it is, as the vault knows it: what is moved to another row opens nowhere.
pub(super) fn owner(import: ImportId, number: u64) -> Uuid {
    Uuid::from_u128(import.uuid().as_u128() ^ u128::from(number))
}

fn sealed(vault: &Vault, import: ImportId, row: &Wanted) -> Result<Option<String>> {
    match &row.secret {
        Secret::Password(password) => {
            let owner = owner(import, row.number);
            vault.seal(Purpose::ImportedPassword, owner, password.reveal().as_bytes()).map(Some)
        }
        Secret::None | Secret::Hash(_) => Ok(None),
    }
}
