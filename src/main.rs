//! The entry: reads the command line and runs the command.

use clap::Parser;
use countersign::commands::Command;
use std::process::ExitCode;

fn main() -> ExitCode {
    Command::parse().run()
}
