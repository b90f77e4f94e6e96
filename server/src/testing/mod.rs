//! What tests are made of: an application in this process on either engine, with a clock that stands still, seeded chance,
//! and browsers and API clients to drive it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop"
)]

mod agent;
mod authenticator;
mod engine;
mod instance;
pub mod ledger;
mod mail_server;
pub mod plans;
mod provider;
mod redis;
mod tls;

pub use self::redis::RedisLine;
pub use agent::{Agent, Reply};
pub use authenticator::{Authenticator, answer};
pub use engine::Engine;
pub use mail_server::MailServer;
pub use provider::{Fault, Signed, TestProvider};

use crate::{
    Backend, Origin,
    chance::Chance,
    clock::Clock,
    config::{AdminSecondFactor, Config, Limits, Passwords, Registration, RegistrationMode, Security},
    db::Housekeeping,
    http::assets::Site,
    keys::{DataKey, Keys, Ring, SigningKey, new_signing_pem},
    mail::Letter,
    outbox,
    people::NewPersonForm,
    permit::Operator,
};
use axum::Router;
use domain::{PersonId, Timestamp};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;

/// The password of every person that a test makes.
pub const PASSWORD: &str = "correct horse battery staple";

/// A test for each engine: `both_engines! { routes; async fn name(app) { … } }`, run by `cargo test name`; after the routes
/// may stand what changes settings. Jobs that are left over
/// or failed at the end fail the test.
#[macro_export]
macro_rules! both_engines {
    ($routes:expr; $($rest:tt)+) => {
        $crate::both_engines! { $routes, |_: &mut $crate::config::Config| (); $($rest)+ }
    };
    ($routes:expr, $change:expr; $($(#[$meta:meta])* async fn $name:ident($app:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn prove($app: &$crate::testing::TestApp) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let app = $crate::testing::TestApp::configured($crate::testing::Engine::Sqlite, $change, $routes).await;
                prove(&app).await;
                app.finish().await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let app = $crate::testing::TestApp::configured($crate::testing::Engine::Postgres, $change, $routes).await;
                prove(&app).await;
                app.finish().await;
            }
        }
    )+};
}

/// The whole application in this process.
pub struct TestApp {
    pub backend: Backend,
    pub clock: Clock,
    routes: Router,
    folder: Arc<TempDir>,
    data_key: [u8; 32],
}

impl TestApp {
    /// An application on an empty database of its own. `routes` says what it answers.
    pub async fn new(engine: Engine, routes: impl FnOnce(&Backend) -> Router) -> Self {
        Self::configured(engine, |_| (), routes).await
    }

    /// The same with some settings changed.
    pub async fn configured(
        engine: Engine,
        change: impl FnOnce(&mut Config),
        routes: impl FnOnce(&Backend) -> Router,
    ) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let clock = Clock::stopped_at(Timestamp::from_seconds(1_790_000_000));
        let mut config = Config {
            data_dir: folder.path().to_owned(),
            // Hashing is proven elsewhere; here it should only not take long.
            passwords: Passwords { memory_kib: 64, iterations: 1, ..Passwords::default() },
            development: true,
            // Tests are quicker than any client; those of the limits set their own.
            limits: Limits {
                auth_per_minute: 100_000,
                api_per_minute: 100_000,
                scim_per_minute: 100_000,
                forms_per_minute: 100_000,
                letters_per_ip_per_hour: 100_000,
                ..Limits::default()
            },
            // As in a demo; tests of the stricter rule set it.
            security: Security {
                admin_second_factor: Some(AdminSecondFactor::IfEnrolled),
                ..Security::default()
            },
            // As in a demo.
            registration: Registration { mode: RegistrationMode::Open, ..Registration::default() },
            ..Config::default()
        };
        change(&mut config);
        let db = engine.open(folder.path()).await;
        let site = Site::Folder(folder.path().join("site"));
        // A key of its own, so that what stands in the Redis that all tests share is told apart.
        let data_key = Chance::of_the_machine().unwrap().bytes();
        let personal = Keys::personal_in(folder.path());
        std::fs::create_dir_all(folder.path().join("keys")).unwrap();
        let keys = Keys { data: DataKey(data_key), personal, ..keys() };
        let backend =
            Backend::build(config, db, clock.clone(), Chance::seeded(42), &keys, site).await.unwrap();
        Self { routes: routes(&backend), backend, clock, folder, data_key }
    }

    pub fn data_dir(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Makes a person who signs in with `PASSWORD`.
    pub async fn add(&self, username: &str, full_name: &str, roles: &[&str]) -> PersonId {
        let form = NewPersonForm {
            username: username.into(),
            full_name: full_name.into(),
            email: format!("{username}@example.com"),
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
            password: PASSWORD.into(),
        };
        let permit = Operator::of_this_machine().permit(());
        let person = form.parse(&self.backend.passwords).unwrap();
        self.backend.people.create(&permit, person, &Origin::operator()).await.unwrap()
    }

    /// Adds so many people as the demo makes them.
    pub async fn add_crowd(&self, people: u64) {
        self.backend.demo.load_people(&Operator::of_this_machine(), people).await.unwrap();
    }

    /// Someone who has not signed in.
    pub fn anyone(&self) -> Agent {
        Agent::new(self.routes.clone())
    }

    /// A browser in which this person has signed in.
    pub async fn browser_of(&self, username: &str) -> Agent {
        let mut browser = self.anyone();
        let reply =
            browser.post_form("/do/sign-in", &[("identifier", username), ("password", PASSWORD)]).await;
        assert_eq!(
            (reply.status, reply.header("location")),
            (303, "/"),
            "{username} could not sign in: {}",
            reply.body
        );
        browser
    }

    /// An API client with a token of this person.
    pub async fn client_of(&self, username: &str) -> Agent {
        let mut client = self.anyone();
        let body = serde_json::json!({ "identifier": username, "password": PASSWORD });
        let reply = client.post_json("/api/v1/auth/login", &body).await;
        assert_eq!(reply.status, 200, "{username} got no token: {}", reply.body);
        client.bearer = Some(reply.json()["access_token"].as_str().unwrap().to_owned());
        client
    }

    /// Puts a letter into the outbox, as an event does that it follows from.
    pub async fn post(&self, letter: Letter) {
        let mut tx = self.backend.ground.begin(&Origin::program()).await.unwrap();
        outbox::store::put(&mut tx, &outbox::Job::Mail(letter), None).await.unwrap();
        tx.commit_housekeeping(Housekeeping::Job).await.unwrap();
    }

    /// Does all the work that waits in the outbox.
    pub async fn do_jobs(&self) {
        while self.backend.worker().work_once().await.unwrap() > 0 {}
    }

    /// Ends the test: no job may be left over and none may have failed.
    pub async fn finish(&self) {
        self.do_jobs().await;
        for state in ["waiting", "dead"] {
            assert_eq!(
                outbox::count(&self.backend.ground.db, state).await.unwrap(),
                0,
                "jobs are {state} at the end"
            );
        }
        self.backend.ground.db.close().await;
    }
}

/// The key that signs the tokens of every application in this process.
pub fn signing_key() -> Arc<SigningKey> {
    keys().signing.all().remove(0)
}

/// Keys for all tests of this process: making one takes longer than most tests.
fn keys() -> Keys {
    static PEM: OnceLock<String> = OnceLock::new();
    let pem = PEM.get_or_init(|| new_signing_pem().unwrap()).clone();
    let personal = Keys::personal_in(std::path::Path::new("nowhere"));
    Keys { signing: Ring::of_one(SigningKey::from_pem(pem).unwrap()), data: DataKey([7; 32]), personal }
}
