//! Notes over REST.

use super::Note;
use crate::{
    Backend,
    http::{
        caller::Caller,
        intake::{Body, Named, permit_on},
        moments::iso,
        problem::{Answer, Problem, ProblemBody},
    },
    permit::AddNote,
};
use axum::{Json, extract::State, http::StatusCode};
use domain::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A note about somebody.
#[derive(Serialize, ToSchema)]
pub struct NoteBody {
    id: String,
    #[schema(example = "Called about a lost phone; called back under the number we have.")]
    text: String,
    /// Who wrote it; null where they are gone.
    #[schema(example = "Alice Ng")]
    author: Option<String>,
    #[schema(example = "2026-11-21T09:30:00Z", format = "date-time")]
    created_at: String,
}

impl NoteBody {
    fn of(note: Note) -> Self {
        Self {
            id: note.id.to_string(),
            text: note.text.to_string(),
            author: note.author.map(|name| name.to_string()),
            created_at: iso(note.created_at),
        }
    }
}

/// What a client sends to add a note.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteRequest {
    /// At most 2,000 characters.
    #[schema(example = "Called about a lost phone; called back under the number we have.")]
    text: String,
}

/// The notes about somebody
///
/// What those who look after accounts wrote down for each other, the newest first. The person sees it only in the document of
/// everything that is kept about them.
#[utoipa::path(
    get, path = "/api/v1/users/{id}/notes", tag = "People", params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 200, description = "The newest 200", body = Vec<NoteBody>),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
    )
)]
pub async fn list(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
) -> Answer<Json<Vec<NoteBody>>> {
    let actor = caller.actor()?;
    let visible = actor.sees_notes()?;
    let Named(id) = id?;
    backend.people.find(&actor.sees_person()?, id).await?;
    let notes = backend.people.notes(&visible, id).await?;
    Ok(Json(notes.into_iter().map(NoteBody::of).collect()))
}

/// Add a note
#[utoipa::path(
    post, path = "/api/v1/users/{id}/notes", tag = "People", request_body = NoteRequest, params(("id" = Uuid, Path, description = "The person's id")), security(("bearer" = [])),
    responses(
        (status = 201, description = "Every note, the new one first", body = Vec<NoteBody>),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not manage accounts", body = ProblemBody),
        (status = 404, description = "No such person", body = ProblemBody),
        (status = 422, description = "The note is empty or too long", body = ProblemBody),
    )
)]
pub async fn add(
    State(backend): State<Backend>,
    caller: Caller,
    id: Result<Named<PersonId>, Problem>,
    form: Result<Body<NoteRequest>, Problem>,
) -> Answer<(StatusCode, Json<Vec<NoteBody>>)> {
    let actor = caller.actor()?;
    let permit = permit_on::<AddNote>(actor, id)?;
    let Body(form) = form?;
    backend.people.add_note(&permit, &form.text, &actor.at(&caller.origin)).await?;
    let notes = backend.people.notes(&actor.sees_notes()?, *permit.resource()).await?;
    Ok((StatusCode::CREATED, Json(notes.into_iter().map(NoteBody::of).collect())))
}
