//! The audit trail: one entry for each thing that happened. Entries are only ever added.

pub(crate) mod store;

pub use store::{Entry, RoleChange};
pub(crate) use store::{about, newest};
