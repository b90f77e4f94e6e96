//! The audit trail as a page: what happened, looked through by who, whom, what, when and from where; proven, and taken along.

pub mod actions;
#[cfg(feature = "ssr")]
mod details;
#[cfg(feature = "ssr")]
pub mod export;
#[cfg(feature = "ssr")]
mod filter;
#[cfg(feature = "ssr")]
mod meant;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod proof;
#[cfg(feature = "ssr")]
mod rows;

#[cfg(feature = "ssr")]
pub(crate) use filter::address;
