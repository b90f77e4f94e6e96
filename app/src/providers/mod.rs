//! Providers, as people see them: the buttons on the sign-in page, and the pages on the way there and back.

pub mod pages;
pub mod ways;
