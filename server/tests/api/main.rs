//! The back end from outside, in one process: every answer of the REST API, the guard around it, and what each request
//! leaves in the store, on both engines.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop"
)]

mod alerts;
mod assets;
mod audit;
mod bodies;
mod crowds;
mod guard;
mod headers;
mod letters;
mod limits;
mod listing;
mod lockout;
mod login;
mod migrations;
mod outbox;
mod passwords;
mod races;
mod redis;
mod refresh;
mod rehash;
mod rights;
mod search;
mod search_model;
mod second_factor_support;
mod second_factors;
mod sending;
mod sent_codes;
mod sessions;
mod sms;
mod support;
mod tokens;
