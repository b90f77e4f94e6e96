//! `countersign config …`: looking at the configuration.

use crate::console;
use clap::Subcommand;
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
    let config = match server::config::merge(file) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("countersign: {error}");
            return ExitCode::FAILURE;
        }
    };
    console::say(config.shown());
    let problems = config.problems();
    for problem in &problems {
        eprintln!("wrong: {problem}");
    }
    for note in config.notes() {
        eprintln!("note: {note}");
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
