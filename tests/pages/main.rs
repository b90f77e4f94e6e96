//! The pages from outside, in one process: the whole router as the program serves it, driven by browsers without
//! scripts, on both engines.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop"
)]

mod account;
mod documentation;
mod errors;
mod forms;
mod journey;
mod limits;
mod links;
mod mailbox;
mod passkeys;
mod people;
mod policy;
mod providers;
mod redis;
mod rights;
mod second_factor;
mod second_factor_own;
mod setup;
mod support;
mod traces;
mod use_cases;
