//! Requests that are held back half-way: what they ask for is done for a session that is open when it is done, not only when
//! their head was read.

use crate::{
    second_factor_support::{actor, app_code, newest_code, with_app},
    support::routes,
};
use axum::{body::Body, http::header};
use domain::second_factor::{Method, PasskeyName};
use futures::{channel::oneshot, stream};
use serde_json::json;
use server::{
    Actor, Error, Origin, Result,
    config::Config,
    second_factor::Channel,
    testing::{Authenticator, TestApp, answer},
};
use std::convert::Infallible;

const ORIGIN: &str = "http://localhost:3000";
const KEYS: &str = "/api/v1/account/api-keys";

fn at_localhost(config: &mut Config) {
    config.public_url = ORIGIN.into();
}

/// A body that comes when it is told to; says when it is waited for.
fn held_back(text: String) -> (Body, oneshot::Receiver<()>, oneshot::Sender<()>) {
    let (waits, is_waited_for) = oneshot::channel();
    let (go_on, told) = oneshot::channel();
    let body = stream::once(async move {
        waits.send(()).unwrap();
        told.await.unwrap();
        Ok::<_, Infallible>(text)
    });
    (Body::from_stream(body), is_waited_for, go_on)
}

async fn sign_out_everywhere(app: &TestApp, actor: &Actor) {
    app.backend.identity.sign_out_everywhere(actor, &Origin::default()).await.unwrap();
}

#[track_caller]
fn refused<T: std::fmt::Debug>(outcome: Result<T>) {
    assert!(matches!(outcome, Err(Error::Unauthenticated)), "{outcome:?}");
}

server::both_engines! { routes, at_localhost;
    async fn a6_a_key_that_was_asked_for_before_everything_was_ended_is_not_made(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (mut thief, mut owner) = (app.client_of("alice").await, app.client_of("alice").await);
        let (body, is_waited_for, go_on) = held_back(json!({ "name": "For later", "scopes": ["users.view"] }).to_string());
        let request = thief.request("POST", KEYS).header(header::CONTENT_TYPE, "application/json").body(body).unwrap();
        let asks = thief.send(request);
        let ends = async {
            is_waited_for.await.unwrap();
            assert_eq!(owner.delete("/api/v1/account/sessions").await.status, 204);
            go_on.send(()).unwrap();
        };
        let (reply, ()) = futures::join!(asks, ends);
        assert_eq!(reply.status, 401, "{}", reply.body);
        assert_eq!(app.count("select count(*) from api_keys").await, 0);
    }

    async fn a6_no_factor_is_set_up_from_a_session_that_has_ended(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let (alice, origin) = (actor(app, "alice").await, Origin::default());
        let (factors, identity) = (&app.backend.second_factors, &app.backend.identity);
        let new = factors.begin_enrolment(&alice, &origin).await.unwrap();
        factors.begin_code_enrolment(&alice, Channel::Email, &origin).await.unwrap();
        let code = newest_code(app, "eml").await;
        let prompt = factors.begin_passkey(&alice, &origin).await.unwrap();
        let made = answer(&prompt.ceremony, &Authenticator::at(ORIGIN).make(&prompt.options));
        sign_out_everywhere(app, &alice).await;

        refused(identity.confirm_app(&alice, &app_code(app, &new.secret), &origin).await);
        refused(identity.confirm_codes(&alice, Method::Email, &code, &origin).await);
        refused(identity.add_passkey(&alice, PasskeyName::parse("Laptop").unwrap(), &made, &origin).await);
        for table in ["app_factors", "code_factors", "passkeys", "recovery_codes"] {
            assert_eq!(app.count(&format!("select count(*) from {table}")).await, 0, "{table}");
        }
    }

    async fn a6_no_factor_is_taken_away_from_a_session_that_has_ended(app) {
        let (alice, ..) = with_app(app, "alice").await;
        let mut key = Authenticator::at(ORIGIN);
        let origin = Origin::default();
        let (factors, identity) = (&app.backend.second_factors, &app.backend.identity);
        let prompt = factors.begin_passkey(&alice, &origin).await.unwrap();
        let made = answer(&prompt.ceremony, &key.make(&prompt.options));
        let alice = identity.add_passkey(&alice, PasskeyName::parse("Laptop").unwrap(), &made, &origin).await.unwrap();
        let alice = alice.signed_in.actor;
        let passkey = factors.passkeys(&alice).await.unwrap()[0].id;
        let codes = app.texts("select fingerprint from recovery_codes order by fingerprint").await;
        sign_out_everywhere(app, &alice).await;

        refused(identity.remove_factor(&alice, Method::Totp, &origin).await);
        refused(identity.remove_passkey(&alice, passkey, &origin).await);
        refused(factors.regenerate_recovery_codes(&alice, &origin).await);
        assert_eq!(app.count("select count(*) from app_factors").await, 1);
        assert_eq!(app.count("select count(*) from passkeys").await, 1);
        assert_eq!(app.texts("select fingerprint from recovery_codes order by fingerprint").await, codes);
    }
}
