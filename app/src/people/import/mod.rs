//! Bringing people in from a file: the page that takes one, and the page of one import.

mod actions;
mod banner;
pub mod form;
mod how_far;
pub mod progress;
pub mod upload;
