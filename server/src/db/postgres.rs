//! How PostgreSQL is opened.

use crate::{Error, Result};
use sqlx::{
    Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{io::ErrorKind, str::FromStr, time::Duration};
use tokio::sync::Semaphore;

/// How long a request waits for a connection before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);
const CONNECTIONS: u32 = 16;
/// A connection that was idle for longer is asked for a sign of life before it is used.
const ASK_AFTER: Duration = Duration::from_secs(1);
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);
static ASKING: Semaphore = Semaphore::const_new(1);

pub async fn open(url: &str) -> Result<PgPool> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("countersign")
        // One plan for any text at all would be a bad plan for common texts; planning each time takes a tenth of a millisecond.
        .options([
            // Compiling a statement takes ten milliseconds; none of ours runs for long enough to be worth it.
            ("jit", "off"),
            ("statement_timeout", "25s"),
            ("client_min_messages", "warning"),
            ("plan_cache_mode", "force_custom_plan"),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > ASK_AFTER {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options.clone())
        .await;
    match pool {
        Err(sqlx::Error::PoolTimedOut) => Err(Error::unavailable(why_away(&options).await)),
        outcome => Ok(outcome?),
    }
}

/// Why no connection can be had, found out by asking for one: by one of all who wait, since an overloaded server needs no
/// further questions. The words name the server, never a password.
pub(super) async fn why_away(options: &PgConnectOptions) -> String {
    let server = match options.get_socket() {
        Some(folder) => folder.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    let Ok(_turn) = ASKING.try_acquire() else {
        return format!("no connection to PostgreSQL at {server} could be had in time");
    };
    match tokio::time::timeout(ANSWERS_WITHIN, PgConnection::connect_with(options)).await {
        Ok(Ok(connection)) => {
            let _ = connection.close().await;
            format!("PostgreSQL at {server} answers, but every connection to it is in use")
        }
        Ok(Err(sqlx::Error::Io(cause))) if cause.kind() == ErrorKind::ConnectionRefused => {
            format!("PostgreSQL at {server} refused the connection; is it running?")
        }
        Ok(Err(sqlx::Error::Database(cause))) => format!("PostgreSQL at {server} says: {}", cause.message()),
        Ok(Err(cause)) => format!("PostgreSQL at {server} cannot be reached: {cause}"),
        Err(_) => format!("PostgreSQL at {server} does not answer"),
    }
}
