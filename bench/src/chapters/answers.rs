//! How long the long list takes to answer: each kind of question over REST and as a page, by one asker and by eight.

use super::questions::{self, Texts};
use crate::{
    client::{Connection, Question},
    figures::{Figures, Table, Verdict, milliseconds, say, whole},
    load::{self, Effort, Outcome},
    program::{Installation, Program, Server},
};
use anyhow::Result;
use std::time::Duration;

/// At least so many answers stand behind every figure, unless the question is hopelessly slow.
pub const ANSWERS: usize = 300;
pub const AT_MOST: Duration = Duration::from_secs(20);
pub const WARM_UP: usize = 12;
/// With fewer it is said how many they were.
const ENOUGH: usize = 200;

/// A store that is asked, and what it has to reach.
pub struct Store {
    pub name: &'static str,
    pub texts: Texts,
    /// In milliseconds.
    pub p99: f64,
    /// The same in words.
    pub aim: &'static str,
}

pub async fn ask(
    program: &Program,
    place: &Installation,
    people: u64,
    store: &Store,
    words: &str,
    figures: &mut Figures,
) -> Result<()> {
    let server = program.serve(place).await?;
    let kinds = questions::all(store.texts, server.address, &place.token(&server).await?).await?;
    let ways = ["REST, 1 at a time", "REST, 8 at once", "page, 1 at a time", "page, 8 at once"];
    let mut rows = vec![std::iter::once("Question").chain(ways).map(str::to_owned).collect::<Vec<_>>()];
    for kind in kinds {
        let (token, cookie) = (place.token(&server).await?, place.cookie(&server).await?);
        let (rest, pages) = (kind.over_rest(&token), kind.as_pages(&cookie));
        let ways = [
            sample(&server, &rest, 1).await?,
            sample(&server, &rest, 8).await?,
            sample(&server, &pages, 1).await?,
            sample(&server, &pages, 8).await?,
        ];
        let mut row = vec![kind.name.to_owned()];
        row.extend(ways.iter().map(|outcome| cell(outcome, Some(store.p99))));
        say(&format!("  {}: {}", store.name, row.join(" | ")));
        rows.push(row);
        tell(&ways, kind.name, people, store, figures);
    }
    let limit = cell(&nothing(&server, 1).await?, Some(store.p99));
    let limit_of_eight = cell(&nothing(&server, 8).await?, Some(store.p99));
    rows.push(vec![NOTHING.to_owned(), limit.clone(), limit_of_eight.clone(), limit, limit_of_eight]);
    figures.tables.push(Table {
        title: format!("The list of {} people on {}", whole(people as f64), store.name),
        words: format!(
            "{words} Aim: {} for every question. Each cell holds p50 / p99 of at least {ENOUGH} answers, of several texts of that \
             kind in turn; bold is over the aim.",
            store.aim
        ),
        rows,
    });
    server.stop().await
}

/// One line of the main table for each kind: the worse of asking alone decides. Eight at once share the cores with the
/// load generator and mostly tell how many there are; that is told too.
fn tell(ways: &[Outcome], kind: &str, people: u64, store: &Store, figures: &mut Figures) {
    let p99 = |outcome: &Outcome| outcome.percentile(0.99);
    let alone = ways.iter().step_by(2).map(p99).fold(0.0, f64::max);
    let crowded = ways.iter().skip(1).step_by(2).map(p99).fold(0.0, f64::max);
    let measured = format!("p99 {} alone, {} with 8 at once", milliseconds(alone), milliseconds(crowded));
    let name = format!("{} people, {}: {kind}", whole(people as f64), store.name);
    let aim = format!("{} alone", store.aim);
    figures.add(name, measured, &aim, "see below", Verdict::of(alone < store.p99));
}

/// Asks the questions in turn, after a few to warm up.
pub async fn sample(server: &Server, questions: &[Question], connections: usize) -> Result<Outcome> {
    let mut connection = Connection::open(server.address).await?;
    for question in questions.iter().cycle().take(WARM_UP) {
        connection.fetch(question).await?;
    }
    load::run(server.address, questions, Effort { connections, at_most: AT_MOST, answers: ANSWERS }).await
}

/// What `nothing` is called in a table.
pub const NOTHING: &str = "limit: an answer without any work (`/healthz`)";

/// The limit of every answer.
pub async fn nothing(server: &Server, connections: usize) -> Result<Outcome> {
    sample(server, &[Question::get("/healthz")], connections).await
}

/// p50 and p99; what is over the aim is bold.
pub fn cell(outcome: &Outcome, aim: Option<f64>) -> String {
    let p99 = outcome.percentile(0.99);
    let mark = if aim.is_some_and(|aim| p99 >= aim) { "**" } else { "" };
    let few =
        if outcome.answers < ENOUGH { format!(" ({} answers)", outcome.answers) } else { String::new() };
    format!("{} / {mark}{}{mark}{few}", milliseconds(outcome.percentile(0.5)), milliseconds(p99))
}
