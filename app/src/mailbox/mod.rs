//! The mail box: letters that were written, for development.

pub mod letter;
pub mod pages;
