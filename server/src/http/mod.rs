//! HTTP: the table of all REST routes, and what every request passes on its way to one of them.

pub mod allowance;
pub mod assets;
pub mod caller;
pub mod cookies;
pub mod cors;
pub mod device;
pub mod file;
pub mod guard;
pub mod health;
pub mod intake;
pub mod jwks;
pub mod listen;
pub mod metrics;
pub mod moments;
pub mod openapi;
pub mod problem;
pub mod router;
pub mod upload;
pub mod visits;
