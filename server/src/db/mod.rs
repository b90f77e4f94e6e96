//! The store: SQLite or PostgreSQL behind one small layer. `run` holds the macros that send the same statement to
//! either, `tx` the door for writes, `migrate` the schema, `sqlite` and `postgres` how each engine is opened.

pub mod migrate;
pub mod postgres;
#[macro_use]
pub mod run;
pub mod sqlite;
mod tx;

pub use tx::{Housekeeping, Open, Recorded, Tx};

use crate::{Error, Result, at_rest::AtRest};
use domain::at_rest::Keeper;
use sqlx::{PgPool, SqlitePool};
use std::sync::Arc;

/// An open database.
#[derive(Debug, Clone)]
pub struct Db {
    pools: Pools,
    /// How it keeps personal texts; as they are, unless it was told otherwise.
    at_rest: AtRest,
}

/// The connections to either engine.
#[derive(Debug, Clone)]
pub enum Pools {
    Sqlite(sqlite::Pools),
    Postgres(PgPool),
}

/// Which engine is meant, and what a statement needs to run on it. Both the pools for reading and a transaction
/// answer with one, so that one macro serves both.
#[derive(Debug)]
pub enum Lane<S, P> {
    Sqlite(S),
    Postgres(P),
}

/// The same database for whoever goes through the whole of something: nothing of it is kept in caches that others fill with
/// what they ask for again.
#[derive(Debug, Clone, Copy)]
pub struct Passing<'d>(&'d Db);

impl<'d> Passing<'d> {
    pub(crate) fn keeper(self) -> Option<Arc<dyn Keeper>> {
        self.0.keeper()
    }

    pub fn lane(self) -> Lane<&'d SqlitePool, &'d PgPool> {
        match &self.0.pools {
            Pools::Sqlite(pools) => Lane::Sqlite(pools.passers()),
            Pools::Postgres(pool) => Lane::Postgres(pool),
        }
    }

    pub async fn why(self, cause: sqlx::Error) -> Error {
        self.0.why(cause).await
    }
}

impl Db {
    /// Opens the database of this address (`sqlite:…` or `postgres://…`) and brings its schema up to date.
    pub async fn open(url: &str) -> Result<Self> {
        let db = Self::connect(url).await?;
        migrate::run(&db).await?;
        Ok(db)
    }

    /// Opens the database without touching its schema.
    pub async fn connect(url: &str) -> Result<Self> {
        let pools = match url.split(':').next() {
            Some("sqlite") => Pools::Sqlite(sqlite::Pools::open(url).await?),
            Some("postgres" | "postgresql") => Pools::Postgres(postgres::open(url).await?),
            _ => {
                let why = "the database address begins neither with sqlite: nor with postgres://";
                return Err(anyhow::anyhow!(why).into());
            }
        };
        Ok(Self { pools, at_rest: AtRest::default() })
    }

    /// The same database, whose personal texts are kept in this way.
    pub fn keeping(self, at_rest: AtRest) -> Self {
        Self { at_rest, ..self }
    }

    pub const fn at_rest(&self) -> &AtRest {
        &self.at_rest
    }

    pub(crate) fn keeper(&self) -> Option<Arc<dyn Keeper>> {
        self.at_rest.keeper()
    }

    pub const fn pools(&self) -> &Pools {
        &self.pools
    }

    /// Where statements that only read are run.
    pub fn lane(&self) -> Lane<&SqlitePool, &PgPool> {
        match &self.pools {
            Pools::Sqlite(pools) => Lane::Sqlite(pools.readers()),
            Pools::Postgres(pool) => Lane::Postgres(pool),
        }
    }

    /// For statements that read the whole of something, a stretch at a time.
    pub const fn passing(&self) -> Passing<'_> {
        Passing(self)
    }

    pub const fn engine(&self) -> &'static str {
        match self.pools {
            Pools::Sqlite(_) => "sqlite",
            Pools::Postgres(_) => "postgres",
        }
    }

    /// What went wrong, as an error of ours. A pool says only that its patience ended, so the database is asked why.
    pub async fn why(&self, cause: sqlx::Error) -> Error {
        match (&self.pools, &cause) {
            (Pools::Postgres(pool), sqlx::Error::PoolTimedOut) => {
                Error::unavailable(postgres::why_away(&pool.connect_options()).await)
            }
            _ => cause.into(),
        }
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<()> {
        fetch_one!(self, (i64,), "select cast(1 as bigint)").map(|_| ())
    }

    /// Lets what is under way end, then closes every connection.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite(pools) => pools.close().await,
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Whether a later try may succeed (the database is away for the moment, or two transactions got into each other's way),
/// rather than the statement wrong.
pub fn is_away(cause: &sqlx::Error) -> bool {
    match cause {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            let busy_sqlite = database.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() && {
                // SQLITE_BUSY, LOCKED, IOERR, FULL and CANTOPEN, with their extended forms in the higher bits.
                matches!(code.parse::<u32>().unwrap_or(0) & 0xff, 5 | 6 | 10 | 13 | 14)
            };
            busy_sqlite || may_pass(&code)
        }
        _ => false,
    }
}

/// Whether PostgreSQL may answer another try with something else.
fn may_pass(code: &str) -> bool {
    // Connection exceptions, insufficient resources, operator intervention (shutdown, start-up).
    let is_away = ["08", "53", "57"].iter().any(|class| code.len() == 5 && code.starts_with(class));
    // It ended this transaction for the sake of another: not to be put in one order, or a deadlock.
    is_away || matches!(code, "40001" | "40P01")
}

/// Whether a write failed because it would have broken this unique index, named `table_column`. PostgreSQL says the
/// index, SQLite the column.
pub fn violates(error: &Error, index: &str) -> bool {
    let Error::Internal(cause) = error else { return false };
    let Some(sqlx::Error::Database(database)) = cause.downcast_ref() else { return false };
    database.is_unique_violation()
        && match database.constraint() {
            Some(constraint) => constraint == index,
            None => database.message().contains(&index.replacen('_', ".", 1)),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn passing_through_sqlite_keeps_next_to_nothing_and_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}/test.db", folder.path().display())).await.unwrap();
        let (kept, by_readers): ((i64,), (i64,)) = (
            fetch_one!(db.passing(), (i64,), "pragma cache_size").unwrap(),
            fetch_one!(db, (i64,), "pragma cache_size").unwrap(),
        );
        assert_eq!((kept.0, by_readers.0), (-4096, -32_768));
        let mapped: (i64,) = fetch_one!(db.passing(), (i64,), "pragma mmap_size").unwrap();
        assert_eq!(mapped.0, 0);
        execute!(db.passing(), "delete from people").unwrap_err();
        db.close().await;
    }

    #[test]
    fn what_another_try_may_mend_is_told_from_what_is_wrong() {
        for code in ["08006", "53300", "57P01", "40001", "40P01"] {
            assert!(may_pass(code), "{code}");
        }
        // A constraint, a wrong statement, a transaction that broke a constraint at its end; 5 and 517 are SQLite's.
        for code in ["23505", "42601", "40002", "", "5", "517", "5301"] {
            assert!(!may_pass(code), "{code}");
        }
    }
}
