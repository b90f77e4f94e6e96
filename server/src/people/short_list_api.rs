//! The list at the short addresses of UC-007 and UC-008: everybody at once, ordered by id, in the words that their clients know.
//! The answer is written while the list is read, so that it takes no more memory for a million people than for ten. Programs ask
//! for it again and again, so it takes no fresh proof as a file does; that everybody left, or very many, is recorded first.

use super::{People, Person, short_api::ShortPersonBody};
use crate::{
    Actor, Backend, Error, Origin, Result,
    http::{
        caller::Caller,
        intake::Body,
        problem::{Answer, Problem, ProblemBody},
    },
    roles::Role,
};
use axum::{
    body::Body as Written,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::{
    FieldErrors,
    listing::{PageSize, PeopleOrder, PeopleQuery, SearchText},
};
use futures::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use serde::Deserialize;
use std::{future::ready, io};
use utoipa::ToSchema;

/// Whoever finds more than so many takes along as good as everybody.
const MANY: usize = 1_000;

/// What is searched for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
    /// Part of a name, username or e-mail address, at most 100 characters; case and accents do not matter. Empty finds everybody.
    #[schema(example = "lind", max_length = 100)]
    query: String,
}

/// Everybody (short address)
#[utoipa::path(
    get, path = "/api/users", tag = "People", security(("bearer" = [])),
    responses(
        (status = 200, description = "Everybody, ordered by id", body = Vec<ShortPersonBody>),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not see every account", body = ProblemBody),
    )
)]
pub async fn list(State(backend): State<Backend>, caller: Caller) -> Answer<Response> {
    Ok(written(&backend, caller.actor_or_key()?, &caller.origin, SearchText::default()).await?)
}

/// Search people (short address)
#[utoipa::path(
    post, path = "/api/users/search", tag = "People", request_body = SearchRequest, security(("bearer" = [])),
    responses(
        (status = 200, description = "Everybody whom the search finds, ordered by id", body = Vec<ShortPersonBody>),
        (status = 400, description = "The query is missing or too long", body = ProblemBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not see every account", body = ProblemBody),
    )
)]
pub async fn search(
    State(backend): State<Backend>,
    caller: Caller,
    form: Result<Body<SearchRequest>, Problem>,
) -> Answer<Response> {
    let actor = caller.actor_or_key()?;
    // Whoever may not search is not told what is wrong with the question.
    actor.sees_people()?;
    let Body(form) = form.map_err(Problem::at_short_address)?;
    let text = SearchText::parse(&form.query).map_err(|words| {
        Problem::from(Error::Invalid(FieldErrors::one("query", words))).at_short_address()
    })?;
    Ok(written(&backend, actor, &caller.origin, text).await?)
}

/// The people whom a search finds, as an array that is written while they are read.
async fn written(backend: &Backend, actor: &Actor, origin: &Origin, search: SearchText) -> Result<Response> {
    let visible = actor.sees_people()?;
    let everybody = search.is_empty();
    let order = PeopleOrder::BY_CREATION;
    let query = PeopleQuery { search, order, size: PageSize::STRETCH, ..PeopleQuery::default() };
    let roles = backend.roles.all().await?;
    let mut stretches = backend.people.stretches(&visible, query).boxed();
    // Read before anything is answered, so that what goes wrong at once is told as usual.
    let first = stretches.try_next().await?.unwrap_or_default();
    let origin = actor.at(origin);
    if everybody {
        backend.people.record_listing(true, &origin).await?;
    }
    let writing = Writing {
        stretches: stream::once(ready(Ok(first))).chain(stretches).boxed(),
        people: backend.people.clone(),
        roles,
        origin,
        separator: "",
        written: 0,
        is_recorded: everybody,
    };
    let rows = stream::try_unfold(writing, Writing::go_on);
    let bracket = |text: &str| stream::once(ready(Ok::<_, Error>(text.to_owned())));
    // Half an array tells the client that something went wrong; the log says what.
    let array = bracket("[").chain(rows).chain(bracket("]")).map_err(|error| {
        error.log();
        io::Error::other("the list broke off")
    });
    let json = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, json)], Written::from_stream(array)).into_response())
}

/// An array on its way.
struct Writing {
    stretches: BoxStream<'static, Result<Vec<Person>>>,
    people: People,
    roles: Vec<Role>,
    origin: Origin,
    separator: &'static str,
    written: usize,
    is_recorded: bool,
}

impl Writing {
    async fn go_on(mut self) -> Result<Option<(String, Self)>> {
        let Some(stretch) = self.stretches.try_next().await? else { return Ok(None) };
        self.written += stretch.len();
        if self.written > MANY && !self.is_recorded {
            self.people.record_listing(false, &self.origin).await?;
            self.is_recorded = true;
        }
        let mut text = String::new();
        for person in stretch {
            text.push_str(std::mem::replace(&mut self.separator, ","));
            let body = ShortPersonBody::of(&person, &self.roles);
            text.push_str(&serde_json::to_string(&body).map_err(anyhow::Error::from)?);
        }
        Ok(Some((text, self)))
    }
}
