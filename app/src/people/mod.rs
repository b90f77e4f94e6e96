//! People, as the User Admin sees them: the list, the page of one person with its parts, and the forms that make and change
//! somebody.

pub mod live;

#[cfg(feature = "ssr")]
pub mod access_actions;
#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod bulk;
#[cfg(feature = "ssr")]
mod comparison;
#[cfg(feature = "ssr")]
pub mod create_actions;
#[cfg(feature = "ssr")]
pub mod creating;
#[cfg(feature = "ssr")]
pub mod edit_actions;
#[cfg(feature = "ssr")]
pub mod editing;
#[cfg(feature = "ssr")]
pub mod export;
#[cfg(feature = "ssr")]
mod fields;
#[cfg(feature = "ssr")]
mod history;
#[cfg(feature = "ssr")]
pub mod import;
#[cfg(feature = "ssr")]
pub mod list;
#[cfg(feature = "ssr")]
pub mod notes;
#[cfg(feature = "ssr")]
pub mod overview;
#[cfg(feature = "ssr")]
mod person;
#[cfg(feature = "ssr")]
mod roles;
#[cfg(feature = "ssr")]
mod sentences;
#[cfg(feature = "ssr")]
pub mod signing_in;
#[cfg(feature = "ssr")]
mod standing;
#[cfg(feature = "ssr")]
mod status;
#[cfg(feature = "ssr")]
pub mod timeline;
#[cfg(feature = "ssr")]
mod values;

#[cfg(feature = "ssr")]
pub use history::{History, Reader, RecentEvents};
#[cfg(feature = "ssr")]
pub(crate) use history::{sentence, sign};
#[cfg(feature = "ssr")]
pub(crate) use list::when;
#[cfg(feature = "ssr")]
pub use list::with_commas;
#[cfg(feature = "ssr")]
pub(crate) use person::read_id;
#[cfg(feature = "ssr")]
pub(crate) use roles::role_names;
