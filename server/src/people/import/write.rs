//! Writing a batch of rows: judged once more against the people who are there now, new ones all in one statement, changes
//! the way that every change goes.

use super::{
    Change, ChangeKind, Imports,
    change::Made,
    judge::{Changed, Judge, Presence, Verdict},
    row::{RowError, Wanted},
    store::{
        self,
        progress::{self, Progress},
    },
};
use crate::{
    Error, Result,
    db::{Open, Tx},
    events::Event,
    people::{store as people_store, update},
};
use domain::{ImportId, PersonId, person::PersonStatus};

/// So many rows are written in one go: other changes come in between.
const BATCH: i64 = 500;

/// What came of a batch.
pub(super) struct Written {
    /// The row that it ends with.
    pub last: i64,
    pub progress: Progress,
    /// Rows that have become wrong since they were checked.
    pub errors: Vec<RowError>,
    /// What the trail is to hold.
    pub events: Vec<Event>,
}

impl Imports {
    /// Writes the rows behind this one; nothing where there are none.
    pub(super) async fn write(
        &self,
        tx: &mut Tx<Open>,
        judge: &Judge,
        import: ImportId,
        after: i64,
    ) -> Result<Option<Written>> {
        let rows = store::rows::next(tx, import, after, BATCH).await?;
        let Some(last) = rows.last().map(|row| row.number.cast_signed()) else { return Ok(None) };
        let presence = Presence::of(store::people::present_within(tx, &rows).await?);
        let mut written =
            Written { last, progress: Progress::default(), errors: Vec::new(), events: Vec::new() };
        let (mut new, mut changed, mut invited) = (Vec::new(), Vec::new(), Vec::new());
        for row in &rows {
            match judge.judge(row, &presence) {
                Ok(Verdict::Make { status, invited: is_invited }) => {
                    let Some(made) = made(tx, row, status) else { continue };
                    if is_invited {
                        invited.push((row.number, made.person));
                    }
                    new.push((row, made));
                }
                Ok(Verdict::Change(change)) => changed.push((row, *change)),
                Ok(Verdict::Nothing) => written.progress.same += 1,
                Err(errors) => written.leave_out(errors),
            }
        }
        if !new.is_empty() && !store::people::make(tx, &new).await? {
            // The next try sees whoever it was.
            return Err(Error::unavailable("another hand made somebody of this import at the same moment"));
        }
        store::rows::to_invite(tx, import, &invited).await?;
        for (_, made) in new {
            written.progress.made += 1;
            written.events.push(Event::Import(Change { import, kind: ChangeKind::Made(Box::new(made)) }));
        }
        for (row, change) in changed {
            written.change(tx, judge, row, change).await?;
        }
        Ok(Some(written))
    }
}

impl Written {
    /// Changes somebody. Where that is refused, nothing of it stays, and the others go on.
    async fn change(
        &mut self,
        tx: &mut Tx<Open>,
        judge: &Judge,
        row: &Wanted,
        change: Changed,
    ) -> Result<()> {
        let Changed { person, fields, status } = change;
        let Some(person) = people_store::changes::hold(tx, person).await? else {
            self.leave_out(vec![RowError::of_row(row.number, "This account was removed meanwhile")]);
            return Ok(());
        };
        progress::mark(tx).await?;
        match update::change_within(tx, judge.holds, &person, fields, status).await {
            Ok(events) => {
                progress::forget_mark(tx).await?;
                self.progress.updated += 1;
                self.events.extend(events);
            }
            Err(error) => {
                let error = refused(row, error)?;
                progress::go_back(tx).await?;
                self.leave_out(vec![error]);
            }
        }
        Ok(())
    }

    fn leave_out(&mut self, errors: Vec<RowError>) {
        self.progress.skipped += 1;
        self.errors.extend(errors);
    }
}

/// Somebody new, once everything about them is there; the judge has seen to it.
fn made(tx: &Tx<Open>, row: &Wanted, status: PersonStatus) -> Option<Made> {
    Some(Made {
        person: PersonId::new(tx.new_id()),
        username: row.username.clone(),
        full_name: row.full_name.clone()?,
        email: row.email.clone()?,
        roles: row.roles.clone()?,
        status,
    })
}

/// Why somebody could not be changed, where it is about them; anything else ends the batch.
fn refused(row: &Wanted, error: Error) -> Result<RowError> {
    match error {
        Error::Conflict(_) | Error::Forbidden(_) | Error::NotFound(_) | Error::Invalid(_) => {
            Ok(RowError::of_row(row.number, error.told().message))
        }
        other => Err(other),
    }
}
