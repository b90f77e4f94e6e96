//! Identity, as people see it: the sign-in page, the forms that sign in and out, and how strong a new password is.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod arrival;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod strength;
