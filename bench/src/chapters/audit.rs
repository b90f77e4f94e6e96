//! Proving a trail of a million entries, on SQLite and on PostgreSQL.

use crate::{
    database::{self, Postgres},
    figures::{Figures, Verdict, whole},
    program::{Installation, Program},
};
use anyhow::{Context, Result, ensure};

const ENTRIES: u64 = 1_000_000;
const TIMES: usize = 3;
const AIM: f64 = 300_000.0;
const DATABASE: &str = "countersign_bench_audit";

pub async fn measure(program: &Program, postgres: Option<&str>, figures: &mut Figures) -> Result<()> {
    let place = Installation::new(None)?;
    prove(program, &place, "SQLite", figures).await?;
    drop(place);
    let Some(postgres) = postgres.map(Postgres::new) else {
        figures.gaps.push("The audit trail was not proven on PostgreSQL: none was given.".into());
        return Ok(());
    };
    let url = postgres.create(DATABASE).await?;
    let outcome = async {
        let place = Installation::new(Some(url.clone()))?;
        load(program, &place).await?;
        // A server that has been up for a while has done this by itself.
        database::ask(&url, "vacuum analyze").await?;
        tell(program, &place, "PostgreSQL", figures).await
    };
    let outcome = outcome.await;
    postgres.drop(DATABASE).await?;
    outcome
}

async fn prove(program: &Program, place: &Installation, engine: &str, figures: &mut Figures) -> Result<()> {
    load(program, place).await?;
    tell(program, place, engine, figures).await
}

async fn load(program: &Program, place: &Installation) -> Result<()> {
    program.run(place, &["demo", "--entries", &ENTRIES.to_string()]).await?;
    Ok(())
}

/// Entries a second, as the program itself says, which does not count opening the database.
async fn tell(program: &Program, place: &Installation, engine: &str, figures: &mut Figures) -> Result<()> {
    let mut rates = Vec::new();
    for _ in 0..TIMES {
        let said = program.run(place, &["audit", "verify"]).await?;
        ensure!(said.contains("The audit trail is whole"), "the trail was not proven: {said}");
        let rate = said.rsplit_once(" a second)").and_then(|(before, _)| before.rsplit_once('('));
        let rate = rate.and_then(|(_, rate)| rate.replace(',', "").parse::<f64>().ok());
        rates.push(rate.with_context(|| format!("no rate in: {said}"))?);
    }
    let best = rates.iter().copied().fold(0.0, f64::max);
    figures.add(
        format!("Proving {} audit entries on {engine}", whole(ENTRIES as f64)),
        format!("{} entries/s (best of {TIMES})", whole(best)),
        "≥ 300,000/s",
        "",
        Verdict::of(best >= AIM),
    );
    Ok(())
}
