//! Signs of life: `/healthz` (the process answers), `/readyz` (it can do its work).

use crate::Backend;
use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Ready means that the database answers. Without Redis everything goes on, so that is told and no more.
pub async fn readyz(State(backend): State<Backend>) -> (StatusCode, Json<Value>) {
    match backend.ground.db.ping().await {
        Ok(()) => {
            let mut state = json!({ "status": "ready", "database": backend.ground.db.engine() });
            if backend.redis.is_set() {
                let is_away = backend.redis.away_since().is_some();
                state["redis"] = json!(if is_away { "away" } else { "here" });
            }
            (StatusCode::OK, Json(state))
        }
        Err(error) => {
            error.log();
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "away", "database": "away" })))
        }
    }
}
