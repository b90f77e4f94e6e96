//! Second factors, as people see them: the code or passkey between password and session, setting up the first one, one's own factors,
//! and confirming later that it is still you.

pub mod confirm_actions;
pub mod own_actions;
pub mod passkey_actions;
pub mod verify_actions;

#[cfg(feature = "ssr")]
pub mod confirm;
#[cfg(feature = "ssr")]
mod enrolment;
#[cfg(feature = "ssr")]
pub mod own;
#[cfg(feature = "ssr")]
mod own_passkeys;
#[cfg(feature = "ssr")]
pub mod passkeys;
#[cfg(feature = "ssr")]
pub mod set_up;
#[cfg(feature = "ssr")]
pub mod set_up_actions;
#[cfg(feature = "ssr")]
pub mod verify;
#[cfg(feature = "ssr")]
mod ways;
