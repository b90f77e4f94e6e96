//! People, as the User Admin sees them: the list, and the page of one person.

mod history;
mod list;
pub mod pages;
mod status;

pub use history::{History, Reader, RecentEvents};
pub(crate) use list::when;
pub use list::with_commas;
