//! Measurements: runs the release program on this machine and writes docs/benchmarks.md. `scripts/bench.sh` starts it.

mod bare;
mod chapters;
mod client;
mod database;
mod figures;
mod load;
mod machine;
mod program;
mod report;

use anyhow::{Context, Result, ensure};
use chapters::Chapter;
use clap::{Parser, Subcommand};
use figures::Figures;
use machine::Machine;
use program::Program;
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Measures Countersign, each figure beside its limit in the same run.
#[derive(Debug, Parser)]
struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Measure the program and write the table
    Measure(Wishes),
    /// Answer every request with the same bytes: the limit that pages are compared with (started by `measure`)
    #[command(hide = true)]
    Bare { answer: PathBuf },
}

#[derive(Debug, clap::Args)]
struct Wishes {
    /// The release program
    #[arg(long)]
    program: PathBuf,
    /// A PostgreSQL that may be filled: an address whose role may create databases
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// How many people the long list has
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=5_000_000))]
    people: u64,
    /// Only these chapters; then the table is printed and not written
    #[arg(long, value_enum)]
    only: Vec<Chapter>,
    /// Where the table goes
    #[arg(long, default_value = "docs/benchmarks.md")]
    output: PathBuf,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            figures::say(&format!("bench: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match Command::parse().action {
        Action::Bare { answer } => runtime.block_on(bare::serve(&answer)),
        Action::Measure(wishes) => runtime.block_on(measure(&wishes)),
    }
}

async fn measure(wishes: &Wishes) -> Result<()> {
    ensure!(
        wishes.program.is_file(),
        "there is no program at {}; `make build` makes it",
        wishes.program.display()
    );
    let program = Program::new(&wishes.program)?;
    let machine = Machine::look()?;
    let mut figures = Figures::default();
    for chapter in Chapter::ALL {
        if wishes.only.is_empty() || wishes.only.contains(&chapter) {
            figures::say(&format!("Measuring: {}", chapter.title()));
            // What was measured before a failure is worth keeping, and the failure is told.
            if let Err(error) =
                chapter.measure(&program, wishes.people, wishes.postgres.as_deref(), &mut figures).await
            {
                figures.gaps.push(format!("Not everything was measured ({}): {error:#}", chapter.title()));
            }
        }
    }
    let text = report::write(&machine, &figures, &kept_by_hand(&wishes.output))?;
    if wishes.only.is_empty() {
        fs::write(&wishes.output, &text)
            .with_context(|| format!("{} cannot be written", wishes.output.display()))?;
        figures::say(&format!("Written to {}", wishes.output.display()));
    } else {
        figures::print(&text);
    }
    figures::print(&report::summary(&figures));
    Ok(())
}

/// What stands below the mark in the last table was written by hand and stays.
fn kept_by_hand(output: &Path) -> String {
    let last = fs::read_to_string(output).unwrap_or_default();
    last.split_once(report::KEPT).map_or(String::new(), |(_, kept)| kept.trim().to_owned())
}
