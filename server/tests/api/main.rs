//! The back end from outside, in one process: every answer of the REST API, the guard around it, and what each request
//! leaves in the store, on both engines.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop"
)]

mod account;
mod alerts;
mod api_keys;
mod assets;
mod audit;
mod bodies;
mod cors;
mod crowds;
mod demo;
mod devices;
mod first_factor;
mod guard;
mod hanging_up;
mod headers;
mod held_back;
mod invitations;
mod letters;
mod limits;
mod link_support;
mod listing;
mod lockout;
mod login;
mod migrations;
mod openapi;
mod outbox;
mod passkeys;
mod password_change;
mod passwords;
mod provider_answers;
mod provider_links;
mod provider_support;
mod provider_tls;
mod races;
mod redis;
mod refresh;
mod registration;
mod rehash;
mod resets;
mod rights;
mod search;
mod search_model;
mod second_factor_support;
mod second_factors;
mod second_step;
mod second_step_guesses;
mod sending;
mod sent_codes;
mod sessions;
mod sms;
mod step_up;
mod support;
mod tokens;
mod unverified;
