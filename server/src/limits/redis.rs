//! Counting in Redis, for all instances together.

use super::Counted;
use crate::{outside::Redis, vault::Vault};
use domain::Timestamp;
use redis::Cmd;
use std::time::Duration;

/// Counts one more under KEYS[1] in the window that began with its first. Told: now and the window's length in microseconds,
/// and when to forget in milliseconds. One script, so that two at the same moment are two.
const COUNT: &str = "
local first = tonumber(redis.call('HGET', KEYS[1], 'first'))
if not first or tonumber(ARGV[1]) - first >= tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'first', ARGV[1], 'number', 1)
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return {1, ARGV[1]}
end
return {redis.call('HINCRBY', KEYS[1], 'number', 1), redis.call('HGET', KEYS[1], 'first')}";

/// Counts one more; nothing where Redis does not answer.
pub(super) async fn count(
    redis: &Redis,
    vault: &Vault,
    key: &str,
    now: Timestamp,
    window: Duration,
) -> Option<Counted> {
    if !redis.is_set() {
        return None;
    }
    // Whoever reads in Redis learns nothing of who asked for how much.
    let key = format!("countersign:count:{}", vault.fingerprint(&["limits", key]));
    let (number, first): (u64, i64) = redis.ask(&command(&key, now, window)).await?;
    Some(Counted {
        number: u32::try_from(number).unwrap_or(u32::MAX),
        first_at: Timestamp::from_microseconds(first),
    })
}

fn command(key: &str, now: Timestamp, window: Duration) -> Cmd {
    let mut command = redis::cmd("EVAL");
    command.arg(COUNT).arg(1).arg(key).arg(now.microseconds());
    command.arg(u64::try_from(window.as_micros()).unwrap_or(u64::MAX));
    command.arg(u64::try_from(window.as_millis()).unwrap_or(u64::MAX));
    command
}
