//! Complete sign-ins a second (password, session, cookie, audit), against bare Argon2id with the same parameters.

use super::{ACCOUNTS, PASSWORD, username};
use crate::{
    client::Question,
    figures::{Figures, Verdict, median, milliseconds},
    load::{self, Effort},
    program::Server,
};
use anyhow::{Result, anyhow};
use argon2::{Algorithm, Argon2, Params, Version};
use std::{
    thread,
    time::{Duration, Instant},
};

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(5);
const AIM: f64 = 0.95;
/// The program's default, which is OWASP's.
const MEMORY_KIB: u32 = 19_456;
const ITERATIONS: u32 = 2;

pub async fn measure(server: &Server, figures: &mut Figures) -> Result<()> {
    let questions: Vec<Question> =
        (0..ACCOUNTS).map(|number| Question::sign_in_form(&username(number), PASSWORD)).collect();
    let effort = Effort { connections: 64, at_most: ROUND, answers: 1_000_000 };
    load::run(server.address, &questions, Effort { at_most: Duration::from_secs(2), ..effort }).await?;
    let (mut rates, mut bare, mut slow) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let outcome = load::run(server.address, &questions, effort).await?;
        rates.push(outcome.per_second);
        slow.push(outcome.percentile(0.95));
        bare.push(tokio::task::spawn_blocking(bare_rate).await??);
    }
    let (rate, limit) = (median(&rates), median(&bare));
    let share = rate / limit;
    figures.add(
        "Complete sign-ins, 64 connections",
        format!("{rate:.1}/s, p95 {}, {share:.2} of bare", milliseconds(median(&slow))),
        "≥ 0.95 of bare",
        format!("{limit:.1} bare Argon2id checks/s on all cores"),
        Verdict::of(share >= AIM),
    );
    Ok(())
}

/// How many passwords all cores together can check a second, and nothing else.
fn bare_rate() -> Result<f64> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let workers: Vec<_> = (0..cores).map(|_| thread::spawn(check_for_a_round)).collect();
    let mut rate = 0.0;
    for worker in workers {
        rate += worker.join().map_err(|_| anyhow!("a thread of the bare check has panicked"))??;
    }
    Ok(rate)
}

fn check_for_a_round() -> Result<f64> {
    let params = Params::new(MEMORY_KIB, ITERATIONS, 1, None).map_err(|cause| anyhow!("{cause}"))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let (begun, mut checked) = (Instant::now(), 0.0);
    while begun.elapsed() < ROUND {
        let mut hash = [0; 32];
        argon2
            .hash_password_into(PASSWORD.as_bytes(), b"sixteen bytes...", &mut hash)
            .map_err(|cause| anyhow!("{cause}"))?;
        std::hint::black_box(hash);
        checked += 1.0;
    }
    Ok(checked / begun.elapsed().as_secs_f64())
}
