//! Roles, as Super Admins look after them: the matrix of what each may do, and changing one after seeing whom it reaches.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod deleting;
#[cfg(feature = "ssr")]
mod difference;
#[cfg(feature = "ssr")]
pub mod draft;
#[cfg(feature = "ssr")]
mod fields;
#[cfg(feature = "ssr")]
pub mod making;
#[cfg(feature = "ssr")]
mod matrix;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod reach;
#[cfg(feature = "ssr")]
pub mod review;
