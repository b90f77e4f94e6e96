//! The pages from outside, in one process: the whole router as the program serves it, driven by browsers without
//! scripts, on both engines.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop"
)]

mod account;
mod administration;
mod audit;
mod bulk;
mod choosing;
mod creating;
mod dashboard;
mod documentation;
mod editing;
mod errors;
mod export;
mod forms;
mod import;
mod journey;
mod limits;
mod links;
mod mailbox;
mod own_account;
mod passkeys;
mod people;
mod policy;
mod privacy;
mod providers;
mod redis;
mod rights;
mod roles;
mod second_factor;
mod second_factor_own;
mod setup;
mod support;
mod traces;
mod use_cases;
