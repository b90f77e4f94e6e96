//! How SQLite is opened: one connection that writes, several that read, a few that pass through everything, a write-ahead log
//! between them.

use super::is_away;
use crate::Result;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::{self, OpenOptions},
    io::ErrorKind,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
    str::FromStr,
    time::{Duration, Instant},
};

/// How long a request waits for a connection before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same for its turn to write: an import of a hundred thousand people at one moment takes seven seconds.
const PATIENCE_TO_WRITE: Duration = Duration::from_secs(15);
const READERS: u32 = 8;
const PASSERS: u32 = 4;
const PAUSE: Duration = Duration::from_millis(50);

/// The connections to one database file.
#[derive(Debug, Clone)]
pub struct Pools {
    writer: SqlitePool,
    readers: SqlitePool,
    passers: SqlitePool,
}

impl Pools {
    pub async fn open(url: &str) -> Result<Self> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What was acknowledged is on the disk, also when the power goes.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .pragma("cache_size", "-32768")
            .pragma("mmap_size", "268435456")
            .pragma("temp_store", "memory")
            // A row that `insert or replace` pushes out is deleted past the triggers that keep the audit trail otherwise.
            .pragma("recursive_triggers", "on")
            .optimize_on_close(true, None);
        make_private(options.get_filename());
        let writer = open_writer(&options).await?;
        let reading = options.pragma("query_only", "on");
        // Who reads each page once gains nothing from keeping it.
        let passing = reading.clone().pragma("cache_size", "-4096").pragma("mmap_size", "0");
        Ok(Self { writer, readers: open_readers(READERS, reading), passers: open_readers(PASSERS, passing) })
    }

    pub const fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    pub const fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// For reading the whole of something, such as an export: they keep next to nothing of what they read, so that a million
    /// people take no more memory than a thousand.
    pub const fn passers(&self) -> &SqlitePool {
        &self.passers
    }

    pub async fn close(&self) {
        self.passers.close().await;
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn open_readers(most: u32, options: SqliteConnectOptions) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(most)
        .acquire_timeout(PATIENCE)
        // A file does not hang up: asking before each use would cost as much as many a statement.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(options)
}

/// A new database belongs to the program alone, whatever the folder allows; SQLite gives the files beside it the same rights.
/// One that others could read before is told of, since somebody may have meant it.
fn make_private(path: &Path) {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let mode = fs::metadata(path).map(|file| file.permissions().mode()).unwrap_or(0o600);
            if mode & 0o077 != 0 {
                tracing::warn!(path = %path.display(), "others on this machine can read the database; run chmod 600 on it");
            }
        }
        // Opening it says more exactly what is wrong.
        Err(_) => {}
    }
}

/// Opens the one connection that writes. A new file is turned over to its write-ahead log by whoever comes first; SQLite
/// tells the others at once that it is locked instead of letting them wait, so they try again for as long as a request would.
async fn open_writer(options: &SqliteConnectOptions) -> Result<SqlitePool> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE_TO_WRITE)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None);
    let started = Instant::now();
    loop {
        match pool.clone().connect_with(options.clone()).await {
            Err(error) if is_away(&error) && started.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
            outcome => return Ok(outcome?),
        }
    }
}
