//! A company's directory that asks by SCIM among a million people, on SQLite: whom it looks for, and how it looks after them.

mod changing;
mod looking;

use super::answers;
use crate::{
    client::{Connection, Identity, Question},
    figures::{Figures, Table, Verdict, whole},
    load::Outcome,
    program::{Installation, Program, Server},
};
use anyhow::{Context, Result};
use hyper::StatusCode;

const PEOPLE: &str = "/scim/v2/Users";
/// In milliseconds, for what directories ask again and again.
const AIM: f64 = 100.0;
const WORDS: &str = "The embedded database, with names and addresses as they are; PostgreSQL was not measured. One program asks, with an API key. \
                     Aim: p99 < 100 ms for what directories ask again and again, which an index answers. A page far down, a filter by part \
                     of a text and a change have none: the former two look at everybody \
                     ([ADR 29](adr/0029-a-directory-says-how-somebody-should-be.md)), and a change is a commit with its record. Each line \
                     holds p50 / p99 of at least 200 answers; bold is over the aim.";

/// What the answers have to reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// Directories ask it again and again.
    ByAim,
    Told,
}

impl Judged {
    fn aim(self) -> Option<f64> {
        (self == Self::ByAim).then_some(AIM)
    }
}

pub async fn measure(program: &Program, people: u64, figures: &mut Figures) -> Result<()> {
    let place = Installation::new(None)?;
    program.run(&place, &["demo", "--users", &people.to_string()]).await?;
    let server = program.serve(&place).await?;
    let directory = key(&server, &place.token(&server).await?).await?;
    let mut rows = vec![["Question", "1 at a time"].map(str::to_owned).to_vec()];
    for kind in looking::kinds(server.address, &directory, people).await? {
        let outcome = answers::sample(&server, &kind.questions(&directory), 1).await?;
        rows.push(tell(&kind.name, &outcome, kind.judged, people, figures));
    }
    for (name, outcome) in changing::measure(server.address, &directory).await? {
        rows.push(tell(name, &outcome, Judged::Told, people, figures));
    }
    let limit = answers::nothing(&server, 1).await?;
    rows.push(vec![answers::NOTHING.to_owned(), answers::cell(&limit, None)]);
    figures.tables.push(Table {
        title: format!("A directory (SCIM) among {} people on SQLite", whole(people as f64)),
        words: WORDS.to_owned(),
        rows,
    });
    server.stop().await
}

/// A key that may do what directories do.
async fn key(server: &Server, who: &Identity) -> Result<Identity> {
    let wishes = serde_json::json!({ "name": "Directory", "scopes": ["users.view", "users.manage"] });
    let question = Question::upload("/api/v1/account/api-keys", "application/json", wishes.to_string());
    let question = question.wants(StatusCode::CREATED).by(who);
    let made = Connection::open(server.address).await?.fetch(&question).await?.json()?;
    let key = made["key"].as_str().context("no key came back")?;
    Ok(Identity::Bearer(key.to_owned()))
}

/// A line of the main table; gives back the one of the chapter's own.
fn tell(name: &str, outcome: &Outcome, judged: Judged, people: u64, figures: &mut Figures) -> Vec<String> {
    let aim = judged.aim();
    figures.add(
        format!("SCIM among {} people: {name}", whole(people as f64)),
        format!("p50 / p99: {}", answers::cell(outcome, None)),
        if aim.is_some() { "p99 < 100 ms" } else { "" },
        "see below",
        aim.map_or(Verdict::Told, |aim| Verdict::of(outcome.percentile(0.99) < aim)),
    );
    vec![name.to_owned(), answers::cell(outcome, aim)]
}
