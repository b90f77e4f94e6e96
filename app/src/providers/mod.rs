//! Providers, as people see them: the buttons on the sign-in page, the pages on the way there and back, and what one's own account is
//! connected to.

pub mod actions;
pub mod own;
pub mod pages;
pub mod ways;
