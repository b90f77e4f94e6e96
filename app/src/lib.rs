//! What people see: a folder for each capability with its pages (server only), server functions and islands; `ui` is the
//! component kit they are made of, `shell` the table of all pages and the document around them.

pub mod identity;
pub mod palette;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod account;
#[cfg(feature = "ssr")]
pub mod dashboard;
#[cfg(feature = "ssr")]
pub mod documentation;
#[cfg(feature = "ssr")]
pub mod faces;
#[cfg(feature = "ssr")]
pub mod flash;
#[cfg(feature = "ssr")]
pub mod frame;
#[cfg(feature = "ssr")]
pub mod gallery;
#[cfg(feature = "ssr")]
pub mod mailbox;
#[cfg(feature = "ssr")]
pub mod moments;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod people;
#[cfg(feature = "ssr")]
pub mod reload;
pub mod setup;
#[cfg(feature = "ssr")]
pub mod shell;
