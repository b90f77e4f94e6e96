//! What people do by a letter: resetting a password, registering and verifying an address, accepting an invitation.

pub mod actions;
mod card;
pub mod email;
pub mod email_actions;
pub mod forgot;
pub mod invitation;
pub mod register;
pub mod reset;
pub mod verify;
