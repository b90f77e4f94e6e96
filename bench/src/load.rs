//! The load generator: so many connections, each asking one question after the other, and how long each answer took.

use crate::client::{Connection, Question};
use anyhow::{Context, Result, ensure};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// How hard and how long to ask.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    pub connections: usize,
    /// It ends after this time …
    pub at_most: Duration,
    /// … or after so many answers.
    pub answers: usize,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub answers: usize,
    pub per_second: f64,
    /// In milliseconds, the shortest first.
    latencies: Vec<f64>,
}

impl Outcome {
    /// Of answers that took so many milliseconds each, and so many seconds together.
    pub fn of(mut latencies: Vec<f64>, seconds: f64) -> Self {
        latencies.sort_by(f64::total_cmp);
        Self { answers: latencies.len(), per_second: latencies.len() as f64 / seconds, latencies }
    }

    /// The latency that this share of the answers kept under, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        percentile(&self.latencies, share)
    }
}

/// The value that this share of the values, sorted from the smallest, kept under.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let place = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(place.saturating_sub(1).min(last)).copied().unwrap_or(f64::NAN)
}

/// Asks the questions in turn. Any answer but a good one ends the run: a figure made of errors would be worth nothing.
pub async fn run(address: SocketAddr, questions: &[Question], effort: Effort) -> Result<Outcome> {
    ensure!(!questions.is_empty(), "there is nothing to ask");
    let questions: Arc<[Question]> = questions.into();
    let asked = Arc::new(AtomicUsize::new(0));
    let mut connections = Vec::new();
    for _ in 0..effort.connections {
        connections.push(Connection::open(address).await?);
    }
    let begun = Instant::now();
    let mut workers = JoinSet::new();
    for connection in connections {
        workers.spawn(work(
            connection,
            questions.clone(),
            asked.clone(),
            begun + effort.at_most,
            effort.answers,
        ));
    }
    let mut latencies = Vec::new();
    while let Some(worker) = workers.join_next().await {
        latencies.extend(worker??);
    }
    Ok(Outcome::of(latencies, begun.elapsed().as_secs_f64()))
}

async fn work(
    mut connection: Connection,
    questions: Arc<[Question]>,
    asked: Arc<AtomicUsize>,
    until: Instant,
    answers: usize,
) -> Result<Vec<f64>> {
    let mut latencies = Vec::new();
    loop {
        let number = asked.fetch_add(1, Ordering::Relaxed);
        if number >= answers || Instant::now() >= until {
            return Ok(latencies);
        }
        let question = questions.get(number % questions.len()).context("there is nothing to ask")?;
        let begun = Instant::now();
        connection.fetch(question).await?;
        latencies.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_latency_that_so_many_answers_kept_under() {
        let outcome = Outcome::of((1..=100).rev().map(f64::from).collect(), 1.0);
        assert_eq!([0.5, 0.99, 1.0].map(|share| outcome.percentile(share)), [50.0, 99.0, 100.0]);
    }
}
