//! Identity, as people see it: the sign-in page and the forms that sign in and out.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod pages;
