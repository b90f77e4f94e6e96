//! The back end: a folder for each capability (`identity`, `people`, `roles`, …), each with its service in `mod.rs`,
//! its SQL in `store.rs` and its REST in `api.rs`; beside them the ground they stand on.

// First, for the macros that run statements.
#[macro_use]
pub mod db;

pub mod alerts;
pub mod api_keys;
pub mod at_rest;
pub mod audit;
pub mod backend;
pub mod chance;
mod cipher;
pub mod clock;
pub mod config;
pub mod counts;
pub mod csv;
pub mod dashboard;
pub mod demo;
pub mod error;
pub mod events;
pub mod ground;
pub mod http;
pub mod identity;
pub mod keys;
pub mod limits;
pub mod links;
pub mod lockout;
pub mod mail;
pub mod origin;
pub mod outbox;
pub mod outside;
pub mod people;
pub mod permit;
pub mod privacy;
pub mod proof;
pub mod providers;
pub mod roles;
pub mod scim;
pub mod second_factor;
pub mod setup;
pub mod sms;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
mod to_the_end;
pub mod vault;

pub use backend::Backend;
pub use error::{Error, Result};
pub use origin::Origin;
pub use permit::Actor;
