//! `/scim/v2/Users`. Every change goes through the services that the pages and the REST API use, with their permits.

use super::{
    body::{self, Fields, Named},
    filter::Filter,
    patch, question,
    refusal::{Answer, Kind, MEDIA_TYPE, Refusal},
    resource,
    shown::Shown,
    version,
    wishes::Wishes,
};
use crate::{
    Actor, Backend, Error,
    config::Newcomers,
    http::caller::Caller,
    people::{Person, Sought, UpdateForm, Updated},
    permit::{CreatePerson, People, SuspendPerson, UpdatePerson, Visible},
};
use axum::{
    extract::{RawQuery, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{PersonId, person::PersonStatus};
use serde_json::{Map, Value, json};

const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
pub const MOST_IN_A_PAGE: i64 = 200;
const USUAL_PAGE: i64 = 100;
/// So often somebody else may have been quicker.
const TRIES: usize = 4;
const NOT_FOUND: &str = "User not found";

/// What a list is asked for with, in an address or in a body.
#[derive(Debug, Default)]
struct Question {
    filter: Option<String>,
    start: Option<i64>,
    count: Option<i64>,
    shown: Shown,
}

pub async fn list(
    State(backend): State<Backend>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Answer<Response> {
    let visible = caller.actor_or_key()?.sees_people()?;
    answer(&backend, &visible, Question::of_address(&query.unwrap_or_default())?).await
}

/// The same for questions that are not to stand in addresses.
pub async fn search(State(backend): State<Backend>, caller: Caller, request: Request) -> Answer<Response> {
    let visible = caller.actor_or_key()?.sees_people()?;
    answer(&backend, &visible, Question::of_body(&body::read(request).await?)?).await
}

async fn answer(backend: &Backend, visible: &Visible<People>, question: Question) -> Answer<Response> {
    let wrong = |words| Refusal::bad(Kind::InvalidFilter, words);
    let sought = match question.filter {
        Some(filter) => Filter::parse(&filter).and_then(|filter| question::sought(&filter)).map_err(wrong)?,
        None => Sought::EVERYBODY,
    };
    if !backend.people.can_seek(&sought) {
        return Err(wrong("Names are encrypted here, and addresses too: only \"emails eq\" can be answered"));
    }
    let start = question.start.unwrap_or(1).max(1);
    let count = question.count.unwrap_or(USUAL_PAGE).clamp(0, MOST_IN_A_PAGE);
    let found = backend.people.seek(visible, &sought, start - 1, count).await?;
    let roles = backend.roles.all().await?;
    let resources: Vec<Value> = found
        .people
        .iter()
        .map(|person| question.shown.of(resource::of(person, &roles, &backend.config)))
        .collect();
    let body = json!({
        "schemas": [LIST], "totalResults": found.total, "startIndex": start, "itemsPerPage": resources.len(),
        "Resources": resources,
    });
    Ok(json_of(StatusCode::OK, &body))
}

pub async fn find(
    State(backend): State<Backend>,
    caller: Caller,
    Named(id): Named,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer<Response> {
    let visible = caller.actor_or_key()?.sees_people()?;
    let shown = Question::of_address(&query.unwrap_or_default())?.shown;
    let person = backend.people.find(&visible, read_id(&id)?).await?;
    if version::is_known(&headers, person.version) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, version::tag(person.version))]).into_response());
    }
    shown_as(&backend, StatusCode::OK, &person, &shown).await
}

pub async fn create(
    State(backend): State<Backend>,
    caller: Caller,
    RawQuery(query): RawQuery,
    request: Request,
) -> Answer<Response> {
    let actor = caller.actor_or_key()?;
    let visible = actor.sees_people()?;
    let permit = actor.permit::<CreatePerson>(())?;
    let shown = Question::of_address(&query.unwrap_or_default())?.shown;
    let wishes = Wishes::of(&body::read(request).await?)?;
    let rules = &backend.config.scim;
    let is_active = wishes.active.unwrap_or(true);
    let newcomer = wishes.newcomer(&rules.role)?;
    let origin = actor.at(&caller.origin);
    let id = match rules.newcomers {
        _ if !is_active => backend.people.create_suspended(&permit, newcomer, &origin).await?,
        Newcomers::Active => backend.people.create_without_password(&permit, newcomer, &origin).await?,
        Newcomers::Invited => {
            backend.links.invite(&permit, newcomer, actor.full_name().as_str(), &origin).await?
        }
    };
    let person = backend.people.find(&visible, id).await?;
    let mut response = shown_as(&backend, StatusCode::CREATED, &person, &shown).await?;
    put(&mut response, header::LOCATION, &resource::location_of(&backend.config, id));
    Ok(response)
}

pub async fn replace(
    State(backend): State<Backend>,
    caller: Caller,
    Named(id): Named,
    RawQuery(query): RawQuery,
    request: Request,
) -> Answer<Response> {
    change(&backend, &caller, &id, query, request, |document, _| {
        let wishes = Wishes::of(document)?;
        // Of all that we keep, this alone can be without a value.
        Ok(Wishes { external_id: wishes.external_id.or(Some(None)), ..wishes })
    })
    .await
}

pub async fn patch(
    State(backend): State<Backend>,
    caller: Caller,
    Named(id): Named,
    RawQuery(query): RawQuery,
    request: Request,
) -> Answer<Response> {
    change(&backend, &caller, &id, query, request, patch::read).await
}

/// Brings somebody in line with what the body wants them to be. Whoever names no version means them as they are.
async fn change(
    backend: &Backend,
    caller: &Caller,
    id: &str,
    query: Option<String>,
    request: Request,
    wish: fn(&Fields, &Person) -> Answer<Wishes>,
) -> Answer<Response> {
    let actor = caller.actor_or_key()?;
    let visible = actor.sees_people()?;
    // Whoever may not do it is told that, whatever they send.
    let permit = actor.permit::<UpdatePerson>(read_id(id)?)?;
    let shown = Question::of_address(&query.unwrap_or_default())?.shown;
    let (headers, origin) = (request.headers().clone(), actor.at(&caller.origin));
    let document = body::read(request).await?;
    for _ in 0..TRIES {
        let person = backend.people.find(&visible, *permit.resource()).await?;
        version::check(&headers, person.version)?;
        let form = wish(&document, &person)?.form(&person, &backend.config.scim.role)?;
        let updated = backend.people.bring_in_line(&permit, form, &origin).await?;
        if !matches!(updated, Some(Updated::Stale(_))) {
            let person = backend.people.find(&visible, person.id).await?;
            return shown_as(backend, StatusCode::OK, &person, &shown).await;
        }
    }
    Err(busy())
}

/// A directory that lets somebody go: the account is suspended, and nothing of it is lost.
pub async fn deprovision(
    State(backend): State<Backend>,
    caller: Caller,
    Named(id): Named,
    headers: HeaderMap,
) -> Answer<StatusCode> {
    let actor = caller.actor_or_key()?;
    let visible = actor.sees_people()?;
    let id = read_id(&id)?;
    let permit = actor.permit::<SuspendPerson>(id)?;
    if headers.contains_key(header::IF_MATCH) {
        return deprovision_version(&backend, actor, &caller, &visible, id, &headers).await;
    }
    // Who is not there is told apart from what goes wrong.
    backend.people.find(&visible, id).await?;
    let _done = backend.people.suspend(&permit, &actor.at(&caller.origin)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The same for the version that was looked at, and for no later one.
async fn deprovision_version(
    backend: &Backend,
    actor: &Actor,
    caller: &Caller,
    visible: &Visible<People>,
    id: PersonId,
    headers: &HeaderMap,
) -> Answer<StatusCode> {
    let permit = actor.permit::<UpdatePerson>(id)?;
    for _ in 0..TRIES {
        let person = backend.people.find(visible, id).await?;
        version::check(headers, person.version)?;
        let status = (person.status != PersonStatus::Suspended).then_some(PersonStatus::Suspended);
        let status = status.map(|status| status.code().to_owned());
        let form = UpdateForm { status, version: Some(person.version), ..UpdateForm::default() };
        let updated = backend.people.bring_in_line(&permit, form, &actor.at(&caller.origin)).await?;
        if !matches!(updated, Some(Updated::Stale(_))) {
            return Ok(StatusCode::NO_CONTENT);
        }
    }
    Err(busy())
}

impl Question {
    /// Other parameters, such as how to sort, are passed over.
    fn of_address(query: &str) -> Answer<Self> {
        let mut values = Map::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()).take(50) {
            values.entry(name.to_ascii_lowercase()).or_insert_with(|| value.into());
        }
        let number = |name: &str| match values.get(name).and_then(Value::as_str) {
            Some(text) => text.trim().parse().map(Some).map_err(|_| no_number(name)),
            None => Ok(None),
        };
        let text = |name: &str| values.get(name).and_then(Value::as_str);
        Ok(Self {
            filter: text("filter").map(str::to_owned),
            start: number("startindex")?,
            count: number("count")?,
            shown: Shown::parse(text("attributes"), text("excludedattributes"))?,
        })
    }

    fn of_body(document: &Fields) -> Answer<Self> {
        let number = |name: &str| match document.get(name) {
            Some(value) => value.as_i64().map(Some).ok_or_else(|| no_number(name)),
            None => Ok(None),
        };
        let names = |name: &str| -> Answer<Option<String>> {
            let Some(value) = document.get(name) else { return Ok(None) };
            let names = body::several(value, name, 100)?.iter().map(|value| body::text(value, name));
            Ok(Some(names.collect::<Answer<Vec<_>>>()?.join(",")))
        };
        let (only, without) = (names("attributes")?, names("excludedAttributes")?);
        Ok(Self {
            filter: document.text("filter")?,
            start: number("startIndex")?,
            count: number("count")?,
            shown: Shown::parse(only.as_deref(), without.as_deref())?,
        })
    }
}

fn no_number(name: &str) -> Refusal {
    Refusal::bad(Kind::InvalidValue, format!("Send {name} as a whole number"))
}

fn busy() -> Refusal {
    Error::Conflict("Somebody else changed them at the same moment. Try again.").into()
}

/// What cannot be an id is nobody's.
fn read_id(text: &str) -> Answer<PersonId> {
    text.parse().map_err(|_| Error::NotFound(NOT_FOUND).into())
}

async fn shown_as(backend: &Backend, status: StatusCode, person: &Person, shown: &Shown) -> Answer<Response> {
    let roles = backend.roles.all().await?;
    let mut response = json_of(status, &shown.of(resource::of(person, &roles, &backend.config)));
    put(&mut response, header::ETAG, &version::tag(person.version));
    Ok(response)
}

pub fn json_of(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body.to_string()).into_response()
}

fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
