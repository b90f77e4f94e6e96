//! `countersign mail …`: seeing whether letters leave, without waiting for one.

use crate::console;
use anyhow::{Context, Result};
use clap::Subcommand;
use domain::{JobId, person::EmailAddress};
use server::{
    chance::Chance,
    clock::Clock,
    config::Config,
    mail::{Letter, Mailer, Postmark, Receipt},
};

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Send a test letter the way all letters go, and say what became of it
    Test {
        /// Where to send it
        #[arg(long, value_name = "ADDRESS")]
        to: String,
    },
}

impl Action {
    pub async fn run(self, config: Config) -> Result<()> {
        match self {
            Self::Test { to } => {
                let to = EmailAddress::parse(&to).map_err(|words| anyhow::anyhow!("--to: {words}"))?;
                send_test(&config, &to).await
            }
        }
    }
}

async fn send_test(config: &Config, to: &EmailAddress) -> Result<()> {
    let mailer = Mailer::from_config(config)?;
    let at = Clock::of_the_machine().now();
    let job = JobId::new(Chance::of_the_machine()?.id(at));
    let letter = Letter::Test { to: to.to_string(), at };
    let outcome = mailer.send(&letter, Postmark { job, at }).await;
    mailer.rest().await;
    match outcome.context("the test letter was not sent")? {
        Receipt::Taken { server, encrypted, signed_in, answer } => {
            let line = if encrypted { "encrypted" } else { "not encrypted" };
            let login = if signed_in { ", signed in" } else { "" };
            console::say(format_args!("Connected to {server} ({line}{login})."));
            console::say(format_args!("The server took the letter to {to} and said: {answer}"));
            console::say("If it does not arrive, look into the spam folder, then into the server's own log.");
        }
        Receipt::Filed { place } => {
            console::say("No mail server is set (smtp_url), so letters are files.");
            console::say(format_args!("The letter to {to} is {}", place.display()));
        }
    }
    Ok(())
}
