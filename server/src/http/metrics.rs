//! Metrics for Prometheus: how many requests, how they ended, how long they took; how much waits in the outbox; and whether
//! something is away that the program goes on without.

use crate::{Backend, outbox};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::{sync::OnceLock, time::Instant};

/// From half a millisecond to ten seconds.
const BUCKETS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The recorder of this process; several applications in one process (in tests) share it.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let builder = PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &BUCKETS)
                .ok()?;
            builder.install_recorder().ok()
        })
        .as_ref()
}

/// Measures each request by its route, never by its path: ids in paths would make a series each.
pub async fn measure(request: Request, next: Next) -> Response {
    recorder();
    let route = request.extensions().get::<MatchedPath>().map_or("none", |path| path.as_str()).to_owned();
    // Names that callers invent would make a series each.
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let started = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    histogram!("countersign_request_seconds", "method" => method.clone(), "route" => route.clone())
        .record(started.elapsed());
    counter!("countersign_requests_total", "method" => method, "route" => route, "status" => status)
        .increment(1);
    response
}

/// Empties the recorder's buffers; without it they would grow until somebody asks for the metrics.
pub fn keep_up() {
    if let Some(recorder) = recorder() {
        recorder.run_upkeep();
    }
}

pub async fn metrics(State(backend): State<Backend>) -> String {
    for state in ["waiting", "dead"] {
        if let Ok(count) = outbox::count(&backend.ground.db, state).await {
            gauge!("countersign_outbox_jobs", "state" => state)
                .set(f64::from(i32::try_from(count).unwrap_or(i32::MAX)));
        }
    }
    if backend.redis.is_set() {
        let is_away = backend.redis.away_since().is_some();
        gauge!("countersign_degraded", "without" => "redis").set(if is_away { 1.0 } else { 0.0 });
    }
    gauge!("countersign_password_hashes_computed")
        .set(f64::from(u32::try_from(backend.passwords.computed()).unwrap_or(u32::MAX)));
    recorder().map(PrometheusHandle::render).unwrap_or_default()
}
