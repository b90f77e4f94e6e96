//! What the program needs to be there at all: memory, time to start, bytes on the disk.

use crate::{
    bare::Bare,
    client::{Connection, Question},
    figures::{Figures, Verdict, kilobytes, median, megabytes, milliseconds},
    machine,
    program::{Installation, Program},
};
use anyhow::{Context, Result};

const STARTS: usize = 5;
const MEMORY_AIM: u64 = 60_000_000;
const START_AIM: f64 = 1000.0;

pub async fn measure(program: &Program, figures: &mut Figures) -> Result<()> {
    let place = Installation::new(None)?;
    program.run(&place, &["demo"]).await?;
    start(program, &place, figures).await?;
    memory_and_sizes(program, &place, figures).await
}

async fn start(program: &Program, place: &Installation, figures: &mut Figures) -> Result<()> {
    let (mut starts, mut limits) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let server = program.serve(place).await?;
        starts.push(server.began_within.as_secs_f64() * 1000.0);
        server.stop().await?;
        limits.push(program.start_of_a_process(place).await?.as_secs_f64() * 1000.0);
    }
    let measured = median(&starts);
    figures.add(
        "Cold start on an existing database, until ready",
        format!(
            "{} (slowest of {STARTS}: {})",
            milliseconds(measured),
            milliseconds(starts.iter().copied().fold(0.0, f64::max))
        ),
        "< 1 s",
        format!("{} for `--version`", milliseconds(median(&limits))),
        Verdict::of(measured < START_AIM),
    );
    Ok(())
}

async fn memory_and_sizes(program: &Program, place: &Installation, figures: &mut Figures) -> Result<()> {
    let server = program.serve(place).await?;
    let mut connection = Connection::open(server.address).await?;
    let page = connection.fetch(&Question::get("/login")).await?;
    let idle = server.resident()?;
    let bare = Bare::start(&page).await?;
    Connection::open(bare.address).await?.fetch(&Question::get("/")).await?;
    let limit = machine::resident(bare.child.id().context("the bare handler has ended")?)?;
    figures.add(
        "Memory after the start and one page",
        megabytes(idle),
        "< 60 MB",
        format!("{} for the bare handler", megabytes(limit)),
        Verdict::of(idle < MEMORY_AIM),
    );
    let cookie = place.cookie(&server).await?;
    let dashboard = connection.fetch(&Question::get("/").by(&cookie)).await?;
    let mut later = format!("{} after a sign-in and the dashboard", megabytes(server.resident()?));
    if let Some(bytes) = figures.memory_under_load {
        later.push_str(&format!(", {} after all rounds of 64 connections", megabytes(bytes)));
    }
    figures.add("Memory later on", later, "", "", Verdict::Told);

    figures.add("Release program, with everything inside", megabytes(program.size()?), "", "", Verdict::Told);
    let text = dashboard.text();
    let script = text.split('"').chain(text.split('\'')).find(|part| part.ends_with("/countersign.wasm"));
    match script {
        Some(path) => {
            let path = format!("/{}", path.trim_start_matches('/'));
            let plain = connection.fetch(&Question::get(path.clone())).await?.body.len() as u64;
            let packed = connection.fetch(&Question::get(path).encoded("br")).await?.body.len() as u64;
            figures.add(
                "wasm of the interactive parts, brotli",
                kilobytes(packed),
                "",
                format!("{} unpacked", kilobytes(plain)),
                Verdict::Told,
            );
        }
        None => figures.gaps.push("The wasm was not weighed: the dashboard names none.".into()),
    }
    server.stop().await
}
