//! The page `/ui`: every component in every state, in both themes. For those who build, never served in production.

mod actions;
mod colours;
mod content;
mod fields;
mod lists;
mod messages;
mod pages;
mod specimen;
mod type_and_icons;

pub use pages::GalleryPage;
