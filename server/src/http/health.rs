//! Signs of life: `/healthz` (the process answers), `/readyz` (it can do its work).

use crate::Backend;
use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Ready means that the database answers.
pub async fn readyz(State(backend): State<Backend>) -> (StatusCode, Json<Value>) {
    match backend.ground.db.ping().await {
        Ok(()) => {
            (StatusCode::OK, Json(json!({ "status": "ready", "database": backend.ground.db.engine() })))
        }
        Err(error) => {
            error.log();
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "away", "database": "away" })))
        }
    }
}
