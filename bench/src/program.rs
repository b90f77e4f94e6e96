//! The program under measurement: its commands, and servers that are started, watched and stopped.

use crate::{
    client::{self, Connection, Identity, Question},
    machine,
};
use anyhow::{Context, Result, bail, ensure};
use hyper::StatusCode;
use serde::Deserialize;
use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{
    io::AsyncWriteExt,
    process::{Child, Command},
    time::{sleep, timeout},
};

/// A server is ready by then, or does not come.
const READY_WITHIN: Duration = Duration::from_secs(60);
const STOPPED_WITHIN: Duration = Duration::from_secs(20);
/// A million people are loaded by then.
const LOADED_WITHIN: Duration = Duration::from_secs(900);

/// The release program.
#[derive(Debug, Clone)]
pub struct Program {
    file: PathBuf,
}

/// An installation: a data folder, a database if it is not the embedded one, and settings that are not as usual.
#[derive(Debug)]
pub struct Installation {
    folder: TempDir,
    database: Option<String>,
    settings: Vec<(&'static str, &'static str)>,
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From its start until it was ready.
    pub began_within: Duration,
}

#[derive(Deserialize)]
struct Account {
    username: String,
    password: String,
    role: String,
}

impl Installation {
    pub fn new(database: Option<String>) -> Result<Self> {
        Ok(Self { folder: tempfile::tempdir()?, database, settings: Vec::new() })
    }

    /// The same with a setting, by the name of its variable.
    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.settings.push((name, value));
        self
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn user_admin(&self) -> Result<Account> {
        let text = fs::read_to_string(self.folder().join("demo-accounts.json"))
            .context("there are no demo accounts")?;
        let accounts: Vec<Account> = serde_json::from_str(&text)?;
        accounts
            .into_iter()
            .find(|account| account.role == "USER_ADMIN")
            .context("no demo account is a User Admin's")
    }

    pub async fn cookie(&self, server: &Server) -> Result<Identity> {
        let account = self.user_admin()?;
        client::sign_in_with_cookie(server.address, &account.username, &account.password).await
    }

    pub async fn token(&self, server: &Server) -> Result<Identity> {
        let account = self.user_admin()?;
        client::sign_in_with_token(server.address, &account.username, &account.password).await
    }
}

impl Program {
    pub fn new(file: &Path) -> Result<Self> {
        Ok(Self { file: file.canonicalize()? })
    }

    pub fn size(&self) -> Result<u64> {
        Ok(fs::metadata(&self.file)?.len())
    }

    fn command(&self, place: &Installation, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.file);
        // Settings of whoever measures must not change what is measured.
        command
            .args(arguments)
            .current_dir(place.folder())
            .env_clear()
            .env("COUNTERSIGN_DATA_DIR", place.folder())
            .envs(place.settings.iter().copied());
        if let Some(database) = &place.database {
            command.env("COUNTERSIGN_DATABASE_URL", database);
        }
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Runs a command to its end and answers what it printed.
    pub async fn run(&self, place: &Installation, arguments: &[&str]) -> Result<String> {
        self.run_with(place, arguments, "").await
    }

    /// The same for a command that reads something, such as a password.
    pub async fn run_with(&self, place: &Installation, arguments: &[&str], input: &str) -> Result<String> {
        let mut command = self.command(place, arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // Most commands read nothing and may be gone already.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        let output =
            timeout(LOADED_WITHIN, child.wait_with_output()).await.context("it takes too long")??;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "`countersign {}` failed: {said}", arguments.join(" "));
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// How long the program takes to start and do nothing: the limit of every start.
    pub async fn start_of_a_process(&self, place: &Installation) -> Result<Duration> {
        let begun = Instant::now();
        self.run(place, &["--version"]).await?;
        Ok(begun.elapsed())
    }

    /// Starts a server and waits until it says that it is ready.
    pub async fn serve(&self, place: &Installation) -> Result<Server> {
        // The port was free a moment ago; nothing else here takes ports at this pace.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let log = File::create(place.folder().join("server.log"))?;
        let mut command = self.command(place, &["serve"]);
        command
            .env("COUNTERSIGN_LISTEN", address.to_string())
            .env("COUNTERSIGN_PUBLIC_URL", format!("http://{address}"))
            // The load generator is one client that asks as much as a thousand.
            .env("COUNTERSIGN_LIMITS__AUTH_PER_MINUTE", "1000000")
            .env("COUNTERSIGN_LIMITS__API_PER_MINUTE", "1000000")
            .env("COUNTERSIGN_LIMITS__SCIM_PER_MINUTE", "1000000")
            .env("COUNTERSIGN_LIMITS__FORMS_PER_MINUTE", "1000000")
            .env("COUNTERSIGN_LIMITS__EXPORT_PER_HOUR", "1000000")
            .env("COUNTERSIGN_LIMITS__FAILED_PER_IP_PER_HOUR", "1000000")
            // Demo accounts have none.
            .env("COUNTERSIGN_SECURITY__ADMIN_SECOND_FACTOR", "if-enrolled");
        let begun = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(log).spawn()?;
        while !is_ready(address).await {
            if let Some(status) = child.try_wait()? {
                bail!(
                    "the server ended at once ({status}): {}",
                    fs::read_to_string(place.folder().join("server.log"))?
                );
            }
            ensure!(begun.elapsed() < READY_WITHIN, "the server does not become ready");
            sleep(Duration::from_millis(2)).await;
        }
        Ok(Server { child, address, began_within: begun.elapsed() })
    }
}

async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut connection) = Connection::open(address).await else { return false };
    connection.ask(&Question::get("/readyz")).await.is_ok_and(|answer| answer.status == StatusCode::OK)
}

impl Server {
    pub fn pid(&self) -> Result<u32> {
        self.child.id().context("the server has ended")
    }

    pub fn resident(&self) -> Result<u64> {
        machine::resident(self.pid()?)
    }

    /// The most memory it ever held.
    pub fn resident_at_most(&self) -> Result<u64> {
        machine::resident_at_most(self.pid()?)
    }

    /// Asks the server to end, as an operator would.
    pub async fn stop(mut self) -> Result<()> {
        let pid = self.pid()?.to_string();
        Command::new("kill").args(["-TERM", &pid]).status().await?;
        timeout(STOPPED_WITHIN, self.child.wait()).await.context("the server does not stop")??;
        Ok(())
    }
}
