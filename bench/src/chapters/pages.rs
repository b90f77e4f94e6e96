//! Pages under load: 64 connections, signed in, demo data; page and bare handler in turns, so that both meet the same
//! weather on the machine.

use crate::{
    bare::Bare,
    client::{Answer, Connection, Question},
    figures::{Figures, Table, Verdict, kilobytes, median, milliseconds, whole},
    load::{self, Effort},
    machine,
    program::{Installation, Program, Server},
};
use anyhow::{Context, Result};
use std::{net::SocketAddr, time::Duration};

const ROUNDS: usize = 5;
const ROUND: Effort = Effort { connections: 64, at_most: Duration::from_secs(4), answers: 1_000_000 };
const WARM_UP: Effort = Effort { connections: 64, at_most: Duration::from_secs(2), answers: 2_000 };
/// The page must reach this share of the bare handler.
const SHARE: f64 = 1.0 / 3.0;
/// What browsers of our time take.
const BROWSER: &str = "gzip, deflate, br, zstd";

/// The medians of what one side did in all rounds.
struct Side {
    per_second: f64,
    p50: f64,
    p99: f64,
    /// Processor time of the server for one answer, in microseconds: it does not depend on what else is running.
    cost: f64,
}

pub async fn measure(program: &Program, figures: &mut Figures) -> Result<()> {
    let place = Installation::new(None)?;
    program.run(&place, &["demo"]).await?;
    let server = program.serve(&place).await?;
    let mut rows = vec![
        [
            "Page",
            "Bytes",
            "Requests/s",
            "p50",
            "p99",
            "CPU an answer",
            "Bare requests/s",
            "Bare p50",
            "Bare p99",
            "Bare CPU",
            "Share of bare",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    let busy_before = (machine::processor_time_of_all()?, own_time(&server)?);
    let mut of_bare_handlers = 0.0;
    for (name, path, encodings, judged) in [
        ("Dashboard", "/", None, true),
        ("Dashboard, as a browser asks", "/", Some(BROWSER), true),
        ("People list", "/people", None, false),
        ("People list, as a browser asks", "/people", Some(BROWSER), false),
    ] {
        let mut question = Question::get(path).by(&place.cookie(&server).await?);
        if let Some(encodings) = encodings {
            question = question.encoded(encodings);
        }
        let answer = Connection::open(server.address).await?.fetch(&question).await?;
        let (page, bare, spent) = compare(&server, &question, &answer).await?;
        of_bare_handlers += spent;
        let share = page.per_second / bare.per_second;
        let encoding =
            answer.headers.get("content-encoding").and_then(|value| value.to_str().ok()).unwrap_or("plain");
        figures.add(
            format!("{name}, 64 connections"),
            format!(
                "{} requests/s, p99 {}, {share:.2} of bare",
                whole(page.per_second),
                milliseconds(page.p99)
            ),
            if judged { "≥ 0.33 of bare" } else { "" },
            format!("{} requests/s, p99 {}", whole(bare.per_second), milliseconds(bare.p99)),
            if judged { Verdict::of(share >= SHARE) } else { Verdict::Told },
        );
        rows.push(vec![
            name.to_owned(),
            format!("{} {encoding}", kilobytes(answer.body.len() as u64)),
            whole(page.per_second),
            milliseconds(page.p50),
            milliseconds(page.p99),
            format!("{:.0} µs", page.cost),
            whole(bare.per_second),
            milliseconds(bare.p50),
            milliseconds(bare.p99),
            format!("{:.0} µs", bare.cost),
            format!("{share:.2}"),
        ]);
    }
    let all = machine::processor_time_of_all()? - busy_before.0;
    let ours = own_time(&server)? - busy_before.1 + of_bare_handlers;
    let others = ((all - ours) / all.max(f64::EPSILON) * 100.0).max(0.0);
    figures.tables.push(Table {
        title: "Pages under load".into(),
        words: format!(
            "64 connections that ask again as soon as they are answered; {ROUNDS} rounds of {} s for the page and for a bare axum \
             handler that answers the very same bytes, in turns; medians. The load generator runs on the same cores. \
             While this was measured, other programs took {others:.0} % of the processor time that was used.",
            ROUND.at_most.as_secs()
        ),
        rows,
    });
    figures.memory_under_load = Some(server.resident()?);
    server.stop().await
}

fn own_time(server: &Server) -> Result<f64> {
    Ok(machine::processor_time(server.pid()?)? + machine::processor_time(std::process::id())?)
}

/// Page and bare handler in turns. The last number is the processor time that the bare handler used in all.
async fn compare(server: &Server, question: &Question, answer: &Answer) -> Result<(Side, Side, f64)> {
    let bare = Bare::start(answer).await?;
    let bare_pid = bare.child.id().context("the bare handler has ended")?;
    let questions = [question.clone()];
    load::run(server.address, &questions, WARM_UP).await?;
    load::run(bare.address, &questions, WARM_UP).await?;
    let (mut page_rounds, mut bare_rounds) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        page_rounds.push(round(server.address, server.pid()?, &questions).await?);
        bare_rounds.push(round(bare.address, bare_pid, &questions).await?);
    }
    Ok((middle(&page_rounds), middle(&bare_rounds), machine::processor_time(bare_pid)?))
}

async fn round(address: SocketAddr, pid: u32, questions: &[Question]) -> Result<Side> {
    let before = machine::processor_time(pid)?;
    let outcome = load::run(address, questions, ROUND).await?;
    let spent = machine::processor_time(pid)? - before;
    Ok(Side {
        per_second: outcome.per_second,
        p50: outcome.percentile(0.5),
        p99: outcome.percentile(0.99),
        cost: spent * 1_000_000.0 / outcome.answers.max(1) as f64,
    })
}

fn middle(rounds: &[Side]) -> Side {
    let of = |pick: fn(&Side) -> f64| median(&rounds.iter().map(pick).collect::<Vec<f64>>());
    Side {
        per_second: of(|side| side.per_second),
        p50: of(|side| side.p50),
        p99: of(|side| side.p99),
        cost: of(|side| side.cost),
    }
}
