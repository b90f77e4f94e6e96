//! Hashing under pressure: never more hashes at once than there are cores, whatever callers do.

use server::{chance::Chance, config, identity::Passwords};
use std::time::{Duration, Instant};

fn cost(memory_kib: u32, iterations: u32) -> config::Passwords {
    config::Passwords { memory_kib, iterations, ..config::Passwords::default() }
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what} did not happen within a minute");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a14_callers_who_go_away_do_not_make_room_for_more_hashes() {
    // Slow enough that a hash is still at work when its caller has gone.
    let passwords = Passwords::new(cost(65_536, 12), Chance::seeded(1)).unwrap();
    let cores = std::thread::available_parallelism().map_or(2, usize::from) as u64;
    let one_hash = {
        let started = Instant::now();
        passwords.verify("wrong".into(), None).await.unwrap();
        started.elapsed()
    };
    let begin = || {
        let passwords = passwords.clone();
        tokio::spawn(async move { passwords.verify("wrong".into(), None).await })
    };
    let busy: Vec<_> = (0..cores).map(|_| begin()).collect();
    until("a hash on every core", || passwords.computed() == 1 + cores).await;
    // Every client hangs up; their hashes are still being computed.
    busy.iter().for_each(|caller| caller.abort());
    let next = begin();
    let gone = Instant::now();
    until("the next hash", || passwords.computed() == 2 + cores).await;
    let waited = gone.elapsed();
    next.await.unwrap().unwrap();
    assert!(
        waited > one_hash / 4,
        "another hash began {waited:?} after the callers had gone, while theirs (of {one_hash:?}) were under way"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a14_past_the_bound_of_the_queue_one_is_told_to_come_back() {
    let passwords = Passwords::new(cost(8_192, 1), Chance::seeded(1)).unwrap();
    let callers = 2_000;
    let answers =
        futures::future::join_all((0..callers).map(|_| passwords.verify("wrong".into(), None))).await;
    let (served, turned_away): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert!(
        !served.is_empty() && !turned_away.is_empty(),
        "{} served, {} turned away",
        served.len(),
        turned_away.len()
    );
    assert_eq!(passwords.computed(), served.len() as u64);
    for refusal in turned_away {
        let told = refusal.unwrap_err().told();
        assert_eq!((told.status, told.retry_after), (503, Some(Duration::from_secs(2))));
    }
}
