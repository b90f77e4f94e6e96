//! Taking the trail along, as CSV or JSON: written while it is read, so that it takes no more memory however long it is.

use super::{
    Audit, Entry, Happening, Part, TrailForm, TrailQuery,
    api::{EntryBody, TrailParams},
    store::search,
};
use crate::{
    Actor, Backend, Origin, Result, csv,
    events::Event,
    http::{
        caller::Caller,
        file::saved,
        intake::{Params, encode},
        moments::iso,
        problem::{Answer, Problem, ProblemBody},
    },
    permit::{ExportTrail, Permit},
};
use axum::{extract::State, response::Response};
use domain::person::FullName;
use futures::{Stream, stream};

/// So many entries are read at once.
const STRETCH: i64 = 1_000;
const HEADS: [&str; 17] = [
    "at",
    "action",
    "outcome",
    "actor_kind",
    "actor",
    "actor_name",
    "actor_id",
    "role",
    "subject_kind",
    "subject",
    "subject_name",
    "subject_id",
    "ip",
    "user_agent",
    "details",
    "place",
    "id",
];

/// In which shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Csv,
    Json,
}

/// Where an export is.
struct Place {
    audit: Audit,
    query: TrailQuery,
    shape: Shape,
    next: Next,
}

enum Next {
    Beginning,
    After(Part),
    /// Nothing but what closes the file.
    End,
    Over,
}

impl Audit {
    /// Everything that fits, as a stream of bytes. That it was taken along is an entry of the trail.
    pub async fn export(
        &self,
        _permit: &Permit<ExportTrail>,
        query: TrailQuery,
        filter: String,
        shape: Shape,
        origin: &Origin,
    ) -> Result<impl Stream<Item = Result<Vec<u8>>> + Send + use<>> {
        let event = Event::Trail(Happening::Exported { format: shape.word(), filter });
        self.ground.begin(origin).await?.record(event).await?.commit().await?;
        let place = Place { audit: self.clone(), query, shape, next: Next::Beginning };
        Ok(stream::try_unfold(place, Place::go_on))
    }
}

impl Shape {
    pub const ALL: [Self; 2] = [Self::Csv, Self::Json];

    /// What the file is called.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Csv => "audit.csv",
            Self::Json => "audit.json",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

impl Place {
    async fn go_on(mut self) -> Result<Option<(Vec<u8>, Self)>> {
        let mut text = Vec::new();
        let part = match self.next {
            Next::Over => return Ok(None),
            Next::End => {
                if self.shape == Shape::Json {
                    text.extend_from_slice(b"\n]\n");
                }
                self.next = Next::Over;
                return Ok(Some((text, self)));
            }
            Next::Beginning => {
                match self.shape {
                    Shape::Csv => csv::write::row(&mut text, HEADS),
                    Shape::Json => text.push(b'['),
                }
                Part::Newest
            }
            Next::After(part) => part,
        };
        let entries = search::find(&self.audit.ground.db, &self.query, part, STRETCH).await?;
        let last = entries.last().map(|entry| Part::Before(entry.at, entry.id));
        self.next = match last {
            Some(part) if i64::try_from(entries.len()) == Ok(STRETCH) => Next::After(part),
            _ => Next::End,
        };
        let mut is_first = part == Part::Newest;
        for entry in entries {
            match self.shape {
                Shape::Csv => add_entry(&mut text, &entry),
                Shape::Json => {
                    text.extend_from_slice(if is_first { &b"\n"[..] } else { b",\n" });
                    serde_json::to_writer(&mut text, &EntryBody::of(entry)).map_err(anyhow::Error::from)?;
                }
            }
            is_first = false;
        }
        Ok(Some((text, self)))
    }
}

fn add_entry(text: &mut Vec<u8>, entry: &Entry) {
    fn word(value: &Option<String>) -> &str {
        value.as_deref().unwrap_or_default()
    }
    fn name(name: &Option<FullName>) -> &str {
        name.as_ref().map_or("", FullName::as_str)
    }
    let details = entry.details().to_string();
    let actor_id = entry.actor_id.map(|id| id.to_string()).unwrap_or_default();
    let place = entry.place.map(|place| place.to_string()).unwrap_or_default();
    let (at, id) = (iso(entry.at), entry.id.to_string());
    let cells: [&str; 17] = [
        &at,
        &entry.action,
        &entry.outcome,
        &entry.actor_kind,
        word(&entry.actor_username),
        name(&entry.actor_name),
        &actor_id,
        word(&entry.role_code),
        &entry.subject_kind,
        word(&entry.subject_username),
        name(&entry.subject_name),
        word(&entry.subject_id),
        word(&entry.ip),
        word(&entry.user_agent),
        &details,
        &place,
        &id,
    ];
    csv::write::row(text, cells);
}

/// The audit trail as CSV
///
/// All entries that fit, the newest first. A cell that a spreadsheet would calculate begins with an apostrophe.
#[utoipa::path(
    get, path = "/api/v1/export/audit.csv", tag = "Audit", params(TrailParams), security(("bearer" = [])),
    responses(
        (
            status = 200, description = "The entries, a row each", body = String, content_type = "text/csv",
            example = json!(
                "at,action,outcome,actor_kind,actor,actor_name,actor_id,role,subject_kind,subject,subject_name,subject_id,ip,\
                 user_agent,details,place,id\r\n\
                 2026-11-21T09:30:00Z,person.unlocked,done,person,maria,Maria Silva,0198c0de-0000-7000-8000-000000000000,\
                 USER_ADMIN,person,zoe,Zoë Lind,0198c0de-0000-7000-8000-000000000001,203.0.113.9,Firefox,{},7,\
                 0198c0de-0000-7000-8000-000000000002\r\n"
            ),
        ),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not read the trail, or a fresh proof is due", body = ProblemBody),
        (status = 422, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub async fn as_csv(
    State(backend): State<Backend>,
    caller: Caller,
    params: Result<Params<TrailParams>, Problem>,
) -> Answer<Response> {
    answer(&backend, &caller, params, Shape::Csv).await
}

/// The audit trail as JSON
///
/// All entries that fit, the newest first, as one list.
#[utoipa::path(
    get, path = "/api/v1/export/audit.json", tag = "Audit", params(TrailParams), security(("bearer" = [])),
    responses(
        (status = 200, description = "The entries", body = Vec<EntryBody>),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not read the trail, or a fresh proof is due", body = ProblemBody),
        (status = 422, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub async fn as_json(
    State(backend): State<Backend>,
    caller: Caller,
    params: Result<Params<TrailParams>, Problem>,
) -> Answer<Response> {
    answer(&backend, &caller, params, Shape::Json).await
}

async fn answer(
    backend: &Backend,
    caller: &Caller,
    params: Result<Params<TrailParams>, Problem>,
    shape: Shape,
) -> Answer<Response> {
    let actor = caller.actor_or_key()?;
    actor.check_role::<ExportTrail>()?;
    let Params(params) = params?;
    Ok(respond(backend, actor, &caller.origin, &TrailForm::from(params), shape).await?)
}

/// The file of the entries that the form asks for, as an answer that a browser saves.
pub async fn respond(
    backend: &Backend,
    actor: &Actor,
    origin: &Origin,
    form: &TrailForm,
    shape: Shape,
) -> Result<Response> {
    // Whoever may not have the file is not told what is wrong with the question.
    let permit = actor.permit::<ExportTrail>(())?;
    let query = backend.audit.read(&actor.sees_trail()?, form).await?;
    let filter: Vec<String> =
        form.set().iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let text = backend.audit.export(&permit, query, filter.join("&"), shape, &actor.at(origin)).await?;
    let kind = match shape {
        Shape::Csv => "text/csv; charset=utf-8",
        Shape::Json => "application/json",
    };
    Ok(saved(shape.file(), kind, text))
}
