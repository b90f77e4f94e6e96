//! `countersign config …`: looking at the configuration.

use crate::console;
use clap::Subcommand;
use server::config::Reading;
use std::{path::Path, process::ExitCode};

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Print every setting as it is in force, secrets masked, and all that is wrong
    Check,
}

impl Action {
    pub fn run(&self, file: Option<&Path>) -> ExitCode {
        match self {
            Self::Check => check(file),
        }
    }
}

fn check(file: Option<&Path>) -> ExitCode {
    let Reading { config, problems, unread } = server::config::read(file);
    console::say(config.shown(&unread));
    for problem in &problems {
        eprintln!("wrong: {problem}");
    }
    for note in config.notes() {
        eprintln!("note: {note}");
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
