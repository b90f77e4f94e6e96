//! Services outside of this program: how they are asked (once, with a time-out) and when they are left in peace (the breaker).

mod breaker;
mod request;

pub use breaker::{Breaker, Call, Resting};
pub use request::{Answer, Trouble, get, post_form, post_json};
