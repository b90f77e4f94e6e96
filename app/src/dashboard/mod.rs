//! The dashboards, one for each kind of role.

pub mod pages;
mod user_admin;
