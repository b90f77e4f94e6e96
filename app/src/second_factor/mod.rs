//! Second factors, as people see them: the code between password and session, setting up the first one, one's own factors,
//! and confirming later that it is still you.

pub mod confirm_actions;
pub mod own_actions;
pub mod verify_actions;

#[cfg(feature = "ssr")]
pub mod confirm;
#[cfg(feature = "ssr")]
mod enrolment;
#[cfg(feature = "ssr")]
pub mod own;
#[cfg(feature = "ssr")]
pub mod set_up;
#[cfg(feature = "ssr")]
pub mod verify;
#[cfg(feature = "ssr")]
mod ways;
