//! A thousand sign-ins at the same moment: every one is answered, and somebody who is signed in goes on working.

use super::{ACCOUNTS, PASSWORD, username};
use crate::{
    client::{self, Connection, Question},
    figures::{Figures, Verdict, median, megabytes, milliseconds},
    load,
    program::Server,
};
use anyhow::Result;
use hyper::{StatusCode, header::RETRY_AFTER};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};
use tokio::{sync::Barrier, task::JoinSet};

const CROWD: usize = 1_000;
const ROUNDS: usize = 5;
const PAGE_AIM: f64 = 50.0;

/// How the sign-ins of a crowd ended.
#[derive(Default, Clone, Copy)]
struct Ends {
    signed_in: usize,
    /// Told honestly to come back, with a time.
    put_off: usize,
    failed: usize,
}

pub async fn measure(server: &Server, figures: &mut Figures) -> Result<()> {
    let before = server.resident()?;
    let reader = client::sign_in_with_cookie(server.address, &username(0), PASSWORD).await?;
    let page = Question::get("/").by(&reader);
    let alone = watch(server.address, &page, tokio::time::sleep(std::time::Duration::from_secs(2))).await?.1;
    let (mut all, mut pages, mut lasted) = (Ends::default(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let (ends, latencies) = watch(server.address, &page, crowd(server.address)).await?;
        let ends = ends?;
        lasted.push(begun.elapsed().as_secs_f64());
        all.signed_in += ends.signed_in;
        all.put_off += ends.put_off;
        all.failed += ends.failed;
        pages.extend(latencies);
    }
    figures.add(
        format!("{CROWD} sign-ins at once, {ROUNDS} times"),
        format!(
            "{} signed in, {} told to come back (Retry-After), {} failed; a crowd is answered within {:.1} s",
            all.signed_in,
            all.put_off,
            all.failed,
            median(&lasted)
        ),
        "0 failed",
        "",
        Verdict::of(all.failed == 0 && all.signed_in > 0),
    );
    figures.add(
        "Memory at most, after the crowds",
        megabytes(server.resident_at_most()?),
        "",
        format!("{} before them", megabytes(before)),
        Verdict::Told,
    );
    let p95 = load::percentile(&pages, 0.95);
    figures.add(
        "A signed-in page meanwhile",
        format!("p95 {} ({} pages)", milliseconds(p95), pages.len()),
        "p95 < 50 ms",
        format!("p95 {} with nobody else", milliseconds(load::percentile(&alone, 0.95))),
        Verdict::of(p95 < PAGE_AIM),
    );
    Ok(())
}

/// Asks for the page, one after the other, while the work goes on: what it came to, and how long each page took, in
/// milliseconds, the shortest first.
async fn watch<W: Future>(address: SocketAddr, page: &Question, work: W) -> Result<(W::Output, Vec<f64>)> {
    let mut connection = Connection::open(address).await?;
    let ended = Arc::new(AtomicBool::new(false));
    let reader = tokio::spawn({
        let (page, ended) = (page.clone(), ended.clone());
        async move {
            let mut latencies = Vec::new();
            while !ended.load(Ordering::Relaxed) {
                let begun = Instant::now();
                connection.fetch(&page).await?;
                latencies.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
            anyhow::Ok(latencies)
        }
    });
    let outcome = work.await;
    ended.store(true, Ordering::Relaxed);
    let mut latencies = reader.await??;
    latencies.sort_by(f64::total_cmp);
    Ok((outcome, latencies))
}

async fn crowd(address: SocketAddr) -> Result<Ends> {
    let together = Arc::new(Barrier::new(CROWD));
    let mut people = JoinSet::new();
    for number in 0..CROWD {
        let mut connection = Connection::open(address).await?;
        let together = together.clone();
        let question = Question::sign_in_call(&username(number % ACCOUNTS), PASSWORD);
        people.spawn(async move {
            together.wait().await;
            connection.ask(&question).await
        });
    }
    let mut ends = Ends::default();
    while let Some(answer) = people.join_next().await {
        match answer? {
            Ok(answer) if answer.status == StatusCode::OK => ends.signed_in += 1,
            Ok(answer)
                if answer.status == StatusCode::SERVICE_UNAVAILABLE
                    && answer.headers.contains_key(RETRY_AFTER) =>
            {
                ends.put_off += 1;
            }
            _ => ends.failed += 1,
        }
    }
    Ok(ends)
}
