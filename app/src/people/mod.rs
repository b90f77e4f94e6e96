//! People, as the User Admin sees them: the list, and the page of one person.

mod history;
mod list;
pub mod pages;
mod sentences;
mod status;

pub use history::{History, Reader, RecentEvents};
pub(crate) use list::when;
pub use list::with_commas;
pub(crate) use pages::role_names;
