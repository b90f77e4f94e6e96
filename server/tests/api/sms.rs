//! Text messages by a service that speaks Twilio's protocol, against a local one, and against everything that can go wrong
//! with it.

use crate::{
    second_factor_support::{actor, claimant, code_in},
    support::routes,
};
use axum::{
    Form, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{JobId, Timestamp, phone::PhoneNumber, second_factor::Method};
use server::{
    Origin,
    clock::Clock,
    config::Secret,
    outbox::Unsent,
    second_factor::Channel,
    sms::{Sms, Text, Twilio},
    testing::{Engine, TestApp},
};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const TOKEN: &str = "to:ken/with%signs";
const SENDER: &str = "+15005550006";

/// How the service behaves next.
#[derive(Debug, Clone, Copy)]
enum Behaviour {
    Refuse(u16, u32),
    Busy(Option<u64>),
    Break,
    Hang,
    /// Something between us and the service answers in its place.
    Impostor,
    Flood,
}

/// A local service that speaks the protocol: a form with basic authentication, answered with 201 and JSON.
#[derive(Clone, Default)]
struct Service {
    behaviour: Arc<Mutex<VecDeque<Behaviour>>>,
    taken: Arc<Mutex<Vec<HashMap<String, String>>>>,
    asked: Arc<Mutex<u32>>,
}

impl Service {
    async fn start() -> (Self, String, JoinHandle<()>) {
        let service = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{ACCOUNT}:to%3Aken%2Fwith%25signs@{}", listener.local_addr().unwrap());
        let routes = Router::new()
            .route("/2010-04-01/Accounts/{account}/Messages.json", post(take))
            .with_state(service.clone());
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        (service, address, server)
    }

    fn next(&self, behaviour: impl IntoIterator<Item = Behaviour>) {
        self.behaviour.lock().unwrap().extend(behaviour);
    }

    fn taken(&self) -> Vec<HashMap<String, String>> {
        self.taken.lock().unwrap().clone()
    }

    fn asked(&self) -> u32 {
        *self.asked.lock().unwrap()
    }
}

fn json(status: u16, body: String) -> Response {
    (StatusCode::from_u16(status).unwrap(), [(header::CONTENT_TYPE, "application/json")], body)
        .into_response()
}

async fn take(
    State(service): State<Service>,
    Path(account): Path<String>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    *service.asked.lock().unwrap() += 1;
    let expected = format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:{TOKEN}")));
    if account != ACCOUNT || headers.get(header::AUTHORIZATION).is_none_or(|given| given != expected.as_str())
    {
        return json(401, r#"{"code":20003,"message":"Authenticate","status":401}"#.into());
    }
    let behaviour = service.behaviour.lock().unwrap().pop_front();
    match behaviour {
        None => {
            let answer = format!(
                r#"{{"account_sid":"{ACCOUNT}","api_version":"2010-04-01","direction":"outbound-api","error_code":null,"num_segments":"1","sid":"SM{:032}","status":"queued","to":"{}"}}"#,
                service.asked(),
                form["To"]
            );
            service.taken.lock().unwrap().push(form);
            json(201, answer)
        }
        Some(Behaviour::Refuse(status, code)) => json(
            status,
            format!(
                r#"{{"code":{code},"message":"The 'To' number {} is not valid","status":{status}}}"#,
                form["To"]
            ),
        ),
        Some(Behaviour::Busy(seconds)) => {
            let mut answer = json(429, r#"{"code":20429,"message":"Too Many Requests","status":429}"#.into());
            if let Some(seconds) = seconds {
                answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            answer
        }
        Some(Behaviour::Break) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "<h1>Internal error</h1>").into_response()
        }
        Some(Behaviour::Hang) => std::future::pending().await,
        Some(Behaviour::Impostor) => (StatusCode::CREATED, "<h1>Welcome to our network</h1>").into_response(),
        Some(Behaviour::Flood) => (StatusCode::CREATED, "x".repeat(1 << 20)).into_response(),
    }
}

fn twilio(address: &str, clock: &Clock) -> Twilio {
    Twilio::new(address, SENDER, Duration::from_secs(5), clock.clone()).unwrap()
}

fn clock() -> Clock {
    Clock::stopped_at(Timestamp::from_seconds(1_790_000_000))
}

fn text() -> Text {
    Text { to: PhoneNumber::parse("+436601234567").unwrap(), words: "123456 & ÄÖÜ = 100 % €".into() }
}

#[tokio::test]
async fn a5_a_text_message_is_posted_as_the_service_expects_it() {
    let (service, address, server) = Service::start().await;
    twilio(&address, &clock()).send(&text()).await.unwrap();
    let pool = Twilio::new(&address, "MG0123456789", Duration::from_secs(5), clock()).unwrap();
    pool.send(&text()).await.unwrap();
    let taken = service.taken();
    assert_eq!((taken[0]["To"].as_str(), taken[0]["From"].as_str()), ("+436601234567", SENDER));
    assert_eq!(taken[0]["Body"], text().words);
    assert_eq!((taken[1].get("From"), taken[1]["MessagingServiceSid"].as_str()), (None, "MG0123456789"));
    server.abort();
}

#[tokio::test]
async fn o3_what_can_never_be_sent_is_told_apart_from_what_may_be_sent_later() {
    let (service, address, server) = Service::start().await;
    let twilio = twilio(&address, &clock());
    service.next([
        Behaviour::Refuse(400, 21_211),
        Behaviour::Refuse(404, 20_404),
        Behaviour::Impostor,
        Behaviour::Flood,
    ]);
    let Err(Unsent::Refused(why)) = twilio.send(&text()).await else {
        panic!("a wrong number is tried again")
    };
    assert_eq!(why, "the text message service refuses this message, error 21211");
    for words in ["look at sms_url", "answered with status 201", "cannot be read"] {
        let Err(Unsent::NotNow(why)) = twilio.send(&text()).await else { panic!("no failure: {words}") };
        assert!(why.contains(words) && !why.contains("6601234567") && !why.contains(TOKEN), "{why}");
    }
    let stranger =
        Twilio::new(&address.replace("to%3Aken", "wrong"), SENDER, Duration::from_secs(5), clock()).unwrap();
    let Err(Unsent::NotNow(why)) = stranger.send(&text()).await else { panic!("a wrong token was taken") };
    assert!(why.contains("refuses the account (status 401, error 20003)"), "{why}");
    assert_eq!(service.taken().len(), 0);
    server.abort();
}

#[tokio::test]
async fn o3_a_service_that_hangs_is_given_up_after_its_time() {
    let (service, address, server) = Service::start().await;
    let patience = Duration::from_millis(80);
    let twilio = Twilio::new(&address, SENDER, patience, clock()).unwrap();
    service.next([Behaviour::Hang]);
    let Err(Unsent::NotNow(why)) = twilio.send(&text()).await else { panic!("it did not give up") };
    assert!(why.contains("did not answer within 80 ms"), "{why}");
    server.abort();
}

#[tokio::test]
async fn o3_the_breaker_opens_after_five_faults_and_closes_with_the_first_answer() {
    let (service, address, server) = Service::start().await;
    let clock = clock();
    let twilio = twilio(&address, &clock);
    service.next([Behaviour::Break; 6]);
    for _ in 0..5 {
        let Err(Unsent::NotNow(why)) = twilio.send(&text()).await else { panic!("no failure") };
        assert!(why.contains("status 500"), "{why}");
    }
    assert!(twilio.is_resting());
    let Err(Unsent::NotBefore { wait, .. }) = twilio.send(&text()).await else {
        panic!("the breaker is closed")
    };
    assert_eq!((wait, service.asked()), (Duration::from_secs(30), 5));
    clock.advance(Duration::from_secs(30));
    assert!(twilio.send(&text()).await.is_err(), "the sixth fault");
    let Err(Unsent::NotBefore { .. }) = twilio.send(&text()).await else {
        panic!("a failed trial closed the breaker")
    };
    assert_eq!(service.asked(), 6);
    clock.advance(Duration::from_secs(30));
    twilio.send(&text()).await.unwrap();
    assert!(!twilio.is_resting());
    assert_eq!(service.taken().len(), 1);
    server.abort();
}

#[tokio::test]
async fn o3_a_service_that_asks_for_peace_is_left_in_peace() {
    let (service, address, server) = Service::start().await;
    let clock = clock();
    let twilio = twilio(&address, &clock);
    service.next([Behaviour::Busy(Some(120)), Behaviour::Busy(None)]);
    for (seconds, asked) in [(120, 1), (30, 2)] {
        for _ in 0..2 {
            let Err(Unsent::NotBefore { wait, .. }) = twilio.send(&text()).await else {
                panic!("not put off")
            };
            assert_eq!((wait, service.asked()), (Duration::from_secs(seconds), asked));
        }
        clock.advance(Duration::from_secs(seconds));
    }
    twilio.send(&text()).await.unwrap();
    server.abort();
}

#[tokio::test]
async fn o3_a_service_that_is_away_and_one_that_speaks_no_tls_are_not_reached() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let away = twilio(&format!("http://{ACCOUNT}:x@{free}"), &clock());
    let Err(Unsent::NotNow(why)) = away.send(&text()).await else { panic!("somebody was there") };
    assert!(why.contains("cannot be reached"), "{why}");
    let (service, address, server) = Service::start().await;
    let plain = twilio(&address.replace("http://", "https://"), &clock());
    let Err(Unsent::NotNow(why)) = plain.send(&text()).await else {
        panic!("the token was sent in the clear")
    };
    assert!(why.contains("cannot be reached"), "{why}");
    assert_eq!(service.asked(), 0);
    server.abort();
}

#[test]
fn a5_an_address_without_an_account_is_refused() {
    for wrong in
        ["nonsense", "https://api.twilio.com", "https://AC1@api.twilio.com", "https://A%2FC:x@api.twilio.com"]
    {
        assert!(Twilio::new(wrong, SENDER, Duration::from_secs(1), clock()).is_err(), "{wrong}");
    }
    let shown = format!("{:?}", twilio(&format!("https://{ACCOUNT}:hunter2@api.twilio.com"), &clock()));
    assert_eq!(shown, "Twilio(api.twilio.com)");
}

#[tokio::test]
async fn a5_where_nothing_is_set_up_a_message_waits() {
    let job = JobId::new(server::chance::Chance::seeded(1).id(clock().now()));
    assert!(matches!(Sms::Nowhere.send(job, &text()).await, Err(Unsent::NotNow(_))));
}

async fn a_code_waits_as_long_as_the_service_asks(engine: Engine) {
    let (service, address, server) = Service::start().await;
    let set_up = |config: &mut server::config::Config| {
        config.sms_url = Secret::new(address);
        config.sms_from = SENDER.into();
        config.public_url = "https://countersign.example.com".into();
    };
    let app = TestApp::configured(engine, set_up, routes).await;
    app.add("alice", "Alice Ng", &["STAFF"]).await;
    app.do_jobs().await;
    let (alice, origin) = (actor(&app, "alice").await, Origin::default());
    let factors = &app.backend.second_factors;
    let channel = Channel::Sms(PhoneNumber::parse("+436601234567").unwrap());
    factors.begin_code_enrolment(&alice, channel, &origin).await.unwrap();
    service.next([Behaviour::Busy(Some(45))]);
    app.do_jobs().await;
    assert_eq!((service.asked(), service.taken().len()), (1, 0));
    app.clock.advance(Duration::from_millis(44_999));
    assert_eq!(app.backend.worker().work_once().await.unwrap(), 0, "the service was not left in peace");
    app.clock.advance(Duration::from_millis(1));
    app.do_jobs().await;
    let body = service.taken()[0]["Body"].clone();
    let code = code_in(&body).unwrap();
    assert!(body.ends_with(&format!("\n\n@countersign.example.com #{code}")), "{body}");
    factors.confirm_code_enrolment(&alice, Method::Sms, &code, &origin).await.unwrap();
    assert_eq!(factors.methods_of(claimant(&alice)).await.unwrap(), [Method::Sms, Method::Recovery]);
    app.finish().await;
    server.abort();
}

#[tokio::test]
async fn a5_a_code_by_text_message_goes_through_the_outbox_on_sqlite() {
    a_code_waits_as_long_as_the_service_asks(Engine::Sqlite).await;
}

#[tokio::test]
async fn a5_a_code_by_text_message_goes_through_the_outbox_on_postgres() {
    a_code_waits_as_long_as_the_service_asks(Engine::Postgres).await;
}
