//! Finding out what hashing a password may cost on this machine.

use crate::config;
use anyhow::anyhow;
use argon2::{Algorithm, Argon2, Params, Version};
use std::time::{Duration, Instant};

/// How many hashes are computed for one measurement; the middle one counts.
const ROUNDS: usize = 3;
/// Corrections after the first guess.
const CORRECTIONS: usize = 6;
const MEBIBYTE: u32 = 1024;

/// What a hash costs: memory and passes over it, on one core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub iterations: u32,
}

impl Cost {
    /// Less than this is never proposed.
    pub const LEAST: Self = Self {
        memory_kib: config::Passwords::OWASP_MEMORY_KIB,
        iterations: config::Passwords::OWASP_ITERATIONS,
    };
}

/// What is proposed, and how long a hash then takes here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    pub cost: Cost,
    pub takes: Duration,
}

/// Chooses the dearest cost that stays within the time. Memory comes first, because it is what makes guessing in bulk dear
/// (RFC 9106, section 4); when it is used up, more passes over it. `measure` computes a hash and says how long it took.
pub fn choose<E>(
    target: Duration,
    most_memory_kib: u32,
    mut measure: impl FnMut(Cost) -> Result<Duration, E>,
) -> Result<Proposal, E> {
    let most_memory_kib =
        most_memory_kib.clamp(Cost::LEAST.memory_kib, config::Passwords::LARGEST_MEMORY_KIB);
    let mut best = Proposal { cost: Cost::LEAST, takes: measure(Cost::LEAST)? };
    let mut last = best;
    for _ in 0..CORRECTIONS {
        let next = afford(target, most_memory_kib, last);
        if next == last.cost || next == best.cost {
            break;
        }
        last = Proposal { cost: next, takes: measure(next)? };
        if last.takes <= target && work(last.cost) > work(best.cost) {
            best = last;
        }
    }
    Ok(best)
}

/// What the time should buy, judged by what was measured last.
fn afford(target: Duration, most_memory_kib: u32, measured: Proposal) -> Cost {
    let bought = work(measured.cost) as f64 * target.as_secs_f64() / measured.takes.as_secs_f64().max(1e-6);
    let bought = bought.min(config::Passwords::MOST_WORK as f64);
    let iterations = Cost::LEAST.iterations;
    let memory = bought / f64::from(iterations);
    if memory <= f64::from(most_memory_kib) {
        let whole = (memory as u32) / MEBIBYTE * MEBIBYTE;
        return Cost { memory_kib: whole.max(Cost::LEAST.memory_kib), iterations };
    }
    let passes = (bought / f64::from(most_memory_kib)) as u32;
    Cost {
        memory_kib: most_memory_kib,
        iterations: passes.clamp(iterations, config::Passwords::MOST_ITERATIONS),
    }
}

const fn work(cost: Cost) -> u64 {
    cost.memory_kib as u64 * cost.iterations as u64
}

/// How long one hash takes on this machine when nothing else is going on.
pub fn measure(cost: Cost) -> anyhow::Result<Duration> {
    let params = Params::new(cost.memory_kib, cost.iterations, 1, None)
        .map_err(|cause| anyhow!("these parameters do not fit together: {cause}"))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let mut output = [0; 32];
        argon2
            .hash_password_into(b"a password of usual length", b"sixteen bytes ok", &mut output)
            .map_err(|cause| anyhow!("cannot hash: {cause}"))?;
        std::hint::black_box(output);
        times.push(started.elapsed());
    }
    times.sort();
    times.get(ROUNDS / 2).copied().ok_or_else(|| anyhow!("nothing was measured"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    /// A machine on which a pass over a mebibyte takes so many microseconds.
    fn on_a_machine(microseconds: u64) -> impl FnMut(Cost) -> Result<Duration, Infallible> {
        move |cost| Ok(Duration::from_micros(work(cost) * microseconds / 1024))
    }

    fn chosen(milliseconds: u64, most_mebibytes: u32, machine: u64) -> (Cost, Duration) {
        let target = Duration::from_millis(milliseconds);
        let Ok(proposal) = choose(target, most_mebibytes * 1024, on_a_machine(machine));
        (proposal.cost, proposal.takes)
    }

    #[test]
    fn a1_the_time_is_spent_on_memory_first_and_then_on_passes() {
        let (cost, takes) = chosen(250, 1024, 1_000);
        assert_eq!((cost.iterations, takes.as_millis()), (2, 250));
        assert_eq!(cost.memory_kib, 125 * 1024);
        let (cost, takes) = chosen(250, 64, 1_000);
        assert_eq!((cost.memory_kib, cost.iterations), (64 * 1024, 3));
        assert!(takes <= Duration::from_millis(250));
    }

    #[test]
    fn a1_never_less_than_owasp_recommends() {
        for (milliseconds, mebibytes, machine) in
            [(1, 64, 1_000), (250, 64, 50_000), (250, 1, 1_000), (0, 0, 1)]
        {
            let (cost, _) = chosen(milliseconds, mebibytes, machine);
            assert!(cost.memory_kib >= 19_456 && cost.iterations >= 2, "{cost:?}");
        }
        assert_eq!(chosen(1, 64, 1_000).0, Cost::LEAST);
    }

    #[test]
    fn a1_what_is_proposed_may_be_configured() {
        for machine in [1, 100, 1_000] {
            let (Cost { memory_kib, iterations }, _) = chosen(60_000, 4_096, machine);
            let settings = config::Passwords { memory_kib, iterations, ..config::Passwords::default() };
            let config = config::Config { passwords: settings, ..config::Config::default() };
            assert_eq!(config.problems(), Vec::<String>::new(), "{settings:?}");
        }
    }

    #[test]
    fn a1_a_machine_whose_memory_grows_slow_is_measured_again() {
        let mut measured = 0;
        let proposal = choose(Duration::from_millis(250), 512 * 1024, |cost| {
            measured += 1;
            let slow = if cost.memory_kib > 64 * 1024 { 3 } else { 1 };
            Ok::<_, Infallible>(Duration::from_micros(work(cost) * slow))
        });
        let Ok(proposal) = proposal;
        assert!(
            proposal.takes <= Duration::from_millis(250) && measured <= 7,
            "{proposal:?} after {measured}"
        );
    }

    #[test]
    fn a1_this_machine_can_be_measured() {
        let takes = measure(Cost { memory_kib: 64, iterations: 1 }).unwrap();
        assert!(takes > Duration::ZERO);
    }
}
