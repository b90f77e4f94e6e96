//! The commands of the program. Each reads the configuration first and says in one line what is wrong with it.

mod audit;
mod config;
mod import;
mod keys;
mod mail;
mod personal_data;
mod tune;
mod user;

use crate::{console, serve};
use anyhow::Result;
use clap::{Parser, Subcommand};
use server::{config::Config, permit::Operator, telemetry};
use std::{path::PathBuf, process::ExitCode};

/// A self-hosted back office where every sign-in is verified and every decision is signed.
///
/// Without any configuration `countersign serve` keeps an SQLite database and its keys in ./data and listens on
/// http://127.0.0.1:3000. Settings come from a TOML file (./countersign.toml, or --config) and, over it, from
/// COUNTERSIGN_… variables: COUNTERSIGN_LISTEN, COUNTERSIGN_PUBLIC_URL, COUNTERSIGN_DATA_DIR, COUNTERSIGN_DATABASE_URL
/// (sqlite:… or postgres://…), COUNTERSIGN_SMTP_URL and more. `countersign config check` shows them all.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 110)]
pub struct Command {
    /// The configuration file; without it ./countersign.toml is read if it is there
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Serve pages and the API until told to stop (SIGTERM or Ctrl-C)
    Serve {
        /// Fill an empty database with demo content first, and show its accounts
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database up to date and end; `serve` does it by itself
    Migrate,
    /// Load demo content: a small company, or people by the million to measure with
    Demo {
        /// So many invented people (none of them can sign in)
        #[arg(long, value_name = "N")]
        users: Option<u64>,
        /// So many invented sign-ins in the audit trail, to measure it with
        #[arg(long, value_name = "N")]
        entries: Option<u64>,
        /// Load them also where there are real people, among whom they then stay
        #[arg(long)]
        yes: bool,
        /// So many products; not before there is a catalogue
        #[arg(long, value_name = "N")]
        products: Option<u64>,
        /// So many documents; not before there are approvals
        #[arg(long, value_name = "N")]
        documents: Option<u64>,
    },
    /// Look after accounts without a browser
    User {
        #[command(subcommand)]
        action: user::Action,
    },
    /// Change the keys that sign tokens
    Keys {
        #[command(subcommand)]
        action: keys::Action,
    },
    /// Encrypt names and addresses in the database, or decrypt them, while no server runs
    PersonalData {
        #[command(subcommand)]
        action: personal_data::Action,
    },
    /// See whether letters leave
    Mail {
        #[command(subcommand)]
        action: mail::Action,
    },
    /// Prove that the audit trail is whole
    Audit {
        #[command(subcommand)]
        action: audit::Action,
    },
    /// Measure this machine and print what hashing a password may cost on it, as lines for the configuration file
    Tune(tune::Wishes),
    /// Look at the configuration
    Config {
        #[command(subcommand)]
        action: config::Action,
    },
}

impl Command {
    /// Runs the command to its end. What went wrong is one line on standard error.
    pub fn run(self) -> ExitCode {
        let outcome = match &self.action {
            Action::Config { action } => return action.run(self.config.as_deref()),
            Action::Tune(wishes) => wishes.run(),
            _ => self.run_configured(),
        };
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("countersign: {error:#}");
                ExitCode::FAILURE
            }
        }
    }

    fn run_configured(self) -> Result<()> {
        let config = server::config::load(self.config.as_deref())?;
        telemetry::start(&config)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.action.run(config))
    }
}

impl Action {
    async fn run(self, config: Config) -> Result<()> {
        match self {
            Self::Serve { demo } => serve::run(config, demo).await,
            Self::Migrate => {
                let backend = serve::open(config).await?;
                console::say(format_args!("The {} database is up to date.", backend.ground.db.engine()));
                backend.close().await;
                Ok(())
            }
            Self::Demo { users, entries, yes, products, documents } => {
                load_demo(config, users, entries, yes, products, documents).await
            }
            Self::User { action } => action.run(config).await,
            Self::Keys { action } => action.run(config).await,
            Self::PersonalData { action } => action.run(config).await,
            Self::Mail { action } => action.run(config).await,
            Self::Audit { action } => action.run(config).await,
            // Run without a configuration, before this.
            Self::Config { .. } | Self::Tune(_) => Ok(()),
        }
    }
}

async fn load_demo(
    config: Config,
    users: Option<u64>,
    entries: Option<u64>,
    yes: bool,
    products: Option<u64>,
    documents: Option<u64>,
) -> Result<()> {
    anyhow::ensure!(
        products.is_none(),
        "this version has no catalogue yet, so there are no products to load"
    );
    anyhow::ensure!(
        documents.is_none(),
        "this version has no approvals yet, so there are no documents to load"
    );
    let backend = serve::open(config).await?;
    let operator = Operator::of_this_machine();
    let real = backend.demo.real_person(&operator).await?;
    anyhow::ensure!(
        entries.is_none() || real.is_none(),
        "this database holds real people, and invented sign-ins would stay in its audit trail for good"
    );
    if let (Some(username), Some(count), false) = (&real, users, yes) {
        anyhow::bail!(
            "this database holds real people, such as {username}, and {count} invented ones would stay among them for good; add --yes if you mean it"
        );
    }
    if !backend.demo.load_company(&operator).await? && real.is_some() {
        console::say("There are real people here already, so the demo's company was not loaded.");
    }
    if let Some(count) = users {
        let started = std::time::Instant::now();
        backend.demo.load_people(&operator, count).await?;
        let seconds = started.elapsed().as_secs_f64();
        console::say(format_args!(
            "Loaded {count} people in {seconds:.1} s ({:.0} a second).",
            count as f64 / seconds.max(0.001)
        ));
    }
    if let Some(count) = entries {
        backend.demo.load_entries(&operator, count).await?;
        let started = std::time::Instant::now();
        backend.audit.seal_all().await?;
        console::say(format_args!(
            "Loaded {count} entries, and sealed them in {:.1} s.",
            started.elapsed().as_secs_f64()
        ));
    }
    for account in server::demo::accounts(&backend.config.data_dir) {
        console::say(format_args!("{:<8} {}   {}", account.username, account.password, account.role));
    }
    backend.close().await;
    Ok(())
}
