//! UC-AUTH-001 9c, step by step: between the right password and the session stands a code, by every way there is.

use crate::{
    second_factor_support::{
        MFA, actor, app_code, challenge_of, newest_code, next_code, show, with_app, with_email_codes,
    },
    support::{LOGIN, ME, log_in, problem, routes},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::password::Owner;
use serde_json::{Value, json};
use server::{Origin, permit::Operator, second_factor::COOL_DOWN, testing::PASSWORD};
use std::time::Duration;

const SENDING: &str = "/api/v1/auth/mfa/code";

fn claims(token: &str) -> Value {
    let body = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

server::both_engines! { routes;
    async fn auth_9c_8c_a_right_password_asks_for_the_second_factor(app) {
        with_app(app, "alice").await;
        log_in(app, "alice", "wrong").await;
        let before = app.count("select count(*) from sessions").await;
        let logins = app.count("select login_count from people").await;
        let reply = log_in(app, "alice", PASSWORD).await;
        let (error, message) = problem(&reply, 401);
        assert_eq!((error.as_str(), message.as_str()), ("mfa_required", "Confirm it is you with a code of your second factor."));
        assert_eq!(reply.json()["methods"], json!(["totp", "recovery"]));
        assert_eq!(reply.header("set-cookie"), "");
        let challenge = reply.json()["challenge"].as_str().unwrap().to_owned();
        assert!(challenge.len() >= 40, "{challenge}");
        assert_eq!(app.count("select count(*) from sessions").await, before, "a session was opened without the second factor");
        assert_eq!(app.count("select login_count from people").await, logins);
        assert_eq!(app.texts("select fingerprint from pending_sign_ins").await.iter().filter(|kept| **kept == challenge).count(), 0);
        assert_eq!(app.texts("select action from audit where action like 'session.second%'").await, ["session.second_factor_asked"]);
        // The count of wrong passwords is taken back, as by every right one.
        assert_eq!(app.count("select count(*) from counts where key like 'name:%' or key like 'account:%'").await, 0);
    }

    async fn uc001_the_short_address_asks_for_it_too(app) {
        with_app(app, "alice").await;
        let reply = app.anyone().post_json("/api/login", &json!({ "username": "alice", "password": PASSWORD })).await;
        assert_eq!(problem(&reply, 401).0, "mfa_required");
        let wrong = app.anyone().post_json("/api/login", &json!({ "username": "alice", "password": "wrong" })).await;
        assert_eq!(problem(&wrong, 401).1, "Invalid username, password, or role");
    }

    async fn auth_9c_12c_a_good_code_opens_the_session(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        let logins = app.count("select login_count from people").await;
        let challenge = challenge_of(app, "alice").await;
        let reply = show(app, &challenge, "totp", &next_code(app, &secret)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let body = reply.json();
        assert_eq!((&body["token_type"], &body["user"]["username"]), (&json!("Bearer"), &json!("alice")));
        assert_eq!(app.count("select login_count from people").await, logins + 1);
        let details = app.texts("select details from audit where action = 'session.signed_in' order by at desc, id desc").await;
        assert!(details[0].contains("\"second_factor\":\"totp\""), "{details:?}");
        let said = claims(body["access_token"].as_str().unwrap());
        assert_eq!((&said["auth_time"], &said["amr"]), (&said["iat"], &json!(["pwd", "otp", "mfa"])));
        let mut client = app.anyone();
        client.bearer = Some(body["access_token"].as_str().unwrap().to_owned());
        assert_eq!(client.get(ME).await.status, 200);
    }

    async fn auth_9c_12c_a_clock_may_be_one_step_off(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        app.clock.advance(Duration::from_secs(300));
        for (behind, status) in [(60, 401), (30, 200)] {
            let code = app_code(app, &secret);
            app.clock.advance(Duration::from_secs(behind));
            let challenge = challenge_of(app, "alice").await;
            assert_eq!(show(app, &challenge, "totp", &code).await.status, status, "{behind} s");
            app.clock.advance(Duration::from_secs(300));
        }
    }

    async fn auth_9c_13c_a_code_is_good_once(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        let code = next_code(app, &secret);
        let first = challenge_of(app, "alice").await;
        let second = challenge_of(app, "alice").await;
        assert_eq!(show(app, &first, "totp", &code).await.status, 200);
        assert_eq!(problem(&show(app, &second, "totp", &code).await, 401).0, "invalid_code", "a code was good twice");
        let again = next_code(app, &secret);
        let over = problem(&show(app, &first, "totp", &again).await, 401);
        assert_eq!(over, ("sign_in_over".into(), "This sign-in took too long. Please log in again.".into()));
        assert_eq!(show(app, &second, "totp", &again).await.status, 200);
    }

    async fn a5_a_code_by_e_mail_opens_the_session(app) {
        with_email_codes(app, "alice").await;
        app.clock.advance(COOL_DOWN);
        let challenge = challenge_of(app, "alice").await;
        let body = json!({ "challenge": challenge, "method": "email" });
        let sent = app.anyone().post_json(SENDING, &body).await;
        assert_eq!((sent.status, sent.json()), (202, json!({ "to": "a…@example.com", "expires_in": 300, "again_in": 60 })));
        let early = app.anyone().post_json(SENDING, &body).await;
        assert_eq!((problem(&early, 429).0.as_str(), early.header("retry-after")), ("too_many_requests", "60"));
        let code = newest_code(app, "eml").await;
        assert_eq!(show(app, &challenge, "email", &code).await.status, 200);
        let missing = app.anyone().post_json(SENDING, &json!({ "challenge": challenge_of(app, "alice").await, "method": "sms" })).await;
        assert_eq!(problem(&missing, 404).1, "This way of confirming is not set up");
    }

    async fn a5_a_recovery_code_opens_the_session_once(app) {
        let (.., codes) = with_app(app, "alice").await;
        let challenge = challenge_of(app, "alice").await;
        assert_eq!(show(app, &challenge, "recovery", &codes[4].to_uppercase()).await.status, 200);
        let challenge = challenge_of(app, "alice").await;
        assert_eq!(problem(&show(app, &challenge, "recovery", &codes[4]).await, 401).0, "invalid_code");
    }

    async fn a11_another_password_ends_the_wait(app) {
        let (alice, secret, _) = with_app(app, "alice").await;
        let challenge = challenge_of(app, "alice").await;
        let password = app.backend.passwords.accept("another horse battery staple", &Owner::new("alice", "alice@example.com")).unwrap();
        let permit = Operator::of_this_machine().permit(alice.id());
        app.backend.identity.reset_password(&permit, password, &Origin::operator()).await.unwrap();
        let reply = show(app, &challenge, "totp", &next_code(app, &secret)).await;
        assert_eq!(problem(&reply, 401).0, "sign_in_over");
    }

    async fn auth_10e_what_happened_to_the_account_meanwhile_counts(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        let challenge = challenge_of(app, "alice").await;
        app.change("update people set status = 'suspended'").await;
        let reply = show(app, &challenge, "totp", &next_code(app, &secret)).await;
        assert_eq!(problem(&reply, 403).1, "Your account has been suspended. Contact support for assistance.");
        app.change("update people set status = 'active'").await;
        app.change("update person_roles set role_code = 'PIN'").await;
        assert_eq!(problem(&show(app, &challenge, "totp", &app_code(app, &secret)).await, 401).0, "sign_in_over");
    }

    async fn a5_a_sign_in_waits_for_ten_minutes(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        let challenge = challenge_of(app, "alice").await;
        app.clock.advance(Duration::from_secs(600));
        assert_eq!(problem(&show(app, &challenge, "totp", &app_code(app, &secret)).await, 401).0, "sign_in_over");
        app.backend.identity.forget_expired().await.unwrap();
        app.clock.advance(Duration::from_secs(1));
        app.backend.identity.forget_expired().await.unwrap();
        assert_eq!(app.count("select count(*) from pending_sign_ins").await, 0);
    }

    async fn a5_refreshing_does_not_renew_the_proof(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        let reply = show(app, &challenge_of(app, "alice").await, "totp", &next_code(app, &secret)).await.json();
        let before = claims(reply["access_token"].as_str().unwrap());
        app.clock.advance(Duration::from_secs(1800));
        let fresh = app.anyone().post_json("/api/v1/auth/refresh", &json!({ "refresh_token": reply["refresh_token"] })).await.json();
        let after = claims(fresh["access_token"].as_str().unwrap());
        assert_eq!((&after["auth_time"], &after["amr"]), (&before["auth_time"], &before["amr"]));
        assert_ne!(after["iat"], before["iat"]);
    }

    async fn a6_a_new_factor_ends_the_other_sessions(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let mut other = app.client_of("alice").await;
        let (alice, origin) = (actor(app, "alice").await, Origin::default());
        let new = app.backend.second_factors.begin_enrolment(&alice, &origin).await.unwrap();
        assert_eq!(other.get(ME).await.status, 200);
        let changed = app.backend.identity.confirm_app(&alice, &app_code(app, &new.secret), &origin).await.unwrap();
        assert_eq!(other.get(ME).await.status, 401, "a session outlived a change of factors");
        assert_eq!(changed.codes.unwrap().shown().count(), 10);
        assert_ne!(changed.signed_in.actor.session(), alice.session(), "the session's id is the same after a change of privilege");
        assert_eq!(changed.signed_in.actor.standing().due(), None);
        let removed = app.backend.identity.remove_factor(&changed.signed_in.actor, domain::second_factor::Method::Totp, &origin).await.unwrap();
        assert_ne!(removed.actor.session(), changed.signed_in.actor.session());
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 200);
    }

    async fn auth_9c_bad_input_is_told_what_is_wrong(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        let challenge = challenge_of(app, "alice").await;
        let send = async |body: Value| app.anyone().post_json(MFA, &body).await;
        let good = next_code(app, &secret);
        for blank in ["", "  ", "\t\n"] {
            let reply = show(app, &challenge, "totp", blank).await;
            assert_eq!(crate::support::wrong_field(&reply, "code"), "Enter the code");
        }
        for method in ["", "TOTP", "passkeys", "totp\0"] {
            let reply = show(app, &challenge, method, &good).await;
            assert_eq!(crate::support::wrong_field(&reply, "method"), "There is no such way: passkey, totp, sms, email or recovery");
        }
        for unknown in ["", "x", "\0", &"x".repeat(100_000), &format!("{challenge} "), &challenge[1..]] {
            assert_eq!(problem(&show(app, unknown, "totp", &good).await, 401).0, "sign_in_over", "{unknown:.20}");
        }
        for (body, field) in [
            (json!({ "challenge": challenge, "method": "totp" }), "code"),
            (json!({ "challenge": challenge, "method": "totp", "code": 123_456 }), "code"),
            (json!({ "challenge": challenge, "code": good }), "method"),
        ] {
            crate::support::wrong_field(&send(body).await, field);
        }
        let more = json!({ "challenge": challenge, "method": "totp", "code": good, "more": 1 });
        assert_eq!(problem(&send(more).await, 400).0, "malformed");
        // None of all this has cost one of the three tries.
        assert_eq!(app.count("select tries from pending_sign_ins").await, 0);
        assert_eq!(app.anyone().post_raw(LOGIN, "text/plain", "x").await.status, 400);
        assert_eq!(show(app, &challenge, "totp", &good).await.status, 200);
    }
}
