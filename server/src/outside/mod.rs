//! Services outside of this program: how they are asked (once, with a time-out) when they are left in peace (the
//! breaker), and Redis, without which everything goes on.

mod authorities;
mod breaker;
mod redis;
mod request;

pub use self::redis::Redis;
pub use authorities::Authorities;
pub use breaker::{Breaker, Call, Resting};
pub use request::{Answer, Trouble, get, post_form, post_json};
