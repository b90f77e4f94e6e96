//! The PostgreSQL that may be filled: asked by `psql`, as an operator would.

use anyhow::{Context, Result, ensure};
use std::process::Stdio;
use tokio::process::Command;

/// A server that the measurements may use.
#[derive(Debug, Clone)]
pub struct Postgres {
    /// Ends with the name of the database to start from.
    url: String,
}

impl Postgres {
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned() }
    }

    /// The address of a database on this server.
    pub fn database(&self, name: &str) -> String {
        self.url.rsplit_once('/').map_or_else(|| self.url.clone(), |(server, _)| format!("{server}/{name}"))
    }

    /// Makes an empty database and answers its address. One that is there already goes.
    pub async fn create(&self, name: &str) -> Result<String> {
        ask(&self.url, &format!("drop database if exists {name} with (force)")).await?;
        ask(&self.url, &format!("create database {name}")).await?;
        Ok(self.database(name))
    }

    pub async fn drop(&self, name: &str) -> Result<()> {
        ask(&self.url, &format!("drop database if exists {name} with (force)")).await.map(|_| ())
    }

    /// Which version, and whether what was committed is on the disk.
    pub async fn description(&self) -> Result<String> {
        let version = ask(&self.url, "show server_version").await?;
        let durable = ask(&self.url, "select current_setting('fsync') || ', synchronous_commit ' || current_setting('synchronous_commit')").await?;
        let buffers = ask(&self.url, "show shared_buffers").await?;
        let version = version.split(' ').next().unwrap_or_default().to_owned();
        Ok(format!("PostgreSQL {version}, shared_buffers {buffers}, fsync {durable}"))
    }
}

/// Sends a statement and answers the one value that comes back, if any.
pub async fn ask(url: &str, sql: &str) -> Result<String> {
    let output = Command::new("psql")
        .args([
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--no-align",
            "--set",
            "ON_ERROR_STOP=1",
            "--command",
            sql,
            url,
        ])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .context("psql cannot be started")?;
    ensure!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
