//! The trail over REST.

use super::{Entry, Part, TrailForm};
use crate::{
    Backend, Error,
    http::{
        caller::Caller,
        intake::{Params, maybe_empty},
        moments::iso,
        problem::{Answer, Problem, ProblemBody},
    },
};
use axum::{Json, extract::State};
use domain::{FieldErrors, listing::PageSize};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryBody {
    #[schema(example = "0198c0de-0000-7000-8000-000000000000", format = "uuid")]
    id: String,
    /// When it happened (RFC 3339, UTC).
    #[schema(example = "2026-11-21T09:30:00.25Z", format = "date-time")]
    at: String,
    #[schema(example = "person.profile_changed")]
    action: String,
    /// `done` or `refused`.
    #[schema(example = "done")]
    outcome: String,
    actor: ActorBody,
    subject: SubjectBody,
    #[schema(example = "203.0.113.9")]
    ip: Option<String>,
    #[schema(example = "Mozilla/5.0")]
    user_agent: Option<String>,
    /// The request by which it came, as logs name it.
    #[schema(example = "0198c0de5a7b7c3e9f10a2b3c4d5e6f7")]
    request_id: Option<String>,
    /// What there is to tell: under `changes` each field before and after.
    #[schema(value_type = Object, example = json!({ "changes": { "full_name": { "before": "Maria Lind", "after": "Maria Lindqvist" } } }))]
    details: serde_json::Value,
    /// Whether what it told of a person was erased.
    #[schema(example = false)]
    erased: bool,
    /// Its place in the chain; null for about a second, until it has one.
    #[schema(example = 4821)]
    place: Option<i64>,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorBody {
    /// `person`, `api key`, `anonymous`, `operator` (the command line) or `program`.
    #[schema(example = "person")]
    kind: String,
    #[schema(example = "0198c0de-0000-7000-8000-000000000000", format = "uuid")]
    id: Option<String>,
    #[schema(example = "maria")]
    username: Option<String>,
    #[schema(example = "Maria Lindqvist")]
    full_name: Option<String>,
    /// The role they acted in.
    #[schema(example = "USER_ADMIN")]
    role: Option<String>,
}

/// What it is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubjectBody {
    #[schema(example = "person")]
    kind: String,
    #[schema(example = "0198c0de-0000-7000-8000-000000000000")]
    id: Option<String>,
    /// The person it is about, where it is about one.
    #[schema(example = "0198c0de-0000-7000-8000-000000000000", format = "uuid")]
    person_id: Option<String>,
    #[schema(example = "maria")]
    username: Option<String>,
    #[schema(example = "Maria Lindqvist")]
    full_name: Option<String>,
}

/// A page of the trail.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrailBody {
    /// The newest first.
    items: Vec<EntryBody>,
    /// Ask with this as `cursor` for what is older; null at the end.
    #[schema(example = "before-1790000000000000-0198c0de-0000-7000-8000-000000000000")]
    next_cursor: Option<String>,
}

/// What every question to the trail may name, and what one of them may name besides.
macro_rules! asked {
    ($(#[$meta:meta])* $name:ident { $($more:tt)* }) => {
        $(#[$meta])*
        #[derive(Debug, Default, Deserialize, IntoParams)]
        #[serde(deny_unknown_fields, default)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            /// Who did it: a username or an id; or `operator`, `program` or `anonymous`.
            #[param(example = "maria")]
            actor: String,
            /// Whom it is about: a username or an id.
            #[param(example = "maria")]
            subject: String,
            /// What was done, such as `person.created`; `session.` stands for all that begin so.
            #[param(example = "session.")]
            action: String,
            /// Not before this moment, or this day (UTC).
            #[param(example = "2026-01-01")]
            from: String,
            /// Before this moment, or until the end of this day (UTC).
            #[param(example = "2099-12-31")]
            to: String,
            /// From this address.
            #[param(example = "203.0.113.9")]
            ip: String,
            /// `done` or `refused`.
            #[param(example = "done")]
            outcome: String,
            $($more)*
        }
    };
}

asked! {
    /// Which entries are asked for. All that is set must apply.
    TrailParams {}
}

asked! {
    /// Which entries are asked for, a page at a time.
    PageParams {
        /// Entries in a page, 1 to 200; 50 if left out.
        #[serde(deserialize_with = "maybe_empty")]
        #[param(minimum = 1, maximum = 200, default = 50, example = 20)]
        limit: Option<u32>,
        /// Where the page before ended: its `next_cursor`.
        cursor: String,
    }
}

impl From<TrailParams> for TrailForm {
    fn from(params: TrailParams) -> Self {
        let TrailParams { actor, subject, action, from, to, ip, outcome } = params;
        Self { actor, subject, action, from, to, ip, outcome }
    }
}

impl PageParams {
    /// The conditions apart from the page.
    fn parse(self) -> Result<(TrailForm, Part, PageSize), FieldErrors> {
        let mut errors = FieldErrors::default();
        let size = errors.check("limit", self.limit.map_or(Ok(PageSize::default()), PageSize::parse));
        let part = match self.cursor.as_str() {
            "" => Some(Part::Newest),
            cursor => errors.check("cursor", Part::parse(cursor).ok_or("This cursor is not one of ours")),
        };
        let Self { actor, subject, action, from, to, ip, outcome, .. } = self;
        let form = TrailForm { actor, subject, action, from, to, ip, outcome };
        match (size, part) {
            (Some(size), Some(part)) => Ok((form, part, size)),
            _ => Err(errors),
        }
    }
}

impl EntryBody {
    pub(super) fn of(entry: Entry) -> Self {
        let details = entry.details();
        let id = |id: Option<domain::PersonId>| id.map(|id| id.to_string());
        Self {
            id: entry.id.to_string(),
            at: iso(entry.at),
            action: entry.action,
            outcome: entry.outcome,
            actor: ActorBody {
                kind: entry.actor_kind,
                id: id(entry.actor_id),
                username: entry.actor_username,
                full_name: entry.actor_name.map(|name| name.to_string()),
                role: entry.role_code,
            },
            subject: SubjectBody {
                kind: entry.subject_kind,
                id: entry.subject_id,
                person_id: id(entry.person_id),
                username: entry.subject_username,
                full_name: entry.subject_name.map(|name| name.to_string()),
            },
            ip: entry.ip,
            user_agent: entry.user_agent,
            request_id: entry.request_id,
            details,
            erased: entry.is_erased,
            place: entry.place,
        }
    }
}

/// The audit trail, a page at a time
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "Audit", params(PageParams), security(("bearer" = [])),
    responses(
        (status = 200, description = "A page of the trail, the newest first", body = TrailBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 403, description = "The role may not read the trail", body = ProblemBody),
        (status = 422, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub async fn list(
    State(backend): State<Backend>,
    caller: Caller,
    params: Result<Params<PageParams>, Problem>,
) -> Answer<Json<TrailBody>> {
    let visible = caller.actor_or_key()?.sees_trail()?;
    let Params(params) = params?;
    let (form, part, size) = params.parse().map_err(Error::Invalid)?;
    let query = backend.audit.read(&visible, &form).await?;
    let page = backend.audit.find(&visible, &query, part, size).await?;
    Ok(Json(TrailBody {
        items: page.entries.into_iter().map(EntryBody::of).collect(),
        next_cursor: page.older.map(|part| part.to_string()),
    }))
}
