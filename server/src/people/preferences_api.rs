//! What one prefers, over REST.

use super::PreferencesForm;
use crate::{
    Backend,
    http::{
        caller::Caller,
        intake::Body,
        problem::{Answer, Problem, ProblemBody},
    },
    permit::UpdateSelf,
};
use axum::{Json, extract::State};
use domain::preferences::Preferences;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody prefers.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreferencesBody {
    /// `system`, `light` or `dark`; null where nothing was chosen.
    #[schema(example = "dark")]
    theme: Option<&'static str>,
    /// In which times are told on pages; null where nothing was chosen. The API always answers in UTC.
    #[schema(example = "Europe/Berlin")]
    time_zone: Option<String>,
    /// `en`: Countersign speaks English alone so far.
    #[schema(example = "en")]
    language: &'static str,
}

/// What a client sends to change preferences. What is left out stays; an empty text takes a choice back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferencesRequest {
    /// `system`, `light` or `dark`.
    #[serde(default)]
    #[schema(example = "dark")]
    theme: Option<String>,
    /// A name of the tz database.
    #[serde(default)]
    #[schema(example = "Europe/Berlin")]
    time_zone: Option<String>,
    /// `en`.
    #[serde(default)]
    #[schema(example = "en")]
    language: Option<String>,
}

impl From<Preferences> for PreferencesBody {
    fn from(preferences: Preferences) -> Self {
        Self {
            theme: preferences.theme.map(domain::preferences::Theme::code),
            time_zone: preferences.time_zone.map(|name| name.to_string()),
            language: preferences.language.code(),
        }
    }
}

/// What you prefer
#[utoipa::path(
    get, path = "/api/v1/account/preferences", tag = "Account", security(("bearer" = [])),
    responses((status = 200, description = "Your preferences", body = PreferencesBody), (status = 401, description = "No good token", body = ProblemBody))
)]
pub async fn show(State(backend): State<Backend>, caller: Caller) -> Answer<Json<PreferencesBody>> {
    Ok(Json(backend.people.preferences(caller.actor()?).await?.into()))
}

/// Change what you prefer
#[utoipa::path(
    patch, path = "/api/v1/account/preferences", tag = "Account", request_body = PreferencesRequest, security(("bearer" = [])),
    responses(
        (status = 200, description = "Your preferences as they are now", body = PreferencesBody),
        (status = 401, description = "No good token", body = ProblemBody),
        (status = 422, description = "A field is wrong", body = ProblemBody),
    )
)]
pub async fn change(
    State(backend): State<Backend>,
    caller: Caller,
    asked: Result<Body<PreferencesRequest>, Problem>,
) -> Answer<Json<PreferencesBody>> {
    let actor = caller.actor()?;
    let permit = actor.permit::<UpdateSelf>(actor.id())?;
    let Body(PreferencesRequest { theme, time_zone, language }) = asked?;
    let form = PreferencesForm { theme, time_zone, language };
    let preferences = backend.people.set_preferences(&permit, form, &actor.at(&caller.origin)).await?;
    Ok(Json(preferences.into()))
}
