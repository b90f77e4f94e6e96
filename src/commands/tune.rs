//! `countersign tune`: measures this machine and proposes what hashing a password may cost on it.

use crate::console;
use anyhow::Result;
use clap::{Args, value_parser};
use server::identity::tuning::{Cost, Proposal, choose, measure};
use std::time::Duration;

const KIB_PER_MIB: u32 = 1024;

/// How dear a hash may be.
#[derive(Debug, Args)]
pub struct Wishes {
    /// How long one hash may take. A quarter of a second goes unnoticed at sign-in, and costs a guesser several times as much
    /// as the least that OWASP recommends
    #[arg(long, value_name = "N", default_value_t = 250, value_parser = value_parser!(u32).range(10..=10_000))]
    milliseconds: u32,
    /// How much memory one hash may take; there are as many at once as there are cores
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = value_parser!(u32).range(19..=4_096))]
    memory_mib: u32,
}

impl Wishes {
    /// Measures, and prints lines for the configuration file. What is more is a comment, so that all of it can be appended.
    pub fn run(&self) -> Result<()> {
        if cfg!(debug_assertions) {
            eprintln!("note: this is a development build; a release computes hashes faster");
        }
        let target = Duration::from_millis(self.milliseconds.into());
        let proposal = choose(target, self.memory_mib * KIB_PER_MIB, measure)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        console::say(describe(proposal, target, cores));
        Ok(())
    }
}

fn describe(Proposal { cost, takes }: Proposal, target: Duration, cores: usize) -> String {
    let Cost { memory_kib, iterations } = cost;
    let memory = f64::from(memory_kib) / f64::from(KIB_PER_MIB);
    let milliseconds = takes.as_secs_f64() * 1000.0;
    let each_second = cores as f64 / takes.as_secs_f64().max(1e-6);
    let mut lines = vec![format!(
        "# On this machine a hash takes {milliseconds:.0} ms and {memory:.0} MiB; {cores} at once, about {each_second:.0} sign-ins a second."
    )];
    if takes > target {
        lines.push(format!(
            "# That is more than the {} ms you allow, but the least that OWASP recommends.",
            target.as_millis()
        ));
    }
    lines.push("# Existing hashes that cost less are made anew when their owners sign in.".into());
    lines.push("[passwords]".into());
    lines.push(format!("memory_kib = {memory_kib}"));
    lines.push(format!("iterations = {iterations}"));
    lines.push("parallelism = 1".into());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a1_a_machine_too_slow_for_the_wish_is_told_so() {
        let proposal = Proposal { cost: Cost::LEAST, takes: Duration::from_millis(400) };
        let text = describe(proposal, Duration::from_millis(250), 2);
        assert!(text.contains("400 ms and 19 MiB; 2 at once, about 5 sign-ins a second"), "{text}");
        assert!(text.contains("more than the 250 ms you allow"), "{text}");
        assert!(!describe(proposal, Duration::from_millis(500), 2).contains("you allow"));
    }
}
