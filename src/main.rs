//! The entry: reads the command line and runs the command.

use clap::Parser;
use countersign::commands::Command;
use std::process::ExitCode;

/// Pages are made of many small pieces of text, which this allocator hands out faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    Command::parse().run()
}
