//! A first visit to the sign-in page in a real browser: what it loads, and when the largest thing on it is painted.

use crate::{
    bare::Bare,
    client::{Connection, Question},
    figures::{Figures, Table, Verdict, kilobytes, median, milliseconds},
    program::{Installation, Program},
};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::{process::Stdio, time::Duration};
use tokio::{process::Command, time::timeout};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/visit.mjs");
const VISITS: &str = "9";
const PATIENCE: Duration = Duration::from_secs(180);
const BYTES_AIM: u64 = 60_000;
const BYTES_LIMIT: u64 = 150_000;
const PAINT_AIM: f64 = 300.0;

#[derive(Deserialize)]
struct Seen {
    page: Vec<f64>,
    bare: Vec<f64>,
    files: Vec<Loaded>,
}

#[derive(Deserialize)]
struct Loaded {
    path: String,
    encoding: String,
    /// The body as it came over the wire.
    bytes: u64,
    /// The head of the answer.
    head: u64,
}

pub async fn measure(program: &Program, figures: &mut Figures) -> Result<()> {
    let place = Installation::new(None)?;
    program.run(&place, &["demo"]).await?;
    // Without --demo: a real installation's page lists no demo accounts.
    let server = program.serve(&place).await?;
    let mut answer = Connection::open(server.address).await?.fetch(&Question::get("/login")).await?;
    answer.headers.remove("content-security-policy");
    answer.headers.remove("set-cookie");
    answer.body = "<!DOCTYPE html><title>Bare</title><link rel=icon href=data:,><h1>Sign in</h1>".into();
    let bare = Bare::start(&answer).await?;
    let outcome =
        look(&format!("http://{}/login", server.address), &format!("http://{}/", bare.address)).await;
    server.stop().await?;
    match outcome {
        Ok(seen) => tell(&seen, figures),
        Err(error) => figures.gaps.push(format!("The first visit was not measured: {error:#}.")),
    }
    Ok(())
}

async fn look(page: &str, bare: &str) -> Result<Seen> {
    let command = Command::new("node")
        .args([SCRIPT, page, bare, VISITS])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(PATIENCE, command)
        .await
        .context("the browser takes too long")?
        .context("node cannot be started")?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("the browser failed")
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn tell(seen: &Seen, figures: &mut Figures) {
    let bytes: u64 = seen.files.iter().map(|file| file.bytes).sum();
    let heads: u64 = seen.files.iter().map(|file| file.head).sum();
    figures.add(
        "Sign-in page, all that a first visit loads",
        format!("{} in {} files", kilobytes(bytes), seen.files.len()),
        "60 kB, at most 150 kB",
        format!("and {} of response heads", kilobytes(heads)),
        Verdict::of(bytes <= BYTES_AIM),
    );
    if bytes > BYTES_LIMIT {
        figures.gaps.push("The sign-in page weighs more than its upper bound of 150 kB.".into());
    }
    let (page, bare) = (median(&seen.page), median(&seen.bare));
    figures.add(
        "Sign-in page, largest contentful paint in Chromium",
        format!(
            "{} (slowest {})",
            milliseconds(page),
            milliseconds(seen.page.iter().copied().fold(0.0, f64::max))
        ),
        "< 300 ms",
        format!("{} for a page of one line", milliseconds(bare)),
        Verdict::of(page < PAINT_AIM),
    );
    let mut rows = vec![["File", "Encoding", "Bytes"].map(str::to_owned).to_vec()];
    rows.extend(
        seen.files
            .iter()
            .map(|file| vec![format!("`{}`", file.path), file.encoding.clone(), file.bytes.to_string()]),
    );
    figures.tables.push(Table {
        title: "A first visit to the sign-in page".into(),
        words: format!(
            "As Chromium loads it with an empty cache, over loopback; bodies as they came over the wire. Paint is the median of \
             {VISITS} visits, each in a fresh profile, page and bare page in turns."
        ),
        rows,
    });
}
