//! The list of a million people, over REST and as a page, by one asker and by eight, on SQLite and on PostgreSQL.

use super::{
    answers::{self, Store},
    loading,
    questions::Texts,
};
use crate::{
    database::{self, Postgres},
    figures::Figures,
    program::{Installation, Program},
};
use anyhow::Result;

const DATABASE: &str = "countersign_bench";
const SQLITE: Store = Store { name: "SQLite", texts: Texts::Plain, p99: 20.0, aim: "p99 < 20 ms" };
const POSTGRES: Store = Store { name: "PostgreSQL", texts: Texts::Plain, p99: 30.0, aim: "p99 < 30 ms" };

pub async fn measure(
    program: &Program,
    people: u64,
    postgres: Option<&str>,
    figures: &mut Figures,
) -> Result<()> {
    let place = Installation::new(None)?;
    loading::into_sqlite(program, &place, people, figures).await?;
    answers::ask(program, &place, people, &SQLITE, "The embedded database of this version.", figures).await?;
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
    let words = format!("{}; after `vacuum analyze`.", postgres.description().await?);
    answers::ask(program, &place, people, &POSTGRES, &words, figures).await
}
