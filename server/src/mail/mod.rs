//! Mail: the letters there are, their words and their look, and how they leave: by SMTP, or as files in the data folder
//! where no server is set.

mod layout;
mod letter;
mod mailer;
mod message;
mod server;
mod smtp;
mod store;
mod words;

pub use layout::Written;
pub use letter::Letter;
pub use mailer::{Mailer, Receipt};
pub use message::Postmark;
pub use store::{Posted, find, newest};
