//! The one door for writes. A transaction begins `Open`, must `record` what it did, and only then can `commit`: a write
//! without its audit entry and its outbox entries does not compile.

use super::{Lane, Pools};
use crate::{
    Error, Origin, Result,
    at_rest::AtRest,
    audit::{self, Notary},
    chance::Chance,
    events::Event,
    ground::Ground,
    outbox,
};
use domain::{Timestamp, at_rest::Keeper};
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};
use std::{
    future::{Ready, ready},
    marker::PhantomData,
    sync::Arc,
};

/// The transaction has not yet said what it does.
#[derive(Debug)]
pub struct Open;

/// The transaction has written down what it does and may be committed.
#[derive(Debug)]
pub struct Recorded;

/// A transaction in the state `S`. Dropped without a commit, it leaves no trace.
#[derive(Debug)]
pub struct Tx<S> {
    inner: Inner,
    at_rest: AtRest,
    at: Timestamp,
    chance: Chance,
    origin: Origin,
    notary: Notary,
    letters_an_hour: u32,
    state: PhantomData<S>,
}

#[derive(Debug)]
enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Upkeep that changes nothing a person would ask about, and so needs no record. The list is the exemption.
#[derive(Debug, Clone, Copy)]
pub enum Housekeeping {
    /// A session was seen again.
    SessionSeen,
    /// A key was used again.
    KeyUsed,
    /// Something was counted, or a count was taken back.
    Counted,
    /// What a browser carries between two pages.
    Visit,
    /// A sign-in with a provider was begun or came back; what it leads to is recorded.
    ProviderAttempt,
    /// Sessions and visits whose time is over.
    Expired,
    /// A code was tried and was wrong.
    CodeTried,
    /// A browser was asked for a passkey; what counts is its answer.
    PasskeyAsked,
    /// Who is to be changed together was written down, or how far that is; each change is recorded by itself.
    BulkChange,
    /// A job of the outbox was claimed, done or put off.
    Job,
    /// The built-in roles were brought up to date.
    BuiltInRoles,
    /// A file was read, or an import went on to its next step: what it does to people is recorded.
    Import,
    /// Entries of the trail got their places in its chain.
    Sealed,
    /// Somebody who was warned that their account would be erased came back, or what was still under way while somebody was
    /// erased went after them.
    Retention,
}

impl Tx<Open> {
    pub(crate) async fn begin(ground: &Ground, origin: Origin) -> Result<Self> {
        let inner = match ground.db.pools() {
            // Taking the write lock at once: a reader that turns writer half-way could not be made to wait.
            Pools::Sqlite(pools) => pools.writer().begin_with("begin immediate").await.map(Inner::Sqlite),
            Pools::Postgres(pool) => pool.begin().await.map(Inner::Postgres),
        };
        let inner = tell!(ground.db, inner)?;
        Ok(Self {
            inner,
            at_rest: ground.db.at_rest().clone(),
            at: ground.clock.now(),
            chance: ground.chance.clone(),
            origin,
            notary: ground.notary.clone(),
            letters_an_hour: ground.letters_an_hour,
            state: PhantomData,
        })
    }

    /// Writes the entries of a part of what happened, in one go. At least one event is still to be recorded by itself.
    pub async fn record_also(&mut self, events: Vec<Event>) -> Result<()> {
        audit::store::append_all(self, &events).await?;
        let mut jobs = Vec::new();
        for event in &events {
            let person = event.subject().person;
            jobs.extend(event.jobs(&self.origin, self.at).into_iter().map(|job| (job, person)));
        }
        jobs.sort_by(|(one, _), (other, _)| one.recipient().cmp(&other.recipient()));
        for (job, person) in jobs {
            outbox::store::put(self, &job, person).await?;
        }
        Ok(())
    }

    /// Commits what is mere upkeep.
    pub async fn commit_housekeeping(self, _exemption: Housekeeping) -> Result<()> {
        self.inner.commit().await
    }
}

impl<S> Tx<S> {
    /// Writes the audit entry of what happened and puts the work that follows from it into the outbox.
    pub async fn record(mut self, event: Event) -> Result<Tx<Recorded>> {
        audit::store::append(&mut self, &event).await?;
        let mut jobs = event.jobs(&self.origin, self.at);
        // Letters to one address wait for each other; in one order for all, no two transactions wait crosswise.
        jobs.sort_by(|one, other| one.recipient().cmp(&other.recipient()));
        let person = event.subject().person;
        for job in jobs {
            outbox::store::put(&mut self, &job, person).await?;
        }
        Ok(Tx {
            inner: self.inner,
            at_rest: self.at_rest,
            at: self.at,
            chance: self.chance,
            origin: self.origin,
            notary: self.notary,
            letters_an_hour: self.letters_an_hour,
            state: PhantomData,
        })
    }

    /// How personal texts are kept.
    pub const fn at_rest(&self) -> &AtRest {
        &self.at_rest
    }

    pub(crate) fn keeper(&self) -> Option<Arc<dyn Keeper>> {
        self.at_rest.keeper()
    }

    /// From now on personal texts are kept in this way, for whoever writes them anew.
    pub(crate) fn keep_by(&mut self, at_rest: AtRest) {
        self.at_rest = at_rest;
    }

    /// The moment at which this transaction happens, the same for all that it writes.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// How many letters of one kind one address gets within an hour.
    pub const fn letters_an_hour(&self) -> u32 {
        self.letters_an_hour
    }

    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(crate) const fn notary(&self) -> &Notary {
        &self.notary
    }

    pub(crate) const fn chance(&self) -> &Chance {
        &self.chance
    }

    pub fn new_id(&self) -> uuid::Uuid {
        self.chance.id(self.at)
    }

    /// What went wrong, as an error of ours. A transaction holds its connection already.
    pub(crate) fn why(&self, cause: sqlx::Error) -> Ready<Error> {
        ready(cause.into())
    }

    pub fn lane(&mut self) -> Lane<&mut SqliteConnection, &mut PgConnection> {
        match &mut self.inner {
            Inner::Sqlite(tx) => Lane::Sqlite(&mut *tx),
            Inner::Postgres(tx) => Lane::Postgres(&mut *tx),
        }
    }
}

impl Tx<Recorded> {
    pub async fn commit(self) -> Result<()> {
        self.inner.commit().await
    }
}

impl Inner {
    async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
        .map_err(Error::from)
    }
}
