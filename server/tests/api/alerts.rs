//! Alerts: a burst of failed sign-ins reaches whoever is on duty, once, by webhook and by letter.

use crate::support::{log_in, routes};
use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use serde_json::Value;
use server::{
    config::{Alerts, Lockout, Webhook},
    testing::{Engine, TestApp, ledger},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::TcpListener;

/// A webhook as chat services have them: it keeps what it is told.
#[derive(Clone, Default)]
pub struct Duty {
    told: Arc<Mutex<Vec<Value>>>,
    refuses: Arc<Mutex<u32>>,
}

impl Duty {
    pub async fn start() -> (Self, Webhook) {
        let duty = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hooks/T0/secret?thread=7", listener.local_addr().unwrap());
        let routes = Router::new().route("/hooks/T0/secret", post(hear)).with_state(duty.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        (duty, Webhook::new(address))
    }

    pub fn told(&self) -> Vec<Value> {
        self.told.lock().unwrap().clone()
    }
}

async fn hear(State(duty): State<Duty>, Json(alert): Json<Value>) -> StatusCode {
    let mut refuses = duty.refuses.lock().unwrap();
    if *refuses > 0 {
        *refuses -= 1;
        return StatusCode::BAD_GATEWAY;
    }
    duty.told.lock().unwrap().push(alert);
    StatusCode::OK
}

async fn on_duty(engine: Engine) -> (TestApp, Duty) {
    let (duty, webhook_url) = Duty::start().await;
    let app = TestApp::configured(
        engine,
        |config| {
            config.alerts = Alerts {
                webhook_url,
                mail_to: "duty@example.com".into(),
                failed_sign_ins: 5,
                within_minutes: 5,
            };
            config.lockout = Lockout { failures: 100, minutes: 15 };
        },
        routes,
    )
    .await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.do_jobs().await;
    (app, duty)
}

async fn fail(app: &TestApp, times: usize) {
    for _ in 0..times {
        assert_eq!(log_in(app, "alice", "wrong").await.status, 401);
    }
}

async fn letters(app: &TestApp) -> i64 {
    app.count("select count(*) from outbox where letter = 'alert' and recipient = 'duty@example.com'").await
}

async fn a_burst_is_told_once(engine: Engine) {
    let (app, duty) = on_duty(engine).await;
    fail(&app, 4).await;
    app.backend.alerts.look_for_bursts().await.unwrap();
    app.do_jobs().await;
    assert!(duty.told().is_empty(), "four of five are no burst");

    fail(&app, 1).await;
    let looks = (0..4).map(|_| app.backend.alerts.look_for_bursts());
    for outcome in futures::future::join_all(looks).await {
        outcome.unwrap();
    }
    app.do_jobs().await;
    let told = duty.told();
    assert_eq!(told.len(), 1, "several looks told it several times: {told:?}");
    assert_eq!(told[0]["alert"], "failed_sign_ins");
    assert_eq!(told[0]["details"]["number"], 5);
    let text = told[0]["text"].as_str().unwrap();
    assert!(text.starts_with("http://127.0.0.1:3000: Many failed sign-ins 5 sign-ins failed"), "{text}");
    assert!(!text.contains("alice"), "an alert names nobody: {text}");
    assert_eq!(letters(&app).await, 1);
    assert_eq!(app.count("select count(*) from audit where action = 'operations.alerted'").await, 1);

    app.clock.advance(Duration::from_secs(3601));
    app.backend.alerts.look_for_bursts().await.unwrap();
    assert_eq!(letters(&app).await, 1, "it was told again although it is long over");
    fail(&app, 5).await;
    app.backend.alerts.look_for_bursts().await.unwrap();
    app.do_jobs().await;
    assert_eq!((duty.told().len(), letters(&app).await), (2, 2), "the next burst was not told");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a2b_a_burst_of_failures_is_told_once_sqlite() {
    a_burst_is_told_once(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a2b_a_burst_of_failures_is_told_once_postgres() {
    a_burst_is_told_once(Engine::Postgres).await;
}

async fn a_broken_trail_is_told_within_a_day(engine: Engine) {
    let (app, duty) = on_duty(engine).await;
    let look = async || app.backend.alerts.look_at_the_trail(&app.backend.audit).await.unwrap();
    look().await;
    app.do_jobs().await;
    assert!(duty.told().is_empty(), "it is whole");
    ledger::unguard_the_trail(&app.backend.ground.db).await;
    app.change("update audit set details = '{\"changes\":{}}' where place = 1").await;
    look().await;
    app.do_jobs().await;
    assert!(duty.told().is_empty(), "it is looked at once a day");
    app.clock.advance(Duration::from_secs(86_401));
    look().await;
    look().await;
    app.do_jobs().await;
    let told = duty.told();
    assert_eq!((told.len(), letters(&app).await), (1, 1), "{told:?}");
    assert_eq!(told[0]["alert"], "trail_not_whole");
    assert!(told[0]["text"].as_str().unwrap().contains("entry 1 (person."), "{told:?}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn u7_a_broken_trail_is_told_within_a_day_sqlite() {
    a_broken_trail_is_told_within_a_day(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn u7_a_broken_trail_is_told_within_a_day_postgres() {
    a_broken_trail_is_told_within_a_day(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q3_an_alert_waits_for_its_webhook() {
    let (app, duty) = on_duty(Engine::Sqlite).await;
    *duty.refuses.lock().unwrap() = 1;
    fail(&app, 5).await;
    app.backend.alerts.look_for_bursts().await.unwrap();
    app.do_jobs().await;
    assert!(duty.told().is_empty());
    let error = "select last_error from outbox where kind = 'alert'";
    assert_eq!(app.texts(error).await, ["the webhook for alerts answered with status 502"]);
    app.clock.advance(Duration::from_secs(11));
    app.do_jobs().await;
    assert_eq!(duty.told().len(), 1, "it was not tried again");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a7_a_database_that_is_away_is_told_past_the_outbox() {
    let (app, duty) = on_duty(Engine::Sqlite).await;
    let mut watch = app.backend.alerts.watch();
    watch.look().await;
    app.backend.ground.db.close().await;
    watch.look().await;
    assert!(duty.told().is_empty(), "one answer that is missing may be a hiccup");
    for _ in 0..3 {
        watch.look().await;
    }
    let codes: Vec<Value> = duty.told().into_iter().map(|alert| alert["alert"].clone()).collect();
    assert_eq!(codes, ["database_away"]);
}

#[test]
fn the_address_of_the_webhook_is_never_shown() {
    let webhook = Webhook::new("https://hooks.example.com/services/T0/B0/very-secret");
    assert_eq!(format!("{webhook:?}"), "https://hooks.example.com/********");
    assert_eq!(serde_json::to_value(&webhook).unwrap(), "https://hooks.example.com/********");
    for unusable in ["ftp://example.com", "http://example.com/hook", "hook"] {
        assert_eq!(Webhook::new(unusable).address(), None, "{unusable}");
    }
}
