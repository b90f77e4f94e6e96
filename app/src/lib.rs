//! What people see: a folder for each capability with its pages (server only), server functions and islands; `ui` is the
//! component kit they are made of, `shell` the table of all pages and the document around them.

pub mod account;
pub mod audit;
pub mod identity;
pub mod palette;
pub mod people;
pub mod roles;
pub mod second_factor;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod arrival;
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
pub mod links;
#[cfg(feature = "ssr")]
pub mod mailbox;
#[cfg(feature = "ssr")]
pub mod moments;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod privacy;
#[cfg(feature = "ssr")]
pub mod providers;
#[cfg(feature = "ssr")]
pub mod reload;
pub mod setup;
#[cfg(feature = "ssr")]
pub mod shell;
