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
mod at_rest;
mod at_rest_changes;
mod audit;
mod audit_chain;
mod audit_chain_life;
mod audit_search;
mod bodies;
mod chain_support;
mod cors;
mod creating;
mod crowds;
mod demo;
mod devices;
mod email_change;
mod expired_tokens;
mod export;
mod filters;
mod first_factor;
mod guard;
mod hanging_up;
mod headers;
mod held_back;
mod import;
mod import_cancelled;
mod import_input;
mod import_powers;
mod import_support;
mod invitations;
mod letters;
mod limits;
mod link_support;
mod listing;
mod lockout;
mod login;
mod migrations;
mod openapi;
mod other_people;
mod outbox;
mod passkeys;
mod password_change;
mod passwords;
mod person_support;
mod preferences;
mod privacy;
mod privacy_erasure;
mod privacy_retention;
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
mod rights_explained;
mod rights_first;
mod roles;
mod scim;
mod scim_filters;
mod scim_model;
mod scim_patch;
mod scim_rights;
mod scim_support;
mod search;
mod search_model;
mod second_factor_support;
mod second_factors;
mod second_step;
mod second_step_guesses;
mod sending;
mod sent_codes;
mod sessions;
mod short_list;
mod short_users;
mod sms;
mod step_up;
mod support;
mod suspending;
mod tokens;
mod unverified;
mod updating;
