//! The program as people run it: its commands, its start and end, and what it does when the machine treats it badly.
//! Each test starts processes of its own, on free ports and in folders of its own.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on should stop, and what it measured is shown to whoever runs it"
)]

mod audit;
mod commands;
mod configuration;
mod crash;
mod database_away;
mod database_locked;
mod first_start;
mod import;
mod keys;
mod mail;
mod personal_data;
mod program;
mod redis_away;
mod serving;
mod slow_clients;
mod wire;
