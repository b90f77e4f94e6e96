//! Everybody whom a list finds, as a file: streamed from stretches of the table, so that a million people take no more memory
//! than a thousand. Each person comes once, as they are when their stretch is read.

pub mod api;
mod form;

pub use form::Format;

use super::{
    People,
    listing::{Stretch, stretch, stretch_of},
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

/// So many are told of one by one.
const TOLD: usize = 100;

/// Whom a file is about.
#[derive(Debug, Clone)]
pub enum Whom {
    /// Everybody whom this question finds; its order and page count for nothing.
    Matching(PeopleQuery),
    /// These alone.
    These(Vec<PersonId>),
}

impl Whom {
    /// As the trail tells it. A few are told one by one.
    fn details(&self) -> Value {
        match self {
            Self::Matching(query) => json!({ "search": query.search.as_str(), "filters": query.filters }),
            Self::These(people) if people.len() <= TOLD => json!({ "chosen": people }),
            Self::These(people) => json!({ "chosen": people.len() }),
        }
    }

    /// Ids tell in which order people joined.
    fn in_order(mut self) -> Self {
        if let Self::These(people) = &mut self {
            people.sort_unstable_by_key(|person| person.uuid());
        }
        self
    }

    fn search(&self) -> String {
        match self {
            Self::Matching(query) => query.search.as_str().to_owned(),
            Self::These(_) => String::new(),
        }
    }

    async fn stretch(&self, ground: &Ground, after: Option<PersonId>) -> Result<Stretch> {
        let now = ground.clock.now();
        match self {
            Self::Matching(query) => stretch(&ground.db, now, query, after).await,
            Self::These(people) => stretch_of(&ground.db, now, people, after).await,
        }
    }
}

/// What was taken out of the house.
#[derive(Debug, Clone)]
pub enum Exported {
    /// Somebody asked for it: recorded before the first row leaves.
    Begun { format: Format, whom: Whom },
    /// The last row has left.
    Finished { format: Format, people: u64 },
    /// A short address answers everybody, or very many whom a search finds. What was searched for may name somebody, and is
    /// not told.
    Listed { everybody: bool },
}

impl Exported {
    pub const fn action(&self) -> &'static str {
        match self {
            Self::Begun { .. } => "people.exported",
            Self::Finished { .. } => "people.export_finished",
            Self::Listed { .. } => "people.listed_at_once",
        }
    }

    pub fn details(&self) -> Value {
        match self {
            Self::Begun { format, whom } => {
                let mut details = whom.details();
                details["format"] = json!(format.word());
                details
            }
            Self::Finished { format, people } => json!({ "format": format.word(), "people": people }),
            Self::Listed { everybody } => json!({ "everybody": everybody }),
        }
    }
}

impl People {
    /// All of them in the order in which they joined, as a file. Whoever
    /// takes everyone along at once is recorded first, and needs more than whoever may look people up: see `ExportPeople`.
    pub async fn export(
        &self,
        _permit: &Permit<ExportPeople>,
        whom: Whom,
        format: Format,
        roles: &[Role],
        origin: &Origin,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        let tx = self.ground.begin(origin).await?;
        let begun = Exported::Begun { format, whom: whom.clone() };
        tx.record(Event::Exported(begun)).await?.commit().await?;
        let asked = Arc::new(whom.in_order());
        let run = Run {
            next: Some(ask(&self.ground, asked.clone(), None)),
            ground: self.ground.clone(),
            form: Form::new(format, roles, self.ground.db.at_rest().clone(), asked.search()),
            asked,
            origin: origin.clone(),
            people: 0,
        };
        Ok(stream::try_unfold(run, Run::step))
    }
}

impl People {
    /// To be called before they leave.
    pub(super) async fn record_listing(&self, everybody: bool, origin: &Origin) -> Result<()> {
        let tx = self.ground.begin(origin).await?;
        tx.record(Event::Exported(Exported::Listed { everybody })).await?.commit().await
    }
}

/// An export on its way: one stretch is written out while the next one is read.
struct Run {
    ground: Ground,
    asked: Arc<Whom>,
    form: Form,
    origin: Origin,
    next: Option<JoinHandle<Result<Stretch>>>,
    people: u64,
}

fn ask(ground: &Ground, whom: Arc<Whom>, after: Option<PersonId>) -> JoinHandle<Result<Stretch>> {
    let ground = ground.clone();
    tokio::spawn(async move { whom.stretch(&ground, after).await })
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
