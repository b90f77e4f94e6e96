//! People in and out: everybody as a file, and a file of a hundred thousand, with the memory that the server takes for it.

use crate::{
    client::{Answer, Connection, Identity, Question},
    database::Postgres,
    figures::{Figures, Verdict, megabytes, whole},
    program::{Installation, Program, Server},
};
use anyhow::{Context, Result, ensure};
use hyper::StatusCode;
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// So many people are imported, as many as a file may have.
const IMPORTED: u64 = 100_000;
const DATABASE: &str = "countersign_bench_in_and_out";
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(50);
const DONE_WITHIN: Duration = Duration::from_secs(300);
/// A hash as another system hands it over.
const HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

pub async fn measure(
    program: &Program,
    people: u64,
    postgres: Option<&str>,
    figures: &mut Figures,
) -> Result<()> {
    on(program, &Installation::new(None)?, "SQLite", people, figures).await?;
    let Some(postgres) = postgres.map(Postgres::new) else {
        figures.gaps.push("People in and out were not measured on PostgreSQL: none was given.".into());
        return Ok(());
    };
    let url = postgres.create(DATABASE).await?;
    let place = Installation::new(Some(url));
    let outcome = match place {
        Ok(place) => on(program, &place, "PostgreSQL", people, figures).await,
        Err(error) => Err(error),
    };
    postgres.drop(DATABASE).await?;
    outcome
}

async fn on(
    program: &Program,
    place: &Installation,
    engine: &str,
    people: u64,
    figures: &mut Figures,
) -> Result<()> {
    program.run(place, &["demo", "--users", &people.to_string()]).await?;
    let server = program.serve(place).await?;
    let who = place.token(&server).await?;
    for format in ["csv", "json"] {
        take_along(&server, &who, engine, format, figures).await?;
    }
    for way in ["refuse", "skip"] {
        bring_in(&server, &who, engine, way, figures).await?;
    }
    server.stop().await
}

async fn take_along(
    server: &Server,
    who: &Identity,
    engine: &str,
    format: &str,
    figures: &mut Figures,
) -> Result<()> {
    let mut connection = Connection::open(server.address).await?;
    let before = server.resident_at_most()?;
    let begun = Instant::now();
    let file = connection.fetch(&Question::get(format!("/api/v1/export/users.{format}")).by(who)).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let rows = file.body.iter().filter(|byte| **byte == b'\n').count().saturating_sub(1);
    let grown = server.resident_at_most()?.saturating_sub(before);
    let rate = rows as f64 / seconds;
    figures.add(
        format!("Exporting {} people as {format} from {engine}", whole(rows as f64)),
        format!("{} people/s, {} of memory more than before", whole(rate), megabytes(grown)),
        "≥ 200,000/s, memory constant",
        "",
        Verdict::of(rate >= 200_000.0 && grown < 64 * 1024 * 1024),
    );
    Ok(())
}

async fn bring_in(
    server: &Server,
    who: &Identity,
    engine: &str,
    way: &str,
    figures: &mut Figures,
) -> Result<()> {
    let mut connection = Connection::open(server.address).await?;
    let before = server.resident_at_most()?;
    let row =
        |row: u64| format!("{way}{row},Person Number {row},{way}{row}@example.com,CUSTOMER,\"{HASH}\"\n");
    let file = format!(
        "username,full_name,email,roles,password_hash\n{}",
        (0..IMPORTED).map(row).collect::<String>()
    );
    let begun = Instant::now();
    let upload = Question::upload("/api/v1/users/import", "text/csv", file).wants(StatusCode::CREATED);
    let checked = json(&connection.fetch(&upload.by(who)).await?)?;
    let to_check = begun.elapsed().as_secs_f64();
    let path = format!("/api/v1/users/import/{}", checked["id"].as_str().context("no id")?);
    let start = Question::upload(
        &format!("{path}/start"),
        "application/json",
        serde_json::json!({ "bad_rows": way }).to_string(),
    );
    let begun = Instant::now();
    connection.fetch(&start.wants(StatusCode::ACCEPTED).by(who)).await?;
    loop {
        let now = json(&connection.fetch(&Question::get(path.clone()).by(who)).await?)?;
        match now["state"].as_str() {
            Some("done") => break,
            Some("waiting" | "running") => sleep(LOOK_AGAIN_AFTER).await,
            other => anyhow::bail!("the import is {other:?}"),
        }
        ensure!(begun.elapsed() < DONE_WITHIN, "the import does not end");
    }
    let rate = IMPORTED as f64 / begun.elapsed().as_secs_f64();
    let grown = server.resident_at_most()?.saturating_sub(before);
    let mode = if way == "refuse" { "at one moment" } else { "in batches" };
    figures.add(
        format!("Importing {} people with hashes into {engine}, {mode}", whole(IMPORTED as f64)),
        format!(
            "{} people/s, checked before that in {to_check:.1} s, {} of memory more than before",
            whole(rate),
            megabytes(grown)
        ),
        if engine == "SQLite" { "≥ 10,000/s" } else { "" },
        "",
        if engine == "SQLite" { Verdict::of(rate >= 10_000.0) } else { Verdict::Told },
    );
    Ok(())
}

fn json(answer: &Answer) -> Result<Value> {
    Ok(serde_json::from_slice(&answer.body)?)
}
