//! Setting up: the page that makes the first account of an empty installation.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod pages;
