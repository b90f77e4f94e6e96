//! Everybody whom a list finds, as a file: streamed from stretches of the table, so that a million people take no more memory
//! than a thousand. Each person comes once, as they are when their stretch is read.

pub mod api;
mod form;

pub use form::Format;

use super::{
    People,
    listing::{Stretch, stretch},
};
use crate::{
    Origin, Result,
    events::Event,
    ground::Ground,
    permit::{ExportPeople, Permit},
    roles::Role,
};
use axum::body::Bytes;
use domain::{PersonId, listing::PeopleQuery};
use form::Form;
use futures::{Stream, stream};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinHandle;

/// What was taken out of the house.
#[derive(Debug, Clone)]
pub enum Exported {
    /// Somebody asked for it: recorded before the first row leaves.
    Begun { format: Format, query: PeopleQuery },
    /// The last row has left.
    Finished { format: Format, people: u64 },
}

impl Exported {
    pub const fn action(&self) -> &'static str {
        match self {
            Self::Begun { .. } => "people.exported",
            Self::Finished { .. } => "people.export_finished",
        }
    }

    pub fn details(&self) -> Value {
        match self {
            Self::Begun { format, query } => {
                json!({ "format": format.word(), "search": query.search.as_str(), "filters": query.filters })
            }
            Self::Finished { format, people } => json!({ "format": format.word(), "people": people }),
        }
    }
}

impl People {
    /// Everybody whom the query finds, in the order in which they joined; its own order and page count for nothing. Whoever
    /// takes everyone along at once is recorded first, and needs more than whoever may look people up: see `ExportPeople`.
    pub async fn export(
        &self,
        _permit: &Permit<ExportPeople>,
        query: PeopleQuery,
        format: Format,
        roles: &[Role],
        origin: &Origin,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        let tx = self.ground.begin(origin).await?;
        let begun = Exported::Begun { format, query: query.clone() };
        tx.record(Event::Exported(begun)).await?.commit().await?;
        let asked = Arc::new(query);
        let run = Run {
            next: Some(ask(&self.ground, asked.clone(), None)),
            ground: self.ground.clone(),
            form: Form::new(format, roles),
            asked,
            origin: origin.clone(),
            people: 0,
        };
        Ok(stream::try_unfold(run, Run::step))
    }
}

/// An export on its way: one stretch is written out while the next one is read.
struct Run {
    ground: Ground,
    asked: Arc<PeopleQuery>,
    form: Form,
    origin: Origin,
    next: Option<JoinHandle<Result<Stretch>>>,
    people: u64,
}

fn ask(ground: &Ground, query: Arc<PeopleQuery>, after: Option<PersonId>) -> JoinHandle<Result<Stretch>> {
    let ground = ground.clone();
    tokio::spawn(async move { stretch(&ground.db, ground.clock.now(), &query, after).await })
}

impl Run {
    /// The next piece of the file. A client that is slow to take it holds up the reading, not the memory.
    async fn step(mut self) -> Result<Option<(Bytes, Self)>> {
        let Some(next) = self.next.take() else { return Ok(None) };
        let stretch = next.await.map_err(anyhow::Error::from)??;
        if let Some(last) = stretch.last {
            self.next = Some(ask(&self.ground, self.asked.clone(), Some(last)));
        }
        let mut piece = self.form.write(&stretch.lines, &mut self.people)?;
        if self.next.is_none() {
            self.form.end(&mut piece);
            self.finish().await?;
        }
        Ok(Some((piece.into(), self)))
    }

    async fn finish(&self) -> Result<()> {
        let finished = Exported::Finished { format: self.form.format(), people: self.people };
        let tx = self.ground.begin(&self.origin).await?;
        tx.record(Event::Exported(finished)).await?.commit().await
    }
}
