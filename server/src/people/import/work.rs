//! The worker: takes the import that waits longest, hashes its passwords, writes its people, and sends its letters at a
//! bounded rate. Whoever claims an import has it for as long as the lease lasts; each transaction makes sure of it.

use super::{
    BadRows, Change, ChangeKind, Import, Imports, RowError, State,
    judge::Judge,
    receive::owner,
    store::{self, progress},
    write::Written,
};
use crate::{
    Error, Origin, Result,
    db::{Housekeeping, Open, Tx},
    events::Event,
    vault::Purpose,
};
use domain::{Permission, Permissions, person::FullName};
use std::time::Duration;
use tokio::sync::watch;

const PAUSE: Duration = Duration::from_millis(500);
const LEASE: Duration = Duration::from_secs(20);
/// After an error the import is looked at again so much later …
const LATER: Duration = Duration::from_secs(10);
/// … and after so many it is given up.
const MOST_TRIES: i64 = 8;
/// So many passwords are hashed before their hashes are kept.
const HASHES: i64 = 2;

const GIVEN_UP: &str = "Something went wrong on our side, again and again. What was not written yet is not written; the log says more.";
const NO_LONGER: &str =
    "Whoever started it may not bring people in any more. What was not written yet is not written.";
const CAME_BETWEEN: &str =
    "Somebody changed people in the meantime, so that some rows are wrong now. Nothing was written.";

/// Whether there is more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    GoOn,
    /// Nothing is left, or it is somebody else's now.
    Leave,
}

impl Imports {
    /// Works until told to stop; what is under way is gone on with after the next start.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let worked = self.work(&stop).await;
            if let Err(error) = &worked {
                error.log();
            }
            if !matches!(worked, Ok(true)) {
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => {}
                    _ = stop.changed() => {}
                }
            }
        }
    }

    /// Does what is due about one import; answers whether there was one.
    pub async fn work_once(&self) -> Result<bool> {
        let (_keep, stop) = watch::channel(false);
        self.work(&stop).await
    }

    async fn work(&self, stop: &watch::Receiver<bool>) -> Result<bool> {
        if !progress::is_due(&self.ground.db, self.ground.clock.now()).await? {
            return Ok(false);
        }
        let mut tx = self.ground.begin(&Origin::program()).await?;
        let claimed = progress::claim(&mut tx, LEASE).await?;
        tx.commit_housekeeping(Housekeeping::Import).await?;
        let Some(id) = claimed else { return Ok(false) };
        let import = store::find(&self.ground.db, id).await?.ok_or(super::GONE)?;
        if let Err(error) = self.work_on(&import, stop).await {
            error.log();
            let may_pass = matches!(error, Error::Unavailable { .. } | Error::Busy { .. });
            if import.claim >= MOST_TRIES && !may_pass {
                self.fail(&import, GIVEN_UP, &[]).await?;
            } else {
                self.put_off(&import, LATER).await?;
            }
        }
        Ok(true)
    }

    async fn work_on(&self, import: &Import, stop: &watch::Receiver<bool>) -> Result<()> {
        if import.state == State::Inviting {
            return self.invite(import).await;
        }
        while self.hash_some(import).await? == Next::GoOn {
            if *stop.borrow() {
                return self.put_off(import, Duration::ZERO).await;
            }
        }
        if import.bad_rows == BadRows::Refuse {
            return self.write_all(import).await;
        }
        while self.write_some(import).await? == Next::GoOn {
            if *stop.borrow() {
                return self.put_off(import, Duration::ZERO).await;
            }
        }
        Ok(())
    }

    /// Hashes some of the passwords that wait for it, behind everybody who signs in.
    async fn hash_some(&self, import: &Import) -> Result<Next> {
        let waiting = store::rows::to_hash(&self.ground.db, import.id, HASHES).await?;
        if waiting.is_empty() {
            return Ok(Next::Leave);
        }
        let mut hashes = Vec::new();
        for (number, sealed) in waiting {
            let owner = owner(import.id, number.cast_unsigned());
            let password = self.vault.open(Purpose::ImportedPassword, owner, &sealed)?;
            let password = String::from_utf8(password).map_err(anyhow::Error::from)?;
            hashes.push((number, self.passwords.hash_behind_others(password).await?));
        }
        let mut tx = self.ground.begin(&Origin::program()).await?;
        if !progress::hold(&mut tx, import, State::Running, LEASE).await? {
            return Ok(Next::Leave);
        }
        if powers_now(&mut tx, import).await?.is_none() {
            return self.stop_short(tx, import).await;
        }
        for (number, hash) in hashes {
            store::rows::hashed(&mut tx, import.id, number, &hash).await?;
        }
        tx.commit_housekeeping(Housekeeping::Import).await?;
        Ok(Next::GoOn)
    }

    /// Writes the next batch, with its entries of the trail and the place where it ends, in one transaction.
    async fn write_some(&self, import: &Import) -> Result<Next> {
        let judge = self.judge_of(import).await?;
        let mut tx = self.ground.begin(&import.origin()).await?;
        if !progress::hold(&mut tx, import, State::Running, LEASE).await? {
            return Ok(Next::Leave);
        }
        let Some(holds) = powers_now(&mut tx, import).await? else {
            return self.stop_short(tx, import).await;
        };
        let judge = Judge { holds, ..judge };
        let place = store::find_within(&mut tx, import.id).await?.ok_or(super::GONE)?.place;
        let Some(written) = self.write(&mut tx, &judge, import.id, place).await? else {
            self.conclude(tx, import).await?;
            return Ok(Next::Leave);
        };
        let Written { last, progress, errors, events } = written;
        store::rows::add_errors(&mut tx, import.id, &errors).await?;
        progress::advance(&mut tx, import.id, last, progress).await?;
        commit_with(tx, events).await?;
        Ok(Next::GoOn)
    }

    /// Writes everybody in one transaction, or nobody.
    async fn write_all(&self, import: &Import) -> Result<()> {
        let judge = self.judge_of(import).await?;
        let mut tx = self.ground.begin(&import.origin()).await?;
        if !progress::hold(&mut tx, import, State::Running, LEASE).await? {
            return Ok(());
        }
        let Some(holds) = powers_now(&mut tx, import).await? else {
            return self.stop_short(tx, import).await.map(|_| ());
        };
        let judge = Judge { holds, ..judge };
        let so_far = self.at_one_moment.begin(import.id);
        let mut place = 0;
        while let Some(written) = self.write(&mut tx, &judge, import.id, place).await? {
            let Written { last, progress, errors, events } = written;
            if !errors.is_empty() {
                drop(tx);
                return self.fail(import, CAME_BETWEEN, &errors).await;
            }
            if self.stopped().contains(&import.id) {
                return Ok(());
            }
            progress::advance(&mut tx, import.id, last, progress).await?;
            tx.record_also(events).await?;
            so_far.add(progress.made + progress.updated);
            place = last;
        }
        // It may have taken a while.
        if powers_now(&mut tx, import).await? != Some(holds) {
            return self.stop_short(tx, import).await.map(|_| ());
        }
        self.conclude(tx, import).await
    }

    /// Undoes what the transaction did, and ends an import whose beginner lost what it takes.
    async fn stop_short(&self, tx: Tx<Open>, import: &Import) -> Result<Next> {
        drop(tx);
        self.fail(import, NO_LONGER, &[]).await?;
        Ok(Next::Leave)
    }

    /// Ends the writing: letters follow, or nothing.
    async fn conclude(&self, mut tx: Tx<Open>, import: &Import) -> Result<()> {
        let has_letters = !store::rows::next_to_invite(&mut tx, import.id, 1).await?.is_empty();
        let to = if has_letters { State::Inviting } else { State::Done };
        progress::turn(&mut tx, import.id, &[State::Running], to, None).await?;
        if has_letters {
            progress::let_go(&mut tx, import, Duration::ZERO).await?;
        } else {
            store::rows::drop_all(&mut tx, import.id).await?;
        }
        let ended = store::find_within(&mut tx, import.id).await?.ok_or(super::GONE)?;
        let Import { made, updated, same, skipped, wrong, .. } = ended;
        let kind = ChangeKind::Finished { made, updated, same, skipped: skipped + wrong };
        tx.record(Event::Import(Change { import: import.id, kind })).await?.commit().await
    }

    /// Sends the next few letters; the next ones leave after a pause that keeps to the rate.
    async fn invite(&self, import: &Import) -> Result<()> {
        let rate = self.rules.invitations_per_minute.max(1);
        let some = (rate / 60).max(1);
        let pause = Duration::from_secs(60) * some / rate;
        let mut tx = self.ground.begin(&import.origin()).await?;
        if !progress::hold(&mut tx, import, State::Inviting, LEASE).await? {
            return Ok(());
        }
        if powers_now(&mut tx, import).await?.is_none() {
            return self.stop_short(tx, import).await.map(|_| ());
        }
        let next = store::rows::next_to_invite(&mut tx, import.id, some.into()).await?;
        let Some((last, _)) = next.last().copied() else {
            progress::turn(&mut tx, import.id, &[State::Inviting], State::Done, None).await?;
            store::rows::drop_all(&mut tx, import.id).await?;
            return tx.commit_housekeeping(Housekeeping::Import).await;
        };
        let invited_by = import.begun_by.as_ref().map_or("", FullName::as_str);
        let mut events = Vec::new();
        for (_, person) in next {
            events.extend(self.links.invite_within(&mut tx, person, invited_by).await?);
        }
        store::rows::invited(&mut tx, import.id, last).await?;
        progress::let_go(&mut tx, import, pause).await?;
        commit_with(tx, events).await
    }

    async fn put_off(&self, import: &Import, pause: Duration) -> Result<()> {
        let mut tx = self.ground.begin(&Origin::program()).await?;
        progress::let_go(&mut tx, import, pause).await?;
        tx.commit_housekeeping(Housekeeping::Import).await
    }

    async fn fail(&self, import: &Import, why: &str, errors: &[RowError]) -> Result<()> {
        let mut tx = self.ground.begin(&import.origin()).await?;
        let open = [State::Running, State::Inviting];
        if !progress::turn(&mut tx, import.id, &open, State::Failed, Some(why)).await? {
            return Ok(());
        }
        store::rows::add_errors(&mut tx, import.id, errors).await?;
        store::rows::drop_all(&mut tx, import.id).await?;
        let kind = ChangeKind::Failed { why: why.to_owned() };
        tx.record(Event::Import(Change { import: import.id, kind })).await?.commit().await
    }
}

/// What whoever began it may do by now, of what they might then; nothing where they may not bring people in any more. Whoever
/// has the machine always may.
async fn powers_now(tx: &mut Tx<Open>, import: &Import) -> Result<Option<Permissions>> {
    let Some((person, role)) = import.actor().zip(import.role()) else { return Ok(Some(import.holds())) };
    let holds = import.holds().and(store::people::powers_now(tx, person, role).await?);
    Ok(Some(holds).filter(|holds| holds.contains(Permission::UsersManage)))
}

/// Commits with the entries of all these events; where there are none, only the import went on.
async fn commit_with(mut tx: Tx<Open>, mut events: Vec<Event>) -> Result<()> {
    match events.pop() {
        Some(last) => {
            tx.record_also(events).await?;
            tx.record(last).await?.commit().await
        }
        None => tx.commit_housekeeping(Housekeeping::Import).await,
    }
}
