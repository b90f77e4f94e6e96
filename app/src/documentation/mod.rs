//! The description of the REST API, as a page.

mod operation;
pub mod pages;
mod reading;
mod sample;
