//! The dashboards, one for each kind of role.

mod degraded;
pub mod pages;
mod user_admin;
