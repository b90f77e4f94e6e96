//! The list of a million people, over REST and as a page, by one asker and by eight, on SQLite and on PostgreSQL.

use super::{loading, questions};
use crate::{
    client::{Connection, Question},
    database::{self, Postgres},
    figures::{Figures, Table, Verdict, milliseconds, say, whole},
    load::{self, Effort, Outcome},
    program::{Installation, Program, Server},
};
use anyhow::Result;
use std::time::Duration;

/// At least so many answers stand behind every figure, unless the question is hopelessly slow.
const ANSWERS: usize = 300;
const AT_MOST: Duration = Duration::from_secs(20);
const WARM_UP: usize = 12;
const DATABASE: &str = "countersign_bench";

/// What one engine has to reach.
struct Aims {
    engine: &'static str,
    p99: f64,
    words: &'static str,
}

pub async fn measure(
    program: &Program,
    people: u64,
    postgres: Option<&str>,
    figures: &mut Figures,
) -> Result<()> {
    let place = Installation::new(None)?;
    loading::into_sqlite(program, &place, people, figures).await?;
    let aims = Aims { engine: "SQLite", p99: 20.0, words: "p99 < 20 ms" };
    ask(program, &place, people, &aims, "The embedded database of this version.", figures).await?;
    drop(place);

    let Some(postgres) = postgres.map(Postgres::new) else {
        figures.gaps.push("Nothing was measured on PostgreSQL: none was given.".into());
        return Ok(());
    };
    let outcome = on_postgres(program, &postgres, people, figures).await;
    postgres.drop(DATABASE).await?;
    outcome
}

async fn on_postgres(
    program: &Program,
    postgres: &Postgres,
    people: u64,
    figures: &mut Figures,
) -> Result<()> {
    let url = postgres.create(DATABASE).await?;
    let place = Installation::new(Some(url.clone()))?;
    loading::into_postgres(program, &place, &url, people, figures).await?;
    // A server that has been up for a while has done this by itself.
    database::ask(&url, "vacuum analyze").await?;
    let aims = Aims { engine: "PostgreSQL", p99: 30.0, words: "p99 < 30 ms" };
    let words = format!("{}; after `vacuum analyze`.", postgres.description().await?);
    ask(program, &place, people, &aims, &words, figures).await
}

/// What was asked in one way: REST or page, by so many at once.
struct Way {
    outcome: Outcome,
}

async fn ask(
    program: &Program,
    place: &Installation,
    people: u64,
    aims: &Aims,
    words: &str,
    figures: &mut Figures,
) -> Result<()> {
    let server = program.serve(place).await?;
    let kinds = questions::all(server.address, &place.token(&server).await?).await?;
    let ways = ["REST, 1 at a time", "REST, 8 at once", "page, 1 at a time", "page, 8 at once"];
    let mut rows = vec![std::iter::once("Question").chain(ways).map(str::to_owned).collect::<Vec<_>>()];
    for kind in kinds {
        let (token, cookie) = (place.token(&server).await?, place.cookie(&server).await?);
        let (rest, pages) = (kind.over_rest(&token), kind.as_pages(&cookie));
        let ways = [
            Way { outcome: sample(&server, &rest, 1).await? },
            Way { outcome: sample(&server, &rest, 8).await? },
            Way { outcome: sample(&server, &pages, 1).await? },
            Way { outcome: sample(&server, &pages, 8).await? },
        ];
        let mut row = vec![kind.name.to_owned()];
        row.extend(ways.iter().map(|way| cell(&way.outcome, aims)));
        say(&format!("  {}: {}", aims.engine, row.join(" | ")));
        rows.push(row);
        tell(&ways, kind.name, people, aims, figures);
    }
    let limit = sample(&server, &[Question::get("/healthz")], 1).await?;
    let limit_of_eight = sample(&server, &[Question::get("/healthz")], 8).await?;
    rows.push(vec![
        "limit: an answer without any work (`/healthz`)".into(),
        cell(&limit, aims),
        cell(&limit_of_eight, aims),
        cell(&limit, aims),
        cell(&limit_of_eight, aims),
    ]);
    figures.tables.push(Table {
        title: format!("The list of {} people on {}", whole(people as f64), aims.engine),
        words: format!(
            "{words} Aim: {} for every question. Each cell holds p50 / p99 of at least 200 answers, of several texts of that kind in \
             turn; bold is over the aim.",
            aims.words
        ),
        rows,
    });
    server.stop().await
}

/// One line of the main table for each kind: the worse of asking alone decides. Eight at once share the cores with the
/// load generator and mostly tell how many there are; that is told too.
fn tell(ways: &[Way], kind: &str, people: u64, aims: &Aims, figures: &mut Figures) {
    let p99 = |way: &Way| way.outcome.percentile(0.99);
    let alone = ways.iter().step_by(2).map(p99).fold(0.0, f64::max);
    let crowded = ways.iter().skip(1).step_by(2).map(p99).fold(0.0, f64::max);
    let measured = format!("p99 {} alone, {} with 8 at once", milliseconds(alone), milliseconds(crowded));
    let name = format!("{} people, {}: {kind}", whole(people as f64), aims.engine);
    let aim = format!("{} alone", aims.words);
    figures.add(name, measured, &aim, "see below", Verdict::of(alone < aims.p99));
}

async fn sample(server: &Server, questions: &[Question], connections: usize) -> Result<Outcome> {
    let mut connection = Connection::open(server.address).await?;
    for question in questions.iter().cycle().take(WARM_UP) {
        connection.fetch(question).await?;
    }
    load::run(server.address, questions, Effort { connections, at_most: AT_MOST, answers: ANSWERS }).await
}

fn cell(outcome: &Outcome, aims: &Aims) -> String {
    let p99 = outcome.percentile(0.99);
    let mark = if p99 >= aims.p99 { "**" } else { "" };
    let few = if outcome.answers < 200 { format!(" ({} answers)", outcome.answers) } else { String::new() };
    format!("{} / {mark}{}{mark}{few}", milliseconds(outcome.percentile(0.5)), milliseconds(p99))
}
